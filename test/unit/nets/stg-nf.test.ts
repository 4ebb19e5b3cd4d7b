// The pose flow: state, initialisation, weighting, and training against TF.js' own backend.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComputeDevice } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  stgNfEvaluateStep,
  stgNfInitialiseStep,
  stgNfTrainStep,
  stgNfVariables,
} from '../../../electron/nets/stg-nf.ts';
import {
  initStgNf,
  JOINTS,
  packStgNf,
  type StgNfShape,
  stgNfParameterCount,
  stgNfParameters,
  temporalKernel,
  unpackStgNf,
} from '../../../electron/nets/stg-nf-state.ts';

let device: ComputeDevice;
beforeAll(async () => {
  device = await openDevice('cpu', { threads: 1 });
});
afterAll(() => device.dispose());

const optimiser = createOptimiser({ name: 'adamax', betas: [0.9, 0.999], eps: 1e-8 });
const small: StgNfShape = { segmentLength: 4, steps: 3 };
const batch = 5;
const slots = (shape: StgNfShape) =>
  allZeros(optimiser.slots({ parameters: stgNfVariables(shape).parameters }));
const ones = new Float32Array(batch).fill(1);
const steps = (count: number) => Array<Float32Array>(count).fill(ones);

function segments(shape: StgNfShape, seed: number, scale = 1, offset = 0): Float32Array {
  const data = new Float32Array(batch * 2 * shape.segmentLength * JOINTS);
  return createRandom(seed).fillNormal(data, offset, scale);
}

/** Initialises and trains on one batch, a step per entry of `weights`; losses, likelihoods afterwards and all values. */
async function train(on: ComputeDevice, weights: readonly Float32Array[], learningRate = 0.01) {
  const variables = on.variables({ ...initStgNf(small, createRandom(2)), ...slots(small) });
  const x = segments(small, 7, 2, 1);
  const start = await on.compile(stgNfInitialiseStep(small, batch), variables);
  const step = await on.compile(stgNfTrainStep(small, batch, optimiser, 3), variables);
  const evaluate = await on.compile(stgNfEvaluateStep(small, batch, 3), variables);
  await start.run({ segments: x });
  const losses: number[] = [];
  for (const own of weights) {
    const { loss } = await step.run({
      segments: x,
      labels: ones,
      weights: own,
      learningRate: Float32Array.of(learningRate),
    });
    losses.push(loss[0]);
  }
  const { nll } = await evaluate.run({ segments: x, labels: ones });
  const values = await variables.read();
  for (const compiled of [start, step, evaluate]) await compiled.dispose();
  await variables.dispose();
  return { losses, nll: Array.from(nll), values };
}

