// What tracing refuses, and what simplification makes of a graph.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { type Graph, reachable, type Value } from '../../../electron/compute/graph/graph.ts';
import { spreadRows } from '../../../electron/compute/graph/rows.ts';
import { simplify } from '../../../electron/compute/graph/simplify.ts';
import { onnxModel } from '../../../electron/compute/onnx/model.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { traceStep } from '../../../electron/compute/trace/trace.ts';
import { detectorTrainStep } from '../../../electron/nets/detector.ts';

const x = { x: { shape: [2, 3] } };
const step = (run: (x: tf.Tensor) => tf.Tensor, name = 'a step'): Step => ({
  name,
  variables: {},
  inputs: x,
  run: (_, inputs) => ({ outputs: { y: run(inputs.x!) } }),
});
const operators = (graph: Graph): string[] =>
  reachable(Object.values(graph.outputs)).flatMap((v) => (v.kind === 'op' ? [v.op] : []));
const simple = (run: (x: tf.Tensor) => tf.Tensor): Graph => simplify(traceStep(step(run)));

function traceFailure(broken: Step): Error & { code?: string; details?: Record<string, unknown> } {
  try {
    traceStep(broken);
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error('the step was traced');
}

describe('tracing', () => {
  test('names an unknown kernel, the step and the line', () => {
    const failure = traceFailure(step((t) => tf.atan(t), 'odd'));
    expect(failure.message).toContain('The step "odd" uses the TF.js kernel Atan at trace.test.ts:');
    expect(failure).toMatchObject({ code: 'unsupported', details: { kernel: 'Atan', step: 'odd' } });
  });

  test('names an unknown kernel inside a gradient', () => {
    const failure = traceFailure(
      step((t) => differentiate({ t }, (p) => ({ loss: tf.sum(tf.atan(p.t!)) })).gradients.t!),
    );
    expect(failure).toMatchObject({ code: 'unsupported', details: { kernel: 'Atan' } });
  });

  test('names an operation without a gradient', () => {
    const failure = traceFailure(
      step(
        (t) =>
          differentiate({ t }, (p) => ({ loss: tf.sum(tf.cast(tf.equal(p.t!, 1), 'float32')) })).gradients.t!,
      ),
    );
    expect(failure.message).toContain('The step "a step" differentiates Equal at trace.test.ts:');
    expect(failure.code).toBe('unsupported');
  });

  test('refuses to read data, to change shapes, to invent variables and to use tensors from outside', () => {
    expect(traceFailure(step((t) => tf.scalar(t.dataSync()[0]!))).message).toContain(
      'reads the data of a tensor',
    );
    const grown: Step = {
      name: 'grow',
      variables: { v: { shape: [2] } },
      inputs: {},
      run: ({ v }) => ({ variables: { v: tf.concat([v!, v!]) }, outputs: {} }),
    };
    expect(traceFailure(grown).message).toContain('turns the variable "v" from [2] to [4]');
    const invented: Step = {
      name: 'invent',
      variables: {},
      inputs: x,
      run: (_, i) => ({ variables: { w: i.x! }, outputs: {} }),
    };
    expect(traceFailure(invented).message).toContain('a variable "w" that it did not declare');
  });

  test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['uniform', (t) => tf.add(t, tf.randomUniform([2, 3]))],
    ['normal', (t) => tf.add(t, tf.randomNormal([2, 3]))],
    ['dropout', (t) => tf.dropout(t, 0.5)],
    ['multinomial', (t) => tf.multinomial(t as tf.Tensor2D, 3)],
  ])('refuses random numbers of its own, which would be the same in every step: %s', (_, draw) => {
    const { random } = Math;
    const failure = traceFailure(step(draw, 'dice'));
    expect(failure.message).toMatch(/The step "dice" failed at trace\.test\.ts:\d+: it draws random numbers/);
    expect(failure.code).toBe('unsupported');
    expect(Math.random).toBe(random);
  });

  test('works again after a failure', async () => {
    traceFailure(step((t) => tf.atan(t)));
    const device = await openDevice('cpu', { threads: 1 });
    const variables = device.variables({});
    const compiled = await device.compile(
      step((t) => tf.add(t, 1)),
      variables,
    );
    expect([...(await compiled.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6) })).y!]).toEqual([
      2, 3, 4, 5, 6, 7,
    ]);
  });
});

