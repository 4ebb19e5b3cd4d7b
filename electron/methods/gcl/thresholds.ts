// Thresholds that turn errors and probabilities into labels (methods.md 1.3): mean and spread, or a share.
// Role: the rule twice, in float64 over all segments of a run, and inside a training step over a batch.
// Limits: labels nothing by itself; who is left out (segments known to be normal) is the caller's to say.
import {
  add,
  cast,
  div,
  floor,
  greaterEqual,
  max,
  maximum,
  min,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';
import { fitGaussian } from '../../statistics/gaussian.ts';

/** `std`: mean + factor * standard deviation (ddof 1). `share`: the value that this share of all reaches. */
export type ThresholdRule = { kind: 'std'; factor: number } | { kind: 'share'; share: number };

/** How many of n a share is: to the nearest, at least one. */
const countOf = (share: number, n: number): number => Math.max(1, Math.floor(share * n + 0.5));

/**
 * Threshold over all values, in float64. Values at or above it are labelled 1; where all are equal, that is all of them.
 * @param values at least one.
 */
export function thresholdOf(values: ArrayLike<number>, rule: ThresholdRule): number {
  if (rule.kind === 'share') {
    const sorted = Float64Array.from(values).sort();
    return sorted[sorted.length - countOf(rule.share, sorted.length)];
  }
  // Sums of equal numbers can miss the number by a rounding, and then nothing would reach the mean.
  const largest = Float64Array.from(values).reduce((a, b) => Math.max(a, b));
  const { mean, variance } = fitGaussian(Float64Array.from(values, (value) => value - largest));
  return largest + mean + rule.factor * Math.sqrt(variance);
}

/** Halvings after which two float32 numbers of one batch are told apart. */
const HALVINGS = 40;

/** The value that `wanted` of the counted ones reach, found by halving an interval: sorting is no kernel of the tracer. */
function valueReachedBy(values: Tensor, counted: Tensor, wanted: Tensor): Tensor {
  const most = max(values);
  // Those left out must not widen the interval downwards.
  let low: Tensor = min(add(mul(values, counted), mul(most, sub(1, counted))));
  let high: Tensor = most;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = add(low, mul(sub(high, low), 0.5));
    const reached = sum(mul(cast(greaterEqual(values, middle), 'float32'), counted));
    const enough = greaterEqual(reached, wanted);
    low = where(enough, middle, low);
    high = where(enough, high, middle);
  }
  return low;
}

/**
 * The same inside a step. `values` and `counted` `[B]`; only values with `counted` 1 make the threshold.
 * @returns a scalar.
 */
export function batchThreshold(values: Tensor, counted: Tensor, rule: ThresholdRule): Tensor {
  const n = sum(counted);
  if (rule.kind === 'share') {
    const wanted = maximum(floor(add(mul(n, rule.share), 0.5)), scalar(1));
    return valueReachedBy(values, counted, wanted);
  }
  // Measured from the largest, for the reason given in `thresholdOf`.
  const largest = max(values);
  const distance = sub(values, largest);
  const mean = div(sum(mul(distance, counted)), maximum(n, scalar(1)));
  const squares = sum(mul(square(sub(distance, mean)), counted));
  const deviation = sqrt(div(squares, maximum(sub(n, 1), scalar(1))));
  return add(largest, add(mean, mul(deviation, rule.factor)));
}

/** 1 where a counted value reaches the threshold, else 0. `[B]`. */
export function batchLabels(values: Tensor, counted: Tensor, threshold: Tensor): Tensor {
  return mul(cast(greaterEqual(values, threshold), 'float32'), counted);
}
