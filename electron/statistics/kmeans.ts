// K-means with a k-means++ start, as the start of a Gaussian mixture.
// Role: the behaviour of scikit-learn's KMeans with one start (methods.md 2.2). Limits: small dimensions, all in memory.

/** Points `[N, D]`, C order. */
export interface Points {
  data: Float64Array;
  count: number;
  dim: number;
}

/** Squared distance of point i to row k of `centres`. */
function distance(points: Points, i: number, centres: Float64Array, k: number): number {
  let sum = 0;
  for (let d = 0; d < points.dim; d++)
    sum += (points.data[i * points.dim + d] - centres[k * points.dim + d]) ** 2;
  return sum;
}

/** Index drawn with probability proportional to the weights; the last one if all are 0. */
function draw(weights: Float64Array, total: number, random: () => number): number {
  let left = random() * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.length - 1;
}

/** k-means++: each next centre is the best of a few points drawn by squared distance to the centres so far. */
function start(points: Points, clusters: number, random: () => number): Float64Array {
  const { data, count, dim } = points;
  const centres = new Float64Array(clusters * dim);
  const put = (k: number, i: number) => centres.set(data.subarray(i * dim, (i + 1) * dim), k * dim);
  put(0, Math.min(count - 1, Math.floor(random() * count)));
  let nearest = Float64Array.from({ length: count }, (_, i) => distance(points, i, centres, 0));
  const trials = 2 + Math.floor(Math.log(clusters));
  for (let k = 1; k < clusters; k++) {
    const total = nearest.reduce((a, b) => a + b, 0);
    let best = { total: Number.POSITIVE_INFINITY, index: 0, nearest };
    for (let trial = 0; trial < trials; trial++) {
      const index = draw(nearest, total, random);
      put(k, index);
      const after = nearest.map((old, i) => Math.min(old, distance(points, i, centres, k)));
      const sum = after.reduce((a, b) => a + b, 0);
      if (sum < best.total) best = { total: sum, index, nearest: after };
    }
    put(k, best.index);
    nearest = best.nearest;
  }
  return centres;
}

function assign(points: Points, centres: Float64Array, clusters: number): Int32Array {
  return Int32Array.from({ length: points.count }, (_, i) => {
    let best = 0;
    let least = distance(points, i, centres, 0);
    for (let k = 1; k < clusters; k++) {
      const own = distance(points, i, centres, k);
      if (own < least) [best, least] = [k, own];
    }
    return best;
  });
}

/** Means of the clusters; an empty one takes the point farthest from its centre. */
function meansOf(points: Points, labels: Int32Array, centres: Float64Array, clusters: number): Float64Array {
  const { data, count, dim } = points;
  const sums = new Float64Array(clusters * dim);
  const sizes = new Float64Array(clusters);
  const add = (k: number, i: number, sign: number) => {
    sizes[k] += sign;
    for (let d = 0; d < dim; d++) sums[k * dim + d] += sign * data[i * dim + d];
  };
  for (let i = 0; i < count; i++) add(labels[i], i, 1);
  const moved = new Set<number>();
  for (let k = 0; k < clusters; k++) {
    if (sizes[k] > 0) continue;
    let farthest = -1;
    let most = 0;
    for (let i = 0; i < count; i++) {
      const own = distance(points, i, centres, labels[i]);
      if (own > most && sizes[labels[i]] > 1 && !moved.has(i)) [farthest, most] = [i, own];
    }
    if (farthest < 0) continue; // every point lies on its centre: fewer distinct points than clusters
    moved.add(farthest);
    add(labels[farthest], farthest, -1);
    add(k, farthest, 1);
  }
  return sums.map((sum, at) =>
    sizes[Math.floor(at / dim)] > 0 ? sum / sizes[Math.floor(at / dim)] : centres[at],
  );
}

/**
 * Lloyd's iterations until nothing changes, the centres move by less than `tol` (relative to the mean variance of the
 * coordinates), or 300 rounds.
 * @param random uniform in [0, 1).
 * @returns cluster of each point, `[N]`; clusters can be empty where there are fewer distinct points.
 */
export function kmeans(
  points: Points,
  clusters: number,
  random: () => number,
  maxIter = 300,
  tol = 1e-4,
): Int32Array {
  const { data, count, dim } = points;
  let spread = 0;
  for (let d = 0; d < dim; d++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) sum += data[i * dim + d];
    for (let i = 0; i < count; i++) squares += (data[i * dim + d] - sum / count) ** 2;
    spread += squares / count / dim;
  }
  let centres = start(points, clusters, random);
  let labels = assign(points, centres, clusters);
  for (let iteration = 0; iteration < maxIter; iteration++) {
    const next = meansOf(points, labels, centres, clusters);
    const shift = next.reduce((sum, value, at) => sum + (value - centres[at]) ** 2, 0);
    centres = next;
    const before = labels;
    labels = assign(points, centres, clusters);
    if (shift <= tol * spread || labels.every((label, i) => label === before[i])) break;
  }
  return labels;
}