describe('simplification', () => {
  test.each<[string, (x: tf.Tensor) => tf.Tensor, string[]]>([
    ['drops what does nothing', (t) => tf.div(tf.mul(tf.add(tf.clone(t), 0), tf.ones([2, 3])), 1), []],
    ['drops a round trip of axes', (t) => tf.transpose(tf.transpose(t)), []],
    ['joins reshapes', (t) => tf.reshape(tf.reshape(t, [6]), [3, 2]), ['Reshape']],
    ['drops what no output needs', (t) => [tf.exp(t), tf.neg(t)][1]!, ['Neg']],
    ['computes with constants beforehand', (t) => tf.mul(t, tf.sqrt(tf.add(tf.fill([2, 3], 3), 1))), ['Mul']],
    ['shares equal expressions', (t) => tf.add(tf.exp(t), tf.exp(t)), ['Exp', 'Add']],
    [
      'leaves out an expansion before a broadcast',
      (t) => tf.add(tf.broadcastTo(tf.sum(t, 0), [2, 3]), t),
      ['ReduceSum', 'Reshape', 'Add'],
    ],
    [
      'puts a bias into its product',
      (t) => tf.add(tf.matMul(t, t, false, true), tf.tensor1d([1, 2])),
      ['Gemm'],
    ],
    [
      'keeps a product that is used twice',
      (t) => {
        const p = tf.matMul(t, t, false, true);
        return tf.mul(tf.add(p, tf.tensor1d([1, 2])), p);
      },
      ['Gemm', 'Add', 'Mul'],
    ],
  ])('%s', (_, run, expected) => {
    expect(operators(simple(run))).toEqual(expected);
  });

  test('constants of a training step are scalars', () => {
    const optimiser = createOptimiser({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
    const shape = { dim: 64, hidden1: 32, hidden2: 8, attention: 'off' as const };
    const graph = simplify(traceStep(detectorTrainStep(shape, { batch: 16, crops: 10 }, optimiser, 0.6)));
    const stored = (v: Value): number => (v.kind === 'fill' ? v.shape.reduce((a, b) => a * b, 1) : 0);
    const values = reachable(Object.values(graph.outputs));
    expect(Math.max(...values.map(stored))).toBeLessThanOrEqual(16);
    // Every training step has its graph written once: it is small although its activations are not.
    expect(onnxModel(graph).length).toBeLessThan(20_000);
    expect(operators(graph).filter((name) => name === 'Gemm')).toHaveLength(8);
    expect(operators(graph).length).toBeLessThan(
      operators(traceStep(detectorTrainStep(shape, { batch: 16, crops: 10 }, optimiser, 0.6))).length,
    );
  });

  test('single numbers meet a weight of one tap without its last axis', async () => {
    const device = await openDevice('cpu', { threads: 1 });
    const weight: Step = {
      name: 'one tap',
      variables: {},
      inputs: { w: { shape: [64, 64, 1] }, by: { shape: [] } },
      run: (_, { w, by }) => ({ outputs: { y: tf.add(tf.mul(w, by), 1) } }),
    };
    const graph = simplify(traceStep(weight));
    for (const value of reachable(Object.values(graph.outputs))) {
      if (value.kind === 'op' && value.op !== 'Reshape') expect(value.shape).toEqual([64, 64]);
    }
    const compiled = await device.compile(weight, device.variables({}));
    const w = Float32Array.from({ length: 4096 }, (_, i) => i);
    const { y } = await compiled.run({ w, by: Float32Array.of(2) });
    expect(y).toEqual(w.map((n) => 2 * n + 1));
  });

  test('first operands of large products are turned and spread, and values stay', async () => {
    const [rows, inner, columns] = [704, 1024, 704];
    const product = (transposed: boolean): Step => ({
      name: 'product',
      variables: {},
      inputs: { a: { shape: [rows, inner] }, b: { shape: transposed ? [columns, inner] : [inner, columns] } },
      run: (_, { a, b }) => ({ outputs: { y: tf.matMul(a, b, false, transposed) } }),
    });
    const device = await openDevice('cpu', { threads: 1 });
    const a = Float32Array.from({ length: rows * inner }, (_, i) => (i % 7) - 3);
    const b = Float32Array.from({ length: columns * inner }, (_, i) => (i % 5) - 2);
    for (const transposed of [true, false]) {
      const step = product(transposed);
      const spread = spreadRows(simplify(traceStep(step)));
      expect(operators(spread)).toEqual(['Pad', 'Pad', 'Gemm']);
      const { y } = await (await device.compile(step, device.variables({}))).run({ a, b });
      for (const at of [0, 1, columns, rows * columns - 1]) {
        const [row, column] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum += a[row * inner + k] * (transposed ? b[column * inner + k] : b[k * columns + column]);
        }
        expect(y[at]).toBe(sum);
      }
    }
    const gradient: Step = {
      name: 'gradient',
      variables: {},
      inputs: { a: { shape: [inner, rows] }, b: { shape: [inner, columns] } },
      run: (_, given) => ({ outputs: { y: tf.matMul(given.a, given.b, true, false) } }),
    };
    const turned = spreadRows(simplify(traceStep(gradient)));
    expect(operators(turned)).toEqual(['Reshape', 'Transpose', 'Reshape', 'Pad', 'Pad', 'Gemm']);
    const { y } = await (await device.compile(gradient, device.variables({}))).run({ a, b });
    for (const at of [0, 1, columns, rows * columns - 1]) {
      const [row, column] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[k * rows + row] * b[k * columns + column];
      expect(y[at]).toBe(sum);
    }
    const small = simplify(traceStep(step((t) => tf.matMul(t, t, false, true))));
    expect(operators(spreadRows(small))).toEqual(['Gemm']);
  });

  test('large uniform constants are made at run time', () => {
    const graph = simple((t) => tf.concat([tf.fill([1000, 3], 2), t]));
    expect(onnxModel(graph).length).toBeLessThan(1000);
  });

  test('inputs that nothing needs are left out', () => {
    expect(simple(() => tf.scalar(3)).inputs).toEqual([]);
  });
});
