// The graph record of a traced step: a DAG of values whose operators are ONNX operators (opset 18).
// Role: plain data, constructors and traversal. Limits: static shapes, one result per operator (`TopK` is its indices);
// knows neither TF.js nor protobuf.

/**
 * `int64` occurs only in the shape and axis operands of operators and `float16` only around products (half.ts); steps
 * themselves never see them.
 */
export type ValueType = 'float32' | 'float16' | 'int32' | 'bool' | 'int64';
export type Attribute = number | readonly number[] | { float: number };
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

interface Typed {
  /** Creation order; an operator always has a larger one than its operands. */
  readonly order: number;
  readonly shape: readonly number[];
  readonly dtype: ValueType;
}
export interface InputValue extends Typed {
  readonly kind: 'input';
  readonly name: string;
}
export interface ConstantValue extends Typed {
  readonly kind: 'constant';
  readonly data: ConstantData;
}
/** A constant whose elements are all equal: what the simplification can calculate with. */
export interface FillValue extends Typed {
  readonly kind: 'fill';
  readonly value: number;
}
export interface OpValue extends Typed {
  readonly kind: 'op';
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}
export type Value = InputValue | ConstantValue | FillValue | OpValue;

export interface Graph {
  name: string;
  inputs: InputValue[];
  outputs: Record<string, Value>;
}

let created = 0;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

export function input(name: string, shape: readonly number[], dtype: ValueType): InputValue {
  return { kind: 'input', order: created++, name, shape, dtype };
}

export function fill(value: number, shape: readonly number[] = [], dtype: ValueType = 'float32'): FillValue {
  return {
    kind: 'fill',
    order: created++,
    value: dtype === 'float32' ? Math.fround(value) : value,
    shape,
    dtype,
  };
}

export function isUniform(data: ArrayLike<number | boolean>): boolean {
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return false;
  return true;
}

export function constant(data: ConstantData, shape: readonly number[], dtype: ValueType): ConstantValue {
  return { kind: 'constant', order: created++, data, shape, dtype };
}

/** Axes, shapes and other integer operands of operators: int64, 1-D. */
export function integers(values: readonly number[]): ConstantValue {
  return constant(
    BigInt64Array.from(values, (v) => BigInt(v)),
    [values.length],
    'int64',
  );
}

export function op(
  name: string,
  inputs: readonly Value[],
  shape: readonly number[],
  dtype: ValueType = 'float32',
  attributes: Readonly<Record<string, Attribute>> = {},
): OpValue {
  return { kind: 'op', order: created++, op: name, inputs, attributes, shape, dtype };
}

/** The same elements in another shape; `x` itself where it has that shape. */
export function reshape(x: Value, shape: readonly number[]): Value {
  return sameShape(shape, x.shape) ? x : op('Reshape', [x, integers(shape)], shape, x.dtype);
}

export function transpose(x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis]!);
  return op('Transpose', [x], shape, x.dtype, { perm: [...perm] });
}

/** Every value the outputs depend on, operands before operators. Iterative: graphs are deep. */
export function reachable(outputs: Iterable<Value>): Value[] {
  const seen = new Set<Value>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const value = stack.pop()!;
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.kind === 'op') stack.push(...value.inputs);
  }
  return [...seen].sort((a, b) => a.order - b.order);
}
