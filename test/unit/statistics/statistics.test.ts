import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cholesky, mahalanobis } from '../../../electron/statistics/cholesky.ts';
import { density, erfc, fitGaussian, upperTail } from '../../../electron/statistics/gaussian.ts';
import { fitGmm } from '../../../electron/statistics/gmm.ts';
import { kmeans } from '../../../electron/statistics/kmeans.ts';
import { percentile } from '../../../electron/statistics/percentile.ts';
import { seeded } from '../../golden/kinds/seeded.ts';

const twelve = [
  [1, 0.1],
  [1.2, 0.2],
  [0.9, 0.15],
  [1.1, 0.05],
  [1.05, 0.12],
  [0.95, 0.22],
  [1.15, 0.18],
  [1, 0.3],
  [3, 1],
  [3.3, 1.4],
  [2.8, 0.9],
  [3.1, 1.2],
];
const points = { data: Float64Array.from(twelve.flat()), count: 12, dim: 2 };
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('Gaussian mixture', () => {
  test('the twelve points of methods.md section 10, from any start', () => {
    for (let seed = 0; seed < 20; seed++) {
      const fit = fitGmm(points, seeded(seed), { covariance: 'spherical' });
      expect(Array.from(fit.labels)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
      expect(fit.weights[0]).toBeCloseTo(2 / 3, 10);
      for (const [i, value] of [1.04375, 0.165, 3.05, 1.125].entries())
        expect(fit.means[i]).toBeCloseTo(value, 8);
      expect(fit.variances[0]).toBeCloseTo(0.00716272, 8);
      expect(fit.variances[1]).toBeCloseTo(0.0346885, 7);
      expect(mean(fit.logLikelihood)).toBeCloseTo(0.93873757, 8);
      expect(percentile(fit.logLikelihood, 3)).toBeCloseTo(-1.4471604, 7);
      expect(fit.iterations).toBe(2);
    }
    expect(mean(fitGmm(points, seeded(1), { covariance: 'full' }).logLikelihood)).toBeCloseTo(1.46716127, 8);
  });

  test('is the same for the same seed, and scaling or moving the points moves the fit along', () => {
    const fit = fitGmm(points, seeded(3), { covariance: 'diag' });
    expect(fitGmm(points, seeded(3), { covariance: 'diag' })).toEqual(fit);
    const moved = fitGmm({ ...points, data: points.data.map((x) => 2 * x + 5) }, seeded(3), {
      covariance: 'diag',
    });
    for (let i = 0; i < 4; i++) {
      expect(moved.means[i]).toBeCloseTo(2 * fit.means[i] + 5, 6);
      expect(moved.variances[i] - 1e-6).toBeCloseTo(4 * (fit.variances[i] - 1e-6), 6);
    }
  });

  test('weights sum to one, means ascend, and the likelihood is that of the parameters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
          minLength: 2,
          maxLength: 30,
        }),
        fc.nat(1000),
        (rows, seed) => {
          const data = Float64Array.from(rows.flat());
          const fit = fitGmm({ data, count: rows.length, dim: 2 }, seeded(seed), { covariance: 'spherical' });
          expect(fit.weights[0] + fit.weights[1]).toBeCloseTo(1, 12);
          expect(fit.means[0]).toBeLessThanOrEqual(fit.means[2]);
          expect(fit.variances.every((v) => v >= 1e-6)).toBe(true);
          const i = seed % rows.length;
          const likelihood = [0, 1].reduce((sum, k) => {
            const square = (rows[i][0] - fit.means[2 * k]) ** 2 + (rows[i][1] - fit.means[2 * k + 1]) ** 2;
            return (
              sum +
              (fit.weights[k] * Math.exp(-square / (2 * fit.variances[k]))) / (2 * Math.PI * fit.variances[k])
            );
          }, 0);
          expect(Math.abs(Math.log(likelihood) - fit.logLikelihood[i])).toBeLessThan(
            1e-7 * (1 + Math.abs(fit.logLikelihood[i])),
          );
        },
      ),
    );
  });

  test('too few points, and points on a line under a full covariance, are refused with the way out', () => {
    const line = Float64Array.from([1, 2, 3, 10, 11, 12].flatMap((x) => [x * 1e9, x * 1e9]));
    expect(() => fitGmm({ data: line, count: 6, dim: 2 }, seeded(1), { covariance: 'full' })).toThrow(
      'spherical',
    );
    expect(() =>
      fitGmm({ data: new Float64Array(2), count: 1, dim: 2 }, seeded(1), { covariance: 'diag' }),
    ).toThrow('at least');
  });
});

