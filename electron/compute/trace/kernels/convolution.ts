// Convolutions in two and three dimensions and their gradients, and depthwise ones.
// Role: convolutions as one matrix product over unfolded windows, which the CPU runs faster than small convolutions;
// those of volumes as ONNX's own operator, because unfolded volumes fill the memory (27 copies for 3 x 3 x 3).
// Limits: channels last, one group; TF.js gives no gradient for dilated ones (nets have a layer of their own for these).
import { backend_util } from '@tensorflow/tfjs-core';
import { integers, op, reshape, sizeOf, transpose, type Value } from '../../graph/graph.ts';
import { binary } from './elementwise.ts';
import { gemm } from './matmul.ts';
import { kernel } from './register.ts';
import { concat, slice } from './shapes.ts';
import { taps, untaps, type Window, windowOf } from './windows.ts';

type Quad = [number, number, number, number];
type Quint = [number, number, number, number, number];
type Pad = 'same' | 'valid' | number;

interface Attributes {
  strides: [number, number] | number;
  pad: Pad | Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
interface Attributes3 {
  strides: [number, number, number] | number;
  pad: Pad;
  dilations?: [number, number, number] | number;
}

function window2(
  input: readonly number[],
  filter: readonly number[],
  a: Attributes,
  depthwise = false,
): Window {
  const format = backend_util.convertConv2DDataFormat(a.dataFormat ?? 'NHWC');
  return windowOf(
    backend_util.computeConv2DInfo(
      input as Quad,
      filter as Quad,
      a.strides,
      a.dilations ?? 1,
      a.pad,
      a.dimRoundingMode,
      depthwise,
      format,
    ),
  );
}

function window3(input: readonly number[], filter: readonly number[], a: Attributes3): Window {
  return windowOf(
    backend_util.computeConv3DInfo(input as Quint, filter as Quint, a.strides, a.dilations ?? 1, a.pad),
  );
}

/** One row per place of the result: all that the window sees there, tap after tap. */
function unfolded(x: Value, window: Window): Value {
  const channels = x.shape.at(-1)!;
  const columns = concat(taps(x, window, 0), x.shape.length - 1);
  return reshape(columns, [x.shape[0] * sizeOf(window.to), sizeOf(window.size) * channels]);
}

/** A filter `[...size, in, out]` as `[taps * in, out]`. */
function flat(filter: Value): Value {
  const outputs = filter.shape.at(-1)!;
  return reshape(filter, [sizeOf(filter.shape) / outputs, outputs]);
}

const rowsOf = (x: Value): Value => reshape(x, [sizeOf(x.shape) / x.shape.at(-1)!, x.shape.at(-1)!]);

/** Whether ONNX's own convolution takes the place of unfolding. */
const isPlainVolume = ({ size, strides, dilations }: Window): boolean =>
  size.length === 3 && [...strides, ...dilations].every((n) => n === 1);

/** ONNX's convolution `[N, C, ...from]` by `[O, C, ...size]`, padded by `before`, to `[N, O, ...to]`. */
function ownConvolution(x: Value, kernel: Value, before: readonly number[], to: readonly number[]): Value {
  const [from, size] = [x.shape.slice(2), kernel.shape.slice(2)];
  const after = to.map((n, i) => n + size[i] - 1 - from[i] - before[i]);
  return op('Conv', [x, kernel], [x.shape[0], kernel.shape[0], ...to], 'float32', {
    kernel_shape: size,
    pads: [...before, ...after],
  });
}

const channelsFirst = (x: Value): Value => transpose(x, [0, 4, 1, 2, 3]);
const channelsLast = (x: Value): Value => transpose(x, [0, 2, 3, 4, 1]);

/** A filter `[t, h, w, in, out]` read backwards along its three axes. */
function backwards(filter: Value): Value {
  const axes = [0, 1, 2];
  const all = (value: number): Value => integers(axes.map(() => value));
  return op('Slice', [filter, all(-1), all(-(2 ** 31)), integers(axes), all(-1)], filter.shape);
}

function convolveVolume(x: Value, filter: Value, { before, to }: Window): Value {
  return channelsLast(ownConvolution(channelsFirst(x), transpose(filter, [4, 3, 0, 1, 2]), before, to));
}

/** The gradient of samples is a convolution by the filter read backwards, with in and out exchanged. */
function volumeInputGradient(dy: Value, filter: Value, { size, before, from }: Window): Value {
  const kernel = transpose(backwards(filter), [3, 4, 0, 1, 2]);
  const around = before.map((n, i) => size[i] - 1 - n);
  return channelsLast(ownConvolution(channelsFirst(dy), kernel, around, from));
}

/** One product per tap: as fast as any other way measured, and only one shifted copy is there at a time. */
function volumeFilterGradient(x: Value, dy: Value, window: Window, shape: readonly number[]): Value {
  const rows = rowsOf(dy);
  const products = taps(x, window, 0).map((tap) => gemm(rowsOf(tap), rows, true, false));
  return reshape(concat(products, 0), shape);
}

function convolve(x: Value, filter: Value, window: Window): Value {
  if (isPlainVolume(window)) return convolveVolume(x, filter, window);
  const product = gemm(unfolded(x, window), flat(filter), false, false);
  return reshape(product, [x.shape[0], ...window.to, filter.shape.at(-1)!]);
}

function filterGradient(x: Value, dy: Value, window: Window, shape: readonly number[]): Value {
  if (isPlainVolume(window)) return volumeFilterGradient(x, dy, window, shape);
  return reshape(gemm(unfolded(x, window), rowsOf(dy), true, false), shape);
}

function inputGradient(dy: Value, filter: Value, window: Window): Value {
  if (isPlainVolume(window)) return volumeInputGradient(dy, filter, window);
  const channels = filter.shape.at(-2)!;
  const columns = gemm(rowsOf(dy), flat(filter), false, true);
  const rows = columns.shape[0];
  const parts = Array.from({ length: sizeOf(window.size) }, (_, j) =>
    reshape(slice(columns, [0, j * channels], [rows, (j + 1) * channels]), [
      dy.shape[0],
      ...window.to,
      channels,
    ]),
  );
  return untaps(parts, window);
}

/** The weights `[in, multiplier]` of one tap of a depthwise filter `[h, w, in, multiplier]`. */
function tapOf(filter: Value, j: number): Value {
  const [height, width, inputs, multiplier] = filter.shape as Quad;
  const all = reshape(filter, [height * width, inputs, multiplier]);
  return reshape(slice(all, [j, 0, 0], [j + 1, inputs, multiplier]), [inputs, multiplier]);
}

const sumOf = (x: Value, axes: number[], shape: readonly number[]): Value =>
  op('ReduceSum', [x, integers(axes)], shape, x.dtype, { keepdims: 0 });

function registerDepthwise(): void {
  kernel<Attributes>('DepthwiseConv2dNative', ({ x, filter }, a) => {
    const window = window2(x!.shape, filter!.shape, a, true);
    const [inputs, multiplier] = filter!.shape.slice(2);
    const products = taps(x!, window, 0).map((tap, j) =>
      binary('Mul', reshape(tap, [...tap.shape, 1]), tapOf(filter!, j)),
    );
    const sum = products.reduce((total, p) => binary('Add', total, p));
    return reshape(sum, [x!.shape[0], ...window.to, inputs * multiplier]);
  });
  kernel<Attributes & { inputShape: Quad }>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ dy, filter }, { inputShape, ...a }) => {
      const window = window2(inputShape, filter!.shape, a, true);
      const [inputs, multiplier] = filter!.shape.slice(2);
      const shape = [inputShape[0], ...window.to, inputs];
      const perInput = reshape(dy!, [...shape, multiplier]);
      const parts = Array.from({ length: sizeOf(window.size) }, (_, j) =>
        sumOf(binary('Mul', perInput, tapOf(filter!, j)), [4], shape),
      );
      return untaps(parts, window);
    },
  );
  kernel<Attributes & { filterShape: Quad }>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ x, dy }, { filterShape, ...a }) => {
      const window = window2(x!.shape, filterShape, a, true);
      const [, , inputs, multiplier] = filterShape;
      const perInput = reshape(dy!, [x!.shape[0], ...window.to, inputs, multiplier]);
      const sums = taps(x!, window, 0).map((tap) => {
        const product = binary('Mul', reshape(tap, [...tap.shape, 1]), perInput);
        return reshape(sumOf(product, [0, 1, 2], [inputs, multiplier]), [1, inputs, multiplier]);
      });
      return reshape(concat(sums, 0), filterShape);
    },
  );
}

