// Gaussian mixtures by expectation-maximisation, equal to scikit-learn's GaussianMixture (methods.md 2.2).
// Role: spherical, diagonal and full covariances, started from k-means, in float64. Limits: no standardisation; all
// points in memory; meant for a few thousand points in two or three dimensions.
import { AppError } from '../../shared/errors.ts';
import { cholesky, mahalanobis } from './cholesky.ts';
import { kmeans, type Points } from './kmeans.ts';

export type Covariance = 'spherical' | 'diag' | 'full';

export interface GmmOptions {
  covariance: Covariance;
  /** Default 2. */
  components?: number;
  /** Default 150, as in C2FPL's notebook. */
  maxIter?: number;
  /** Smallest change of the mean log-likelihood that goes on. Default 1e-3. */
  tol?: number;
  /** Added to every variance. Default 1e-6. */
  regCovar?: number;
}

/** Components are in ascending order of the first coordinate of their means. */
export interface GmmFit {
  /** Most likely component of each point, `[N]`; the first on equal likelihood. */
  labels: Int32Array;
  /** `[K]`, sum 1. */
  weights: Float64Array;
  /** `[K, D]`. */
  means: Float64Array;
  /** Spherical `[K]`, diagonal `[K, D]`, full `[K, D, D]`. */
  variances: Float64Array;
  /** Log-likelihood of each point under the final mixture, `[N]`. */
  logLikelihood: Float64Array;
  /** EM iterations that were run. */
  iterations: number;
}

interface Mixture {
  covariance: Covariance;
  weights: Float64Array;
  means: Float64Array;
  variances: Float64Array;
}

const LOG_2PI = Math.log(2 * Math.PI);

/** M step: parameters from responsibilities `[N, K]`. */
function maximise(
  points: Points,
  resp: Float64Array,
  components: number,
  covariance: Covariance,
  reg: number,
): Mixture {
  const { data, count, dim } = points;
  const sizes = new Float64Array(components);
  const means = new Float64Array(components * dim);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < components; k++) {
      const r = resp[i * components + k];
      sizes[k] += r;
      for (let d = 0; d < dim; d++) means[k * dim + d] += r * data[i * dim + d];
    }
  }
  for (let k = 0; k < components; k++) {
    sizes[k] += 10 * Number.EPSILON;
    for (let d = 0; d < dim; d++) means[k * dim + d] /= sizes[k];
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  const weights = sizes.map((size) => size / total);
  const variances =
    covariance === 'full'
      ? fullVariances(points, resp, sizes, means, reg)
      : diagonalVariances(points, resp, sizes, means, reg);
  if (covariance !== 'spherical') return { covariance, weights, means, variances };
  const spherical = Float64Array.from({ length: components }, (_, k) => {
    return variances.subarray(k * dim, (k + 1) * dim).reduce((a, b) => a + b, 0) / dim;
  });
  return { covariance, weights, means, variances: spherical };
}

/** Mean square minus squared mean, as the reference does; a rounding error below 0 is cut. `[K, D]`. */
function diagonalVariances(
  points: Points,
  resp: Float64Array,
  sizes: Float64Array,
  means: Float64Array,
  reg: number,
): Float64Array {
  const { data, count, dim } = points;
  const components = sizes.length;
  const squares = new Float64Array(components * dim);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < components; k++) {
      const r = resp[i * components + k];
      for (let d = 0; d < dim; d++) squares[k * dim + d] += r * data[i * dim + d] ** 2;
    }
  }
  return squares.map((sum, at) => Math.max(0, sum / sizes[Math.floor(at / dim)] - means[at] ** 2) + reg);
}

function fullVariances(
  points: Points,
  resp: Float64Array,
  sizes: Float64Array,
  means: Float64Array,
  reg: number,
): Float64Array {
  const { data, count, dim } = points;
  const components = sizes.length;
  const out = new Float64Array(components * dim * dim);
  for (let k = 0; k < components; k++) {
    const matrix = out.subarray(k * dim * dim, (k + 1) * dim * dim);
    for (let i = 0; i < count; i++) {
      const r = resp[i * components + k];
      for (let a = 0; a < dim; a++) {
        const left = r * (data[i * dim + a] - means[k * dim + a]);
        for (let b = 0; b < dim; b++) matrix[a * dim + b] += left * (data[i * dim + b] - means[k * dim + b]);
      }
    }
    for (let at = 0; at < matrix.length; at++)
      matrix[at] = matrix[at] / sizes[k] + (at % (dim + 1) === 0 ? reg : 0);
  }
  return out;
}

