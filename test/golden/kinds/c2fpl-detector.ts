// c2fpl.detector (2.4, 2.5): the detector forward, and training steps from given weights, on the CPU device.
import { z } from 'zod';
import type { Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import {
  type DetectorShape,
  detectorParameterCount,
  detectorParameters,
  detectorScoreStep,
  detectorTrainStep,
} from '../../../electron/nets/detector.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const net = {
  attention: z.enum(['off', 'feature', 'batch']),
  dim: z.int(),
  hidden1: z.int(),
  hidden2: z.int(),
};
const params = z.discriminatedUnion('mode', [
  z.object({ ...net, mode: z.literal('forward') }),
  z.object({
    ...net,
    mode: z.literal('trainStep'),
    steps: z.int(),
    dropout: z.literal(0),
    lr: z.number(),
    momentum: z.number(),
    nesterov: z.boolean(),
    weightDecay: z.number(),
  }),
]);
type Params = z.infer<typeof params>;

function weights(c: GoldenCase, shape: DetectorShape): Record<string, Values> {
  return Object.fromEntries(
    Object.keys(detectorParameters(shape)).map((name) => {
      const { shape: extent, data } = c.weight(name);
      return [name, { shape: extent, data: Float32Array.from(data) }];
    }),
  );
}

async function forward(c: GoldenCase, shape: DetectorShape): Promise<void> {
  const features = c.input('features');
  const [batch, crops] = features.shape as [number, number, number];
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(weights(c, shape));
  const step = await device.compile(detectorScoreStep(shape, { batch, crops }), variables);
  const { cropScores, scores } = await step.run({
    features: Float32Array.from(features.data),
    ...(shape.attention === 'batch' && { present: new Float32Array(batch).fill(1) }),
  });
  c.check('cropScores', cropScores!);
  c.check('scores', scores!);
  await step.dispose();
}

async function train(
  c: GoldenCase,
  shape: DetectorShape,
  p: Extract<Params, { mode: 'trainStep' }>,
): Promise<void> {
  const features = c.input('features');
  const labels = c.input('labels');
  const [, batch, crops, dim] = features.shape as [number, number, number, number];
  const optimiser = createOptimiser({
    name: 'sgd',
    momentum: p.momentum,
    nesterov: p.nesterov,
    weightDecay: p.weightDecay,
  });
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({
    ...weights(c, shape),
    ...allZeros(optimiser.slots(detectorParameters(shape))),
  });
  const step = await device.compile(
    detectorTrainStep(shape, { batch, crops }, optimiser, p.dropout),
    variables,
  );
  const losses: number[] = [];
  const size = batch * crops * dim;
  for (let t = 0; t < p.steps; t++) {
    const { loss } = await step.run({
      features: Float32Array.from(features.data.slice(t * size, (t + 1) * size)),
      labels: Float32Array.from(labels.data.slice(t * batch, (t + 1) * batch)),
      learningRate: Float32Array.of(p.lr),
    });
    losses.push(loss![0]!);
  }
  c.check('losses', losses);
  for (const [name, values] of Object.entries(await variables.read())) c.check(`updated.${name}`, values);
  await step.dispose();
}

async function run(c: GoldenCase): Promise<void> {
  const p = params.parse(c.params);
  const { attention, dim, hidden1, hidden2 } = p;
  const shape: DetectorShape = { attention, dim, hidden1, hidden2 };
  c.checkValue('parameterCount', detectorParameterCount(shape));
  if (p.mode === 'forward') await forward(c, shape);
  else await train(c, shape, p);
}

export const c2fplDetector: GoldenKind = { kinds: ['c2fpl.detector'], run };
