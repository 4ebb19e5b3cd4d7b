// Variables of a device as plain values and back. Role: what every model does to begin, save and go on. Limits: no files.
import type { Values, Variables } from '../../compute/device.ts';
import type { ModelState } from './components.ts';

/** Copies of all variables, or of those named. */
export async function stateOf(variables: Variables, names?: readonly string[]): Promise<ModelState> {
  const arrays = await variables.read();
  return Object.fromEntries(
    (names ?? Object.keys(arrays)).map((name) => [
      name,
      { shape: variables.specs[name].shape, data: arrays[name] },
    ]),
  );
}

/** The arrays alone, as `Variables.write` takes them. */
export const dataOf = (state: Record<string, Values>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data]));
