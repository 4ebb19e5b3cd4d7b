// A training step of every network at a tiny size, to be run on a device and on TF.js' own backend.
// Role: the list, and the comparison: outputs, parameters, moments and running statistics after two updates, so that the
// forward pass, the loss, every gradient and the optimiser are in it. Limits: random data; what a network learns is
// tested with the network.
import { expect } from 'vitest';
import type { ComputeDevice, HostArray, Step, Values } from '../../../electron/compute/device.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { sizeOf } from '../../../electron/compute/graph/graph.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  cooperativeStep,
  D,
  discriminatorStep,
  G,
  generatorTurnStep,
} from '../../../electron/methods/gcl/steps.ts';
import { autoencoderTrainStep } from '../../../electron/nets/autoencoder.ts';
import {
  clipClassifierParameters,
  clipClassifierTrainStep,
  initClipClassifier,
} from '../../../electron/nets/clip-classifier.ts';
import { detectorParameters, detectorTrainStep, initDetector } from '../../../electron/nets/detector.ts';
import { initJigsaw, jigsawParameters, jigsawTrainStep } from '../../../electron/nets/jigsaw.ts';
import { initMlp, mlpParameters } from '../../../electron/nets/mlp.ts';
import { initMultiHead, multiHeadParameters, multiHeadTrainStep } from '../../../electron/nets/multi-head.ts';
import { initRtfm, rtfmParameters } from '../../../electron/nets/rtfm-state.ts';
import { rtfmTrainStep } from '../../../electron/nets/rtfm-training.ts';
import { stgNfInitialiseStep, stgNfTrainStep, stgNfVariables } from '../../../electron/nets/stg-nf.ts';
import { initStgNf } from '../../../electron/nets/stg-nf-state.ts';
import { initSultani, sultaniParameters, sultaniTrainStep } from '../../../electron/nets/sultani.ts';

export interface Case {
  step: Step;
  initial: Record<string, Values>;
  /** Run once before training. */
  first?: Step;
}

