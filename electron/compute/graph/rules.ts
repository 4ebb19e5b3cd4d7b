// Local simplification rules: each looks at one operator and returns a cheaper value, or null.
// Role: constant folding of uniform values, removal of operators that do nothing, smaller broadcasts. Limits: a rule
// never changes the shape or the type of the value, nor the order in which floats are added.
import { fill, integers, type OpValue, op, reshape, sameShape, sizeOf, type Value } from './graph.ts';

export type Rule = (value: OpValue) => Value | null;

type Fold = (...operands: number[]) => number;
const bool = (b: boolean): number => (b ? 1 : 0);
const FOLDS: Record<string, Fold> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: Math.pow,
  Neg: (x) => -x,
  Abs: Math.abs,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(x, 0),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
  Sign: Math.sign,
  Greater: (a, b) => bool(a > b),
  GreaterOrEqual: (a, b) => bool(a >= b),
  Less: (a, b) => bool(a < b),
  LessOrEqual: (a, b) => bool(a <= b),
  Equal: (a, b) => bool(a === b),
  And: (a, b) => bool(a !== 0 && b !== 0),
  Or: (a, b) => bool(a !== 0 || b !== 0),
  Not: (x) => bool(x === 0),
};

function stored(value: number, dtype: Value['dtype']): number {
  if (dtype === 'bool') return bool(value !== 0);
  return dtype === 'int32' ? Math.trunc(value) : value;
}

const isFill = (x: Value | undefined, value: number): boolean => x?.kind === 'fill' && x.value === value;

/** Operators over uniform operands give a uniform result. */
const foldUniform: Rule = ({ op: name, inputs, shape, dtype }) => {
  const first = inputs[0];
  if (first?.kind !== 'fill') return null;
  switch (name) {
    case 'Cast':
      return fill(stored(first.value, dtype), shape, dtype);
    case 'Reshape':
    case 'Transpose':
    case 'Expand':
    case 'Slice':
    case 'Tile':
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceMin':
      return fill(first.value, shape, dtype);
    case 'ReduceSum':
      return fill((first.value * sizeOf(first.shape)) / Math.max(1, sizeOf(shape)), shape, dtype);
  }
  const fold = FOLDS[name];
  const numbers = inputs.flatMap((x) => (x.kind === 'fill' ? [x.value] : []));
  if (!fold || numbers.length !== inputs.length) return null;
  return fill(stored(fold(...numbers), dtype), shape, dtype);
};

/** `x` in the shape of the operator it replaces. */
function shaped(x: Value, { shape }: OpValue): Value {
  return sameShape(x.shape, shape) ? x : op('Expand', [x, integers(shape)], shape, x.dtype);
}

const neutral: Rule = (value) => {
  const [a, b] = value.inputs;
  switch (value.op) {
    case 'Mul':
      if (isFill(b, 1)) return shaped(a!, value);
      if (isFill(a, 1)) return shaped(b!, value);
      return null;
    case 'Add':
      if (isFill(b, 0)) return shaped(a!, value);
      if (isFill(a, 0)) return shaped(b!, value);
      return null;
    case 'Div':
      return isFill(b, 1) ? shaped(a!, value) : null;
    case 'Sub':
      return isFill(b, 0) ? shaped(a!, value) : null;
    case 'Pow':
      if (isFill(b, 1)) return shaped(a!, value);
      return isFill(b, 2) && sameShape(a!.shape, value.shape)
        ? op('Mul', [a!, a!], value.shape, value.dtype)
        : null;
    case 'Where':
      if (a!.kind === 'fill') return shaped(value.inputs[a!.value ? 1 : 2]!, value);
      return null;
    case 'Neg':
    case 'Not':
      return a!.kind === 'op' && a!.op === value.op ? a!.inputs[0]! : null;
    default:
      return null;
  }
};

const movement: Rule = (value) => {
  const [x] = value.inputs;
  if (!x) return null;
  switch (value.op) {
    case 'Reshape':
      if (sameShape(x.shape, value.shape)) return x;
      if (x.kind === 'op' && x.op === 'Reshape')
        return op('Reshape', [x.inputs[0]!, value.inputs[1]!], value.shape, value.dtype);
      return null;
    case 'Tile':
      // TF.js broadcasts by repeating axes of length one.
      return x.shape.every((n, i) => n === 1 || n === value.shape[i]) ? shaped(x, value) : null;
    case 'Expand':
    case 'Slice':
      // A slice that keeps the shape takes everything, unless it runs backwards.
      return sameShape(x.shape, value.shape) && !runsBackwards(value) ? x : null;
    case 'Transpose': {
      const perm = value.attributes.perm as readonly number[];
      if (perm.every((axis, i) => axis === i)) return x;
      if (x.kind !== 'op' || x.op !== 'Transpose') return null;
      const inner = x.attributes.perm as readonly number[];
      return op('Transpose', [x.inputs[0]!], value.shape, value.dtype, {
        perm: perm.map((axis) => inner[axis]!),
      });
    }
    case 'ReduceSum':
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceMin':
      // Only axes of length one: nothing to reduce.
      return sizeOf(x.shape) === sizeOf(value.shape) ? reshape(x, value.shape) : null;
    default:
      return null;
  }
};

function runsBackwards({ op: name, inputs }: OpValue): boolean {
  const steps = inputs[4];
  return (
    name === 'Slice' &&
    steps?.kind === 'constant' &&
    Array.from(steps.data as BigInt64Array).some((s) => s < 0n)
  );
}

const BROADCASTING = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Where'],
  ...['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal', 'And', 'Or'],
]);

function broadcast(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => Math.max(...shapes.map((s) => s[s.length - rank + i] ?? 1)));
}

/** Operators that broadcast need neither full-size constants nor expanded operands. */
const smallerOperands: Rule = (value) => {
  if (!BROADCASTING.has(value.op)) return null;
  for (const [i, x] of value.inputs.entries()) {
    let smaller: Value | null = null;
    if (x.kind === 'fill' && x.shape.length > 0) smaller = fill(x.value, [], x.dtype);
    if (x.kind === 'op' && x.op === 'Expand') smaller = x.inputs[0]!;
    if (!smaller) continue;
    const inputs = value.inputs.with(i, smaller);
    if (sameShape(broadcast(inputs.map((v) => v.shape)), value.shape)) {
      return op(value.op, inputs, value.shape, value.dtype, value.attributes);
    }
  }
  return null;
};

/** From so many elements on a reshape is nothing beside a walk over them one by one. */
const LONG = 4096;

/**
 * A large value and single numbers, where the last axis of the value is 1, as in the weight of a convolution of one tap:
 * ONNX Runtime takes the innermost axis as its loop, here one element long. Without that axis it is 50 times faster.
 */
const longerLoop: Rule = (value) => {
  if (!BROADCASTING.has(value.op) || value.shape.at(-1) !== 1 || sizeOf(value.shape) < LONG) return null;
  const single = (x: Value): boolean => sizeOf(x.shape) === 1;
  if (!value.inputs.some(single)) return null;
  if (!value.inputs.every((x) => single(x) || sameShape(x.shape, value.shape))) return null;
  const inner = value.shape.slice(0, value.shape.findLastIndex((n) => n !== 1) + 1);
  const inputs = value.inputs.map((x) =>
    x.kind === 'fill' ? fill(x.value, [], x.dtype) : reshape(x, single(x) ? [] : inner),
  );
  return reshape(op(value.op, inputs, inner, value.dtype, value.attributes), value.shape);
};

export const RULES: readonly Rule[] = [foldUniform, neutral, movement, smallerOperands, longerLoop];
