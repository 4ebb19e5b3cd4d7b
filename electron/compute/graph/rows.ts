// Keeps the rows of a large product from lying a multiple of 4 KB apart on a processor.
// Role: one rewrite of the graph, for the CPU alone. Limits: measured on ONNX Runtime's product, which reads a dozen rows of
// its first operand side by side: where they are 4 KB apart, all fall into the same places of an 8-way cache.
import { fill, type Graph, integers, type OpValue, op, type Value } from './graph.ts';
import { mapGraph } from './simplify.ts';

/** Floats in 4 KB. */
const PERIOD = 1024;
/** A cache line of zeros behind each row. */
const EXTRA = 16;
/** Rows times columns over their sum: what a product gains (a quarter of its time) against the two copies it costs. */
const WORTHWHILE = 350;

function longer(x: Value, axis: 0 | 1): Value {
  const shape = x.shape.with(axis, x.shape[axis] + EXTRA);
  const pads = [0, 0, axis === 0 ? EXTRA : 0, axis === 1 ? EXTRA : 0];
  return op('Pad', [x, integers(pads), fill(0)], shape);
}

function padded(product: OpValue): Value | null {
  const [a, b, ...bias] = product.inputs;
  const { transA, transB } = product.attributes;
  const [rows, columns] = product.shape;
  if (transA !== 0 || a.shape[1] % PERIOD !== 0) return null;
  if ((rows * columns) / (rows + columns) < WORTHWHILE) return null;
  const inputs = [longer(a, 1), longer(b, transB === 1 ? 1 : 0), ...bias];
  return op('Gemm', inputs, product.shape, product.dtype, product.attributes);
}

/** The same graph with zeros behind the rows of such operands, and behind those they meet: sums stay what they are. */
export function spreadRows(graph: Graph): Graph {
  return mapGraph(
    graph,
    (value) => (value.kind === 'op' && value.op === 'Gemm' ? padded(value) : null) ?? value,
  );
}
