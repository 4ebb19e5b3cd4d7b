// stgnf.score and wocc.* (3.2 to 3.5, 3.9): scores, labels, threshold, bags and weights of the interleaved method.
import { z } from 'zod';
import { planBags } from '../../../electron/methods/wocc-ws/bags.ts';
import { frameScores, smoothClips, snippetScores } from '../../../electron/methods/wocc-ws/pose-scores.ts';
import { cleanLabels, firstCount, rankLabels } from '../../../electron/methods/wocc-ws/snippet-labels.ts';
import {
  endModule,
  narrow,
  type StopReason,
  startThreshold,
} from '../../../electron/methods/wocc-ws/threshold.ts';
import { frameWeights, objectWeights } from '../../../electron/methods/wocc-ws/weights.ts';
import { rankMetrics } from '../../../shared/labels/metrics.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

/** Column `j` of an array of rows. */
function column({ shape, data }: { shape: number[]; data: ArrayLike<number> }, j: number): number[] {
  return Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j]);
}

function score(c: GoldenCase): void {
  const { segLen, sigmas } = z.object({ segLen: z.int(), sigmas: z.array(z.number()) }).parse(c.params);
  const meta = c.input('meta');
  const offsets = c.input('offsets').data;
  const frames = frameScores(
    {
      score: c.input('segmentScores').data,
      clip: column(meta, 0),
      firstFrame: column(meta, 2),
      length: segLen,
    },
    offsets,
  );
  const smoothed = smoothClips(frames, offsets, sigmas);
  const snippets = snippetScores(smoothed, offsets);
  c.check('frameScores', frames);
  c.check('smoothed', smoothed);
  c.check('snippetScores', snippets.scores);
  c.check('snippetOffsets', snippets.offsets);
  c.checkValue('auc', rankMetrics(c.input('gtNormal').data, smoothed)?.auc ?? 'null');
}

function labels(c: GoldenCase): void {
  const { cleanup, count, ratio } = z
    .object({
      cleanup: z.enum(['off', 'concatenated', 'perVideo']),
      count: z.int().optional(),
      ratio: z.number().optional(),
    })
    .parse(c.params);
  const { data: scores } = c.input('scores');
  const wanted = count ?? firstCount(ratio!, scores.length);
  const raw = rankLabels(scores, wanted);
  const cleaned = cleanLabels(raw, scores, c.input('offsets').data, cleanup);
  c.checkValue('count', wanted);
  c.check('rawLabels', raw);
  c.check('labels', cleaned.labels);
  c.check('scoresAfter', cleaned.scores);
}

function threshold(c: GoldenCase): void {
  const { ratio, stepsPerModule, ...options } = z
    .object({
      ratio: z.number(),
      stopQ: z.number(),
      stopReference: z.enum(['code', 'paper']),
      maxModules: z.int(),
      stepsPerModule: z.array(z.int()),
    })
    .parse(c.params);
  const {
    data,
    shape: [, snippets],
  } = c.input('scores');
  let state = startThreshold(firstCount(ratio, snippets), snippets);
  let stop: StopReason | null = null;
  let modules = 0;
  let row = 0;
  for (const steps of stepsPerModule) {
    for (let i = 0; i < steps; i++, row++)
      state = narrow(state, data.subarray(row * snippets, (row + 1) * snippets));
    ({ state, stop } = endModule(state, options));
    modules++;
    if (stop) break;
  }
  c.check('thresholds', state.thresholds);
  c.check(
    'consensus',
    Array.from(state.consensus).flatMap((member, i) => (member ? [i] : [])),
  );
  c.checkValue('stopModule', modules);
  c.checkValue('reason', stop ?? 'none');
}

function bags(c: GoldenCase): void {
  z.object({ bagSize: z.literal(16), hardPerBag: z.literal(3) }).parse(c.params);
  const plan = planBags(c.input('scores').data);
  c.checkValue('bags', plan.bags);
  c.checkValue('padding', plan.padding);
  c.check('order', plan.order);
  c.check('hard', plan.hard);
  c.check('rest', plan.rest);
}

function weights(c: GoldenCase): void {
  const { segLen } = z.object({ segLen: z.int() }).parse(c.params);
  const objects = c.input('objects');
  const frames = frameWeights(
    c.input('snippetScores').data,
    c.input('snippetOffsets').data,
    c.input('frames').data,
  );
  c.check('frameWeights', frames.values);
  c.check(
    'objectWeights',
    objectWeights(frames, { video: column(objects, 0), firstFrame: column(objects, 1), length: segLen }),
  );
}

const byKind: Record<string, (c: GoldenCase) => void> = {
  'stgnf.score': score,
  'wocc.snippetLabels': labels,
  'wocc.threshold': threshold,
  'wocc.bags': bags,
  'wocc.weights': weights,
};

export const wocc: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
