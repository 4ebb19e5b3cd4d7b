// optim.trace (0.5): every optimiser over ten steps of given gradients, on the CPU device.
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import {
  clipByGlobalNorm,
  createOptimiser,
  type OptimiserConfig,
} from '../../../electron/compute/optimisers.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const betas = z.tuple([z.number(), z.number()]);
const run = { lr: z.number(), steps: z.int(), tensors: z.int(), clipNorm: z.number().optional() };
const params = z.discriminatedUnion('optimizer', [
  z.object({
    ...run,
    optimizer: z.literal('sgd'),
    momentum: z.number(),
    nesterov: z.boolean(),
    weightDecay: z.number(),
  }),
  z.object({
    ...run,
    optimizer: z.literal('rmsprop'),
    alpha: z.number(),
    eps: z.number(),
    momentum: z.number().default(0),
  }),
  z.object({
    ...run,
    optimizer: z.literal('adam'),
    betas,
    eps: z.number(),
    weightDecay: z.number().default(0),
  }),
  z.object({ ...run, optimizer: z.literal('adamax'), betas, eps: z.number() }),
  z.object({ ...run, optimizer: z.literal('adadelta'), rho: z.number(), eps: z.number() }),
  z.object({ ...run, optimizer: z.literal('adagrad'), eps: z.number() }),
]);

async function trace(c: GoldenCase): Promise<void> {
  const { optimizer, lr, steps, tensors, clipNorm, ...rest } = params.parse(c.params);
  const optimiser = createOptimiser({ name: optimizer, ...rest } as OptimiserConfig);
  const names = Array.from({ length: tensors }, (_, i) => String(i));
  const initial = Object.fromEntries(
    names.map((n) => {
      const { shape, data } = c.input(`init${n}`);
      return [n, { shape, data: Float32Array.from(data) }];
    }),
  );
  const specs = Object.fromEntries(names.map((n) => [n, { shape: initial[n]!.shape }]));
  const slots = optimiser.slots(specs);
  const step: Step = {
    name: optimizer,
    variables: { ...specs, ...slots },
    inputs: { ...specs, learningRate: { shape: [] } },
    run(variables, inputs) {
      const own = Object.fromEntries(names.map((n) => [n, variables[n]!]));
      const state = Object.fromEntries(Object.keys(slots).map((n) => [n, variables[n]!]));
      const given = Object.fromEntries(names.map((n) => [n, inputs[n]!]));
      const clipped = clipNorm === undefined ? null : clipByGlobalNorm(given, clipNorm);
      const updated = optimiser.update(own, clipped?.gradients ?? given, state, inputs.learningRate!);
      const outputs: Record<string, Tensor> = clipped ? { norm: clipped.norm } : {};
      return {
        variables: { ...updated.parameters, ...updated.slots },
        outputs,
      };
    },
  };
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables({ ...initial, ...allZeros(slots) });
  const compiled = await device.compile(step, variables);
  const traces = names.map((): number[] => []);
  const norms: number[] = [];
  for (let t = 0; t < steps; t++) {
    const gradients = Object.fromEntries(
      names.map((n) => {
        const size = initial[n]!.data.length;
        return [n, Float32Array.from(c.input(`grads${n}`).data.slice(t * size, (t + 1) * size))];
      }),
    );
    const outputs = await compiled.run({ ...gradients, learningRate: Float32Array.of(lr) });
    if (outputs.norm) norms.push(outputs.norm[0]!);
    const values = await variables.read();
    for (const [i, n] of names.entries()) traces[i]!.push(...values[n]!);
  }
  for (const [i, values] of traces.entries()) c.check(`trace${i}`, values);
  c.check('gradNorm', norms);
  await compiled.dispose();
  await variables.dispose();
}

export const optim: GoldenKind = { kinds: ['optim.trace'], run: trace };
