// Scores to probabilities, from reviewed samples. Role: isotonic regression and Platt's sigmoid, both weighted, and how
// well probabilities hold (reliability). Limits: a fit is no better than the number of samples behind it, which it
// carries; the order of scores never changes, only isotonic fits make neighbours equal.
import { AppError } from '../errors.ts';
import { ENOUGH } from './estimate.ts';

/** One decided sample: a score, what a person said, and how many units it stands for. */
export interface LabelledScore {
  score: number;
  anomalous: boolean;
  /** > 0. */
  weight: number;
}

export type CalibrationKind = 'isotonic' | 'platt';

/** A fitted map from score to probability, as plain data that can be stored and exported. */
export type Calibration =
  | {
      kind: 'isotonic';
      /** Reviewed units behind it. */
      n: number;
      /** Ascending in score, not falling in probability; linear in between, constant outside. */
      knots: { score: number; probability: number }[];
    }
  | {
      kind: 'platt';
      n: number;
      /** probability = 1 / (1 + exp(slope * score + offset)); slope <= 0. */
      slope: number;
      offset: number;
    };

/**
 * Weighted least squares under a rising order, by pooling adjacent violators (Ayer et al. 1955). Equal scores form one
 * point. @returns blocks in ascending order of score.
 */
export function isotonic(
  samples: readonly LabelledScore[],
): { from: number; to: number; probability: number; weight: number }[] {
  const blocks: { from: number; to: number; probability: number; weight: number }[] = [];
  const sorted = samples.toSorted((a, b) => a.score - b.score);
  for (let i = 0; i < sorted.length; ) {
    const { score } = sorted[i];
    let [hits, weight] = [0, 0];
    for (; i < sorted.length && sorted[i].score === score; i++) {
      weight += sorted[i].weight;
      if (sorted[i].anomalous) hits += sorted[i].weight;
    }
    let block = { from: score, to: score, probability: hits / weight, weight };
    for (let last = blocks.at(-1); last && last.probability >= block.probability; last = blocks.at(-1)) {
      blocks.pop();
      const both = last.weight + block.weight;
      block = {
        from: last.from,
        to: block.to,
        probability: (last.probability * last.weight + block.probability * block.weight) / both,
        weight: both,
      };
    }
    blocks.push(block);
  }
  return blocks;
}

/** log(1 + exp(x)) without overflow. */
const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

/**
 * Platt's sigmoid (Platt 1999) by Newton's method with step halving, in the form that cannot overflow (Lin, Lin and
 * Weng 2007). The targets are not 0 and 1 but (1 / (N- + 2)) and (N+ + 1) / (N+ + 2), so that few samples do not claim
 * certainty. Weights are scaled to sum to the number of samples. A slope that would turn the order round is set to 0.
 */
function platt(samples: readonly LabelledScore[]): { slope: number; offset: number } {
  const positives = samples.filter((sample) => sample.anomalous).length;
  const negatives = samples.length - positives;
  const scale = samples.length / samples.reduce((sum, sample) => sum + sample.weight, 0);
  const rows = samples.map(({ score, anomalous, weight }) => ({
    score,
    target: anomalous ? (positives + 1) / (positives + 2) : 1 / (negatives + 2),
    weight: weight * scale,
  }));
  const loss = (a: number, b: number) =>
    rows.reduce((sum, { score, target, weight }) => {
      const f = a * score + b;
      return sum + weight * (softplus(f) - (1 - target) * f);
    }, 0);
  let [a, b] = [0, Math.log((negatives + 1) / (positives + 1))];
  let now = loss(a, b);
  for (let step = 0; step < 200; step++) {
    let [haa, hab, hbb, ga, gb] = [1e-12, 0, 1e-12, 0, 0];
    for (const { score, target, weight } of rows) {
      const p = 1 / (1 + Math.exp(a * score + b));
      const curve = weight * p * (1 - p);
      haa += curve * score * score;
      hab += curve * score;
      hbb += curve;
      const slope = weight * (target - p);
      ga += slope * score;
      gb += slope;
    }
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    if (Math.abs(da) + Math.abs(db) < 1e-11 * (1 + Math.abs(a) + Math.abs(b))) break;
    let size = 1;
    let next = loss(a + da, b + db);
    // Close to the minimum the loss cannot tell steps apart any more; the full step is the better one there.
    const blur = 1e-13 * (1 + Math.abs(now));
    while (next > now + 1e-4 * size * (ga * da + gb * db) + blur && size > 1e-10) {
      size /= 2;
      next = loss(a + size * da, b + size * db);
    }
    if (size <= 1e-10) break;
    a += size * da;
    b += size * db;
    now = next;
  }
  if (a <= 0) return { slope: a, offset: b };
  const share = rows.reduce((sum, { target, weight }) => sum + target * weight, 0) / samples.length;
  return { slope: 0, offset: Math.log((1 - share) / share) };
}

