// The arithmetic of charts. Role: ticks, thinning, bins; no canvas.

/** Round numbers from at most `low` to at least `high`, about `wanted` of them; steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, wanted: number): number[] {
  if (!(high > low))
    return niceTicks(low - (Math.abs(low) || 1) * 0.1, low + (Math.abs(low) || 1) * 0.1, wanted);
  const rough = (high - low) / Math.max(1, wanted - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** At most `most` points that keep first, last and every local extreme of a bucket, in order of x. */
export function thin(
  points: readonly (readonly [number, number])[],
  most: number,
): (readonly [number, number])[] {
  if (points.length <= most) return [...points];
  const buckets = Math.max(1, Math.floor((most - 2) / 2));
  const inner = points.length - 2;
  const kept: (readonly [number, number])[] = [points[0]];
  for (let b = 0; b < buckets; b++) {
    const from = 1 + Math.floor((b * inner) / buckets);
    const until = 1 + Math.floor(((b + 1) * inner) / buckets);
    let [low, high] = [from, from];
    for (let i = from; i < until; i++) {
      if (points[i][1] < points[low][1]) low = i;
      if (points[i][1] > points[high][1]) high = i;
    }
    for (const at of [...new Set([Math.min(low, high), Math.max(low, high)])])
      if (at < until) kept.push(points[at]);
  }
  kept.push(points[points.length - 1]);
  return kept;
}

/** Counts per equal part of a range; values outside count into the first or last part. */
export function binned(values: readonly number[], bins: number, { low, high }: Range): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values)
    counts[Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)))] += 1;
  return counts;
}

/** The thumbnail at a share of the width, `count` of them evenly spread. */
export const thumbnailAt = (share: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(share * count)));

export interface Range {
  low: number;
  high: number;
}

/**
 * The part of [0, 1] to draw scores in: all of it when they fill half of it or more, else what they and the thresholds
 * fill, with a tenth to spare, so that scores that lie close together can be told apart.
 */
export function scoreRange(values: readonly number[], thresholds: readonly number[]): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const value of [...values, ...thresholds]) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high > low) || high - low >= 0.5) return { low: 0, high: 1 };
  const spare = (high - low) / 10;
  return { low: Math.max(0, low - spare), high: Math.min(1, high + spare) };
}
