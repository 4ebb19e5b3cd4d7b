// Pseudo-labels of C2FPL: coarse, then fine, and the comparisons of the paper that change only the labels (methods.md 2.7).
// Role: the one entry from magnitudes to labels. Limits: trains nothing; plain arrays in and out.
import { AppError } from '../../../shared/errors.ts';
import { coarseLabels } from '../../statistics/coarse-labels.ts';
import { type Magnitudes, summarise } from '../../statistics/magnitudes.ts';
import type { C2fplConfig } from './config.ts';
import { fineLabels } from './fine-labels.ts';

export type LabelOptions = Pick<
  C2fplConfig,
  'variant' | 'cplMode' | 'fplMode' | 'spread' | 'eta' | 'beta' | 'covariance'
>;

export interface PseudoLabels {
  /** Coarse labels, 1 = anomalous, `[V]`. */
  videoLabels: Uint8Array;
  /** Labels the detector is trained on, `[M]`. */
  segmentLabels: Uint8Array;
  /** Low = anomalous, `[M]`; see `FineLabels.p`. */
  p: Float64Array;
  /** Labelled window per video, in segments of the video; null where there is none. */
  windows: ({ start: number; length: number } | null)[];
  /** Anomalous videos after each coarse round; empty where the labels do not come from clustering. */
  rounds: number[];
  /** Mean and variance of the magnitude of normal segments. */
  normal: { mean: number; variance: number };
  /** Sentences for the user: guards that fired and what they mean. */
  notes: string[];
}

/** Score without a detector: 1 - p / max p, `[M]`, for the variant `density_score`. All 0 where p is 0 everywhere. */
export function scoresFromP(p: Float64Array): Float32Array {
  const highest = p.reduce((a, b) => Math.max(a, b), 0);
  return Float32Array.from(p, (value) => (highest > 0 ? 1 - value / highest : 0));
}

function trueLabels(given: ArrayLike<number> | undefined, videos: number): Uint8Array {
  if (given?.length === videos) return Uint8Array.from(given);
  throw new AppError(
    'bad_input',
    `This variant needs a label for each of the ${videos} videos; ${given?.length ?? 0} are given. Choose a variant without video labels.`,
  );
}

function coinFlips(count: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length: count }, () => (random() < 0.5 ? 1 : 0));
}

/** Sentences about the labels as a whole. */
function overallNotes({ values, offsets }: Magnitudes, segmentLabels: Uint8Array): string[] {
  const notes: string[] = [];
  const videos = offsets.length - 1;
  const single = Array.from({ length: videos }, (_, v) => offsets[v + 1] - offsets[v]).filter(
    (m) => m === 1,
  ).length;
  if (single > 0) {
    notes.push(
      `${single} ${single === 1 ? 'video has' : 'videos have'} one segment only; the spread of a single segment counts as 0.`,
    );
  }
  const positive = segmentLabels.reduce((a, b) => a + b, 0);
  if (positive === 0) {
    notes.push(
      'No segment is labelled anomalous, so the scores of this run say nothing. Add videos (at least four, better dozens, some of them unusual), or use the motion method, which scores each segment by itself.',
    );
  } else if (positive === values.length) {
    notes.push(
      'Every segment is labelled anomalous, so the scores of this run say nothing. Lower the share of an anomalous video, or add normal videos.',
    );
  }
  return notes;
}

/**
 * Pseudo-labels of all videos.
 * @param random uniform in [0, 1), seeded: the same numbers give the same labels.
 * @param given true video labels `[V]`, for the two weak variants only.
 * @throws AppError `bad_input` when a weak variant has no labels.
 */
export function pseudoLabels(
  magnitudes: Magnitudes,
  options: LabelOptions,
  random: () => number,
  given?: ArrayLike<number>,
): PseudoLabels {
  const { variant, spread, beta } = options;
  const videos = magnitudes.offsets.length - 1;
  const segments = magnitudes.values.length;
  let videoLabels: Uint8Array;
  let rounds: number[] = [];
  let notes: string[] = [];
  if (variant === 'weak' || variant === 'weak_all_segments') videoLabels = trueLabels(given, videos);
  else if (variant === 'random_videos') videoLabels = coinFlips(videos, random);
  else {
    const coarse = coarseLabels(summarise(magnitudes, spread), { ...options, mode: options.cplMode }, random);
    ({ labels: videoLabels, rounds, notes } = coarse);
  }
  const fine = fineLabels(magnitudes, videoLabels, { mode: options.fplMode, beta });
  let segmentLabels = fine.labels;
  let windows: PseudoLabels['windows'] = Array.from(fine.windowStart, (start, v) =>
    start < 0 ? null : { start, length: fine.windowLength[v] },
  );
  if (variant === 'coarse_only' || variant === 'weak_all_segments') {
    const { offsets } = magnitudes;
    segmentLabels = new Uint8Array(segments);
    for (let v = 0; v < videos; v++) segmentLabels.fill(videoLabels[v], offsets[v], offsets[v + 1]);
    windows = Array.from(videoLabels, (label, v) =>
      label === 0 ? null : { start: 0, length: offsets[v + 1] - offsets[v] },
    );
  } else if (variant === 'random_segments') {
    segmentLabels = coinFlips(segments, random);
    windows = windows.map(() => null);
  }
  return {
    videoLabels,
    segmentLabels,
    p: fine.p,
    windows,
    rounds,
    normal: fine.normal,
    notes: [...notes, ...fine.notes, ...overallNotes(magnitudes, segmentLabels)],
  };
}
