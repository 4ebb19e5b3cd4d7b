// The recording backend: TF.js kernels write operators into a graph instead of computing.
// Role: ties the data ids of TF.js to graph values while a step is traced. Limits: tracing is synchronous and one
// at a time (TF.js' engine is global); a recorded tensor has no data that could be read.
import { type DataType, KernelBackend, registerBackend, type TensorInfo } from '@tensorflow/tfjs-core';
import { AppError } from '../../../shared/errors.ts';
import { constant, fill, isUniform, type Value, type ValueType } from '../graph/graph.ts';

export const TRACE_BACKEND = 'zerolabel-trace';

type TensorKey = TensorInfo['dataId'];
let values = new WeakMap<TensorKey, Value>();

function checkedType(dtype: DataType): ValueType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new AppError('internal', `Tensors of type ${dtype} cannot be traced; use float32, int32 or bool.`);
}

/** The graph value behind a tensor of the step being traced. */
export function graphValue(tensor: TensorInfo): Value {
  const value = values.get(tensor.dataId);
  if (value) return value;
  throw new AppError(
    'internal',
    'The step uses a tensor that was made outside of it. Make it an input or a variable, or create it inside.',
  );
}

/** A tensor handle for a graph value. */
export function handle(value: Value): TensorInfo {
  const dataId: TensorKey = {};
  values.set(dataId, value);
  if (value.dtype === 'int64' || value.dtype === 'float16')
    throw new AppError('internal', `A value of type ${value.dtype} cannot become a tensor of a step.`);
  return { dataId, shape: [...value.shape], dtype: value.dtype };
}

function constantOf(data: unknown, shape: readonly number[], dtype: DataType): Value {
  const type = checkedType(dtype);
  const numbers = data as ArrayLike<number>;
  if (numbers.length > 0 && isUniform(numbers)) return fill(Number(numbers[0]), shape, type);
  // Copies: the caller may reuse its buffer after the step function has returned.
  if (type === 'float32') return constant(Float32Array.from(numbers), shape, type);
  if (type === 'int32') return constant(Int32Array.from(numbers), shape, type);
  return constant(
    Uint8Array.from(numbers, (v) => (v ? 1 : 0)),
    shape,
    type,
  );
}

class TraceBackend extends KernelBackend {
  override write(data: unknown, shape: number[], dtype: DataType): TensorKey {
    const dataId: TensorKey = {};
    values.set(dataId, constantOf(data, shape, dtype));
    return dataId;
  }
  override move(dataId: TensorKey, data: unknown, shape: number[], dtype: DataType): void {
    values.set(dataId, constantOf(data, shape, dtype));
  }
  override readSync(): never {
    throw new AppError(
      'internal',
      'The step reads the data of a tensor while it is traced; return it as an output instead.',
    );
  }
  override read(): never {
    return this.readSync();
  }
  override disposeData(): boolean {
    return true;
  }
  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  override numDataIds(): number {
    return 0;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override timerAvailable(): boolean {
    return false;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override dispose(): void {
    values = new WeakMap();
  }
}

// Priority below every real backend, so that it is never picked by itself.
registerBackend(TRACE_BACKEND, () => new TraceBackend(), -1);
