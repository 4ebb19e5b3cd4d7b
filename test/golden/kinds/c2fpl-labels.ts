// Golden kinds of C2FPL's pseudo-labels: summary, coarse labels, fine labels.
import { z } from 'zod';
import { fineLabels } from '../../../electron/methods/c2fpl/fine-labels.ts';
import { coarseLabels } from '../../../electron/statistics/coarse-labels.ts';
import { segmentMagnitudes, summarise } from '../../../electron/statistics/magnitudes.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';
import { seeded } from './seeded.ts';

function summary(c: GoldenCase): void {
  const { magnitude, spread } = z
    .object({ magnitude: z.enum(['l2', 'squared']), spread: z.enum(['std', 'variance']) })
    .parse(c.params);
  const { data, shape } = c.input('features');
  const [segments, crops, dim] = shape;
  const values = segmentMagnitudes({ segments, crops, dim, data }, { magnitude, cropAggregation: 'mean' });
  c.check('magnitude', values);
  c.check('summary', summarise({ values, offsets: c.input('offsets').data }, spread));
}

function coarse(c: GoldenCase): void {
  const params = z
    .object({
      mode: z.enum(['paper', 'notebook']),
      eta: z.number(),
      covariance: z.enum(['spherical', 'diag', 'full']),
      percentile: z.literal(3).optional(),
    })
    .parse(c.params);
  const initial = params.mode === 'notebook' ? c.input('initialLabels').data : undefined;
  const { labels, rounds } = coarseLabels(
    Float64Array.from(c.input('summary').data),
    params,
    seeded(1),
    initial,
  );
  c.check('labels', labels);
  c.check('abnormalCount', rounds);
}

function fine(c: GoldenCase): void {
  const params = z.object({ mode: z.enum(['paper', 'notebook']), beta: z.number() }).parse(c.params);
  const magnitudes = {
    values: Float64Array.from(c.input('magnitude').data),
    offsets: c.input('offsets').data,
  };
  const result = fineLabels(magnitudes, c.input('videoLabels').data, params);
  c.check('density', result.p);
  c.check('labels', result.labels);
  c.check('windowStart', result.windowStart);
  c.checkValue('mean', result.normal.mean);
  c.checkValue('variance', result.normal.variance);
}

const byKind: Record<string, (c: GoldenCase) => void> = {
  'c2fpl.summary': summary,
  'c2fpl.cpl': coarse,
  'c2fpl.fpl': fine,
};

export const c2fplLabels: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
