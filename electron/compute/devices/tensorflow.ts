// TensorFlow's own GPU runtime (tfjs-node-gpu), an optional package.
// Role: loads it, or says in plain words why that is not possible. Limits: CUDA 11.2 and cuDNN 8.1, Linux and Windows.
import { createRequire } from 'node:module';
import { AppError } from '../../../shared/errors.ts';
import { describeDevice } from '../catalogue.ts';
import type { ComputeDevice } from '../device.ts';
import { openEagerDevice } from './eager.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

function plainReason(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (message.includes(`Cannot find module '${PACKAGE}'`)) {
    return 'The optional package @tensorflow/tfjs-node-gpu is not installed.';
  }
  if (/libcudart|libcudnn|libcublas|cuda/i.test(message)) {
    return `TensorFlow needs CUDA 11.2 and cuDNN 8.1, which were not found (${message.split('\n')[0]}).`;
  }
  if (/napi-v|tfjs_binding|libtensorflow/i.test(message)) {
    return 'The TensorFlow library of @tensorflow/tfjs-node-gpu was not downloaded when it was installed.';
  }
  return `@tensorflow/tfjs-node-gpu does not load: ${message.split('\n')[0]}`;
}

/** Opens TensorFlow. @throws AppError `unavailable` with the reason. */
export async function openTensorflow(): Promise<ComputeDevice> {
  const require = createRequire(import.meta.url);
  try {
    // The package calls a helper that Node 23 removed.
    const util = require('node:util') as { isNullOrUndefined?: (x: unknown) => boolean };
    util.isNullOrUndefined ??= (x) => x === null || x === undefined;
    require(PACKAGE);
  } catch (thrown) {
    throw new AppError('unavailable', plainReason(thrown), {}, thrown);
  }
  return openEagerDevice('tensorflow', describeDevice('tensorflow').title, 'tensorflow');
}
