// Feature files into memory. Role: .npy float32 `[segments, crops, dim]` of a training set, checked before anything is
// computed from them. Limits: reads one file after the other, so that beside the features themselves only one file is
// held; all of them have to fit into memory.
import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { readNpy } from '../formats/npy.ts';
import type { VideoFeatures } from './types.ts';

/** A feature file and what is known of it. */
export interface FeatureSource {
  videoId: number;
  path: string;
  segments: number;
  crops: number;
  dim: number;
}

/**
 * Reads the features of a training set.
 * @returns in the order of `sources`
 * @throws AppError `damaged` naming the file when it is not a whole float32 .npy of the expected shape, or holds NaN or
 *   infinity; `bad_input` when crops or dimension differ between videos
 */
export async function loadFeatures(sources: readonly FeatureSource[]): Promise<VideoFeatures[]> {
  const videos: VideoFeatures[] = [];
  for (const source of sources) {
    const { videoId, path, segments, crops, dim } = source;
    const name = `The feature file of video ${videoId} (${path})`;
    const [first] = sources;
    if (crops !== first.crops || dim !== first.dim) {
      throw new AppError(
        'bad_input',
        `${name} has ${crops} crops of ${dim} numbers, that of video ${first.videoId} has ${first.crops} of ${first.dim}. Train on features of one kind.`,
        { path },
      );
    }
    const { shape, dtype, data } = readNpy(await readFile(path), name);
    if (
      dtype !== 'f4' ||
      shape.length !== 3 ||
      shape[0] !== segments ||
      shape[1] !== crops ||
      shape[2] !== dim
    ) {
      throw new AppError(
        'damaged',
        `${name} holds ${dtype} of shape (${shape.join(', ')}) instead of f4 of shape (${segments}, ${crops}, ${dim}). Extract or import the features again.`,
        { path },
      );
    }
    requireFinite(data, crops * dim, name);
    videos.push({ videoId, segments, crops, dim, data });
  }
  return videos;
}

/**
 * @param perSegment numbers of one segment
 * @throws AppError `damaged` naming the first segment with NaN or infinity
 */
export function requireFinite(data: Float32Array, perSegment: number, name: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const segment = Math.floor(at / perSegment);
    throw new AppError(
      'damaged',
      `${name} holds ${data[at]} in segment ${segment}, which is not a usable number. Extract the features again.`,
      { segment, value: String(data[at]) },
    );
  }
}
