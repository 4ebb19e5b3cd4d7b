// Intervals for shares of a sample. Role: the normal quantile and Wilson's interval, for any effective sample size.
// Limits: one share at a time; what a sample is, and how large it really is, is estimate.ts' part.

export interface Interval {
  low: number;
  high: number;
}

/** Upper tail of the standard normal, P(Z > x), by Simpson's rule on [x, x + 12]; to about 1e-12 for x >= 0. */
function upperTail(x: number): number {
  const steps = 1200;
  const width = 12 / steps;
  const density = (at: number) => Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(x) + density(x + 12);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 0 ? 2 : 4) * density(x + i * width);
  return (sum * width) / 3;
}

const quantiles = new Map<number, number>();

/**
 * How many standard deviations a two-sided interval of this confidence reaches: 1.6449 for .9, 1.96 for .95.
 * @param level in (0, 1).
 */
export function zOf(level: number): number {
  const known = quantiles.get(level);
  if (known !== undefined) return known;
  const tail = (1 - level) / 2;
  let [low, high] = [0, 12];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
  quantiles.set(level, high);
  return high;
}

/**
 * Wilson's score interval (Wilson 1927): the shares p with |share - p| <= z sqrt(p (1 - p) / n). It stays within [0, 1]
 * and is as wide as it should be where nothing, or everything, was found.
 * @param share in [0, 1]. @param n effective sample size, > 0; Infinity: the whole population was looked at.
 */
export function wilson(share: number, n: number, z: number): Interval {
  if (n === Infinity) return { low: share, high: share };
  const spread = (z * z) / n;
  const centre = (share + spread / 2) / (1 + spread);
  const reach = Math.sqrt(spread * share * (1 - share) + (spread * spread) / 4) / (1 + spread);
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}

/** The effective sample size at which Wilson's interval around `share` becomes `width` wide; 0 < width < 1. */
export function sizeForWidth(share: number, width: number, z: number): number {
  let [low, high] = [1e-6, 1];
  const tooWide = (n: number) => {
    const { low: from, high: to } = wilson(share, n, z);
    return to - from > width;
  };
  while (tooWide(high) && high < 1e12) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (tooWide(middle)) low = middle;
    else high = middle;
  }
  return high;
}
