// Kernels that choose elements by value or index, and the gradients that TF.js lacks, on ONNX Runtime against TF.js' own
// cpu backend; the gradients also against what they must be.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { checkKernels } from './check-kernels.ts';

const points = { i: { shape: [5, 2], dtype: 'int32' as const } };

checkKernels({
  'top k': { over: { x: [3, 6] }, f: (t) => tf.topk(t.x, 2).values },
  'top k of a vector': { over: { x: [7] }, f: (t) => tf.topk(t.x, 7).values },
  'top k, indices': { over: { x: [2, 3, 5] }, f: (t) => tf.topk(t.x, 3).indices, gradient: false },
  'top k among equals': {
    over: {},
    with: { i: { shape: [4, 9], dtype: 'int32' } },
    f: (t) => [tf.topk(t.i, 4).values, tf.topk(t.i, 4).indices],
    gradient: false,
  },
  'gather of points': { over: { x: [3, 4] }, with: points, f: (t) => tf.gatherND(t.x, t.i) },
  'gather of rows of points': { over: { x: [3, 3, 4] }, with: points, f: (t) => tf.gatherND(t.x, t.i) },
  'scatter to points': {
    over: { u: [5, 4] },
    with: points,
    f: (t) => tf.scatterND(t.i, t.u, [3, 3, 4]),
  },
  'one-hot rows': {
    over: {},
    with: { i: { shape: [2, 4], dtype: 'int32' } },
    f: (t) => [tf.oneHot(t.i, 4), tf.oneHot(tf.reshape(t.i, [8]), 2, 5, -1)],
    gradient: false,
  },
  'segment sums': {
    over: { x: [5, 3] },
    with: { i: { shape: [5], dtype: 'int32' } },
    f: (t) => tf.unsortedSegmentSum(t.x, t.i as tf.Tensor1D, 4),
  },
  'strided slice': { over: { x: [5, 7] }, f: (t) => tf.stridedSlice(t.x, [1, 0], [5, 7], [2, 3]) },
  'strided slice, backwards': {
    over: { x: [5, 7] },
    f: (t) => tf.stridedSlice(t.x, [4, 6], [0, 0], [-1, -2], 0, 0b01),
  },
  // Steps of 1: TF.js' own backend reads the wrong elements where a longer step meets a dropped axis.
  'strided slice that drops an axis': {
    over: { x: [4, 5, 2] },
    f: (t) => tf.stridedSlice(t.x, [1, 0, 1], [3, 5, 2], [1, 1, 1], 0, 0, 0, 0, 0b100),
  },
  'reverse of two axes': { over: { x: [3, 4, 2] }, f: (t) => tf.reverse(t.x, [0, 2]) },
  'mirror, border left out': {
    over: { x: [4, 5] },
    f: (t) =>
      tf.mirrorPad(
        t.x,
        [
          [2, 3],
          [0, 4],
        ],
        'reflect',
      ),
  },
  'mirror, border repeated': {
    over: { x: [2, 4, 3] },
    f: (t) =>
      tf.mirrorPad(
        t.x,
        [
          [0, 0],
          [3, 4],
          [1, 2],
        ],
        'symmetric',
      ),
  },
  'batch norm at test': {
    over: { x: [4, 3], m: [3], s: [3], o: [3] },
    with: { i: { shape: [3], dtype: 'int32' } },
    f: (t) =>
      tf.batchNorm(
        t.x,
        t.m as tf.Tensor1D,
        tf.add(tf.cast(t.i, 'float32'), 0.5) as tf.Tensor1D,
        t.o as tf.Tensor1D,
        t.s as tf.Tensor1D,
        1e-5,
      ),
  },
  'batch norm without scale and shift': {
    over: { x: [4, 3], m: [3] },
    f: (t) => tf.batchNorm(t.x, t.m as tf.Tensor1D, tf.tensor1d([0.5, 1, 2])),
    gradient: false,
  },
});

test('gradients that TF.js lacks send each element back to where it came from', async () => {
  const device = await openDevice('cpu', { threads: 1 });
  const step = await device.compile(
    {
      name: 'gradients',
      variables: {},
      inputs: { x: { shape: [4] } },
      run(_, { x }) {
        const by = (f: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
          differentiate({ x }, (p) => {
            const y = f(p.x);
            return { loss: tf.sum(tf.mul(y, tf.range(1, y.size + 1, 1, 'float32'))) };
          }).gradients.x;
        return {
          outputs: {
            top: by((v) => tf.topk(v, 3).values),
            slice: by((v) => tf.stridedSlice(v, [3], [0], [-2])),
            mirror: by((v) => tf.mirrorPad(v, [[2, 1]], 'reflect')),
          },
        };
      },
    },
    device.variables({}),
  );
  const { top, slice, mirror } = await step.run({ x: Float32Array.of(5, 1, 7, 5) });
  // Largest 7, then the first 5, then the second.
  expect([...top]).toEqual([2, 0, 1, 3]);
  expect([...slice]).toEqual([0, 2, 0, 1]);
  // Elements 2 1 0 1 2 3 2 with weights 1 to 7.
  expect([...mirror]).toEqual([3, 2 + 4, 1 + 5 + 7, 6]);
  await device.dispose();
});
