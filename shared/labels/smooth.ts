// Gaussian smoothing of frame scores (methods.md 0.7).
// Role: the one-dimensional filter with mirrored borders, applied for each sigma in turn. Limits: one video at a time;
// sigma is in frames.

/** Kernel of radius int(4 sigma + 0.5), normalised to sum 1. */
function kernel(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Index inside [0, n) of any integer: the border repeats the edge sample (d c b a | a b c d | d c b a), period 2n. */
function mirrored(index: number, n: number): number {
  const inPeriod = ((index % (2 * n)) + 2 * n) % (2 * n);
  return inPeriod < n ? inPeriod : 2 * n - 1 - inPeriod;
}

function smoothOnce(x: Float64Array, sigma: number): Float64Array {
  const weights = kernel(sigma);
  const radius = (weights.length - 1) / 2;
  const n = x.length;
  const padded = new Float64Array(n + 2 * radius);
  for (let i = 0; i < padded.length; i++) padded[i] = x[mirrored(i - radius, n)];
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * padded[i + k];
    return sum;
  });
}

/** @param x `[n]`. @param sigmas applied one after the other; a sigma of 0 changes nothing. @returns `[n]`, a new array. */
export function smoothGaussian(x: ArrayLike<number>, sigmas: readonly number[]): Float64Array {
  let y: Float64Array = Float64Array.from(x);
  if (y.length === 0) return y;
  for (const sigma of sigmas) if (sigma > 0) y = smoothOnce(y, sigma);
  return y;
}
