// One video after the other, part by part. Role: passes over features that do not care where these are kept.
// Limits: in order; for segments in any order see segment-pool.ts.
import type { FeatureVideo, StoredVideo, VideoFeatures } from './types.ts';

/** Numbers of a part that is read from a file: 1 MiB. */
const PART = 2 ** 18;

/** Segments [from, to) of a video: float32 `[segments, crops, dim]` with segments = to - from. */
export interface Stretch {
  from: number;
  to: number;
  segments: number;
  crops: number;
  dim: number;
  data: Float32Array;
}

export const isStored = (video: FeatureVideo): video is StoredVideo => !('data' in video);

/**
 * All segments of a video in order: as a whole where they are in memory, else in parts that share one buffer, so that
 * a part is valid until the next is asked for. To be read, not changed.
 */
export function* stretches(video: FeatureVideo): Generator<Stretch> {
  const { segments, crops, dim } = video;
  if (!isStored(video)) {
    if (segments > 0) yield { from: 0, to: segments, segments, crops, dim, data: video.data };
    return;
  }
  const size = crops * dim;
  const most = Math.max(1, Math.floor(PART / Math.max(1, size)));
  const buffer = new Float32Array(Math.min(most, segments) * size);
  for (let from = 0; from < segments; from += most) {
    const to = Math.min(segments, from + most);
    const data = buffer.subarray(0, (to - from) * size);
    video.file.read(from * size, data);
    yield { from, to, segments: to - from, crops, dim, data };
  }
}

/** Segments [from, to) `[to - from, crops, dim]`: a view of what is in memory, a copy of what is in a file. Not to be changed. */
export function segmentsOf(video: FeatureVideo, from: number, to: number): Float32Array {
  const size = video.crops * video.dim;
  if (!isStored(video)) return video.data.subarray(from * size, to * size);
  const data = new Float32Array((to - from) * size);
  video.file.read(from * size, data);
  return data;
}

/** The video with all its features in memory: itself where they are. */
export function inMemory(video: FeatureVideo): VideoFeatures {
  if (!isStored(video)) return video;
  const { file: _, ...shape } = video;
  return { ...shape, data: segmentsOf(video, 0, video.segments) };
}

/** Changes numbers in place. `at` is the number of the first one inside its video; whole vectors only. */
export type Change = (data: Float32Array, at: number) => void;

/** The video with changed features: a copy of what is in memory; what is in a file is changed whenever it is read. */
export function changed(video: VideoFeatures, change: Change): VideoFeatures;
export function changed(video: FeatureVideo, change: Change): FeatureVideo;
export function changed(video: FeatureVideo, change: Change): FeatureVideo {
  if (!isStored(video)) {
    const data = video.data.slice();
    change(data, 0);
    return { ...video, data };
  }
  const { file } = video;
  return {
    ...video,
    file: {
      ...file,
      read(at, target) {
        file.read(at, target);
        change(target, at);
      },
    },
  };
}
