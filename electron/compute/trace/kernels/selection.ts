// Kernels that choose elements by value or by index: top-k, gather and scatter of single elements, one-hot rows.
import { constant, fill, integers, op, reshape, sizeOf, type Value } from '../../graph/graph.ts';
import { cast, select } from './elementwise.ts';
import { kernel } from './register.ts';

/** Indices of the k largest along the last axis, equal values by lower index. */
function topIndices(x: Value, k: number): Value {
  const shape = x.shape.with(-1, k);
  return cast(
    op('TopK', [x, integers([k])], shape, 'int64', { axis: x.shape.length - 1, largest: 1, sorted: 1 }),
    'int32',
  );
}

/** Row numbers of the points `indices [..., R]` in a matrix that has one row per point of the first R axes of `shape`. */
function rowNumbers(indices: Value, shape: readonly number[]): Value {
  const axes = indices.shape.at(-1)!;
  const points = sizeOf(indices.shape) / axes;
  const strides = Int32Array.from({ length: axes }, (_, i) => sizeOf(shape.slice(i + 1, axes)));
  const weighted = op(
    'Mul',
    [reshape(indices, [points, axes]), constant(strides, [axes], 'int32')],
    [points, axes],
    'int32',
  );
  return op('ReduceSum', [weighted, integers([1])], [points], 'int32', { keepdims: 0 });
}

/** `[points, count]`: 1 where the number of a point is that of the column. */
function oneHot(numbers: Value, count: number): Value {
  const points = sizeOf(numbers.shape);
  const all = constant(
    Int32Array.from({ length: count }, (_, i) => i),
    [count],
    'int32',
  );
  return op('Equal', [reshape(numbers, [points, 1]), all], [points, count], 'bool');
}

export function registerSelection(): void {
  kernel<{ k: number }>('TopK', ({ x }, { k }) => {
    const indices = topIndices(x!, k);
    return [
      op('GatherElements', [x!, indices], indices.shape, x!.dtype, { axis: x!.shape.length - 1 }),
      indices,
    ];
  });
  kernel('GatherNd', ({ params, indices }) => {
    const axes = indices!.shape.at(-1)!;
    const rest = params!.shape.slice(axes);
    const rows = reshape(params!, [sizeOf(params!.shape.slice(0, axes)), ...rest]);
    const numbers = rowNumbers(indices!, params!.shape);
    const picked = op('Gather', [rows, numbers], [...numbers.shape, ...rest], params!.dtype, { axis: 0 });
    return reshape(picked, [...indices!.shape.slice(0, -1), ...rest]);
  });
  kernel<{ shape: number[] }>('ScatterNd', ({ indices, updates }, { shape }) => {
    // Updates of one place are summed, in the order in which they come: a product with one-hot rows.
    const axes = indices!.shape.at(-1)!;
    const places = sizeOf(shape.slice(0, axes));
    const numbers = rowNumbers(indices!, shape);
    const points = sizeOf(numbers.shape);
    const columns = sizeOf(shape) / places;
    const rows = cast(reshape(updates!, [points, columns]), 'float32');
    const sums = op('Gemm', [cast(oneHot(numbers, places), 'float32'), rows], [places, columns], 'float32', {
      transA: 1,
      transB: 0,
    });
    return cast(reshape(sums, shape), updates!.dtype);
  });
  kernel<{ depth: number; onValue: number; offValue: number; dtype?: 'float32' | 'int32' | 'bool' }>(
    'OneHot',
    ({ indices }, { depth, onValue, offValue, dtype = 'int32' }) => {
      const places = oneHot(indices!, depth);
      const type = dtype === 'bool' ? 'int32' : dtype;
      const rows = select(places, fill(onValue, [], type), fill(offValue, [], type), places.shape);
      return cast(reshape(rows, [...indices!.shape, depth]), dtype);
    },
  );
}