/**
 * Fits a calibration.
 * @param n reviewed units that the samples come from; a unit of several segments is one opinion.
 * @throws AppError `conflict` with fewer than 20 units, or where all samples say the same.
 */
export function calibrate(
  kind: CalibrationKind,
  samples: readonly LabelledScore[],
  n: number = samples.length,
): Calibration {
  if (n < ENOUGH) {
    throw new AppError(
      'conflict',
      `Scores become probabilities only with at least ${ENOUGH} reviewed samples; there are ${n}. Review ${ENOUGH - n} more of the random sample.`,
      { n, needed: ENOUGH - n },
    );
  }
  if (samples.every((sample) => sample.anomalous === samples[0].anomalous)) {
    throw new AppError(
      'conflict',
      `All ${n} reviewed samples are ${samples[0].anomalous ? 'anomalous' : 'normal'}, so scores cannot be tied to probabilities. Review more of the random sample.`,
      { n },
    );
  }
  if (kind === 'platt') return { kind, n, ...platt(samples) };
  const knots = isotonic(samples).flatMap(({ from, to, probability }) =>
    from === to
      ? [{ score: from, probability }]
      : [
          { score: from, probability },
          { score: to, probability },
        ],
  );
  return { kind, n, knots };
}

/** The probability that a stretch with this score is anomalous. */
export function probabilityOf(calibration: Calibration, score: number): number {
  if (calibration.kind === 'platt') return 1 / (1 + Math.exp(calibration.slope * score + calibration.offset));
  const { knots } = calibration;
  let [from, to] = [0, knots.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (knots[middle].score >= score) to = middle;
    else from = middle + 1;
  }
  if (from === knots.length) return knots[from - 1].probability;
  const right = knots[from];
  if (from === 0 || right.score === score) return right.probability;
  const left = knots[from - 1];
  const part = (score - left.score) / (right.score - left.score);
  return left.probability + (right.probability - left.probability) * part;
}

/** All scores of a video as probabilities. @returns `[T]`, each in [0, 1]. */
export function probabilitiesOf(calibration: Calibration, scores: Float32Array): Float32Array {
  return scores.map((score) => probabilityOf(calibration, score));
}

export interface ReliabilityBin {
  /** Predicted values [from, to). */
  from: number;
  to: number;
  /** Weighted mean of the predictions, and weighted share that was anomalous. */
  predicted: number;
  observed: number;
  n: number;
}

export interface Reliability {
  /** Bins that hold something, ascending. */
  bins: ReliabilityBin[];
  /** Expected calibration error: mean distance of prediction and truth over the bins, by weight. */
  error: number;
  /** Brier score: weighted mean square of prediction minus truth. */
  brier: number;
}

/** How often things predicted with a probability are true. Predictions outside [0, 1] are clamped for their bin. */
export function reliability(
  predictions: ArrayLike<number>,
  truths: ArrayLike<number | boolean>,
  weights: ArrayLike<number> | null = null,
  bins = 10,
): Reliability {
  const sums = Array.from({ length: bins }, () => ({ weight: 0, predicted: 0, observed: 0, n: 0 }));
  let [total, squares] = [0, 0];
  for (let i = 0; i < predictions.length; i++) {
    const weight = weights ? weights[i] : 1;
    const p = predictions[i];
    const truth = Number(truths[i]);
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(p * bins)))];
    bin.weight += weight;
    bin.predicted += weight * p;
    bin.observed += weight * truth;
    bin.n++;
    total += weight;
    squares += weight * (p - truth) ** 2;
  }
  let error = 0;
  const out = sums.flatMap(({ weight, predicted, observed, n }, k): ReliabilityBin[] => {
    if (n === 0) return [];
    error += Math.abs(predicted - observed);
    return [
      { from: k / bins, to: (k + 1) / bins, predicted: predicted / weight, observed: observed / weight, n },
    ];
  });
  return { bins: out, error: total > 0 ? error / total : 0, brier: total > 0 ? squares / total : 0 };
}
