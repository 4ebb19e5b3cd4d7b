// rtfm.forward, rtfm.loss (3.7): the multi-scale temporal network and its losses on the CPU device.
import { mean, reshape, slice } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { lengths } from '../../../electron/nets/layers.ts';
import { rtfmForward, rtfmScoreStep } from '../../../electron/nets/rtfm.ts';
import {
  rtfmDictionary,
  rtfmParameterCount,
  rtfmParameters,
  rtfmRunning,
  rtfmVariables,
} from '../../../electron/nets/rtfm-state.ts';
import { rtfmLosses, rtfmSelection } from '../../../electron/nets/rtfm-training.ts';
import type { GoldenArray, GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const values = ({ shape, data }: GoldenArray): Values => ({ shape, data: Float32Array.from(data) });

async function forward(c: GoldenCase): Promise<void> {
  const { crops, segments, ...shape } = z
    .object({
      dim: z.int(),
      branch: z.int(),
      inter: z.int(),
      hidden1: z.int(),
      hidden2: z.int(),
      crops: z.int(),
      segments: z.int(),
    })
    .parse(c.params);
  c.checkValue('parameterCount', rtfmParameterCount(shape));
  const input = values(c.input('features'));
  const extent = { videos: input.shape[0], crops, segments };
  const specs = { ...rtfmParameters(shape), ...rtfmRunning(shape) };
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(
    rtfmVariables(
      Object.fromEntries(Object.keys(rtfmDictionary(shape)).map((name) => [name, values(c.weight(name))])),
    ),
  );
  const score = await device.compile(rtfmScoreStep(shape, extent), variables);
  for (const [name, result] of Object.entries(await score.run({ features: input.data })))
    c.check(name, result);
  const features = await device.compile(
    {
      name: 'features',
      variables: specs,
      inputs: { features: { shape: input.shape } },
      run: (p, inputs) => ({
        outputs: { features: rtfmForward(p, p, inputs.features, extent, { training: false }).features },
      }),
    },
    variables,
  );
  c.check('features', (await features.run({ features: input.data })).features);
  await score.dispose();
  await features.dispose();
}

async function losses(c: GoldenCase): Promise<void> {
  const { batch, crops, segments, ...options } = z
    .object({
      batch: z.int(),
      crops: z.int(),
      segments: z.int(),
      k: z.int(),
      alpha: z.number(),
      margin: z.number(),
      lambdaSparse: z.number(),
      lambdaSmooth: z.number(),
      joint: z.boolean(),
    })
    .parse(c.params);
  const features = values(c.input('features'));
  const scores = values(c.input('scores'));
  const mask = { shape: [batch, segments] };
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({ features, scores });
  const step = await device.compile(
    {
      name: 'temporal network losses',
      variables: { features: { shape: features.shape }, scores: { shape: scores.shape } },
      inputs: { maskNormal: mask, maskAbnormal: mask },
      run(given, { maskNormal, maskAbnormal }) {
        const { loss, gradients, extras } = differentiate({ ...given }, (p) => {
          const byVideo = reshape(p.features, [2 * batch, crops, segments, features.shape[2]]);
          const magnitudes = mean(lengths(byVideo), 1);
          const half = (from: number) => slice(magnitudes, [from, 0], [batch, segments]);
          const selected = {
            indexNormal: rtfmSelection(half(0), maskNormal, options.k),
            indexAbnormal: rtfmSelection(half(batch), maskAbnormal, options.k),
          };
          const { total, ...terms } = rtfmLosses(byVideo, p.scores, selected, options);
          return { loss: total, extras: { ...terms, ...selected, magnitudes } };
        });
        return {
          outputs: {
            ...extras,
            total: loss,
            gradFeatures: gradients.features,
            gradScores: gradients.scores,
          },
        };
      },
    },
    variables,
  );
  const results = await step.run({
    maskNormal: Float32Array.from(c.input('maskNormal').data),
    maskAbnormal: Float32Array.from(c.input('maskAbnormal').data),
  });
  for (const [name, result] of Object.entries(results)) {
    c.check(name, result);
    if (result.length === 1) c.checkValue(name, result[0]);
  }
  await step.dispose();
}

const byKind: Record<string, (c: GoldenCase) => Promise<void>> = {
  'rtfm.forward': forward,
  'rtfm.loss': losses,
};

export const rtfm: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
