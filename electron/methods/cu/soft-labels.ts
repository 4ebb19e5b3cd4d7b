// Soft labels: what the classifier is trained on, and what is written down as the pseudo-label of a clip (methods.md 4.4).
// Role: arithmetic on the labels of all clips. Limits: runs no network, chooses no clips.
import type { CuConfig } from './config.ts';

/** Labels and uncertainties of all clips, `[M]`. */
export interface Labelling {
  /** Mean over passes, in [0, 1]. */
  label: Float32Array;
  /** Population variance over passes. */
  uncertainty: Float32Array;
}

/** Labels of whole videos and where their clips lie. */
export interface ClipOwners {
  labels: readonly (0 | 1 | null)[];
  /** Video v owns clips [offsets[v], offsets[v + 1]). */
  offsets: ArrayLike<number>;
}

const SMOOTHED_OVER = 5;
const BINS = 10;

/** Mean of the clips around each clip; near the ends of those there are. */
function movingMean(values: Float64Array): Float64Array {
  const reach = (SMOOTHED_OVER - 1) / 2;
  return values.map((_, t) => {
    const part = values.subarray(Math.max(0, t - reach), t + reach + 1);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
}

/** Smoothed twice, then stretched to [0, 1]; a constant video keeps its value. */
function rescaled(labels: Float32Array): Float32Array {
  const smooth = movingMean(movingMean(Float64Array.from(labels)));
  const low = smooth.reduce((a, b) => Math.min(a, b), 1);
  const high = smooth.reduce((a, b) => Math.max(a, b), 0);
  return Float32Array.from(smooth, (value) => (high > low ? (value - low) / (high - low) : value));
}

/** What the classifier is to answer for each clip, `[M]`: 0 in normal videos unless `generated`, else the soft label. */
export function targetsOf(
  { label }: Labelling,
  { labels, offsets }: ClipOwners,
  { normalTargets, rescaleLabels }: Pick<CuConfig, 'normalTargets' | 'rescaleLabels'>,
): Float32Array {
  const targets = label.slice();
  for (const [v, kind] of labels.entries()) {
    if (kind === 0 && normalTargets === 'zero') targets.fill(0, offsets[v], offsets[v + 1]);
    if (kind === 1 && rescaleLabels) {
      targets.set(rescaled(label.subarray(offsets[v], offsets[v + 1])), offsets[v]);
    }
  }
  return targets;
}

/** Soft labels of the clips of anomalous videos. */
function ofAbnormal({ label }: Labelling, { labels, offsets }: ClipOwners): number[] {
  return labels.flatMap((kind, v) => (kind === 1 ? [...label.subarray(offsets[v], offsets[v + 1])] : []));
}

/** How many clips of anomalous videos are anomalous, as their soft labels say: the sum. */
export function expectedCount(labelling: Labelling, owners: ClipOwners): number {
  return ofAbnormal(labelling, owners).reduce((a, b) => a + b, 0);
}

/** How many clips of anomalous videos have a soft label in [0, 0.1), ... [0.9, 1], and those of each bin. */
export function histogramOf(labelling: Labelling, owners: ClipOwners): number[] {
  const counts = Array<number>(BINS).fill(0);
  for (const value of ofAbnormal(labelling, owners)) {
    counts[Math.min(BINS - 1, Math.floor(value * BINS))]++;
  }
  return counts;
}

/**
 * Pseudo-labels 0 and 1, `[M]`: of all clips of anomalous videos the `expected` ones with the highest soft labels, ties
 * included. Videos without a label follow the same limit; normal videos have none.
 * @param expected from the first labels. Those of later rounds put the clips in a better order but shrink towards 0,
 * because labels near 0 are the certain ones and far more numerous.
 */
export function hardLabels(labelling: Labelling, owners: ClipOwners, expected: number): Uint8Array {
  const { label } = labelling;
  const { labels, offsets } = owners;
  const own = ofAbnormal(labelling, owners).sort((a, b) => b - a);
  const limit = expected >= 0.5 ? own[Math.round(expected) - 1] : Number.POSITIVE_INFINITY;
  const hard = new Uint8Array(label.length);
  for (const [v, kind] of labels.entries()) {
    if (kind === 0) continue;
    for (let t = offsets[v]; t < offsets[v + 1]; t++) hard[t] = label[t] >= limit ? 1 : 0;
  }
  return hard;
}
