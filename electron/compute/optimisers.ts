// Optimisers with PyTorch's semantics (methods.md 0.5; TF.js' own differ) as pure functions in TF.js.
// Role: the update part of a training step. Limits: no schedules (the learning rate is an input of the step), no
// decoupled weight decay.
import {
  abs,
  add,
  addN,
  div,
  maximum,
  minimum,
  mul,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Spec } from './device.ts';

type Tensors = Record<string, Tensor>;

export type OptimiserConfig =
  | { name: 'sgd'; momentum: number; nesterov: boolean; weightDecay: number }
  | { name: 'rmsprop'; alpha: number; eps: number; momentum: number }
  | { name: 'adam'; betas: readonly [number, number]; eps: number; weightDecay: number }
  | { name: 'adamax'; betas: readonly [number, number]; eps: number }
  | { name: 'adadelta'; rho: number; eps: number }
  | { name: 'adagrad'; eps: number };

export interface Optimiser {
  /** The state it keeps over parameters of these shapes, all zero at the start. Names: `<parameter>/<slot>`. */
  slots(parameters: Record<string, Spec>): Record<string, Spec>;
  /** One update. `learningRate` is a scalar; `gradients` have the names and shapes of `parameters`. */
  update(
    parameters: Tensors,
    gradients: Tensors,
    slots: Tensors,
    learningRate: Tensor,
  ): { parameters: Tensors; slots: Tensors };
}

/** One parameter: its new value and new slots. `common` holds the slots that all parameters share. */
interface Updated {
  w: Tensor;
  slots: Tensors;
}
type Rule = (w: Tensor, g: Tensor, slots: Tensors, lr: Tensor, common: Tensors) => Updated;

/**
 * An exponential average without its factor 1 - beta: `sum <- beta * sum + x`. The factor goes to the scalars of the
 * update, which saves a pass over every parameter; large parameters take longer to update than to multiply with.
 */
const decayingSum = (old: Tensor, beta: number, x: Tensor): Tensor => add(mul(old, beta), x);
const decayed = (g: Tensor, w: Tensor, weightDecay: number): Tensor =>
  weightDecay === 0 ? g : add(g, mul(w, weightDecay));

/**
 * Adam's bias corrections 1 - beta^t, kept as state and carried on by c <- beta*c + (1 - beta). This is the step count in
 * another form, without the cancellation that 1 - beta^t suffers in float32.
 */
const correction = (c: Tensor, beta: number): Tensor => add(mul(c, beta), 1 - beta);

interface Definition {
  slots: string[];
  common?: { names: string[]; update(common: Tensors): Tensors };
  rule: Rule;
}

