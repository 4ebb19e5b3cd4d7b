// Golden kinds of shared/labels: pooling, expansion to frames, metrics, smoothing.
import { z } from 'zod';
import { framesFromSegments, meanOverCrops, repeatSegments } from '../../../shared/labels/expand.ts';
import { frameMetrics } from '../../../shared/labels/metrics.ts';
import { poolSegments } from '../../../shared/labels/pool.ts';
import { smoothGaussian } from '../../../shared/labels/smooth.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

function pool(c: GoldenCase): void {
  const { segments: count } = z.object({ segments: z.int() }).parse(c.params);
  const { data, shape } = c.input('features');
  const [segments, crops, dim] = shape;
  const { boundaries, pooled } = poolSegments(data, { segments, crops, dim }, count);
  c.check('boundaries', boundaries);
  c.check('pooled', pooled);
}

function expand(c: GoldenCase): void {
  const { frames, segmentLength } = z
    .object({ frames: z.int(), segmentLength: z.literal(16) })
    .parse(c.params);
  const { data, shape } = c.input('scores');
  const segmentScores = meanOverCrops(data, shape[1]);
  c.check('segmentScores', segmentScores);
  c.check('official', repeatSegments(segmentScores, segmentLength));
  c.check('trimmed', framesFromSegments(segmentScores, frames));
}

function metrics(c: GoldenCase): void {
  const { repeat } = z.object({ repeat: z.int() }).parse(c.params);
  const scores = repeatSegments(c.input('scores').data, repeat);
  const result = frameMetrics(c.input('labels').data, scores, c.input('offsets').data);
  for (const name of ['microAuc', 'macroAuc', 'stepAp', 'trapezoidPrAuc'] as const) {
    c.checkValue(name, result[name] ?? 'null');
  }
  c.check('perVideoAuc', result.perVideoAuc);
}

function smooth(c: GoldenCase): void {
  const { sigmas } = z.object({ sigmas: z.array(z.number()) }).parse(c.params);
  c.check('y', smoothGaussian(c.input('x').data, sigmas));
}

const byKind: Record<string, (c: GoldenCase) => void> = {
  'pool.segments': pool,
  'frames.expand': expand,
  'metrics.frame': metrics,
  'smooth.gaussian': smooth,
};

export const labels: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
