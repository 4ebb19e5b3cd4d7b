// Sliding windows over the spatial axes of `[N, ...spatial, C]`: what convolutions and pooling are made of.
// Role: one slice per tap of the window, and the way back that sums slices into place. Limits: channels last; taps in
// row-major order of the window.
import { AppError } from '../../../../shared/errors.ts';
import { fill, integers, op, reshape, type Value } from '../../graph/graph.ts';
import { binary } from './elementwise.ts';
import { slice } from './shapes.ts';

/** A window by spatial axis. */
export interface Window {
  size: number[];
  strides: number[];
  dilations: number[];
  /** Padding before the first element. */
  before: number[];
  /** Elements of the input and of the result. */
  from: number[];
  to: number[];
}

type PadInfo = { front?: number; top: number; left: number };

/** The window of what TF.js has found out about a convolution or pooling of two or three spatial axes. */
export function windowOf(info: {
  inDepth?: number;
  inHeight: number;
  inWidth: number;
  outDepth?: number;
  outHeight: number;
  outWidth: number;
  strideDepth?: number;
  strideHeight: number;
  strideWidth: number;
  dilationDepth?: number;
  dilationHeight: number;
  dilationWidth: number;
  filterDepth?: number;
  filterHeight: number;
  filterWidth: number;
  padInfo: PadInfo;
  dataFormat: 'channelsFirst' | 'channelsLast';
}): Window {
  if (info.dataFormat === 'channelsFirst') {
    throw new AppError(
      'unsupported',
      'Convolutions and pooling with channels first cannot be traced; put them last.',
    );
  }
  // What TF.js calls depth is the number of channels, unless there is a third spatial axis.
  const deep = info.filterDepth !== undefined;
  const axes = (depth: number | undefined, height: number, width: number): number[] =>
    deep ? [depth!, height, width] : [height, width];
  return {
    size: axes(info.filterDepth, info.filterHeight, info.filterWidth),
    strides: axes(info.strideDepth, info.strideHeight, info.strideWidth),
    dilations: axes(info.dilationDepth, info.dilationHeight, info.dilationWidth),
    before: axes(info.padInfo.front, info.padInfo.top, info.padInfo.left),
    from: axes(info.inDepth, info.inHeight, info.inWidth),
    to: axes(info.outDepth, info.outHeight, info.outWidth),
  };
}

/** Elements of the padded input that any tap reaches, by axis. */
const reach = ({ size, strides, dilations, to }: Window): number[] =>
  size.map((n, i) => (to[i] - 1) * strides[i] + (n - 1) * dilations[i] + 1);

/** Offsets of all taps, by axis. */
function offsets({ size, dilations }: Window): number[][] {
  return size.reduce<number[][]>(
    (all, n, i) => all.flatMap((at) => Array.from({ length: n }, (_, j) => [...at, j * dilations[i]])),
    [[]],
  );
}

function pad(x: Value, before: readonly number[], after: readonly number[], value: number): Value {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const shape = x.shape.map((n, i) => n + before[i] + after[i]);
  // Negative padding takes away, in ONNX too.
  return op('Pad', [x, integers([...before, ...after]), fill(value, [], x.dtype)], shape, x.dtype);
}

/** One `[N, ...to, C]` per tap of `x` `[N, ...from, C]`; beyond the borders lies `value`. */
export function taps(x: Value, window: Window, value: number): Value[] {
  const { before, from, to, strides } = window;
  const after = reach(window).map((n, i) => n - from[i] - before[i]);
  const padded = pad(x, [0, ...before, 0], [0, ...after, 0], value);
  const [samples, channels] = [x.shape[0], x.shape.at(-1)!];
  return offsets(window).map((at) =>
    slice(
      padded,
      [0, ...at, 0],
      [samples, ...at.map((offset, i) => offset + (to[i] - 1) * strides[i] + 1), channels],
      [1, ...strides, 1],
    ),
  );
}

/** `x` with `stride - 1` zeros between neighbours along an axis. */
function spread(x: Value, axis: number, stride: number): Value {
  if (stride === 1) return x;
  const split = reshape(x, x.shape.toSpliced(axis + 1, 0, 1));
  const none = split.shape.map(() => 0);
  const zeros = pad(split, none, none.with(axis + 1, stride - 1), 0);
  const longer = x.shape.with(axis, x.shape[axis] * stride);
  const end = longer.with(axis, (x.shape[axis] - 1) * stride + 1);
  return slice(
    reshape(zeros, longer),
    longer.map(() => 0),
    end,
  );
}

/** The transposed way of `taps`: sums one `[N, ...to, C]` per tap into `[N, ...from, C]`. */
export function untaps(parts: readonly Value[], window: Window): Value {
  const { before, from, strides } = window;
  const all = reach(window);
  const at = offsets(window);
  const placed = parts.map((part, j) => {
    const wide = strides.reduce((x, stride, i) => spread(x, i + 1, stride), part);
    const after = all.map((n, i) => n - at[j][i] - wide.shape[i + 1]);
    return pad(wide, [0, ...at[j], 0], [0, ...after, 0], 0);
  });
  const sum = placed.reduce((total, x) => binary('Add', total, x));
  return pad(sum, [0, ...before.map((n) => -n), 0], [0, ...all.map((n, i) => from[i] + before[i] - n), 0], 0);
}
