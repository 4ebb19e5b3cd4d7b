// sultani.forward, sultani.loss (3.8): the ranking network and its losses on the CPU device.
import { z } from 'zod';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import {
  sultaniLosses,
  sultaniParameterCount,
  sultaniParameters,
  sultaniPenalty,
  sultaniScoreStep,
} from '../../../electron/nets/sultani.ts';
import type { GoldenArray, GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const values = ({ shape, data }: GoldenArray): Values => ({ shape, data: Float32Array.from(data) });

async function forward(c: GoldenCase): Promise<void> {
  const { l2, ...shape } = z
    .object({ dim: z.int(), hidden1: z.int(), hidden2: z.int(), l2: z.number() })
    .parse(c.params);
  c.checkValue('parameterCount', sultaniParameterCount(shape));
  const features = values(c.input('features'));
  const [bags, segments] = features.shape;
  const parameters = sultaniParameters(shape);
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(
    Object.fromEntries(Object.keys(parameters).map((name) => [name, values(c.weight(name))])),
  );
  const score = await device.compile(sultaniScoreStep(shape, { bags, segments }), variables);
  c.check('scores', (await score.run({ features: features.data })).scores);
  const penalty = await device.compile(
    {
      name: 'penalty',
      variables: parameters,
      inputs: {},
      run: (p) => ({ outputs: { penalty: sultaniPenalty(p, l2) } }),
    },
    variables,
  );
  c.checkValue('l2Penalty', (await penalty.run({})).penalty[0]);
  await score.dispose();
  await penalty.dispose();
}

async function losses(c: GoldenCase): Promise<void> {
  const options = z
    .object({ margin: z.number(), lambdaSparse: z.number(), lambdaSmooth: z.number() })
    .parse(c.params);
  const abnormal = values(c.input('scoresAbnormal'));
  const normal = values(c.input('scoresNormal'));
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({ abnormal, normal });
  const step = await device.compile(
    {
      name: 'ranking losses',
      variables: { abnormal: { shape: abnormal.shape }, normal: { shape: normal.shape } },
      inputs: {},
      run(scores) {
        const { loss, gradients, extras } = differentiate({ ...scores }, (p) => {
          const { total, ...terms } = sultaniLosses(p.abnormal, p.normal, options);
          return { loss: total, extras: terms };
        });
        return {
          outputs: {
            ...extras,
            total: loss,
            gradAbnormal: gradients.abnormal,
            gradNormal: gradients.normal,
          },
        };
      },
    },
    variables,
  );
  const { gradAbnormal, gradNormal, ...terms } = await step.run({});
  for (const [name, [value]] of Object.entries(terms)) c.checkValue(name, value);
  c.check('gradAbnormal', gradAbnormal);
  c.check('gradNormal', gradNormal);
  await step.dispose();
}

const byKind: Record<string, (c: GoldenCase) => Promise<void>> = {
  'sultani.forward': forward,
  'sultani.loss': losses,
};

export const sultani: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
