// Training steps of the methods with their published sizes, ready to be timed.
// Role: the step, its first variables and its inputs by kind. Limits: random data, and floating point operations counted
// as is usual: 6 per weight and row of an update, 2 of a forward pass, nothing for what is not a product.
import type { HostArray, Step, Values } from '../../electron/compute/device.ts';
import { sizeOf } from '../../electron/compute/graph/graph.ts';
import { allZeros } from '../../electron/compute/init.ts';
import { createOptimiser, type OptimiserConfig } from '../../electron/compute/optimisers.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { cooperativeStep, D, G } from '../../electron/methods/gcl/steps.ts';
import { detectorParameters, detectorTrainStep, initDetector } from '../../electron/nets/detector.ts';
import { initMlp, mlpParameters } from '../../electron/nets/mlp.ts';
import { initMultiHead, multiHeadParameters, multiHeadTrainStep } from '../../electron/nets/multi-head.ts';
import { initRtfm, rtfmParameters } from '../../electron/nets/rtfm-state.ts';
import { rtfmTrainStep } from '../../electron/nets/rtfm-training.ts';
import { stgNfTrainStep, stgNfVariables } from '../../electron/nets/stg-nf.ts';
import { initStgNf, JOINTS, temporalKernel } from '../../electron/nets/stg-nf-state.ts';
import { initSultani, sultaniParameters, sultaniTrainStep } from '../../electron/nets/sultani.ts';

export interface TimedStep {
  step: Step;
  initial: Record<string, Values>;
  inputs: Record<string, HostArray>;
  /** Draws the dropout masks anew, which a training does before every step. */
  draw(): void;
  /** What one step takes in, as the method counts it. */
  samples: number;
  flop: number;
}

type Specs = Step['variables'];

/** Weights of products: everything but biases and scales. */
const weightsOf = (specs: Specs): number =>
  Object.values(specs).reduce((sum, { shape }) => sum + (shape.length > 1 ? sizeOf(shape) : 0), 0);

/** @param given inputs that are neither random features nor masks. */
function timed(
  step: Step,
  initial: Record<string, Values>,
  dropout: number,
  given: Record<string, Float32Array>,
  { samples, flop }: Pick<TimedStep, 'samples' | 'flop'>,
): TimedStep {
  const random = createRandom(1);
  const masks: Float32Array[] = [];
  const inputs: Record<string, HostArray> = {};
  for (const [name, { shape }] of Object.entries(step.inputs)) {
    const array = given[name] ?? new Float32Array(sizeOf(shape));
    inputs[name] = array;
    if (name.startsWith('mask')) masks.push(array);
    else if (!given[name]) random.fillUniform(array, 0, 1);
  }
  return {
    step,
    initial,
    inputs,
    draw: () => {
      for (const mask of masks) random.fillDropout(mask, dropout);
    },
    samples,
    flop,
  };
}

const rate = (learningRate: number) => ({ learningRate: Float32Array.of(learningRate) });

function gcl(): TimedStep {
  const batch = 2048;
  const generator = { widths: [2048, 1024, 512, 256, 512, 1024, 2048], slope: 0 };
  const discriminator = { widths: [2048, 512, 32, 1], slope: 0 };
  const optimiser = createOptimiser({ name: 'rmsprop', alpha: 0.99, eps: 1e-8, momentum: 0.6 });
  const specs = { ...mlpParameters(generator, G), ...mlpParameters(discriminator, D) };
  const step = cooperativeStep(
    {
      generator,
      discriminator,
      errorNorm: 'l2',
      target: 'ones',
      ruleG: { kind: 'std', factor: 1 },
      ruleD: { kind: 'std', factor: 0.1 },
      softLabels: false,
      dropout: 0,
      optimiser,
    },
    batch,
  );
  const random = createRandom(1);
  const initial = {
    ...initMlp(generator, random, G),
    ...initMlp(discriminator, random, D),
    ...allZeros(optimiser.slots(specs)),
  };
  const given = { ...rate(2e-5), counted: new Float32Array(batch).fill(1) };
  // Each network labels for the other once, besides its own update.
  return timed(step, initial, 0, given, { samples: batch, flop: 8 * batch * weightsOf(specs) });
}

