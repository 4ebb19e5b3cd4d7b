// From scores of pose segments to scores of frames and snippets (STG-NF and Joint-VAD; methods.md 3.5, 3.3).
// Role: placing each segment's score on its middle frame, filling frames without anybody, smoothing, snippet means.
// Limits: numbers only; scores are log-likelihoods, high = normal, until the snippets turn the sign.
import { AppError } from '../../../shared/errors.ts';
import { smoothGaussian } from '../../../shared/labels/smooth.ts';
import { SEGMENT_FRAMES } from '../../../shared/labels/types.ts';

/** Deviations of the published smoothing, one after the other (methods.md 0.7). Frames. */
export const POSE_SMOOTHING: readonly number[] = [1, 2, 3, 4, 5, 6];

/** Scored pose segments of all clips, `[N]` each. */
export interface SegmentScores {
  /** -NLL. */
  score: ArrayLike<number>;
  clip: ArrayLike<number>;
  firstFrame: ArrayLike<number>;
  /** L. */
  length: number;
}

/**
 * Score of every frame: that of the least normal person whose segment is centred on it; frames without one, and infinite
 * scores, take the largest (-infinity: the smallest) finite score of the whole set.
 * @param offsets `[clips + 1]`, in frames. @returns `[F]`.
 * @throws AppError `bad_input` when no score is finite, or a segment lies outside of its clip.
 */
export function frameScores(segments: SegmentScores, offsets: ArrayLike<number>): Float64Array {
  const frames = new Float64Array(offsets[offsets.length - 1]).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < segments.score.length; i++) {
    const clip = segments.clip[i];
    const frame = offsets[clip] + segments.firstFrame[i] + Math.floor(segments.length / 2);
    if (!(frame >= offsets[clip] && frame < offsets[clip + 1])) {
      throw new AppError(
        'bad_input',
        `A pose begins at frame ${segments.firstFrame[i]} of a video of ${offsets[clip + 1] - offsets[clip]} frames. Are these the poses of this video?`,
        { clip, firstFrame: segments.firstFrame[i] },
      );
    }
    frames[frame] = Math.min(frames[frame], segments.score[i]);
  }
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of frames) {
    if (!Number.isFinite(value)) continue;
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  if (smallest > largest && frames.length > 0) {
    throw new AppError(
      'bad_input',
      'No person is seen long enough to be scored in any of the videos. Choose videos with people, or another method.',
    );
  }
  return frames.map((value) => Math.min(largest, Math.max(smallest, value)));
}

/** Frame scores smoothed inside each clip, `[F]`. */
export function smoothClips(
  frames: Float64Array,
  offsets: ArrayLike<number>,
  sigmas: readonly number[] = POSE_SMOOTHING,
): Float64Array {
  const smoothed = new Float64Array(frames.length);
  for (let c = 0; c + 1 < offsets.length; c++)
    smoothed.set(smoothGaussian(frames.subarray(offsets[c], offsets[c + 1]), sigmas), offsets[c]);
  return smoothed;
}

/**
 * Anomaly scores of snippets: the mean over 16 frames with the sign turned; a short last snippet is filled up with the
 * last value of its clip.
 * @param frames `[F]`, high = normal. @param offsets `[clips + 1]`, in frames.
 * @returns `scores` of all snippets and `offsets` `[clips + 1]` in snippets.
 */
export function snippetScores(
  frames: ArrayLike<number>,
  offsets: ArrayLike<number>,
): { scores: Float64Array; offsets: Int32Array } {
  const starts = new Int32Array(offsets.length);
  for (let c = 0; c + 1 < offsets.length; c++)
    starts[c + 1] = starts[c] + Math.ceil((offsets[c + 1] - offsets[c]) / SEGMENT_FRAMES);
  const scores = new Float64Array(starts[starts.length - 1]);
  for (let c = 0; c + 1 < offsets.length; c++) {
    for (let t = starts[c]; t < starts[c + 1]; t++) {
      const begin = offsets[c] + (t - starts[c]) * SEGMENT_FRAMES;
      let sum = 0;
      for (let i = 0; i < SEGMENT_FRAMES; i++) sum += frames[Math.min(begin + i, offsets[c + 1] - 1)];
      scores[t] = -sum / SEGMENT_FRAMES;
    }
  }
  return { scores, offsets: starts };
}
