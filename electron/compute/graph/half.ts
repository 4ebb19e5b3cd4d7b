// Lets the products of a training step compute in float16: mixed precision for graphics processors.
// Role: one rewrite of the graph. Weights, optimiser state, sums, losses, norms and biases stay float32 (master weights);
// a product takes float16 copies of its operands and gives float32 back.
// Scaling: one constant factor on the loss would not do. What a gradient is worth differs by method, by the size of the
// batch (1/8192 of a loss and less) and from layer to layer, and float16 turns what is below 6e-8 to zero and what is
// above 65,504 to infinity. So each operand is divided by its own largest magnitude before it becomes float16, and the
// product is multiplied by both: nothing depends on the loss, gradients that are all small keep their digits, and a
// product overflows nowhere (see TERMS). The price is one reduction per operand.
// Limits: within one operand, what is 1e-7 of its largest magnitude becomes zero. Whether the device adds the terms of a
// product in float16 or in float32 is up to the device. Sums written as products with one-hot rows stay float32.
import { fill, type Graph, integers, type OpValue, op, type Value } from './graph.ts';
import { mapGraph } from './simplify.ts';

const PRODUCTS: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'Conv']);
/** The largest magnitude of an operand in float16. */
const LARGEST = 0.5;
/** A sum of so many terms, each at most LARGEST squared, is below the largest float16. Longer ones stay float32. */
const TERMS = 65504 / LARGEST ** 2;
/** In place of a largest magnitude of 0: without meaning beside any other. */
const LEAST = 1e-30;

/** How many terms are added for one element of a product. */
function terms({ op: name, inputs: [a, b], attributes }: OpValue): number {
  if (name === 'Conv') return b.shape.slice(1).reduce((x, y) => x * y, 1);
  return name === 'Gemm' && attributes.transA === 1 ? a.shape[0] : a.shape.at(-1)!;
}

/** One where a number belongs to a place, else zero: a product with it is a sum. */
const isOneHot = (x: Value): boolean => x.kind === 'op' && x.op === 'Cast' && x.inputs[0].dtype === 'bool';

/** What an operand `[.., n]` is divided by, `[]`. Row by row first, so that a device can share the work. */
function scaleOf(x: Value): Value {
  const lead = x.shape.slice(0, -1);
  const keepdims = { keepdims: 0 };
  const size = op('Abs', [x], x.shape);
  const rows = op('ReduceMax', [size, integers([lead.length])], lead, 'float32', keepdims);
  const largest = op('ReduceMax', [rows, integers(lead.map((_, i) => i))], [], 'float32', keepdims);
  return op('Add', [op('Mul', [largest, fill(1 / LARGEST)], []), fill(LEAST)], []);
}

const halved = (x: Value, scale: Value): Value =>
  op('Cast', [op('Div', [x, scale], x.shape)], x.shape, 'float16');

function inHalf(product: OpValue): Value | null {
  const [a, b, bias] = product.inputs;
  const { shape, attributes } = product;
  if (terms(product) > TERMS || isOneHot(a) || isOneHot(b)) return null;
  const [scaleA, scaleB] = [scaleOf(a), scaleOf(b)];
  const half = op(product.op, [halved(a, scaleA), halved(b, scaleB)], shape, 'float16', attributes);
  const whole = op('Mul', [op('Cast', [half], shape), op('Mul', [scaleA, scaleB], [])], shape);
  return bias ? op('Add', [whole, bias], shape) : whole;
}

/** The same graph with its products in float16; a value that several products read becomes float16 once. */
export function halfProducts(graph: Graph): Graph {
  return mapGraph(
    graph,
    (value) => (value.kind === 'op' && PRODUCTS.has(value.op) ? inHalf(value) : null) ?? value,
  );
}
