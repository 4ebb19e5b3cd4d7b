// Every kernel of the tracer that works on elements, shapes, reductions and matrices, values and gradients, on ONNX
// Runtime against TF.js' own cpu backend.
import * as tf from '@tensorflow/tfjs-core';
import { checkKernels, type Kernel } from './check-kernels.ts';

const x = { x: [3, 4] };
const ab = { a: [3, 4], b: [3, 4] };
const row = { a: [3, 4], b: [4] };
const column = { a: [3, 1], b: [2, 3, 4] };
const positive: [number, number] = [0.2, 3];

const kernels: Record<string, Kernel> = {
  abs: { over: x, f: (t) => tf.abs(t.x!) },
  ceil: { over: x, f: (t) => tf.ceil(t.x!) },
  cos: { over: x, f: (t) => tf.cos(t.x!) },
  erf: { over: x, f: (t) => tf.erf(t.x!) },
  exp: { over: x, f: (t) => tf.exp(t.x!) },
  expm1: { over: x, f: (t) => tf.expm1(t.x!) },
  floor: { over: x, f: (t) => tf.floor(t.x!) },
  log: { over: x, range: positive, f: (t) => tf.log(t.x!) },
  log1p: { over: x, range: positive, f: (t) => tf.log1p(t.x!) },
  neg: { over: x, f: (t) => tf.neg(t.x!) },
  reciprocal: { over: x, range: positive, f: (t) => tf.reciprocal(t.x!) },
  relu: { over: x, f: (t) => tf.relu(t.x!) },
  relu6: { over: x, range: [-2, 9], f: (t) => tf.relu6(t.x!) },
  round: { over: x, f: (t) => tf.round(t.x!) },
  rsqrt: { over: x, range: positive, f: (t) => tf.rsqrt(t.x!) },
  sigmoid: { over: x, f: (t) => tf.sigmoid(t.x!) },
  sign: { over: x, f: (t) => tf.sign(t.x!) },
  sin: { over: x, f: (t) => tf.sin(t.x!) },
  softplus: { over: x, f: (t) => tf.softplus(t.x!) },
  sqrt: { over: x, range: positive, f: (t) => tf.sqrt(t.x!) },
  square: { over: x, f: (t) => tf.square(t.x!) },
  tanh: { over: x, f: (t) => tf.tanh(t.x!) },
  step: { over: x, f: (t) => tf.step(t.x!) },
  'step with a slope': { over: x, f: (t) => tf.step(t.x!, 0.3) },
  elu: { over: x, f: (t) => tf.elu(t.x!) },
  'leaky relu': { over: x, f: (t) => tf.leakyRelu(t.x!, 0.01) },
  prelu: { over: { x: [3, 4], alpha: [4] }, f: (t) => tf.prelu(t.x!, t.alpha!) },
  clip: { over: x, f: (t) => tf.clipByValue(t.x!, -1, 0.5) },
  'is nan': {
    over: x,
    range: positive,
    f: (t) => tf.cast(tf.isNaN(tf.log(tf.sub(t.x!, 1))), 'float32'),
    gradient: false,
  },
  add: { over: ab, f: (t) => tf.add(t.a!, t.b!) },
  'add a row': { over: row, f: (t) => tf.add(t.a!, t.b!) },
  'add a column': { over: column, f: (t) => tf.add(t.a!, t.b!) },
  'add many': { over: ab, f: (t) => tf.addN([t.a!, t.b!, t.a!]) },
  sub: { over: row, f: (t) => tf.sub(t.b!, t.a!) },
  mul: { over: column, f: (t) => tf.mul(t.a!, t.b!) },
  div: { over: ab, range: positive, f: (t) => tf.div(t.a!, t.b!) },
  max: { over: ab, f: (t) => tf.maximum(t.a!, t.b!) },
  min: { over: ab, f: (t) => tf.minimum(t.a!, t.b!) },
  pow: { over: ab, range: positive, f: (t) => tf.pow(t.a!, t.b!) },
  'squared by pow': { over: x, f: (t) => tf.pow(t.x!, 2) },
  'squared difference': { over: ab, f: (t) => tf.squaredDifference(t.a!, t.b!) },
  'integer division': {
    over: {},
    with: { i: { shape: [4], dtype: 'int32' } },
    f: (t) => tf.div(t.i!, tf.scalar(2, 'int32')),
    gradient: false,
  },
  comparisons: {
    over: { a: [3, 4] },
    with: { i: { shape: [3, 4], dtype: 'int32' }, j: { shape: [3, 4], dtype: 'int32' } },
    f: (t) => [
      tf.equal(t.i!, t.j!),
      tf.notEqual(t.i!, t.j!),
      tf.greater(t.i!, t.j!),
      tf.greaterEqual(t.i!, t.j!),
      tf.less(t.i!, t.j!),
      tf.lessEqual(t.i!, t.j!),
      tf.greater(t.a!, 0),
    ],
    gradient: false,
  },
  logic: {
    over: {},
    with: { p: { shape: [8], dtype: 'bool' }, q: { shape: [8], dtype: 'bool' } },
    f: (t) => [
      tf.logicalAnd(t.p!, t.q!),
      tf.logicalOr(t.p!, t.q!),
      tf.logicalXor(t.p!, t.q!),
      tf.logicalNot(t.p!),
    ],
    gradient: false,
  },
  where: {
    over: ab,
    with: { p: { shape: [3, 4], dtype: 'bool' } },
    f: (t) => tf.where(t.p!, t.a!, t.b!),
  },
  casts: {
    over: x,
    with: { i: { shape: [4], dtype: 'int32' } },
    f: (t) => [tf.cast(t.x!, 'int32'), tf.cast(t.x!, 'bool'), tf.cast(t.i!, 'float32')],
    gradient: false,
  },
  reshape: { over: x, f: (t) => tf.reshape(t.x!, [2, -1]) },
  'reshape to a scalar': { over: { x: [1, 1] }, f: (t) => tf.reshape(t.x!, []) },
  'expand dims': { over: x, f: (t) => tf.expandDims(t.x!, -1) },
  transpose: { over: { x: [2, 3, 4] }, f: (t) => tf.transpose(t.x!, [2, 0, 1]) },
  concat: { over: { a: [2, 3], b: [2, 5] }, f: (t) => tf.concat([t.a!, t.b!], 1) },
  stack: { over: ab, f: (t) => tf.stack([t.a!, t.b!], 1) },
  unstack: { over: x, f: (t) => tf.mul(tf.unstack(t.x!, 1)[1]!, tf.unstack(t.x!, 1)[3]!) },
  split: {
    over: { x: [3, 6] },
    f: (t) => tf.mul(tf.split(t.x!, 2, 1)[0]!, tf.split(t.x!, [1, 2, 3], 1)[2]!),
  },
  slice: { over: { x: [4, 5] }, f: (t) => tf.slice(t.x!, [1, 2], [2, -1]) },
  pad: {
    over: x,
    f: (t) =>
      tf.pad(
        t.x!,
        [
          [1, 0],
          [2, 3],
        ],
        0,
      ),
  },
  tile: { over: x, f: (t) => tf.tile(t.x!, [2, 3]) },
  'broadcast to': { over: { x: [3, 1] }, f: (t) => tf.broadcastTo(t.x!, [2, 3, 4]) },
  reverse: { over: x, f: (t) => tf.reverse(t.x!, [1]) },
  gather: {
    over: { x: [3, 4] },
    with: { i: { shape: [5], dtype: 'int32' } },
    f: (t) => tf.gather(t.x!, t.i as tf.Tensor1D, 0),
  },
  'gather columns': {
    over: { x: [2, 3, 4] },
    with: { i: { shape: [5], dtype: 'int32' } },
    f: (t) => tf.gather(t.x!, t.i as tf.Tensor1D, 1),
  },
  sum: { over: { x: [2, 3, 4] }, f: (t) => tf.sum(t.x!, [0, 2]) },
  'sum of all': { over: x, f: (t) => tf.sum(t.x!) },
  'sum with kept axes': { over: x, f: (t) => tf.sum(t.x!, 1, true) },
  'sum of truths': {
    over: {},
    with: { p: { shape: [8], dtype: 'bool' } },
    f: (t) => tf.sum(t.p!),
    gradient: false,
  },
  mean: { over: { x: [2, 3, 4] }, f: (t) => tf.mean(t.x!, 1) },
  // Its gradient uses the chained operations of TF.js, which the product does not load.
  prod: { over: x, f: (t) => tf.prod(t.x!, 1), gradient: false },
  'max of a row': { over: x, f: (t) => tf.max(t.x!, 1) },
  'min of all': { over: x, f: (t) => tf.min(t.x!) },
  'all and any': {
    over: {},
    with: { p: { shape: [3, 2], dtype: 'bool' } },
    f: (t) => [tf.all(t.p!, 1), tf.any(t.p!, 0)],
    gradient: false,
  },
  'arg max': { over: x, f: (t) => [tf.argMax(t.x!, 1), tf.argMin(t.x!, 0)], gradient: false },
  softmax: { over: x, f: (t) => tf.softmax(t.x!) },
  'log softmax': { over: x, f: (t) => tf.logSoftmax(t.x!) },
  'cumulative sum': { over: x, f: (t) => tf.cumsum(t.x!, 1) },
  'reversed exclusive cumulative sum': { over: x, f: (t) => tf.cumsum(t.x!, 1, true, true) },
  matmul: { over: { a: [3, 4], b: [4, 2] }, f: (t) => tf.matMul(t.a!, t.b!) },
  'matmul, first transposed': {
    over: { a: [4, 3], b: [4, 2] },
    f: (t) => tf.matMul(t.a!, t.b!, true, false),
  },
  'matmul, second transposed': {
    over: { a: [3, 4], b: [2, 4] },
    f: (t) => tf.matMul(t.a!, t.b!, false, true),
  },
  'matmul, both transposed': { over: { a: [4, 3], b: [2, 4] }, f: (t) => tf.matMul(t.a!, t.b!, true, true) },
  'batch matmul': { over: { a: [2, 3, 4], b: [2, 4, 5] }, f: (t) => tf.matMul(t.a!, t.b!) },
  'batch matmul, both transposed': {
    over: { a: [2, 4, 3], b: [2, 5, 4] },
    f: (t) => tf.matMul(t.a!, t.b!, true, true),
  },
  'one matrix for a batch': {
    over: { a: [2, 3, 4], b: [1, 5, 4] },
    f: (t) => tf.matMul(t.a!, t.b!, false, true),
    // TF.js does not sum the gradient over the batch.
    gradient: false,
  },
  'fills, zeros, ones, ranges': {
    over: x,
    f: (t) => [
      tf.add(tf.fill([3, 4], 2.5), t.x!),
      tf.concat([tf.fill([30, 4], 1.5), t.x!], 0),
      tf.add(tf.zerosLike(t.x!), tf.onesLike(t.x!)),
      tf.mul(tf.range(0, 4, 1, 'float32'), t.x!),
    ],
    gradient: false,
  },
  'constants that are not uniform': { over: x, f: (t) => tf.mul(t.x!, tf.tensor1d([1, 2, 3, 4])) },
};

checkKernels(kernels);
