// cu.generator, cu.losses, cu.classifier (4.2, 4.5): networks and losses of CU-Net on the CPU device.
import { z } from 'zod';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Spec, Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import {
  clipClassifierParameterCount,
  clipClassifierParameters,
  clipClassifierScoreStep,
} from '../../../electron/nets/clip-classifier.ts';
import {
  generatorLosses,
  multiHeadParameterCount,
  multiHeadParameters,
  multiHeadScoreStep,
} from '../../../electron/nets/multi-head.ts';
import type { GoldenArray, GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const values = ({ shape, data }: GoldenArray): Values => ({ shape, data: Float32Array.from(data) });

function weights(c: GoldenCase, parameters: Record<string, Spec>): Record<string, Values> {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, values(c.weight(name))]));
}

async function generator(c: GoldenCase): Promise<void> {
  const shape = z
    .object({ heads: z.int(), dim: z.int(), hidden1: z.int(), hidden2: z.int() })
    .parse(c.params);
  const features = values(c.input('features'));
  const [videos, crops, segments] = features.shape;
  c.checkValue('parameterCount', multiHeadParameterCount(shape));
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(weights(c, multiHeadParameters(shape)));
  const step = await device.compile(multiHeadScoreStep(shape, { videos, crops, segments }, 0), variables);
  const { logits, distributions, scores } = await step.run({ features: features.data });
  c.check('logits', logits);
  c.check('distributions', distributions);
  c.check('labels', scores);
  await step.dispose();
}

async function losses(c: GoldenCase): Promise<void> {
  const options = z
    .object({
      pairing: z.enum(['oneToOne', 'allPairs']),
      norm: z.enum(['cmcs', 'literal']),
      alpha: z.number(),
    })
    .parse(c.params);
  const abnormal = values(c.input('logitsAbnormal'));
  const normal = values(c.input('logitsNormal'));
  const [count, heads, segments] = abnormal.shape;
  const shape = [count + normal.shape[0], heads, segments];
  const data = Float32Array.of(...abnormal.data, ...normal.data);
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({ logits: { shape, data } });
  const step = await device.compile(
    {
      name: 'generator losses',
      variables: { logits: { shape } },
      inputs: {},
      run({ logits }) {
        const { loss, gradients, extras } = differentiate({ logits }, (p) => {
          const { total, ...terms } = generatorLosses(p.logits, count, options);
          return { loss: total, extras: { ...terms } };
        });
        return { outputs: { ...extras, total: loss, gradient: gradients.logits } };
      },
    },
    variables,
  );
  const { mil, diversity, norm, total, gradient } = await step.run({});
  for (const [name, [value]] of Object.entries({ mil, diversity, norm, total })) c.checkValue(name, value);
  c.check('gradAbnormal', gradient.subarray(0, abnormal.data.length));
  c.check('gradNormal', gradient.subarray(abnormal.data.length));
  await step.dispose();
}

async function classifier(c: GoldenCase): Promise<void> {
  const shape = z.object({ inputDim: z.int(), hidden1: z.int(), hidden2: z.int() }).parse(c.params);
  const context = values(c.input('context'));
  const [batch, crops] = context.shape;
  c.checkValue('parameterCount', clipClassifierParameterCount(shape));
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(weights(c, clipClassifierParameters(shape)));
  const step = await device.compile(clipClassifierScoreStep(shape, { batch, crops }, 0), variables);
  const { cropScores, scores } = await step.run({ features: context.data });
  c.check('cropScores', cropScores);
  c.check('scores', scores);
  await step.dispose();
}

const byKind: Record<string, (c: GoldenCase) => Promise<void>> = {
  'cu.generator': generator,
  'cu.losses': losses,
  'cu.classifier': classifier,
};

export const cuNetworks: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
