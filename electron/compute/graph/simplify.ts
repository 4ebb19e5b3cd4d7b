// Makes a recorded graph small before it goes to the runtime.
// Role: applies the local rules bottom-up, shares equal subexpressions, fuses biases into matrix products and drops what
// no output needs. Limits: results may differ from the recorded order of operations by float rounding only.
import { type ConstantData, type Graph, op, reachable, sameShape, type Value } from './graph.ts';
import { RULES } from './rules.ts';

/** Constants up to this many elements are compared by content. */
const SHARED_CONSTANT = 64;

function applyRules(value: Value): Value {
  let current = value;
  while (current.kind === 'op') {
    const before = current;
    for (const rule of RULES) {
      const simpler = rule(before);
      if (simpler) {
        current = simpler;
        break;
      }
    }
    if (current === before) break;
  }
  return current;
}

function identity(data: ConstantData): string {
  return `${data.constructor.name}:${Array.from(data, String).join()}`;
}

/** A key that two values share only if they are the same; null for what is never shared. */
function key(value: Value): string | null {
  switch (value.kind) {
    case 'input':
      return null;
    case 'fill':
      return `fill ${value.dtype} ${Object.is(value.value, -0) ? '-0' : value.value} [${value.shape}]`;
    case 'constant':
      return value.data.length <= SHARED_CONSTANT
        ? `constant ${identity(value.data)} [${value.shape}]`
        : null;
    case 'op':
      return `${value.op} ${value.dtype} ${JSON.stringify(value.attributes)} ${value.inputs.map((x) => x.order).join()} [${value.shape}]`;
  }
}

/**
 * Rewrites every value once, operands first, so that `rewrite` sees operators whose operands are final.
 * Equal values become one.
 */
export function mapGraph(graph: Graph, rewrite: (value: Value, original: Value) => Value): Graph {
  const mapped = new Map<Value, Value>();
  const shared = new Map<string, Value>();
  const share = (value: Value): Value => {
    const known = key(value);
    if (known === null) return value;
    const first = shared.get(known);
    if (first) return first;
    shared.set(known, value);
    return value;
  };
  // New operands that a rule has made (an axis list, a reshape) are shared too before their operator is.
  const settle = (value: Value): Value => {
    if (value.kind !== 'op') return share(value);
    const inputs = value.inputs.map((x) => (settled.has(x) ? x : settle(x)));
    const same = inputs.every((x, i) => x === value.inputs[i]);
    const result = share(same ? value : op(value.op, inputs, value.shape, value.dtype, value.attributes));
    settled.add(result);
    return result;
  };
  const settled = new Set<Value>();
  for (const value of reachable(Object.values(graph.outputs))) {
    let candidate = value;
    if (value.kind === 'op') {
      const inputs = value.inputs.map((x) => mapped.get(x)!);
      if (inputs.some((x, i) => x !== value.inputs[i])) {
        candidate = op(value.op, inputs, value.shape, value.dtype, value.attributes);
      }
    }
    mapped.set(value, settle(rewrite(candidate, value)));
  }
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, v]) => [name, mapped.get(v)!]),
  );
  const used = new Set(reachable(Object.values(outputs)));
  return { name: graph.name, inputs: graph.inputs.filter((x) => used.has(x)), outputs };
}

/** `Gemm(a, b) + bias` with a bias over columns becomes `Gemm(a, b, bias)` where the product has no other use. */
function fuseBias(graph: Graph): Graph {
  const uses = new Map<Value, number>();
  const count = (x: Value): void => void uses.set(x, (uses.get(x) ?? 0) + 1);
  for (const value of reachable(Object.values(graph.outputs)))
    if (value.kind === 'op') value.inputs.forEach(count);
  Object.values(graph.outputs).forEach(count);
  return mapGraph(graph, (value, original) => {
    if (value.kind !== 'op' || value.op !== 'Add' || original.kind !== 'op') return value;
    for (const [i, product] of value.inputs.entries()) {
      const bias = value.inputs[1 - i]!;
      const single = uses.get(original.inputs[i]!) === 1;
      if (product.kind !== 'op' || product.op !== 'Gemm' || product.inputs.length !== 2 || !single) continue;
      if (!sameShape(product.shape, value.shape) || !sameShape(bias.shape, [value.shape[1]!])) continue;
      return op('Gemm', [...product.inputs, bias], value.shape, 'float32', product.attributes);
    }
    return value;
  });
}

/** The same function of the same inputs with fewer and cheaper operators; unused inputs are dropped. */
export function simplify(graph: Graph): Graph {
  let current = graph;
  let before = Number.POSITIVE_INFINITY;
  // Each round can open the way for another; the size settles after two or three.
  for (let round = 0; round < 8; round++) {
    current = mapGraph(current, applyRules);
    const size = reachable(Object.values(current.outputs)).length;
    if (size >= before) break;
    before = size;
  }
  return fuseBias(current);
}
