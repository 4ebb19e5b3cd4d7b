// Checks of what crosses into a device, the same on every device.
import { AppError } from '../../../shared/errors.ts';
import type { HostArray, Spec, Step } from '../device.ts';
import { sameShape, sizeOf } from '../graph/graph.ts';

/** @throws AppError `internal` when a step wants a variable that is not there or has another shape. */
export function checkVariables(step: Step, specs: Record<string, Spec>): void {
  for (const [name, { shape }] of Object.entries(step.variables)) {
    const found = specs[name];
    if (!found || !sameShape(found.shape, shape)) {
      const is = found ? `is [${found.shape}]` : 'does not exist';
      throw new AppError(
        'internal',
        `The step "${step.name}" wants a variable "${name}" of shape [${shape}], which ${is}.`,
      );
    }
  }
}

/** The array of an input of a step. @throws AppError `internal` for a missing input or one of the wrong type or size. */
export function checkedInput(step: Step, name: string, inputs: Record<string, HostArray>): HostArray {
  const { shape, dtype = 'float32' } = step.inputs[name]!;
  const array = inputs[name];
  const wanted = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  if (!(array instanceof wanted) || array.length !== sizeOf(shape)) {
    const got = array ? `a ${array.constructor.name} of ${array.length}` : 'nothing';
    throw new AppError(
      'internal',
      `The step "${step.name}" wants the input "${name}" as ${wanted.name} of ${sizeOf(shape)} values [${shape}] and got ${got}.`,
    );
  }
  return array;
}

/** @throws AppError `internal` for a name that is no variable or an array of the wrong size. */
export function checkedValues(specs: Record<string, Spec>, name: string, data: Float32Array): void {
  const spec = specs[name];
  if (!spec) throw new AppError('internal', `There is no variable "${name}" to write.`);
  if (data.length !== sizeOf(spec.shape)) {
    throw new AppError(
      'internal',
      `The variable "${name}" has ${sizeOf(spec.shape)} values [${spec.shape}], not ${data.length}.`,
    );
  }
}
