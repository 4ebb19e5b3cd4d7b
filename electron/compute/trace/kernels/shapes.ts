// Kernels that move elements without calculating: reshape, transpose, concat, slice, pad, mirror, gather, tile.
import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import { AppError } from '../../../../shared/errors.ts';
import { mirroredPlaces, stridedSlice } from '../../gradients.ts';
import {
  constant,
  fill,
  integers,
  op,
  reshape,
  sameShape,
  sizeOf,
  transpose,
  type Value,
} from '../../graph/graph.ts';
import { cast } from './elementwise.ts';
import { kernel } from './register.ts';

export function slice(
  x: Value,
  begin: readonly number[],
  end: readonly number[],
  strides?: readonly number[],
): Value {
  const steps = strides ?? begin.map(() => 1);
  const shape = begin.map((b, i) => Math.max(0, Math.ceil((end[i]! - b) / steps[i]!)));
  const axes = integers(begin.map((_, i) => i));
  return op('Slice', [x, integers(begin), integers(end), axes, integers(steps)], shape, x.dtype);
}

export function concat(parts: Value[], axis: number): Value {
  const shape = backend_util.computeOutShape(
    parts.map((p) => [...p.shape]),
    axis,
  );
  return parts.length === 1 ? parts[0]! : op('Concat', parts, shape, parts[0]!.dtype, { axis });
}

function partsAlong(x: Value, axis: number, sizes: readonly number[]): Value[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    const end = x.shape.map((n, i) => (i === axis ? start + size : n));
    start += size;
    return slice(x, begin, end);
  });
}

export function registerShapes(): void {
  kernel('Identity', ({ x }) => x!);
  kernel<{ shape: number[] }>('Reshape', ({ x }, { shape }) =>
    reshape(x!, util.inferFromImplicitShape(shape, sizeOf(x!.shape))),
  );
  kernel<{ dim: number }>('ExpandDims', ({ input }, { dim }) => {
    const at = dim < 0 ? input!.shape.length + dim + 1 : dim;
    return reshape(input!, input!.shape.toSpliced(at, 0, 1));
  });
  kernel<{ perm: number[] }>('Transpose', ({ x }, { perm }) => transpose(x!, perm));
  kernel<{ axis: number }>('Concat', (operands, { axis }) => {
    const parts = Object.values(operands);
    return concat(parts, util.parseAxisParam(axis, [...parts[0]!.shape])[0]!);
  });
  kernel<{ axis: number }>('Pack', (operands, { axis }) => {
    const parts = Object.values(operands);
    const at = axis < 0 ? parts[0]!.shape.length + axis + 1 : axis;
    return concat(
      parts.map((p) => reshape(p, p.shape.toSpliced(at, 0, 1))),
      at,
    );
  });
  kernel<{ axis: number }>('Unpack', ({ value }, { axis }) => {
    const at = util.parseAxisParam(axis, [...value!.shape])[0]!;
    const shape = value!.shape.toSpliced(at, 1);
    return partsAlong(value!, at, Array<number>(value!.shape[at]!).fill(1)).map((p) => reshape(p, shape));
  });
  kernel<{ numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    ({ x }, { numOrSizeSplits, axis }) => {
      const at = util.parseAxisParam(axis, [...x!.shape])[0]!;
      const shape = { shape: [...x!.shape] };
      return partsAlong(
        x!,
        at,
        backend_util.prepareSplitSize(
          shape as Parameters<typeof backend_util.prepareSplitSize>[0],
          numOrSizeSplits,
          at,
        ),
      );
    },
  );
  kernel<{ begin: number | number[]; size: number | number[] }>('Slice', ({ x }, { begin, size }) => {
    const like = x as unknown as Parameters<typeof slice_util.parseSliceParams>[0];
    const [start, sizes] = slice_util.parseSliceParams(like, begin, size) as [number[], number[]];
    return slice(
      x!,
      start,
      start.map((b, i) => b + sizes[i]!),
    );
  });
  kernel<{ paddings: Array<[number, number]>; constantValue: number }>(
    'PadV2',
    ({ x }, { paddings, constantValue }) => {
      if (paddings.every(([before, after]) => before === 0 && after === 0)) return x!;
      const shape = x!.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]);
      const pads = integers([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])]);
      return op('Pad', [x!, pads, fill(constantValue, [], x!.dtype)], shape, x!.dtype);
    },
  );
  kernel<{ paddings: Array<[number, number]>; mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    ({ x }, { paddings, mode }) =>
      paddings.reduce((padded, [before, after], axis) => {
        if (before === 0 && after === 0) return padded;
        const places = Int32Array.from(mirroredPlaces(x!.shape[axis], [before, after], mode));
        const shape = padded.shape.with(axis, places.length);
        return op('Gather', [padded, constant(places, [places.length], 'int32')], shape, x!.dtype, { axis });
      }, x!),
  );
  kernel<Parameters<typeof stridedSlice>[1]>('StridedSlice', ({ x }, attributes) => {
    const { begin, strides, counts, shape } = stridedSlice(x!.shape, attributes);
    // ONNX counts a negative end from the back: "before the first element" is written as a very negative one.
    const end = begin.map((b, i) => b + counts[i] * strides[i]).map((e) => (e < 0 ? -0x7fffffff : e));
    const operands = [begin, end, begin.map((_, i) => i), strides].map(integers);
    return reshape(op('Slice', [x!, ...operands], counts, x!.dtype), shape);
  });
  kernel<{ reps: number[] }>('Tile', ({ x }, { reps }) =>
    op(
      'Tile',
      [x!, integers(reps)],
      x!.shape.map((n, i) => n * reps[i]!),
      x!.dtype,
    ),
  );
  kernel<{ shape: number[] }>('BroadcastTo', ({ x }, { shape }) =>
    sameShape(shape, x!.shape) ? x! : op('Expand', [x!, integers(shape)], shape, x!.dtype),
  );
  kernel<{ dims: number | number[] }>('Reverse', ({ x }, { dims }) => {
    const axes = util.parseAxisParam(dims, [...x!.shape]);
    if (axes.length === 0) return x!;
    // From the last element to "before the first", which ONNX writes as a very negative end.
    const operands = [axes.map(() => -1), axes.map(() => -0x7fffffff), axes, axes.map(() => -1)].map(
      integers,
    );
    return op('Slice', [x!, ...operands], x!.shape, x!.dtype);
  });
  kernel<{ axis: number; batchDims: number }>('GatherV2', ({ x, indices }, { axis, batchDims }) => {
    if (batchDims)
      throw new AppError('internal', 'gather with batchDims cannot be traced; gather along one axis.');
    const at = util.parseAxisParam(axis, [...x!.shape])[0]!;
    const shape = [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at + 1)];
    return op('Gather', [x!, cast(indices!, 'int32')], shape, x!.dtype, { axis: at });
  });
  kernel<{ numSegments: number }>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }) => {
    // A product with the one-hot matrix of the ids: sums in a fixed order, unlike a scatter.
    const rows = sizeOf(segmentIds!.shape);
    const columns = sizeOf(x!.shape) / rows;
    const ids = reshape(segmentIds!, [1, rows]);
    const all = constant(
      Int32Array.from({ length: numSegments }, (_, i) => i),
      [numSegments, 1],
      'int32',
    );
    const oneHot = cast(op('Equal', [ids, all], [numSegments, rows], 'bool'), 'float32');
    const sums = op('Gemm', [oneHot, reshape(x!, [rows, columns])], [numSegments, columns], 'float32');
    return reshape(sums, [numSegments, ...x!.shape.slice(segmentIds!.shape.length)]);
  });
}
