// The normal distribution: fit, density, upper tail. Float64.
// Role: formulas that hold in the far tail, where pseudo-labels are decided. Limits: one dimension.

export interface Gaussian {
  mean: number;
  /** With n - 1 in the denominator; 0 for a single value. */
  variance: number;
}

/** Mean and sample variance (ddof 1), in two passes. @param values at least one. */
export function fitGaussian(values: ArrayLike<number>): Gaussian {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, variance: n > 1 ? squares / (n - 1) : 0 };
}

/** Density at x. @param variance above 0. */
export function density(x: number, { mean, variance }: Gaussian): number {
  return Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}

/** Probability of a value above x. @param variance above 0. */
export function upperTail(x: number, { mean, variance }: Gaussian): number {
  const z = (x - mean) / Math.sqrt(2 * variance);
  return z >= 0 ? erfc(z) / 2 : 1 - erfc(-z) / 2;
}

/**
 * Complementary error function for x >= 0, relative error below 1e-13. Near 0 by the series of erf with positive terms
 * only, further out by the continued fraction, evaluated from its far end.
 */
export function erfc(x: number): number {
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let tail = x;
  for (let n = 120; n >= 1; n--) tail = x + n / (2 * tail);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
