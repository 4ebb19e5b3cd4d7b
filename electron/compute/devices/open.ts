// Opens a device by its name.
import { AppError } from '../../../shared/errors.ts';
import { requireMixedPrecision } from '../catalogue.ts';
import type { ComputeDevice } from '../device.ts';
import { isOrtDevice, type OrtOptions, openOrtDevice } from './onnx-runtime/device.ts';
import { openTensorflow } from './tensorflow.ts';

/**
 * Opens a device. It is usable once a first step has run on it (see `probeDevice`).
 * @param name `cpu`, `webgpu`, `cuda`, `directml`, `coreml` or `tensorflow`.
 * @param options.threads CPU threads of one operator; default all.
 * @param options.mixedPrecision products of training steps in float16.
 * @throws AppError `bad_input` for another name or one without mixed precision, `unavailable` with the reason in plain words.
 */
export async function openDevice(name: string, options: OrtOptions = {}): Promise<ComputeDevice> {
  if (options.mixedPrecision) requireMixedPrecision(name);
  if (name === 'tensorflow') return openTensorflow();
  if (isOrtDevice(name)) return openOrtDevice(name, options);
  throw new AppError(
    'bad_input',
    `There is no device "${name}". Choose cpu, webgpu, cuda, directml, coreml or tensorflow.`,
  );
}