/** Log density of every point under component k. */
function logDensity(
  points: Points,
  { covariance, means, variances }: Mixture,
  k: number,
): (i: number) => number {
  const { data, dim } = points;
  const difference = new Float64Array(dim);
  const centred = (i: number) => {
    for (let d = 0; d < dim; d++) difference[d] = data[i * dim + d] - means[k * dim + d];
    return difference;
  };
  if (covariance === 'full') {
    const lower = cholesky(variances.subarray(k * dim * dim, (k + 1) * dim * dim), dim);
    if (!lower) {
      throw new AppError(
        'bad_input',
        'A full covariance cannot be fitted: the points lie on a line. Choose the spherical or the diagonal covariance.',
      );
    }
    let logDet = 0;
    for (let d = 0; d < dim; d++) logDet += 2 * Math.log(lower[d * dim + d]);
    return (i) => -0.5 * (dim * LOG_2PI + logDet + mahalanobis(lower, centred(i)));
  }
  const own = Float64Array.from(
    { length: dim },
    (_, d) => variances[covariance === 'spherical' ? k : k * dim + d],
  );
  const logDet = own.reduce((sum, variance) => sum + Math.log(variance), 0);
  return (i) => -0.5 * (dim * LOG_2PI + logDet + centred(i).reduce((sum, x, d) => sum + (x * x) / own[d], 0));
}

/** E step: responsibilities `[N, K]` and the log-likelihood of each point `[N]`. */
function expectation(points: Points, mixture: Mixture): { resp: Float64Array; logLikelihood: Float64Array } {
  const components = mixture.weights.length;
  const resp = new Float64Array(points.count * components);
  for (let k = 0; k < components; k++) {
    const log = logDensity(points, mixture, k);
    const logWeight = Math.log(mixture.weights[k]);
    for (let i = 0; i < points.count; i++) resp[i * components + k] = logWeight + log(i);
  }
  const logLikelihood = Float64Array.from({ length: points.count }, (_, i) => {
    const row = resp.subarray(i * components, (i + 1) * components);
    const max = row.reduce((a, b) => Math.max(a, b));
    const total = max + Math.log(row.reduce((sum, log) => sum + Math.exp(log - max), 0));
    for (let k = 0; k < components; k++) row[k] = Math.exp(row[k] - total);
    return total;
  });
  return { resp, logLikelihood };
}

function meanOf(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** The same mixture with components in ascending order of the first coordinate of their means. */
function ordered(mixture: Mixture, dim: number): Mixture {
  const { covariance, weights, means, variances } = mixture;
  const order = Array.from(weights, (_, k) => k).sort((a, b) => means[a * dim] - means[b * dim]);
  const rows = (values: Float64Array) => {
    const width = values.length / order.length;
    const out = new Float64Array(values.length);
    for (const [to, from] of order.entries())
      out.set(values.subarray(from * width, (from + 1) * width), to * width);
    return out;
  };
  return { covariance, weights: rows(weights), means: rows(means), variances: rows(variances) };
}

/**
 * Fits a mixture. The start are the one-hot clusters of k-means; an iteration is an E and an M step; it stops when the
 * mean log-likelihood changes by less than `tol`. A final E step gives labels and log-likelihoods.
 * @param random uniform in [0, 1), for the start only.
 * @throws AppError `bad_input` with fewer points than components, or when a full covariance is singular.
 */
export function fitGmm(points: Points, random: () => number, options: GmmOptions): GmmFit {
  const { covariance, components = 2, maxIter = 150, tol = 1e-3, regCovar = 1e-6 } = options;
  if (points.count < components) {
    throw new AppError(
      'bad_input',
      `A mixture of ${components} components needs at least as many points; there are ${points.count}.`,
    );
  }
  const start = new Float64Array(points.count * components);
  for (const [i, cluster] of kmeans(points, components, random).entries())
    start[i * components + cluster] = 1;
  let mixture = maximise(points, start, components, covariance, regCovar);
  let bound = Number.NEGATIVE_INFINITY;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIter && !converged) {
    iterations++;
    const { resp, logLikelihood } = expectation(points, mixture);
    mixture = maximise(points, resp, components, covariance, regCovar);
    const next = meanOf(logLikelihood);
    converged = Math.abs(next - bound) < tol;
    bound = next;
  }
  const { covariance: _, ...parameters } = ordered(mixture, points.dim);
  const { resp, logLikelihood } = expectation(points, { covariance, ...parameters });
  const labels = Int32Array.from({ length: points.count }, (_, i) => {
    let best = 0;
    for (let k = 1; k < components; k++) if (resp[i * components + k] > resp[i * components + best]) best = k;
    return best;
  });
  return { ...parameters, labels, logLikelihood, iterations };
}
