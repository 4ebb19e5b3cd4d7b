// Feature files for training. Role: .npy files `[segments, crops, dim]` of a training set, checked before anything is
// computed from them, then held in memory or, where the memory given is too small, read when they are needed.
// Limits: float32 or half floats, little-endian, as the store writes them.
import { open, readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { NPY_HEADER_BYTES, type NpyHeader, readNpy, readNpyHeader } from '../formats/npy.ts';
import { turns, type Watch } from './passes.ts';
import type { Rehearsal } from './rehearsal.ts';
import { openFeatureStore } from './stored.ts';
import { stretches } from './stretches.ts';
import type { FeatureShape, FeatureVideo, StoredVideo, VideoFeatures } from './types.ts';

/** A feature file and what is known of it. */
export interface FeatureSource extends FeatureShape {
  path: string;
}

/** Methods keep a scaled copy beside the features. */
export const COPIES = 2;
/** The loop over all files, for rehearsals. */
const READING = 'reading features';

/** How errors call a file. */
export const nameOf = ({ videoId, path }: FeatureSource): string =>
  `The feature file of video ${videoId} (${path})`;

function requireOneKind(sources: readonly FeatureSource[]): void {
  const [first] = sources;
  const other = sources.find(({ crops, dim }) => crops !== first.crops || dim !== first.dim);
  if (!other) return;
  throw new AppError(
    'bad_input',
    `${nameOf(other)} has ${other.crops} crops of ${other.dim} numbers, that of video ${first.videoId} has ${first.crops} of ${first.dim}. Train on features of one kind.`,
    { path: other.path },
  );
}

function requireShape(
  source: FeatureSource,
  dtype: string,
  shape: readonly number[],
): asserts dtype is 'f4' | 'f2' {
  const { path, segments, crops, dim } = source;
  const wanted = [segments, crops, dim];
  const fits = shape.length === 3 && shape.every((n, axis) => n === wanted[axis]);
  if ((dtype === 'f4' || dtype === 'f2') && fits) return;
  throw new AppError(
    'damaged',
    `${nameOf(source)} holds ${dtype} of shape (${shape.join(', ')}) instead of f4 of shape (${segments}, ${crops}, ${dim}). Extract or import the features again.`,
    { path },
  );
}

/**
 * Reads the features of a training set into memory, one file after the other.
 * @returns in the order of `sources`
 * @throws AppError `damaged` naming the file when it is not a whole .npy of floats of the expected shape, or holds NaN or
 *   infinity; `bad_input` when crops or dimension differ between videos
 */
export async function loadFeatures(sources: readonly FeatureSource[]): Promise<VideoFeatures[]> {
  return (await loadAll(sources)).videos;
}

/** As `loadFeatures`. A rehearsal leaves files unread; their numbers are 0. */
async function loadAll(
  sources: readonly FeatureSource[],
  rehearsal?: Rehearsal,
): Promise<{ videos: VideoFeatures[]; unread: number }> {
  requireOneKind(sources);
  const videos: VideoFeatures[] = [];
  let enough = false;
  let unread = 0;
  for (const source of sources) {
    const { videoId, path, segments, crops, dim } = source;
    enough ||= rehearsal?.enough({ kind: READING, done: videos.length, total: sources.length }) ?? false;
    if (enough) {
      const data = new Float32Array(segments * crops * dim);
      videos.push({ videoId, segments, crops, dim, data });
      unread += data.byteLength;
      continue;
    }
    const { shape, dtype, data } = readNpy(await readFile(path), nameOf(source));
    requireShape(source, dtype, shape);
    requireFinite(data as Float32Array, crops * dim, nameOf(source));
    videos.push({ videoId, segments, crops, dim, data: data as Float32Array });
  }
  return { videos, unread };
}

/** The header of a file whose size and shape are as they should be. @throws AppError `damaged` as `loadFeatures`. */
export async function headerOf(source: FeatureSource): Promise<NpyHeader> {
  const handle = await open(source.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(NPY_HEADER_BYTES), 0, NPY_HEADER_BYTES, 0);
    const header = readNpyHeader(buffer.subarray(0, bytesRead), nameOf(source));
    requireShape(source, header.type, header.shape);
    const { segments, crops, dim, path } = source;
    const expected = header.offset + segments * crops * dim * (header.type === 'f2' ? 2 : 4);
    const { size } = await handle.stat();
    if (size !== expected || header.swap || header.fortran) {
      throw new AppError(
        'damaged',
        `${nameOf(source)} has ${size} bytes instead of ${expected}, or another order of numbers. Extract or import the features again.`,
        { path },
      );
    }
    return header;
  } finally {
    await handle.close();
  }
}

export interface OpenedFeatures {
  /** In the order of the sources. */
  videos: FeatureVideo[];
  /** Whether features stay in their files. */
  stored: boolean;
  /** Size of the whole set as float32. Bytes. */
  bytes: number;
  /** What of it would be in memory if a rehearsal had not left it out. Bytes. */
  unread: number;
  close(): void;
}

export interface OpenOptions extends Watch {
  /** Bytes of features that may be in memory. */
  budget: number;
  /** Folder of this set alone for what is made from its features and does not fit into memory. */
  scratch: string;
}

/**
 * The features of a training set within a budget: in memory when they and a copy of them fit, else in their files. Either
 * way every number is checked first, and training gives the same bits.
 * @throws AppError as `loadFeatures`, and `cancelled`
 */
export async function openFeatures(
  sources: readonly FeatureSource[],
  { budget, scratch, signal, progress, rehearsal }: OpenOptions,
): Promise<OpenedFeatures> {
  const bytes = sources.reduce((sum, { segments, crops, dim }) => sum + 4 * segments * crops * dim, 0);
  if (COPIES * bytes <= budget) {
    return { ...(await loadAll(sources, rehearsal)), stored: false, bytes, close: () => {} };
  }
  requireOneKind(sources);
  const store = openFeatureStore(budget, scratch);
  const videos: StoredVideo[] = [];
  const turn = turns({ signal, progress }, 'videos', 'Checking features');
  let enough = false;
  try {
    for (const [i, source] of sources.entries()) {
      const { videoId, path, segments, crops, dim } = source;
      const file = store.file(path, nameOf(source), await headerOf(source));
      const video = { videoId, segments, crops, dim, file };
      enough ||= rehearsal?.enough({ kind: READING, done: i, total: sources.length }) ?? false;
      if (enough) {
        videos.push(video);
        continue;
      }
      for (const { from, data } of stretches(video)) {
        requireFinite(data, crops * dim, nameOf(source), from);
        await turn(i, sources.length);
      }
      videos.push(video);
    }
  } catch (thrown) {
    store.close();
    throw thrown;
  }
  return { videos, stored: true, bytes, unread: 0, close: () => store.close() };
}

/**
 * @param perSegment numbers of one segment. @param first number of the segment that `data` begins with.
 * @throws AppError `damaged` naming the first segment with NaN or infinity
 */
export function requireFinite(data: Float32Array, perSegment: number, name: string, first = 0): void {
  // A sum is not finite where a number is not, and many times faster than asking each.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * 0;
  if (sum === 0) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  const segment = first + Math.floor(at / perSegment);
  throw new AppError(
    'damaged',
    `${name} holds ${data[at]} in segment ${segment}, which is not a usable number. Extract the features again.`,
    { segment, value: String(data[at]) },
  );
}
