// From snippet scores of the weakly supervised model to weights of the one-class model (methods.md 3.2, 3.9).
// Role: the mapping snippet -> frames -> objects, video by video, so that weights stay where their snippets are. Limits:
// plain numbers; v = 1 - w, so 1 is normal and 0 is left out of the loss.
import { SEGMENT_FRAMES } from '../../../shared/labels/types.ts';

/** Values of all frames, videos one after the other; video v owns [offsets[v], offsets[v + 1]). */
export interface FrameValues {
  values: ArrayLike<number>;
  /** `[V + 1]`, in frames. */
  offsets: ArrayLike<number>;
}

/** Objects of L frames: the video each is in and its first frame there. `[O]` each. */
export interface Objects {
  video: ArrayLike<number>;
  firstFrame: ArrayLike<number>;
  /** L, frames of one object. */
  length: number;
}

/**
 * Weight v = 1 - score of every frame: each snippet's 16 times, cut to the video, 0 for frames behind the last snippet.
 * @param scores of all snippets, in [0, 1]. @param offsets `[V + 1]`, in snippets. @param frames of each video, `[V]`.
 */
export function frameWeights(
  scores: ArrayLike<number>,
  offsets: ArrayLike<number>,
  frames: ArrayLike<number>,
): { values: Float64Array; offsets: Int32Array } {
  const starts = new Int32Array(frames.length + 1);
  for (let v = 0; v < frames.length; v++) starts[v + 1] = starts[v] + frames[v];
  const values = new Float64Array(starts[frames.length]);
  for (let v = 0; v < frames.length; v++) {
    for (let t = 0; t < offsets[v + 1] - offsets[v]; t++) {
      const start = Math.min(starts[v] + t * SEGMENT_FRAMES, starts[v + 1]);
      values.fill(1 - scores[offsets[v] + t], start, Math.min(start + SEGMENT_FRAMES, starts[v + 1]));
    }
  }
  return { values, offsets: starts };
}

/**
 * Weight of every object, `[O]`: the least weight of its frames, so that one anomalous snippet is enough to doubt it.
 * Frames behind the end of the video do not count; an object that has no others gets 0.
 */
export function objectWeights(frames: FrameValues, objects: Objects): Float64Array {
  return Float64Array.from({ length: objects.video.length }, (_, i) => {
    const video = objects.video[i];
    const first = frames.offsets[video] + objects.firstFrame[i];
    const end = Math.min(first + objects.length, frames.offsets[video + 1]);
    let least = first < end ? Number.POSITIVE_INFINITY : 0;
    for (let f = first; f < end; f++) least = Math.min(least, frames.values[f]);
    return least;
  });
}
