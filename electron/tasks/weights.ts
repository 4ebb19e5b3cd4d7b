// Weights trained elsewhere: a PyTorch state dictionary as a folder of .npy files, one per tensor, each named like its
// tensor. Role: folder in, named float32 values out. Limits: knows no network; what does not belong is the method's to say.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Values } from '../compute/device.ts';
import { readNpy } from '../formats/npy.ts';

/** Larger files are refused: the largest tensor of any network here is a tenth of it. Bytes. */
const MAX_FILE = 2 ** 30;
const ENDING = '.npy';
/** What `torch.nn.DataParallel` puts before every name. */
const PARALLEL = /^module\./;

/**
 * @returns tensors by name; whole numbers, such as counters of batches, are left out.
 * @throws AppError `not_found` when the folder cannot be read, `bad_input` when it holds no tensor, `damaged` for a broken file.
 */
export async function readWeights(folder: string): Promise<Record<string, Values>> {
  const entries = await readdir(folder).catch(() => {
    throw new AppError('not_found', `The folder of weights ${folder} cannot be read. Is it still there?`, {
      folder,
    });
  });
  const dictionary: Record<string, Values> = {};
  for (const name of entries.filter((entry) => entry.endsWith(ENDING)).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).size > MAX_FILE)
      throw new AppError('bad_input', `${path} is larger than any tensor of these networks.`, { path });
    const { dtype, shape, data } = readNpy(await readFile(path), path);
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      if (/^[iu]/.test(dtype)) continue;
      throw new AppError('bad_input', `${path} holds ${dtype}; export the tensors as floats.`, { path });
    }
    const tensor = basename(name, ENDING).replace(PARALLEL, '');
    dictionary[tensor] = { shape, data: Float32Array.from(data) };
  }
  if (Object.keys(dictionary).length === 0) {
    throw new AppError(
      'bad_input',
      `There are no .npy files with weights in ${folder}. Export every tensor of the state dictionary with numpy.save into a file named like it, for example fc1.weight.npy.`,
      { folder },
    );
  }
  return dictionary;
}
