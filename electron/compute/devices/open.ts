// Opens a device by its name.
import { AppError } from '../../../shared/errors.ts';
import type { ComputeDevice } from '../device.ts';
import { isOrtDevice, openOrtDevice } from './ort.ts';
import { openTensorflow } from './tensorflow.ts';

/**
 * Opens a device. It is usable once a first step has run on it (see `probeDevice`).
 * @param name `cpu`, `webgpu`, `cuda`, `directml`, `coreml` or `tensorflow`.
 * @param options.threads CPU threads of one operator; default all.
 * @throws AppError `bad_input` for another name, `unavailable` with the reason in plain words.
 */
export async function openDevice(name: string, options: { threads?: number } = {}): Promise<ComputeDevice> {
  if (name === 'tensorflow') return openTensorflow();
  if (isOrtDevice(name)) return openOrtDevice(name, options.threads);
  throw new AppError(
    'bad_input',
    `There is no device "${name}". Choose cpu, webgpu, cuda, directml, coreml or tensorflow.`,
  );
}
