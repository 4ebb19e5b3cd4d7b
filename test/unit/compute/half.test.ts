// Products in float16: what the rewrite touches, and every network's training step against its float32 graph on ONNX
// Runtime's processor.
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import {
  type Graph,
  integers,
  type OpValue,
  op,
  reachable,
  type Value,
} from '../../../electron/compute/graph/graph.ts';
import { halfProducts } from '../../../electron/compute/graph/half.ts';
import { mapGraph, simplify } from '../../../electron/compute/graph/simplify.ts';
import { onnxModel } from '../../../electron/compute/onnx/model.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { graphName, traceStep } from '../../../electron/compute/trace/trace.ts';
import { methods } from '../../../electron/methods/index.ts';
import { hasNetwork } from '../../../shared/mixed-precision.ts';
import { type Case, inputsOf, networkSteps } from './network-steps.ts';

/** Of every number, relative to the largest of its array: float16 rounds by 1/2048, and a step rounds many times. */
const TOLERANCE = 1e-2;
/** Arrays below are as good as zero: gradients of biases before a normalisation. */
const SMALLEST = 1e-3;
const operators = (graph: Graph): OpValue[] =>
  reachable(Object.values(graph.outputs)).flatMap((v) => (v.kind === 'op' ? [v] : []));
const count = (graph: Graph, name: string, dtype: Value['dtype']): number =>
  operators(graph).filter((v) => v.op === name && v.dtype === dtype).length;
const graphOf = (inputs: Step['inputs'], run: (x: Record<string, tf.Tensor>) => tf.Tensor): Graph =>
  simplify(traceStep({ name: 'a step', variables: {}, inputs, run: (_, x) => ({ outputs: { y: run(x) } }) }));

/**
 * The provider of the processor has no products in float16: it casts around them and drops casts there and back, and with
 * them all rounding. A reshape on either side, which it does have, keeps the casts.
 */
const rounded = (graph: Graph): Graph =>
  mapGraph(graph, (value) =>
    value.kind === 'op' && value.dtype === 'float16'
      ? op('Reshape', [value, integers(value.shape)], value.shape, 'float16')
      : value,
  );

async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(onnxModel(graph), { intraOpNumThreads: 1 });
  const needed = graph.inputs.map(({ name }) => [name, feeds[name]]);
  const results = await session.run(Object.fromEntries(needed));
  await session.release();
  return results as Record<string, Tensor>;
}

/** Two updates, with all steps rewritten: outputs and variables after each. */
async function train(
  { step, initial, first }: Case,
  rewrite: (graph: Graph) => Graph,
): Promise<Record<string, Float32Array>> {
  const variables: Record<string, Tensor> = Object.fromEntries(
    Object.entries(initial).map(([name, { shape, data }]) => [
      graphName.variable(name),
      new Tensor('float32', data, shape),
    ]),
  );
  const found: Record<string, Float32Array> = {};
  for (const [i, each] of [...(first ? [first] : []), step, step].entries()) {
    const inputs = Object.entries(inputsOf(each)).map(([name, data]) => {
      const { shape, dtype = 'float32' } = each.inputs[name];
      return [graphName.input(name), new Tensor(dtype as 'float32', data as Float32Array, shape)];
    });
    const graph = rewrite(simplify(traceStep(each)));
    for (const [name, result] of Object.entries(
      await run(graph, { ...variables, ...Object.fromEntries(inputs) }),
    )) {
      found[`${name}, step ${i}`] = Float32Array.from(result.data as Float32Array);
      for (const key of Object.keys(initial)) {
        if (name === graphName.updated(key)) variables[graphName.variable(key)] = result;
      }
    }
  }
  return found;
}