function define(config: OptimiserConfig): Definition {
  switch (config.name) {
    case 'sgd': {
      const { momentum, nesterov, weightDecay } = config;
      return {
        slots: momentum === 0 ? [] : ['momentum'],
        rule(w, gradient, slots, lr): Updated {
          const g = decayed(gradient, w, weightDecay);
          if (momentum === 0) return { w: sub(w, mul(g, lr)), slots: {} };
          // From zero the first buffer is the gradient, as PyTorch starts it.
          const b = decayingSum(slots.momentum!, momentum, g);
          const step = nesterov ? add(g, mul(b, momentum)) : b;
          return { w: sub(w, mul(step, lr)), slots: { momentum: b } };
        },
      };
    }
    case 'rmsprop': {
      const { alpha, eps, momentum } = config;
      return {
        slots: momentum === 0 ? ['square'] : ['square', 'momentum'],
        rule(w, g, slots, lr): Updated {
          // g / (sqrt((1 - alpha) v) + eps), as its factor 1 / sqrt(1 - alpha) and the rest.
          const root = Math.sqrt(1 - alpha);
          const v = decayingSum(slots.square!, alpha, square(g));
          const d = div(g, add(sqrt(v), eps / root));
          const rate = div(lr, root);
          if (momentum === 0) return { w: sub(w, mul(d, rate)), slots: { square: v } };
          const b = decayingSum(slots.momentum!, momentum, d);
          return { w: sub(w, mul(b, rate)), slots: { square: v, momentum: b } };
        },
      };
    }
    case 'adam': {
      const { betas, eps, weightDecay } = config;
      return {
        slots: ['mean', 'square'],
        common: {
          names: ['correction1', 'correction2'],
          update: ({ correction1, correction2 }) => ({
            correction1: correction(correction1!, betas[0]),
            correction2: correction(correction2!, betas[1]),
          }),
        },
        rule(w, gradient, slots, lr, { correction1, correction2 }) {
          const g = decayed(gradient, w, weightDecay);
          const m = decayingSum(slots.mean!, betas[0], g);
          const v = decayingSum(slots.square!, betas[1], square(g));
          // m / (sqrt(v / c2) + eps) with corrections and factors of the averages on the side of the scalars.
          const root = mul(sqrt(correction2!), 1 / Math.sqrt(1 - betas[1]));
          const direction = div(m, add(sqrt(v), mul(root, eps)));
          const rate = div(mul(mul(lr, 1 - betas[0]), root), correction1!);
          return { w: sub(w, mul(direction, rate)), slots: { mean: m, square: v } };
        },
      };
    }
    case 'adamax': {
      const { betas, eps } = config;
      return {
        slots: ['mean', 'largest'],
        common: {
          names: ['correction1'],
          update: ({ correction1 }) => ({ correction1: correction(correction1!, betas[0]) }),
        },
        rule(w, g, slots, lr, { correction1 }) {
          const m = decayingSum(slots.mean!, betas[0], g);
          const u = maximum(mul(slots.largest!, betas[1]), add(abs(g), eps));
          const rate = div(mul(lr, 1 - betas[0]), correction1!);
          return { w: sub(w, mul(div(m, u), rate)), slots: { mean: m, largest: u } };
        },
      };
    }
    case 'adadelta': {
      const { rho, eps } = config;
      return {
        slots: ['square', 'delta'],
        rule(w, g, slots, lr): Updated {
          // Both averages lack the same factor, which the quotient takes away.
          const scaled = eps / (1 - rho);
          const v = decayingSum(slots.square!, rho, square(g));
          const d = mul(div(sqrt(add(slots.delta!, scaled)), sqrt(add(v, scaled))), g);
          return {
            w: sub(w, mul(d, lr)),
            slots: { square: v, delta: decayingSum(slots.delta!, rho, square(d)) },
          };
        },
      };
    }
    case 'adagrad': {
      const { eps } = config;
      return {
        slots: ['sum'],
        rule(w, g, slots, lr): Updated {
          const s = add(slots.sum!, square(g));
          return { w: sub(w, mul(div(g, add(sqrt(s), eps)), lr)), slots: { sum: s } };
        },
      };
    }
  }
}

/** An optimiser as methods.md 0.5 defines it. */
export function createOptimiser(config: OptimiserConfig): Optimiser {
  const { slots: names, common, rule } = define(config);
  const commonName = (name: string): string => `optimiser/${name}`;
  return {
    slots(parameters) {
      const specs: Record<string, Spec> = {};
      for (const [parameter, { shape }] of Object.entries(parameters)) {
        for (const name of names) specs[`${parameter}/${name}`] = { shape };
      }
      for (const name of common?.names ?? []) specs[commonName(name)] = { shape: [] };
      return specs;
    },
    update(parameters, gradients, slots, learningRate) {
      const old = Object.fromEntries((common?.names ?? []).map((name) => [name, slots[commonName(name)]!]));
      const shared = common?.update(old) ?? {};
      const updated: { parameters: Tensors; slots: Tensors } = { parameters: {}, slots: {} };
      for (const [name, t] of Object.entries(shared)) updated.slots[commonName(name)] = t;
      for (const [parameter, w] of Object.entries(parameters)) {
        const own = Object.fromEntries(names.map((name) => [name, slots[`${parameter}/${name}`]!]));
        const result = rule(w, gradients[parameter]!, own, learningRate, shared);
        updated.parameters[parameter] = result.w;
        for (const [name, t] of Object.entries(result.slots)) updated.slots[`${parameter}/${name}`] = t;
      }
      return updated;
    },
  };
}

/**
 * Clips all gradients together: each is multiplied by min(1, limit / (norm + 1e-6)) (methods.md 0.5).
 * @returns the gradients and their global norm before clipping.
 */
export function clipByGlobalNorm(gradients: Tensors, limit: number): { gradients: Tensors; norm: Scalar } {
  const norm = sqrt(addN(Object.values(gradients).map((g) => sum(square(g))))) as Scalar;
  const factor = minimum(div(limit, add(norm, 1e-6)), 1);
  const clipped = Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, mul(g, factor)]));
  return { gradients: clipped, norm };
}
