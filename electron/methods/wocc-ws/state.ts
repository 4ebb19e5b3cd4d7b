// Variables of a device as plain values and back. Role: what every model does to begin, save, go on and end.
// Limits: no files.
import type { Spec, Values, Variables } from '../../compute/device.ts';
import { type ForeignTensor, misfit } from '../../nets/foreign-weights.ts';
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

/**
 * The tensors of a network out of a state dictionary; others are ignored.
 * @throws AppError `bad_input` naming a tensor that is missing or has another shape.
 */
export function fitting(
  specs: Record<string, Spec>,
  dictionary: Record<string, ForeignTensor>,
  title: string,
): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const found = dictionary[name];
      if (found?.shape.join() === shape.join()) return [name, { shape, data: found.data }];
      throw misfit(title, name, shape, found, 'Choose weights made for this network and these features.');
    }),
  );
}

/** What is made with a model, which is gone afterwards. */
export async function withModel<M extends { dispose(): Promise<void> }, T>(
  model: M,
  work: (model: M) => Promise<T>,
): Promise<T> {
  try {
    return await work(model);
  } finally {
    await model.dispose();
  }
}