describe('the state of the pose flow', () => {
  it('has the published size', () => {
    expect(stgNfParameterCount({ segmentLength: 24, steps: 8 })).toBe(616);
    expect(stgNfParameterCount({ segmentLength: 16, steps: 8 })).toBe(488);
  });
  it('starts with the bounds of PyTorch', () => {
    const shape = { segmentLength: 24, steps: 8 };
    const { parameters, buffers } = initStgNf(shape, createRandom(1));
    const named = unpackStgNf(shape, { parameters: parameters.data, buffers: buffers.data });
    const kernel = named['flow.layers.3.block.0.tcn.2.weight'].data.map(Math.abs);
    const bound = 1 / Math.sqrt(2 * 13);
    expect(Math.max(...kernel)).toBeLessThanOrEqual(bound);
    expect(Math.max(...kernel)).toBeGreaterThan(0.8 * bound);
    expect(Array.from(named['flow.layers.3.block.0.tcn.3.weight'].data)).toEqual([1, 1]);
    expect(Array.from(named['flow.layers.3.block.0.residual.1.running_var'].data)).toEqual([1, 1]);
    expect(Array.from(named['flow.layers.3.actnorm.logs'].data)).toEqual([0, 0]);
  });
  it('goes to names and back', () => {
    const state = initStgNf(small, createRandom(5));
    const data = { parameters: state.parameters.data, buffers: state.buffers.data };
    expect(packStgNf(small, unpackStgNf(small, data))).toEqual(state);
  });
  it('refuses weights of another segment length, naming the tensor', () => {
    const state = initStgNf({ segmentLength: 16, steps: 8 }, createRandom(5));
    const named = unpackStgNf(
      { segmentLength: 16, steps: 8 },
      { parameters: state.parameters.data, buffers: state.buffers.data },
    );
    expect(() => packStgNf({ segmentLength: 24, steps: 8 }, named)).toThrow(
      /tcn\.2\.weight" has the shape \(2, 2, 9, 1\), expected \(2, 2, 13, 1\)/,
    );
    expect(() => packStgNf(small, {})).toThrow(/actnorm\.bias" is missing/);
    expect(() => temporalKernel({ segmentLength: 18, steps: 8 })).toThrow(/Pose segments of 18 frames/);
  });
});

describe('training the pose flow', () => {
  it('begins with ActNorm that centres and scales the first batch', async () => {
    const shape = { segmentLength: 4, steps: 1 };
    const variables = device.variables({ ...initStgNf(shape, createRandom(2)) });
    const step = await device.compile(stgNfInitialiseStep(shape, batch), variables);
    const x = segments(shape, 3, 2, 5);
    await step.run({ segments: x });
    const { parameters, buffers } = await variables.read();
    const named = unpackStgNf(shape, { parameters, buffers });
    const plane = shape.segmentLength * JOINTS;
    for (const channel of [0, 1]) {
      const own = x.filter((_, i) => Math.floor(i / plane) % 2 === channel);
      const mean = own.reduce((sum, v) => sum + v, 0) / own.length;
      const variance = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length;
      expect(named['flow.layers.0.actnorm.bias'].data[channel]).toBeCloseTo(-mean, 4);
      expect(named['flow.layers.0.actnorm.logs'].data[channel]).toBeCloseTo(-Math.log(variance) / 2, 4);
    }
    await step.dispose();
  });

  it('gives what TF.js gives without a graph', async () => {
    const [graph, eager] = [await train(device, steps(4)), await train(await openOracle(), steps(4))];
    for (const [i, loss] of eager.losses.entries()) expect(graph.losses[i]).toBeCloseTo(loss, 3);
    for (const [i, nll] of eager.nll.entries()) expect(graph.nll[i]).toBeCloseTo(nll, 3);
    for (const [i, value] of eager.values.buffers.entries())
      expect(graph.values.buffers[i]).toBeCloseTo(value, 3);
  });

  it('makes the batch more likely', async () => {
    const { losses } = await train(device, steps(30));
    expect(losses.at(-1)!).toBeLessThan(losses[0] - 0.3);
  });

  it('leaves biases alone that the batch norm behind them cancels', async () => {
    const before = initStgNf(small, createRandom(2)).parameters.data;
    const { parameters } = (await train(device, steps(5))).values;
    for (const { name, offset } of stgNfParameters(small)) {
      const cancelled = /gcn\.conv\.bias|tcn\.2\.bias|residual\.0\.bias/.test(name);
      expect(parameters[offset] === before[offset]).toBe(cancelled);
    }
  });

  it('leaves samples of weight 0 out, and does nothing where none is left', async () => {
    // Without learning all steps see the same network.
    const alone = [0, 1, 2, 3, 4].map((i) => new Float32Array(batch).fill(1, i, i + 1));
    const { losses } = await train(device, [ones, new Float32Array(batch), ...alone], 0);
    const [all, none, ...each] = losses;
    expect(none).toBe(0);
    expect(each.reduce((sum, loss) => sum + loss, 0) / batch).toBeCloseTo(all, 4);
    expect(each[0]).not.toBeCloseTo(all, 3);
  });
});

describe('the likelihood', () => {
  it('prefers samples around the mean of their label', async () => {
    const variables = device.variables({ ...initStgNf(small, createRandom(2)) });
    const step = await device.compile(stgNfEvaluateStep(small, batch, 3), variables);
    const x = segments(small, 1, 0.1, 3);
    const normal = await step.run({ segments: x, labels: ones });
    const abnormal = await step.run({ segments: x, labels: ones.map((v) => -v) });
    for (let i = 0; i < batch; i++) expect(normal.nll[i]).toBeLessThan(abnormal.nll[i]);
    await step.dispose();
  });
});
