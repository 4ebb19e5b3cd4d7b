// A small WebAssembly assembler: typed expressions in, module bytes out. Role: lets hot loops over pixels be written
// as TypeScript and run as 128-bit SIMD (four float32 at a time). Limits: only the instructions that are used here,
// one imported memory, no tables, no calls between functions. Opcodes: WebAssembly core specification 2.0, chapter 5.

export type WasmType = 'i32' | 'f32' | 'v128';

/** A value on the stack: the code that computes it. Evaluated each time it is used; keep it in a local to compute once. */
export interface Expr<T extends WasmType> {
  readonly type: T;
  readonly code: readonly number[];
}
/** A variable. Used as an expression it is its current value. */
export interface Local<T extends WasmType> extends Expr<T> {
  readonly index: number;
}
export type I32 = Expr<'i32'>;
export type F32 = Expr<'f32'>;
/** Four float32 lanes, or four int32 lanes. */
export type V128 = Expr<'v128'>;

type LocalsOf<P extends readonly WasmType[]> = { [K in keyof P]: Local<P[K]> };

export interface WasmFunction {
  name: string;
  params: readonly WasmType[];
  body: number[];
}

/** What a function body is written with. Statements are emitted in the order of the calls. */
export interface Body {
  /** A new variable that starts with `value`. */
  local<T extends WasmType>(value: Expr<T>): Local<T>;
  set<T extends WasmType>(target: Local<T>, value: Expr<T>): void;
  /** Stores 16 bytes at `address + offset`. No alignment needed. */
  store(address: I32, offset: number, value: V128): void;
  /** Runs `inner` for i = from, from + step, ... while i < to; at least once. */
  loop(from: I32, to: I32, step: number, inner: (i: Local<'i32'>) => void): void;
  /** Puts the smaller of each pair of lanes into `a` and the larger into `b`. NaN is not expected. */
  sortPair(a: Local<'v128'>, b: Local<'v128'>): void;
}

const TYPE_CODE: Record<WasmType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/**
 * Defines an exported function without a result.
 * @param write is called once, with a local for each parameter
 */
export function wasmFunction<const P extends readonly WasmType[]>(
  name: string,
  params: P,
  write: (body: Body, ...args: LocalsOf<P>) => void,
): WasmFunction {
  const code: number[] = [];
  const types: WasmType[] = [...params];
  const newLocal = <T extends WasmType>(type: T): Local<T> => {
    types.push(type);
    return localAt(type, types.length - 1);
  };
  const body: Body = {
    local(value) {
      const local = newLocal(value.type);
      body.set(local, value);
      return local;
    },
    set(target, value) {
      code.push(...value.code, 0x21, ...unsigned(target.index));
    },
    store(address, offset, value) {
      code.push(...address.code, ...value.code, ...simd(0x0b), ...memoryArgument(offset));
    },
    loop(from, to, step, inner) {
      const i = body.local(from);
      const end = body.local(to);
      code.push(0x03, 0x40);
      inner(i);
      body.set(i, int.add(i, int.of(step)));
      code.push(...i.code, ...end.code, 0x48, 0x0d, 0x00, 0x0b); // i < end: branch to the start of the loop
    },
    sortPair(a, b) {
      // Both results are on the stack before either local changes.
      code.push(
        ...vec.min(a, b).code,
        ...vec.max(a, b).code,
        0x21,
        ...unsigned(b.index),
        0x21,
        ...unsigned(a.index),
      );
    },
  };
  write(body, ...(params.map((type, index) => localAt(type, index)) as LocalsOf<P>));
  const locals = types.slice(params.length).flatMap((type) => [1, TYPE_CODE[type]]);
  return { name, params, body: [...unsigned(types.length - params.length), ...locals, ...code, 0x0b] };
}

/** 32-bit integers; addresses are bytes. */
export const int = {
  of: (value: number): I32 => ({ type: 'i32', code: [0x41, ...signed(value)] }),
  add: (a: I32, b: I32): I32 => ({ type: 'i32', code: [...a.code, ...b.code, 0x6a] }),
  /** Lane `lane` of four int32. */
  lane: (a: V128, lane: number): I32 => ({ type: 'i32', code: [...a.code, ...simd(0x1b), lane] }),
};