describe('products in float16', () => {
  const square = { a: { shape: [4, 4] }, b: { shape: [4, 4] } };

  test('take operands that are cast once for all their readers, and give float32 back', () => {
    const before = graphOf(square, ({ a, b }) =>
      tf.add(tf.relu(tf.matMul(a, b)), tf.exp(tf.matMul(b, a, true))),
    );
    const after = halfProducts(before);
    expect(count(after, 'Gemm', 'float16')).toBe(2);
    expect(count(after, 'Gemm', 'float32')).toBe(0);
    expect(count(after, 'Cast', 'float16')).toBe(2);
    expect(count(after, 'Cast', 'float32')).toBe(2);
    expect(count(after, 'ReduceMax', 'float32')).toBe(4);
    const halves = operators(after).filter(({ dtype }) => dtype === 'float16');
    expect([...new Set(halves.map((v) => v.op))].sort()).toEqual(['Cast', 'Gemm']);
    for (const name of ['Relu', 'Exp']) expect(count(after, name, 'float32')).toBe(1);
    expect(after.inputs).toEqual(before.inputs);
  });

  test('leave the bias, and a graph without products, as they are', () => {
    const biased = halfProducts(
      graphOf({ ...square, c: { shape: [4] } }, ({ a, b, c }) => tf.add(tf.matMul(a, b), c)),
    );
    expect(operators(biased).at(-1)).toMatchObject({ op: 'Add', dtype: 'float32', shape: [4, 4] });
    expect(count(biased, 'Gemm', 'float16')).toBe(1);
    const none = graphOf(square, ({ a, b }) => tf.mean(tf.softmax(tf.mul(a, b))));
    expect(operators(halfProducts(none))).toEqual(operators(none));
  });

  test('are those of batches of matrices and of volumes too', () => {
    const batches = { a: { shape: [2, 3, 4] }, b: { shape: [2, 4, 5] } };
    expect(count(halfProducts(graphOf(batches, ({ a, b }) => tf.matMul(a, b))), 'MatMul', 'float16')).toBe(1);
    const volumes = { x: { shape: [1, 3, 4, 4, 2] }, w: { shape: [2, 3, 3, 2, 3] } };
    const graph = graphOf(volumes, ({ x, w }) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'valid'));
    expect(count(halfProducts(graph), 'Conv', 'float16')).toBe(1);
  });

  test('are not sums by segments, nor sums of more terms than float16 can hold', () => {
    const sums = graphOf({ x: { shape: [6, 4] }, ids: { shape: [6], dtype: 'int32' } }, ({ x, ids }) =>
      tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 3),
    );
    expect(count(sums, 'Gemm', 'float32')).toBe(1);
    expect(operators(halfProducts(sums))).toEqual(operators(sums));
    const long = graphOf({ a: { shape: [300_000, 2] }, b: { shape: [300_000, 2] } }, ({ a, b }) =>
      tf.matMul(a, b, true),
    );
    expect(operators(halfProducts(long))).toEqual(operators(long));
  });

  test('keep gradients that are too small, features that are too large and zeros', async () => {
    const graph = rounded(halfProducts(graphOf(square, ({ a, b }) => tf.matMul(a, b))));
    const rows = (scale: number): Tensor =>
      new Tensor(
        'float32',
        Float32Array.from({ length: 16 }, (_, i) => scale * (1 + (i % 3))),
        [4, 4],
      );
    const product = async (a: number, b: number): Promise<number> =>
      (await run(graph, { [graphName.input('a')]: rows(a), [graphName.input('b')]: rows(b) }))[
        graphName.output('y')
      ].data[0] as number;
    // Row 1, 2, 3, 1 by column 1, 2, 3, 1.
    for (const [a, b] of [
      [1, 1],
      [1e-9, 1],
      [1e6, 1e6],
      [1e-12, 1e8],
    ])
      expect((await product(a, b)) / (15 * a * b)).toBeCloseTo(1, 2);
    expect(await product(0, 1)).toBe(0);
  });

  test('are refused on devices that gain nothing, with the way out', async () => {
    for (const name of ['cpu', 'tensorflow']) {
      const opened = openDevice(name, { mixedPrecision: true });
      await expect(opened).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringMatching(`compute on ${name}. .* train without mixed precision`),
      });
    }
  });
});

/** The largest difference, relative to the largest of its array. @throws Error beyond the tolerance. */
function difference(
  found: Record<string, Float32Array>,
  wanted: Record<string, Float32Array>,
  which: (array: string) => boolean = () => true,
): number {
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
  let worst = 0;
  for (const [array, values] of Object.entries(wanted).filter(([name]) => which(name))) {
    const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), SMALLEST);
    for (const [i, value] of values.entries()) {
      const off = Math.abs(found[array][i] - value) / largest;
      if (!(off <= TOLERANCE)) throw new Error(`${array}[${i}] is ${found[array][i]} instead of ${value}`);
      worst = Math.max(worst, off);
    }
  }
  return worst;
}

const half = (graph: Graph): Graph => rounded(halfProducts(graph));
const whole = (graph: Graph): Graph => graph;

/** No network of the list has a convolution whose gradients can be compared: see below. */
function volumeCase(): Case {
  const own = createRandom(5);
  const w = { shape: [2, 3, 3, 2, 3] };
  return {
    step: {
      name: 'volumes',
      variables: { w },
      inputs: { x: { shape: [2, 3, 5, 5, 2] } },
      run(variables, { x }) {
        const { loss, gradients } = differentiate({ w: variables.w, x }, (p) => ({
          loss: tf.mean(tf.square(tf.conv3d(p.x as tf.Tensor5D, p.w as tf.Tensor5D, 1, 'same'))),
        }));
        return { variables: { w: tf.sub(variables.w, gradients.w) }, outputs: { loss, x: gradients.x } };
      },
    },
    initial: { w: { ...w, data: own.fillNormal(new Float32Array(108), 0, 0.2) } },
  };
}

describe('a training step in mixed precision is its float32 step within the digits of float16', () => {
  const { Jigsaw: jigsaw, ...stable } = networkSteps;

  test.each(Object.entries({ ...stable, 'convolution of volumes': volumeCase }))('%s', async (_, make) => {
    const worst = difference(await train(make(), half), await train(make(), whole));
    // Something was rounded, so that something was compared.
    expect(worst).toBeGreaterThan(1e-6);
  });

  // At this size its norms are over few numbers: its float32 gradients move by 8 % when its weights move by 1/2048.
  test('Jigsaw, outputs of the first update', async () => {
    const [found, wanted] = [await train(jigsaw(), half), await train(jigsaw(), whole)];
    const outputs = (array: string): boolean =>
      array.startsWith(graphName.output('')) && array.endsWith('step 0');
    expect(Object.keys(wanted).some(outputs)).toBe(true);
    expect(difference(found, wanted, outputs)).toBeGreaterThan(1e-6);
  }, 120_000);
});

test('methods that the form says have no network are those that need no device', () => {
  for (const [name, { needsDevice }] of Object.entries(methods)) {
    expect([name, hasNetwork(name as keyof typeof methods)]).toEqual([name, needsDevice]);
  }
});