describe('k-means', () => {
  test('separates blobs from any start', () => {
    for (let seed = 0; seed < 50; seed++) {
      const labels = Array.from(kmeans(points, 2, seeded(seed)));
      expect(new Set(labels.slice(0, 8)).size).toBe(1);
      expect(new Set(labels.slice(8)).size).toBe(1);
      expect(labels[0]).not.toBe(labels[11]);
    }
  });

  test('identical points stay in one cluster; two distinct points fill two', () => {
    expect(Array.from(kmeans({ data: new Float64Array(6).fill(4), count: 3, dim: 2 }, 2, seeded(1)))).toEqual(
      [0, 0, 0],
    );
    const two = kmeans({ data: Float64Array.from([1, 1, 1, 9]), count: 4, dim: 1 }, 2, seeded(1));
    expect(two[0]).toBe(two[1]);
    expect(two[3]).not.toBe(two[0]);
  });
});

describe('normal distribution', () => {
  test('erfc against published values, near and far', () => {
    const table = [
      [0, 1],
      [0.5, 0.4795001221869535],
      [1, 0.15729920705028513],
      [2, 0.004677734981047266],
      [3, 2.209049699858544e-5],
      [5, 1.5374597944280349e-12],
      [10, 2.088487583762545e-45],
      [20, 5.395865611607901e-176],
    ];
    for (const [x, value] of table) expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(1e-12);
    expect(Math.abs(erfc(2 - 1e-9) / erfc(2) - 1)).toBeLessThan(1e-7);
  });

  test('fit, density and tail', () => {
    const fit = fitGaussian([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(fit.mean).toBe(5);
    expect(fit.variance).toBeCloseTo(32 / 7, 12);
    expect(fitGaussian([3])).toEqual({ mean: 3, variance: 0 });
    expect(density(1, { mean: 1, variance: 4 })).toBeCloseTo(1 / Math.sqrt(8 * Math.PI), 14);
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        const standard = { mean: 0, variance: 1 };
        expect(upperTail(x, standard) + upperTail(-x, standard)).toBeCloseTo(1, 12);
        expect(upperTail(x + 0.1, standard)).toBeLessThanOrEqual(upperTail(x, standard));
      }),
    );
  });
});

test('percentiles interpolate between neighbours', () => {
  expect(percentile([4, 1, 3, 2], 50)).toBe(2.5);
  expect(percentile([4, 1, 3, 2], 0)).toBe(1);
  expect(percentile([4, 1, 3, 2], 100)).toBe(4);
  expect(percentile([10], 3)).toBe(10);
  expect(percentile([0, 10], 3)).toBeCloseTo(0.3, 14);
});

test('a Cholesky factor gives squared distances, and null without one', () => {
  const lower = cholesky(Float64Array.from([4, 2, 2, 5]), 2)!;
  expect(Array.from(lower)).toEqual([2, 0, 1, 2]);
  // inverse of [[4, 2], [2, 5]] is [[5, -2], [-2, 4]] / 16
  expect(mahalanobis(lower, Float64Array.from([1, 3]))).toBeCloseTo((5 - 12 + 36) / 16, 12);
  expect(cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toBeNull();
});
