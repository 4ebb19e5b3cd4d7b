// What ONNX Runtime and its drivers throw, as sentences with a way out.
import { AppError } from '../../../../shared/errors.ts';
import { describeDevice } from '../../catalogue.ts';

const CUDA_MISSING = `The CUDA part of ONNX Runtime, CUDA 12 or cuDNN 9 is missing. With an NVIDIA GPU, run this command in the folder of Zerolabel, which downloads the part: ${describeDevice('cuda').install}`;

export function deviceError(thrown: unknown, what: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/failed to get a webgpu adapter|no supported adapters/i.test(message)) {
    return new AppError(
      'unavailable',
      'No graphics adapter with a working driver was found.',
      { message },
      thrown,
    );
  }
  if (/providers?_cuda|libcu(dnn|blas|dart)|append.*cuda/i.test(message)) {
    return new AppError('unavailable', CUDA_MISSING, { message }, thrown);
  }
  const memory = /out of memory|bad_alloc|failed to allocate|allocation (failed|size)|OutOfMemory/i.test(
    message,
  );
  if (memory) {
    return new AppError(
      'out_of_memory',
      `The device ran out of memory while ${what}. Use a smaller batch.`,
      { message },
      thrown,
    );
  }
  return new AppError('internal', `The device failed while ${what}: ${message}`, { message }, thrown);
}

/** The error of a step in mixed precision: where the device cannot, the way out is beside it. */
export function mixedError(thrown: unknown, title: string): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'internal') return thrown;
  return new AppError(
    'unavailable',
    `${title} cannot train in mixed precision here: its adapter or driver may lack float16 (shader-f16). Train without mixed precision. ${thrown.message}`,
    thrown.details,
    thrown,
  );
}
