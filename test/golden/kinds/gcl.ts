// gcl.* (1.2 - 1.4): networks, labels, the generator's loss and whole cooperative iterations, on the CPU device.
import { z } from 'zod';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { HostArray, Step, Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import {
  generatorLoss,
  generatorTargets,
  type PseudoTarget,
} from '../../../electron/methods/gcl/negative-learning.ts';
import {
  cooperativeStep,
  D,
  discriminatorTurnStep,
  G,
  generatorTurnStep,
  type StepOptions,
  scoreStep,
} from '../../../electron/methods/gcl/steps.ts';
import { thresholdOf } from '../../../electron/methods/gcl/thresholds.ts';

import { mlp, mlpParameterCount, mlpParameters } from '../../../electron/nets/mlp.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const target = z.enum(['ones', 'replace', 'gaussian', 'none']);
const errorNorm = z.enum(['l2', 'mse']);
const widths = { widthsG: z.array(z.int()), widthsD: z.array(z.int()) };
const factors = { stdFactorG: z.number(), stdFactorD: z.number(), ddof: z.literal(1) };
const lossParams = z.object({ target, errorNorm, sigma: z.number().default(1) });
const iterationParams = z.object({
  ...widths,
  ...factors,
  target,
  errorNorm,
  sigma: z.number().default(1),
  lr: z.number(),
  alpha: z.number(),
  eps: z.number(),
  momentum: z.number(),
  iterations: z.int(),
});

function floats(c: GoldenCase, name: string): Float32Array {
  return Float32Array.from(c.input(name).data);
}

function weights(c: GoldenCase, names: string[]): Record<string, Values> {
  return Object.fromEntries(
    names.map((name) => {
      const { shape, data } = c.weight(name);
      return [name, { shape, data: Float32Array.from(data) }];
    }),
  );
}

async function runOnce(step: Step, initial: Record<string, Values>, inputs: Record<string, HostArray>) {
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(initial);
  const compiled = await device.compile(step, variables);
  const outputs = await compiled.run(inputs);
  await compiled.dispose();
  await variables.dispose();
  await device.dispose();
  return outputs;
}

/** What negative learning needs from outside: partners (any valid index where there is none) or scaled noise. */
function targetInputs(c: GoldenCase, kind: PseudoTarget, sigma: number): Record<string, HostArray> {
  if (kind === 'replace')
    return { partners: Int32Array.from(c.input('replaceIndex').data, (index) => Math.max(0, index)) };
  if (kind === 'gaussian') return { noise: floats(c, 'noise').map((value) => sigma * value) };
  return {};
}

async function networks(c: GoldenCase): Promise<void> {
  const p = z.object(widths).parse(c.params);
  const generator = { widths: p.widthsG, slope: 0 };
  const discriminator = { widths: p.widthsD, slope: 0 };
  const specs = { ...mlpParameters(generator, G), ...mlpParameters(discriminator, D) };
  const features = floats(c, 'features');
  const [batch] = c.input('features').shape;
  for (const norm of ['l2', 'mse'] as const) {
    const step = scoreStep({ generator, discriminator, errorNorm: norm }, batch);
    const out = await runOnce(step, weights(c, Object.keys(specs)), { features });
    c.check(norm === 'l2' ? 'errorsL2' : 'errorsMse', out.errors);
    c.check('probabilities', out.probabilities);
  }
  const reconstruct: Step = {
    name: 'reconstruction',
    variables: mlpParameters(generator, G),
    inputs: { features: { shape: c.input('features').shape } },
    run: (variables, inputs) => ({
      outputs: { reconstruction: mlp(variables, inputs.features!, generator, G) },
    }),
  };
  const { reconstruction } = await runOnce(
    reconstruct,
    weights(c, Object.keys(mlpParameters(generator, G))),
    {
      features,
    },
  );
  c.check('reconstruction', reconstruction);
  c.checkValue('parameterCountG', mlpParameterCount(generator));
  c.checkValue('parameterCountD', mlpParameterCount(discriminator));
}

function labels(c: GoldenCase): void {
  const p = z.object(factors).parse(c.params);
  for (const [letter, name, factor, labelled] of [
    ['G', 'errors', p.stdFactorG, 'y'],
    ['D', 'probabilities', p.stdFactorD, 'z'],
  ] as const) {
    const { data } = c.input(name);
    const threshold = thresholdOf(data, { kind: 'std', factor });
    c.checkValue(`threshold${letter}`, threshold);
    c.check(
      labelled,
      Array.from(data, (value) => (value >= threshold ? 1 : 0)),
    );
  }
}

async function loss(c: GoldenCase): Promise<void> {
  const p = lossParams.parse(c.params);
  const { shape, data } = c.input('reconstruction');
  const [batch] = shape;
  const step: Step = {
    name: "generator's loss",
    variables: { reconstruction: { shape } },
    inputs: {
      features: { shape },
      z: { shape: [batch] },
      ...(p.target === 'replace' && { partners: { shape: [batch], dtype: 'int32' as const } }),
      ...(p.target === 'gaussian' && { noise: { shape } }),
    },
    run(variables, inputs) {
      const { features, partners, noise } = inputs;
      const targets = generatorTargets(p.target, { features: features!, z: inputs.z!, partners, noise });
      const result = differentiate({ reconstruction: variables.reconstruction! }, ({ reconstruction }) => {
        const { perSample, loss } = generatorLoss(p.target, reconstruction!, targets, inputs.z!, p.errorNorm);
        return { loss, extras: { perSample } };
      });
      return {
        outputs: {
          targets,
          perSample: result.extras.perSample!,
          loss: result.loss,
          gradReconstruction: result.gradients.reconstruction!,
        },
      };
    },
  };
  const out = await runOnce(
    step,
    { reconstruction: { shape, data: Float32Array.from(data) } },
    { features: floats(c, 'features'), z: floats(c, 'z'), ...targetInputs(c, p.target, p.sigma) },
  );
  for (const name of ['targets', 'perSample', 'gradReconstruction']) c.check(name, out[name]);
  c.checkValue('loss', out.loss[0]);
}

async function iterations(c: GoldenCase): Promise<void> {
  const p = iterationParams.parse(c.params);
  const optimiser = createOptimiser({ name: 'rmsprop', alpha: p.alpha, eps: p.eps, momentum: p.momentum });
  const options: StepOptions = {
    generator: { widths: p.widthsG, slope: 0 },
    discriminator: { widths: p.widthsD, slope: 0 },
    errorNorm: p.errorNorm,
    target: p.target,
    ruleG: { kind: 'std', factor: p.stdFactorG },
    ruleD: { kind: 'std', factor: p.stdFactorD },
    softLabels: false,
    dropout: 0,
    optimiser,
  };
  const specs = { ...mlpParameters(options.generator, G), ...mlpParameters(options.discriminator, D) };
  const [batch] = c.input('features').shape;
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({
    ...weights(c, Object.keys(specs)),
    ...allZeros(optimiser.slots(specs)),
  });
  const common = {
    features: floats(c, 'features'),
    counted: new Float32Array(batch).fill(1),
    learningRate: Float32Array.of(p.lr),
  };
  const pseudo = targetInputs(c, p.target, p.sigma);
  const collected: Partial<Record<string, number[]>> = {};
  const collect = (outputs: Record<string, Float32Array>): void => {
    for (const [name, values] of Object.entries(outputs)) {
      collected[name] = [...(collected[name] ?? []), ...values];
    }
  };
  // Partners come from outside after the discriminator's turn, hence two graphs for `replace`.
  if (p.target === 'replace') {
    const first = await device.compile(discriminatorTurnStep(options, batch), variables);
    const second = await device.compile(generatorTurnStep(options, batch), variables);
    for (let i = 0; i < p.iterations; i++) {
      const out = await first.run(common);
      collect(out);
      const { features, learningRate } = common;
      collect(await second.run({ features, learningRate, z: out.z, ...pseudo }));
    }
  } else {
    const step = await device.compile(cooperativeStep(options, batch), variables);
    for (let i = 0; i < p.iterations; i++) collect(await step.run({ ...common, ...pseudo }));
  }
  for (const [name, values] of Object.entries(collected)) c.check(name, values ?? []);
  for (const [name, values] of Object.entries(await variables.read())) c.check(`updated.${name}`, values);
  await device.dispose();
}

const runs: Record<string, (c: GoldenCase) => void | Promise<void>> = {
  'gcl.networks': networks,
  'gcl.labels': labels,
  'gcl.generatorLoss': loss,
  'gcl.iteration': iterations,
};

export const gcl: GoldenKind = {
  kinds: Object.keys(runs),
  run: (goldenCase) => runs[goldenCase.kind](goldenCase),
};
