// Weights trained elsewhere: a PyTorch state dictionary as a folder of .npy files, one per tensor, each named like its
// tensor. Role: folder in, named float32 values out. Limits: knows no network; what does not belong is the method's to say.
import { open, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { NPY_HEADER_BYTES, readNpy, readNpyHeader } from '../formats/npy.ts';
import type { TrainInput } from '../methods/method.ts';

/** Larger files are refused: the largest tensor of any network here is a tenth of it. Bytes. */
const MAX_FILE = 2 ** 30;
const ENDING = '.npy';
/** What `torch.nn.DataParallel` puts before every name. */
const PARALLEL = /^module\./;

type Weights = NonNullable<TrainInput['weights']>;

interface TensorFile {
  path: string;
  tensor: string;
  shape: number[];
}

/** What a file holds by its first bytes; null for whole numbers, such as counters of batches. */
async function tensorFile(path: string): Promise<TensorFile | null> {
  const file = await open(path);
  try {
    if ((await file.stat()).size > MAX_FILE)
      throw new AppError('bad_input', `${path} is larger than any tensor of these networks.`, { path });
    const { buffer, bytesRead } = await file.read(Buffer.alloc(NPY_HEADER_BYTES), 0, NPY_HEADER_BYTES, 0);
    const { type, shape } = readNpyHeader(buffer.subarray(0, bytesRead), path);
    if (/^[iu]/.test(type)) return null;
    if (type !== 'f4' && type !== 'f8')
      throw new AppError('bad_input', `${path} holds ${type}; export the tensors as floats.`, { path });
    return { path, tensor: basename(path, ENDING).replace(PARALLEL, ''), shape };
  } finally {
    await file.close();
  }
}

async function tensorFiles(folder: string): Promise<TensorFile[]> {
  const entries = await readdir(folder).catch(() => {
    throw new AppError('not_found', `The folder of weights ${folder} cannot be read. Is it still there?`, {
      folder,
    });
  });
  const files: TensorFile[] = [];
  for (const name of entries.filter((entry) => entry.endsWith(ENDING)).sort()) {
    const found = await tensorFile(join(folder, name));
    if (found) files.push(found);
  }
  if (files.length > 0) return files;
  throw new AppError(
    'bad_input',
    `There are no .npy files with weights in ${folder}. Export every tensor of the state dictionary with numpy.save into a file named like it, for example fc1.weight.npy.`,
    { folder },
  );
}

/**
 * How much a folder holds, by the headers of its files.
 * @throws AppError as `readWeights`
 */
export async function countWeights(folder: string): Promise<{ tensors: number; numbers: number }> {
  const files = await tensorFiles(folder);
  return { tensors: files.length, numbers: files.reduce((sum, { shape }) => sum + sizeOf(shape), 0) };
}

/**
 * @returns tensors by name; whole numbers are left out.
 * @throws AppError `not_found` when the folder cannot be read, `bad_input` when it holds no tensor, `damaged` for a broken file.
 */
export async function readWeights(folder: string): Promise<Weights> {
  const dictionary: Weights = {};
  for (const { path, tensor, shape } of await tensorFiles(folder)) {
    const { data } = readNpy(await readFile(path), path);
    dictionary[tensor] = { file: path, shape, data: Float32Array.from(data, Number) };
  }
  return dictionary;
}
