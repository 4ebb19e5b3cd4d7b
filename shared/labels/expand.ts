// From crop scores to segment values to frame values (methods.md 0.3).
// Role: averaging crops, repeating segments, fitting to a number of frames. Limits: no smoothing, no thresholds.
import { SEGMENT_FRAMES } from './types.ts';

type Values = Float32Array | Float64Array | Uint8Array;

function empty<A extends Values>(like: A, length: number): A {
  return new (like.constructor as new (length: number) => A)(length);
}

/**
 * Segment score = mean over crops of the crop scores, after the sigmoid.
 * @param scores `[T, crops]`, C order.
 * @returns `[T]`.
 */
export function meanOverCrops(scores: ArrayLike<number>, crops: number): Float64Array {
  const segments = scores.length / crops;
  const mean = new Float64Array(segments);
  for (let t = 0; t < segments; t++) {
    let sum = 0;
    for (let c = 0; c < crops; c++) sum += scores[t * crops + c];
    mean[t] = sum / crops;
  }
  return mean;
}

/** `official` protocol: every value `[T]` 16 times, `[16T]`. */
export function repeatSegments<A extends Values>(values: A, times: number = SEGMENT_FRAMES): A {
  const out = empty(values, values.length * times);
  for (let t = 0; t < values.length; t++) out.fill(values[t], t * times, (t + 1) * times);
  return out;
}

/** `trimmed` protocol: one value per frame `[n]`, cut to n, the last value continued if 16T < n. Zeros without segments. */
export function framesFromSegments<A extends Values>(values: A, frames: number): A {
  const out = empty(values, frames);
  if (values.length === 0) return out;
  for (let t = 0, f = 0; t < values.length && f < frames; t++, f += SEGMENT_FRAMES) {
    out.fill(values[t], f, f + SEGMENT_FRAMES);
  }
  const covered = values.length * SEGMENT_FRAMES;
  if (covered < frames) out.fill(values[values.length - 1], covered);
  return out;
}

/** Frame values `[n]` cut to `length`, or continued with the last one: the tail policy `pad_last`. Zeros if n = 0. */
export function padLast<A extends Values>(values: A, length: number): A {
  const out = empty(values, length);
  out.set(values.subarray(0, length));
  if (values.length > 0 && values.length < length) out.fill(values[values.length - 1], values.length);
  return out;
}