function c2fpl(
  batch: number,
  crops: number,
  shape: { dim: number; hidden1: number; hidden2: number },
): TimedStep {
  const net = { ...shape, attention: 'off' as const };
  const optimiser = createOptimiser({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
  const specs = detectorParameters(net);
  const initial = { ...initDetector(net, createRandom(1)), ...allZeros(optimiser.slots(specs)) };
  const given = { ...rate(0.01), labels: new Float32Array(batch).map((_, i) => (i % 5 === 0 ? 1 : 0)) };
  return timed(detectorTrainStep(net, { batch, crops }, optimiser, 0.6), initial, 0.6, given, {
    samples: batch,
    flop: 6 * batch * crops * weightsOf(specs),
  });
}

function rtfm(): TimedStep {
  const shape = { dim: 2048, branch: 512, inter: 256, hidden1: 512, hidden2: 128 };
  const extent = { videos: 16, crops: 1, segments: 32 };
  const options = { k: 3, alpha: 1e-4, margin: 100, lambdaSparse: 8e-3, lambdaSmooth: 8e-4, joint: false };
  const adam: OptimiserConfig = { name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 5e-3 };
  const optimiser = createOptimiser(adam);
  const specs = rtfmParameters(shape);
  const initial = { ...initRtfm(shape, createRandom(1)), ...allZeros(optimiser.slots(specs)) };
  const rows = extent.videos * extent.crops * extent.segments;
  // The non-local block multiplies segments with segments twice.
  const flop = 6 * rows * (weightsOf(specs) + 2 * extent.segments * shape.inter);
  const step = rtfmTrainStep(shape, extent, options, optimiser, 0.7);
  return timed(step, initial, 0.7, rate(1e-3), { samples: extent.videos, flop });
}

function sultani(): TimedStep {
  const shape = { dim: 2048, hidden1: 512, hidden2: 32 };
  const extent = { bags: 64, segments: 32, abnormal: 32 };
  const options = { margin: 1, lambdaSparse: 8e-5, lambdaSmooth: 8e-5, l2: 0.001 };
  const optimiser = createOptimiser({ name: 'adagrad', eps: 1e-8 });
  const specs = sultaniParameters(shape);
  const initial = { ...initSultani(shape, createRandom(1)), ...allZeros(optimiser.slots(specs)) };
  const step = sultaniTrainStep(shape, extent, options, optimiser, 0.6);
  const flop = 6 * extent.bags * extent.segments * weightsOf(specs);
  return timed(step, initial, 0.6, rate(0.01), { samples: extent.bags, flop });
}

function cu(): TimedStep {
  const shape = { heads: 2, dim: 2048, hidden1: 512, hidden2: 128 };
  const extent = { videos: 60, crops: 1, segments: 32 };
  const optimiser = createOptimiser({ name: 'adadelta', rho: 0.9, eps: 1e-6 });
  const specs = multiHeadParameters(shape);
  const initial = { ...initMultiHead(shape, createRandom(1)), ...allZeros(optimiser.slots(specs)) };
  const options = { pairing: 'oneToOne', norm: 'cmcs', alpha: 10 } as const;
  const step = multiHeadTrainStep(shape, extent, options, optimiser, 0.6);
  const flop = 6 * extent.videos * extent.segments * weightsOf(specs);
  return timed(step, initial, 0.6, rate(0.1), { samples: extent.videos, flop });
}

function stgnf(): TimedStep {
  const batch = 256;
  const shape = { segmentLength: 24, steps: 8 };
  const optimiser = createOptimiser({ name: 'adamax', betas: [0.9, 0.999], eps: 1e-8 });
  const specs = stgNfVariables(shape);
  const initial = {
    ...initStgNf(shape, createRandom(1)),
    ...allZeros(optimiser.slots({ parameters: specs.parameters })),
  };
  const given = { ...rate(5e-4), labels: new Float32Array(batch).fill(1) };
  // Hardly any products: a step moves memory. Counted is the published network, its convolutions over all joints.
  const perJoint = 2 + 4 * temporalKernel(shape) + 2;
  const flop = 6 * batch * shape.segmentLength * JOINTS * shape.steps * perJoint;
  return timed(stgNfTrainStep(shape, batch, optimiser, 3), initial, 0, given, { samples: batch, flop });
}

/** Builders by kind; each makes its data when it is called. */
export const timedSteps: Record<string, () => TimedStep> = {
  gcl,
  c2fpl: () => c2fpl(128, 10, { dim: 2048, hidden1: 512, hidden2: 32 }),
  'c2fpl-cellmotion': () => c2fpl(128, 48, { dim: 19, hidden1: 128, hidden2: 32 }),
  rtfm,
  sultani,
  cu,
  stgnf,
};
