// Lays the first operand of a large product out as a processor reads it fast.
// Role: one rewrite of the graph, for the CPU alone. Limits: measured on ONNX Runtime's product, which reads a dozen rows of
// its first operand side by side. A transposed operand has its rows across memory: it is turned once, beforehand. Where rows
// are a multiple of 4 KB apart, all fall into the same places of an 8-way cache: a cache line of zeros goes behind each.
import { fill, type Graph, integers, type OpValue, op, reshape, transpose, type Value } from './graph.ts';
import { mapGraph } from './simplify.ts';

/** Floats in 4 KB. */
const PERIOD = 1024;
/** A cache line of zeros behind each row. */
const EXTRA = 16;
/** Rows times columns over their sum: what a product gains (a sixth to a quarter of its time) against the copies it costs. */
const WORTHWHILE = 350;

/** The axis of length one keeps ONNX Runtime from taking the transposition back into the product. */
function turned(x: Value): Value {
  const [rows, columns] = x.shape;
  return reshape(transpose(reshape(x, [1, rows, columns]), [0, 2, 1]), [columns, rows]);
}

function longer(x: Value, axis: 0 | 1): Value {
  const shape = x.shape.with(axis, x.shape[axis] + EXTRA);
  const pads = [0, 0, axis === 0 ? EXTRA : 0, axis === 1 ? EXTRA : 0];
  return op('Pad', [x, integers(pads), fill(0)], shape);
}

function laidOut(product: OpValue): Value | null {
  const [first, second, ...bias] = product.inputs;
  const { transA, transB } = product.attributes;
  const [rows, columns] = product.shape;
  if ((rows * columns) / (rows + columns) < WORTHWHILE) return null;
  const upright = transA === 1 ? turned(first) : first;
  const collide = upright.shape[1] % PERIOD === 0;
  if (upright === first && !collide) return null;
  const operands = collide ? [longer(upright, 1), longer(second, transB === 1 ? 1 : 0)] : [upright, second];
  return op('Gemm', [...operands, ...bias], product.shape, product.dtype, { transA: 0, transB });
}

/** The same graph with the first operands of large products laid out anew: sums stay what they are. */
export function spreadRows(graph: Graph): Graph {
  return mapGraph(
    graph,
    (value) => (value.kind === 'op' && value.op === 'Gemm' ? laidOut(value) : null) ?? value,
  );
}