const unary =
  (opcode: number) =>
  (a: V128): V128 => ({ type: 'v128', code: [...a.code, ...simd(opcode)] });
const binary =
  (opcode: number) =>
  (a: V128, b: V128): V128 => ({
    type: 'v128',
    code: [...a.code, ...b.code, ...simd(opcode)],
  });

/** Vectors of four float32, unless a name says otherwise. */
export const vec = {
  /** Four times the constant. */
  of: (value: number): V128 => {
    const lane = [...new Uint8Array(Float32Array.of(value).buffer)];
    return { type: 'v128', code: [...simd(0x0c), ...lane, ...lane, ...lane, ...lane] };
  },
  /** Four different constants. */
  lanes: (...values: [number, number, number, number]): V128 => ({
    type: 'v128',
    code: [...simd(0x0c), ...new Uint8Array(Float32Array.from(values).buffer)],
  }),
  splat: (a: F32): V128 => ({ type: 'v128', code: [...a.code, ...simd(0x13)] }),
  load: (address: I32, offset: number): V128 => ({
    type: 'v128',
    code: [...address.code, ...simd(0x00), ...memoryArgument(offset)],
  }),
  /** Four bytes, as four float32 from 0 to 255. */
  loadBytes: (address: I32, offset: number): V128 => ({
    type: 'v128',
    // load32_zero, u8 -> u16, u16 -> u32, int -> float
    code: [
      ...address.code,
      ...simd(0x5c),
      ...memoryArgument(offset),
      ...simd(0x89),
      ...simd(0xa9),
      ...simd(0xfa),
    ],
  }),
  /** Two float32 from memory in the lower lanes, zeros above. */
  loadPair: (address: I32, offset: number): V128 => ({
    type: 'v128',
    code: [...address.code, ...simd(0x5d), ...memoryArgument(offset)],
  }),
  /** Picks lanes: 0 to 3 are those of `a`, 4 to 7 those of `b`. */
  pick: (a: V128, b: V128, lanes: readonly [number, number, number, number]): V128 => ({
    type: 'v128',
    code: [
      ...a.code,
      ...b.code,
      ...simd(0x0d),
      ...lanes.flatMap((l) => [4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3]),
    ],
  }),
  add: binary(0xe4),
  sub: binary(0xe5),
  mul: binary(0xe6),
  div: binary(0xe7),
  /** `b < a ? b : a`: one machine instruction, unlike the variant that handles NaN and signed zeros. */
  min: binary(0xea),
  max: binary(0xeb),
  floor: unary(0x68),
  /** Float to int32 lanes, towards zero. */
  toInt: unary(0xf8),
  intAdd: binary(0xae),
  intMul: binary(0xb5),
  /** Four times the int32 constant. */
  intOf: (value: number): V128 => {
    const lane = [...new Uint8Array(Int32Array.of(value).buffer)];
    return { type: 'v128', code: [...simd(0x0c), ...lane, ...lane, ...lane, ...lane] };
  },
};

/** Joins functions into a module that imports its memory as `env.memory`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [...unsigned(text.length), ...new TextEncoder().encode(text)];
  const section = (id: number, items: readonly number[][]) => {
    const content = [...unsigned(items.length), ...items.flat()];
    return [id, ...unsigned(content.length), ...content];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      functions.map((f) => [0x60, ...unsigned(f.params.length), ...f.params.map((t) => TYPE_CODE[t]), 0]),
    ),
    ...section(2, [[...name('env'), ...name('memory'), 0x02, 0x00, 0x01]]), // a memory of at least one page
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      functions.map((f, index) => [...name(f.name), 0x00, ...unsigned(index)]),
    ),
    ...section(
      10,
      functions.map((f) => [...unsigned(f.body.length), ...f.body]),
    ),
  ]);
}

function localAt<T extends WasmType>(type: T, index: number): Local<T> {
  return { type, index, code: [0x20, ...unsigned(index)] };
}

function simd(opcode: number): number[] {
  return [0xfd, ...unsigned(opcode)];
}

function memoryArgument(offset: number): number[] {
  return [0, ...unsigned(offset)]; // alignment hint 2^0
}

/** LEB128, unsigned. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** LEB128, signed. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}