const rmsprop = createOptimiser({ name: 'rmsprop', alpha: 0.99, eps: 1e-8, momentum: 0.6 });
const adam = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 5e-3 });
const sgd = createOptimiser({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
const random = () => createRandom(1);

const generator = { widths: [6, 5, 4, 6], slope: 0.1 };
const discriminator = { widths: [6, 4, 1], slope: 0 };
const gclOptions = {
  generator,
  discriminator,
  errorNorm: 'l2' as const,
  ruleG: { kind: 'std' as const, factor: 0.3 },
  ruleD: { kind: 'share' as const, share: 0.3 },
  softLabels: false,
  dropout: 0.3,
  optimiser: rmsprop,
};
function gclVariables(): Record<string, Values> {
  const specs = { ...mlpParameters(generator, G), ...mlpParameters(discriminator, D) };
  const own = random();
  return {
    ...initMlp(generator, own, G),
    ...initMlp(discriminator, own, D),
    ...allZeros(rmsprop.slots(specs)),
  };
}

export const networkSteps: Record<string, () => Case> = {
  'autoencoder, Adam': () => ({
    step: autoencoderTrainStep(generator, 7, adam, 'l2'),
    initial: { ...initMlp(generator, random()), ...allZeros(adam.slots(mlpParameters(generator))) },
  }),
  'GCL, both in one step': () => ({
    step: cooperativeStep({ ...gclOptions, target: 'gaussian' }, 9),
    initial: gclVariables(),
  }),
  'GCL, discriminator': () => ({
    step: discriminatorStep({ ...gclOptions, target: 'ones' }, 9),
    initial: gclVariables(),
  }),
  'GCL, generator towards other samples': () => ({
    step: generatorTurnStep({ ...gclOptions, target: 'replace' }, 9),
    initial: gclVariables(),
  }),
  ...Object.fromEntries(
    (['off', 'feature', 'batch'] as const).map((attention) => [
      `C2FPL's detector, attention ${attention}`,
      (): Case => {
        const shape = { dim: 5, hidden1: 6, hidden2: 4, attention };
        return {
          step: detectorTrainStep(shape, { batch: 6, crops: 2 }, sgd, 0.5),
          initial: { ...initDetector(shape, random()), ...allZeros(sgd.slots(detectorParameters(shape))) },
        };
      },
    ]),
  ),
  'CU-Net, heads': () => {
    const shape = { heads: 3, dim: 5, hidden1: 6, hidden2: 4 };
    const adadelta = createOptimiser({ name: 'adadelta', rho: 0.9, eps: 1e-6 });
    return {
      step: multiHeadTrainStep(
        shape,
        { videos: 6, crops: 2, segments: 4 },
        { pairing: 'oneToOne', norm: 'cmcs', alpha: 10 },
        adadelta,
        0.5,
      ),
      initial: { ...initMultiHead(shape, random()), ...allZeros(adadelta.slots(multiHeadParameters(shape))) },
    };
  },
  'CU-Net, clip classifier': () => {
    const shape = { inputDim: 8, hidden1: 6, hidden2: 4 };
    return {
      step: clipClassifierTrainStep(shape, { batch: 5, crops: 2 }, adam, 0.5),
      initial: {
        ...initClipClassifier(shape, random()),
        ...allZeros(adam.slots(clipClassifierParameters(shape))),
      },
    };
  },
  RTFM: () => {
    const shape = { dim: 6, branch: 4, inter: 3, hidden1: 5, hidden2: 4 };
    const options = { k: 2, alpha: 1e-2, margin: 10, lambdaSparse: 8e-3, lambdaSmooth: 8e-3, joint: false };
    // Biases before a normalisation have gradients next to zero, of which Adam would take the sign alone.
    return {
      step: rtfmTrainStep(shape, { videos: 6, crops: 2, segments: 3 }, options, sgd, 0.5),
      initial: { ...initRtfm(shape, random()), ...allZeros(sgd.slots(rtfmParameters(shape))) },
    };
  },
  'RTFM, small': () => {
    const shape = { network: 'lite', dim: 6, branch: 4, inter: 3, hidden1: 5, hidden2: 4 } as const;
    const options = { k: 2, alpha: 1e-2, margin: 10, lambdaSparse: 8e-3, lambdaSmooth: 8e-3, joint: true };
    return {
      step: rtfmTrainStep(shape, { videos: 4, crops: 2, segments: 7 }, options, sgd, 0.5),
      initial: { ...initRtfm(shape, random()), ...allZeros(sgd.slots(rtfmParameters(shape))) },
    };
  },
  "Sultani's network": () => {
    const shape = { dim: 6, hidden1: 8, hidden2: 4 };
    const adagrad = createOptimiser({ name: 'adagrad', eps: 1e-8 });
    return {
      step: sultaniTrainStep(
        shape,
        { bags: 5, segments: 4, abnormal: 2 },
        { margin: 1, lambdaSparse: 8e-3, lambdaSmooth: 8e-3, l2: 0.001 },
        adagrad,
        0.5,
      ),
      initial: { ...initSultani(shape, random()), ...allZeros(adagrad.slots(sultaniParameters(shape))) },
    };
  },
  'STG-NF': () => {
    const shape = { segmentLength: 4, steps: 2 };
    const adamax = createOptimiser({ name: 'adamax', betas: [0.9, 0.999], eps: 1e-8 });
    const slots = adamax.slots({ parameters: stgNfVariables(shape).parameters });
    return {
      first: stgNfInitialiseStep(shape, 4),
      step: stgNfTrainStep(shape, 4, adamax, 3),
      initial: { ...initStgNf(shape, random()), ...allZeros(slots) },
    };
  },
  Jigsaw: () => {
    const shape = { timeLength: 3, channels: [2, 3] as const, hidden: 4 };
    return {
      step: jigsawTrainStep(shape, 2, 1, adam),
      initial: { ...initJigsaw(shape, random()), ...allZeros(adam.slots(jigsawParameters(shape))) },
    };
  },
};

/** Random data that suits an input by its name. */
export function inputsOf({ inputs }: Step): Record<string, HostArray> {
  const own = createRandom(7);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => {
      const data = new Float32Array(sizeOf(shape));
      if (dtype === 'int32') {
        return [name, Int32Array.from(data, () => own.integer(shape[0]))];
      }
      if (name.startsWith('mask')) return [name, own.fillDropout(data, 0.5)];
      if (name === 'learningRate') return [name, data.fill(0.01)];
      if (name === 'counted') return [name, data.fill(1)];
      if (name === 'labels' || name === 'z') return [name, data.map((_, i) => (i % 3 === 0 ? 1 : 0))];
      if (name === 'frames' || name === 'patches') {
        const n = shape[1];
        return [name, data.map((_, i) => (i % n === (2 * Math.floor(i / n)) % n ? 1 : 0))];
      }
      if (name === 'segments' || name === 'noise') return [name, own.fillNormal(data, 0, 1)];
      return [name, own.fillUniform(data, 0.1, 1)];
    }),
  );
}

/** Two updates; all outputs of each and all values afterwards. */
async function train(
  device: ComputeDevice,
  { step, initial, first }: Case,
): Promise<Record<string, Float32Array>> {
  const variables = device.variables(initial);
  const found: Record<string, Float32Array> = {};
  try {
    if (first) {
      const compiled = await device.compile(first, variables);
      await compiled.run(inputsOf(first));
      await compiled.dispose();
    }
    const compiled = await device.compile(step, variables);
    for (const update of [1, 2]) {
      for (const [name, data] of Object.entries(await compiled.run(inputsOf(step)))) {
        found[`${name}, update ${update}`] = data;
      }
    }
    await compiled.dispose();
    return { ...found, ...(await variables.read()) };
  } finally {
    await variables.dispose();
  }
}

/**
 * The same training on `device` and on the reference.
 * @param tolerance of every number, relative to the largest of its array or to 1.
 */
export async function expectParity(device: ComputeDevice, name: string, tolerance: number): Promise<void> {
  const actual = await train(device, networkSteps[name]());
  const expected = await train(await openOracle(), networkSteps[name]());
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [array, wanted] of Object.entries(expected)) {
    const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    for (let i = 0; i < wanted.length; i++) {
      const off = Math.abs(actual[array][i] - wanted[i]);
      if (!(off <= tolerance * largest)) {
        throw new Error(`${name}: ${array}[${i}] is ${actual[array][i]} instead of ${wanted[i]}`);
      }
    }
  }
  // Something was learned, so that something was compared.
  const { initial } = networkSteps[name]();
  const changed = Object.entries(initial).filter(([key, { data }]) =>
    data.some((x, i) => x !== expected[key][i]),
  );
  expect(changed.length).toBeGreaterThan(0);
}
