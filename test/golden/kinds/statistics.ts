// Golden kind of electron/statistics: the Gaussian mixture.
import { z } from 'zod';
import { fitGmm } from '../../../electron/statistics/gmm.ts';
import { percentile } from '../../../electron/statistics/percentile.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';
import { seeded } from './seeded.ts';

const gmmParams = z.object({
  covariance: z.enum(['spherical', 'diag', 'full']),
  components: z.int(),
  maxIter: z.int(),
  tol: z.number(),
  regCovar: z.number(),
});

function gmm(c: GoldenCase): void {
  const { data, shape } = c.input('x');
  const points = { data: Float64Array.from(data), count: shape[0], dim: shape[1] };
  const fit = fitGmm(points, seeded(1), gmmParams.parse(c.params));
  for (const name of ['labels', 'weights', 'means', 'variances', 'logLikelihood'] as const)
    c.check(name, fit[name]);
  c.checkValue('meanLogLikelihood', fit.logLikelihood.reduce((a, b) => a + b, 0) / shape[0]);
  c.checkValue('iterations', fit.iterations);
  c.checkValue('percentile3', percentile(fit.logLikelihood, 3));
}

export const statistics: GoldenKind = { kinds: ['c2fpl.gmm'], run: gmm };
