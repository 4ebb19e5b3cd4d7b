// Kernels that make values from nothing.
import type { DataType } from '@tensorflow/tfjs-core';
import { AppError } from '../../../../shared/errors.ts';
import { constant, fill, type ValueType } from '../../graph/graph.ts';
import { kernel } from './register.ts';

export function registerConstants(): void {
  kernel<{ shape: number[]; value: number | string; dtype?: DataType }>(
    'Fill',
    (_, { shape, value, dtype }) => {
      if (typeof value === 'string' || dtype === 'string' || dtype === 'complex64') {
        throw new AppError('internal', 'Only numbers can be filled in while a step is traced.');
      }
      return fill(value, shape, (dtype ?? 'float32') as ValueType);
    },
  );
  kernel('ZerosLike', ({ x }) => fill(0, x!.shape, x!.dtype));
  kernel('OnesLike', ({ x }) => fill(1, x!.shape, x!.dtype));
  kernel<{ start: number; stop: number; step: number; dtype: DataType }>(
    'Range',
    (_, { start, stop, step, dtype }) => {
      const length = Math.max(0, Math.ceil((stop - start) / step));
      const numbers = Array.from({ length }, (__, i) => start + i * step);
      return dtype === 'int32'
        ? constant(Int32Array.from(numbers), [length], 'int32')
        : constant(Float32Array.from(numbers), [length], 'float32');
    },
  );
}
