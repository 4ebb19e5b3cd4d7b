// Matrix products. Two-dimensional ones become Gemm, which takes transposed operands without copying them.
import { broadcast_util } from '@tensorflow/tfjs-core';
import { op, reshape, sizeOf, transpose, type Value } from '../../graph/graph.ts';
import { kernel } from './register.ts';

export function gemm(a: Value, b: Value, transA: boolean, transB: boolean): Value {
  const rows = a.shape[transA ? 1 : 0]!;
  const columns = b.shape[transB ? 0 : 1]!;
  return op('Gemm', [a, b], [rows, columns], 'float32', { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
}

function swapLastTwo(x: Value): Value {
  const order = x.shape.map((_, i) => i);
  const n = order.length;
  [order[n - 2], order[n - 1]] = [n - 1, n - 2];
  return transpose(x, order);
}

export function registerMatmul(): void {
  kernel<{ transposeA: boolean; transposeB: boolean }>(
    'BatchMatMul',
    ({ a, b }, { transposeA, transposeB }) => {
      const [left, right] = [a!, b!];
      const [sa, sb] = [left.shape.slice(-2), right.shape.slice(-2)];
      const batch = broadcast_util.assertAndGetBroadcastShape(
        left.shape.slice(0, -2),
        right.shape.slice(0, -2),
      );
      const shape = [...batch, sa[transposeA ? 1 : 0]!, sb[transposeB ? 0 : 1]!];
      const batchA = sizeOf(left.shape.slice(0, -2));
      const batchB = sizeOf(right.shape.slice(0, -2));
      if (batchA === 1 && batchB === 1) {
        return reshape(gemm(reshape(left, sa), reshape(right, sb), transposeA, transposeB), shape);
      }
      if (batchB === 1 && !transposeA) {
        // One matrix for the whole batch: a single product over all rows.
        const rows = reshape(left, [batchA * sa[0]!, sa[1]!]);
        return reshape(gemm(rows, reshape(right, sb), false, transposeB), shape);
      }
      return op(
        'MatMul',
        [transposeA ? swapLastTwo(left) : left, transposeB ? swapLastTwo(right) : right],
        shape,
      );
    },
  );
}
