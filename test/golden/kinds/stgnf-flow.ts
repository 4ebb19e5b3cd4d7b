// stgnf.flow, stgnf.weightedLoss (3.5, 3.2): the pose flow evaluated and trained, and its weighted loss, on the CPU device.
import { onesLike } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Spec, Step, Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { objectWeights } from '../../../electron/methods/wocc-ws/weights.ts';
import {
  stgNfEvaluateStep,
  stgNfFlow,
  stgNfGradients,
  stgNfInitialiseStep,
  stgNfLatent,
  stgNfNll,
  stgNfTrainStep,
  stgNfVariables,
  weightedNllLoss,
} from '../../../electron/nets/stg-nf.ts';
import {
  packStgNf,
  type StgNfShape,
  stgNfParameterCount,
  stgNfParameters,
  temporalKernel,
  unpackStgNf,
} from '../../../electron/nets/stg-nf-state.ts';
import type { GoldenArray, GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const names = z.array(z.string()).default([]);
const params = z.object({
  mode: z.enum(['eval', 'train']),
  segLen: z.int(),
  R: z.number(),
  steps: z.int(),
  temporalKernel: z.int(),
  parameterOrder: names,
  bufferOrder: names,
  actnormOrder: names,
});

const values = ({ shape, data }: GoldenArray): Values => ({ shape, data: Float32Array.from(data) });

/** The weights of the case; ActNorm, where it is absent, waits with zeros for its first batch. */
function weights(c: GoldenCase, shape: StgNfShape): Record<string, Values> {
  const given = Object.fromEntries(c.weights.map((name) => [name, values(c.weight(name))]));
  const absent = stgNfParameters(shape).filter(({ name }) => !(name in given));
  if (absent.some(({ name }) => !name.includes('.actnorm.'))) throw new Error('weights are missing');
  const zeros = allZeros(
    Object.fromEntries(absent.map(({ name, shape: extent }) => [name, { shape: extent }])),
  );
  return { ...given, ...zeros };
}

const flatten = (order: readonly string[], dictionary: Record<string, Values>): number[] =>
  order.flatMap((name) => Array.from(dictionary[name].data));

async function evaluate(c: GoldenCase, shape: StgNfShape, priorMean: number): Promise<void> {
  const segments = values(c.input('x'));
  const batch = segments.shape[0];
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({ ...packStgNf(shape, weights(c, shape)) });
  const step = await device.compile(stgNfEvaluateStep(shape, batch, priorMean), variables);
  const labels = Float32Array.from(c.input('labels').data);
  const { nll, logDeterminant, latent } = await step.run({ segments: segments.data, labels });
  c.check('z', latent);
  c.check('logdet', logDeterminant);
  c.check('nll', nll);
  await step.dispose();
}

async function train(c: GoldenCase, shape: StgNfShape, p: z.infer<typeof params>): Promise<void> {
  const { shape: extent, data } = values(c.input('x'));
  const batch = extent[0];
  const labels = Float32Array.from(c.input('labels').data);
  const device = await openDevice('cpu', { threads: 1 });
  const optimiser = createOptimiser({ name: 'adamax', betas: [0.9, 0.999], eps: 1e-8 });
  const slots = optimiser.slots({ parameters: stgNfVariables(shape).parameters });
  const variables = device.variables({ ...packStgNf(shape, weights(c, shape)), ...allZeros(slots) });
  const initialise = await device.compile(stgNfInitialiseStep(shape, batch), variables);
  await initialise.run({ segments: data });
  const initialised = await variables.read();
  const dictionary = (state: Record<string, Float32Array>): Record<string, Values> =>
    unpackStgNf(shape, { parameters: state.parameters, buffers: state.buffers });
  c.check('actnorm', flatten(p.actnormOrder, dictionary(initialised)));

  const inputs: Record<string, Spec> = { segments: { shape: extent }, labels: { shape: [batch] } };
  const look: Step = {
    name: 'golden pass',
    variables: stgNfVariables(shape),
    inputs,
    run({ parameters, buffers: running }, { segments, labels: label }) {
      const state = { parameters, buffers: running };
      const outputs = stgNfGradients(shape, p.R, state, {
        segments,
        labels: label,
        weights: onesLike(label),
      });
      return { outputs: { ...outputs } };
    },
  };
  const looking = await device.compile(look, variables);
  const { loss, gradients, buffers } = await looking.run({ segments: data, labels });
  c.checkValue('loss', loss[0]);
  // Both vectors come back in PyTorch's order by name.
  const byName = unpackStgNf(shape, { parameters: gradients, buffers });
  c.check('gradients', flatten(p.parameterOrder, byName));

  const pass = await device.compile(
    {
      name: 'golden latent',
      variables: stgNfVariables(shape),
      inputs,
      run({ parameters, buffers: running }, { segments, labels: label }) {
        const whole = stgNfFlow(shape, { parameters, buffers: running }, segments, 'train');
        return {
          outputs: {
            z: stgNfLatent(whole, batch, shape.segmentLength),
            logdet: whole.logDeterminant,
            nll: stgNfNll(whole, label, p.R, shape),
          },
        };
      },
    },
    variables,
  );
  for (const [name, result] of Object.entries(await pass.run({ segments: data, labels })))
    c.check(name, result);

  const step = await device.compile(stgNfTrainStep(shape, batch, optimiser, p.R), variables);
  const trained = await step.run({
    segments: data,
    labels,
    weights: new Float32Array(batch).fill(1),
    learningRate: Float32Array.of(0),
  });
  c.checkValue('loss', trained.loss[0]);
  c.check('runningStats', flatten(p.bufferOrder, dictionary(await variables.read())));
  for (const compiled of [initialise, looking, pass, step]) await compiled.dispose();
}

async function weightedLoss(c: GoldenCase): Promise<void> {
  const { shape, data: nll } = values(c.input('nll'));
  const {
    shape: [count, length],
    data,
  } = c.input('frameWeights');
  // Each object as a video of its own.
  const offsets = Int32Array.from({ length: count + 1 }, (_, i) => i * length);
  const video = Int32Array.from({ length: count }, (_, i) => i);
  const objects = objectWeights(
    { values: data, offsets },
    { video, firstFrame: new Int32Array(count), length },
  );
  c.check('objectWeights', objects);
  const device = await openDevice('cpu', { threads: 1 });
  const step = await device.compile(
    {
      name: 'golden weighted loss',
      variables: {},
      inputs: { nll: { shape }, weights: { shape } },
      run(_, inputs) {
        const { loss, gradients, extras } = differentiate({ nll: inputs.nll }, (p) => {
          const { loss: value, kept } = weightedNllLoss(p.nll, inputs.weights);
          return { loss: value, extras: { kept } };
        });
        return { outputs: { loss, kept: extras.kept, gradient: gradients.nll } };
      },
    },
    device.variables({}),
  );
  const { loss, kept, gradient } = await step.run({ nll, weights: Float32Array.from(objects) });
  c.checkValue('loss', loss[0]);
  c.checkValue('kept', kept[0]);
  c.check('gradNll', gradient);
  await step.dispose();
}

async function flow(c: GoldenCase): Promise<void> {
  const p = params.parse(c.params);
  const shape: StgNfShape = { segmentLength: p.segLen, steps: p.steps };
  if (temporalKernel(shape) !== p.temporalKernel) throw new Error('the kernel over time has another length');
  c.checkValue('parameterCount', stgNfParameterCount(shape));
  await (p.mode === 'eval' ? evaluate(c, shape, p.R) : train(c, shape, p));
}

export const stgnfFlow: GoldenKind = {
  kinds: ['stgnf.flow', 'stgnf.weightedLoss'],
  run: (c) => (c.kind === 'stgnf.flow' ? flow(c) : weightedLoss(c)),
};