export function registerConvolution(): void {
  kernel<Attributes>('Conv2D', ({ x, filter }, a) =>
    convolve(x!, filter!, window2(x!.shape, filter!.shape, a)),
  );
  kernel<Attributes & { inputShape: Quad }>('Conv2DBackpropInput', ({ dy, filter }, { inputShape, ...a }) =>
    inputGradient(dy!, filter!, window2(inputShape, filter!.shape, a)),
  );
  kernel<Attributes & { filterShape: Quad }>('Conv2DBackpropFilter', ({ x, dy }, { filterShape, ...a }) =>
    filterGradient(x!, dy!, window2(x!.shape, filterShape, a), filterShape),
  );
  kernel<Attributes3>('Conv3D', ({ x, filter }, a) =>
    convolve(x!, filter!, window3(x!.shape, filter!.shape, a)),
  );
  kernel<Attributes3 & { inputShape: Quint }>(
    'Conv3DBackpropInputV2',
    ({ dy, filter }, { inputShape, ...a }) =>
      inputGradient(dy!, filter!, window3(inputShape, filter!.shape, a)),
  );
  kernel<Attributes3 & { filterShape: Quint }>('Conv3DBackpropFilterV2', ({ x, dy }, { filterShape, ...a }) =>
    filterGradient(x!, dy!, window3(x!.shape, filterShape, a), filterShape),
  );
  registerDepthwise();
}
