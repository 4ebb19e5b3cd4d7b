// NumPy's .npy files, read and written. Role: one array per file, numbers and booleans only (formats.md 3.3).
// Limits: no object arrays (they are pickles, and loading a pickle runs code), no structured types, no .npz.
import { AppError } from '../../shared/errors.ts';

/** Element types by NumPy's short names, without the byte order. */
export type NpyType = 'u1' | 'i1' | 'b1' | 'i2' | 'i4' | 'i8' | 'f2' | 'f4' | 'f8';

/** The array of each type in memory. Half floats are float32 here, booleans are 0 and 1. */
interface ArrayOf {
  u1: Uint8Array;
  i1: Int8Array;
  b1: Uint8Array;
  i2: Int16Array;
  i4: Int32Array;
  i8: BigInt64Array;
  f2: Float32Array;
  f4: Float32Array;
  f8: Float64Array;
}

/** An array in C order, whatever order the file had. `shape` is empty for a single number. */
export type NpyArray = { [T in NpyType]: { shape: number[]; dtype: T; data: ArrayOf[T] } }[NpyType];

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const ALIGN = 64;
/** NumPy leaves room for a first dimension of this many digits, so that a file can grow in place. */
const GROWTH_DIGITS = 21;
/** The longest header of a plain array, with much to spare. */
export const NPY_HEADER_BYTES = 4096;
const littleEndianHost = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export interface NpyHeader {
  type: NpyType;
  /** Bytes of an element have to be reversed. */
  swap: boolean;
  fortran: boolean;
  shape: number[];
  /** Where the data starts in the file. Bytes. */
  offset: number;
}

/**
 * Reads a .npy file of format version 1 to 3 with any header length, either byte order and either memory order.
 *
 * @param bytes the whole file
 * @param name how errors call the file
 * @returns the array in C order, in memory of its own
 * @throws AppError `damaged` when the header cannot be read or the size does not fit the header;
 *   `unsupported` for object arrays and types that hold no plain numbers. Nothing is allocated before both checks.
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const header = readNpyHeader(bytes, name);
  const { type, shape } = header;
  const count = shape.reduce((product, n) => product * n, 1);
  const expected = count * itemSize(type);
  const present = bytes.byteLength - header.offset;
  if (present !== expected) {
    const what = present < expected ? 'is cut short' : 'holds more than one array';
    throw new AppError(
      'damaged',
      `${name} ${what}: an array of shape (${shape.join(', ')}) needs ${expected} bytes after the header, the file has ${present}. Write the file again with numpy.save.`,
      { file: name, expected, present },
    );
  }
  const raw = new Uint8Array(expected); // aligned and ours to change; slice() of a Buffer would be neither
  raw.set(bytes.subarray(header.offset));
  if (header.swap) reverseElements(raw, itemSize(type));
  const data = viewOf(type, raw.buffer);
  return {
    shape,
    dtype: type,
    data: header.fortran ? toCOrder(data, data.slice(), shape) : data,
  } as NpyArray;
}

/**
 * Writes a .npy file, byte for byte as `numpy.save` of NumPy 2 does: version 1.0, little endian, C order, data at a
 * multiple of 64 bytes.
 *
 * @param given elements in C order; for `f2` float32 numbers, each rounded to the nearest half float
 * @param shape product equals the number of elements; empty for a single number
 * @throws AppError `internal` when shape and data do not fit (a mistake of the caller)
 */
export function writeNpy<T extends NpyType>(
  given: ArrayOf[T],
  shape: readonly number[],
  dtype: T,
): Uint8Array {
  const count = shape.reduce((product, n) => product * n, 1);
  const data = dtype === 'f2' ? new Float16Array(given as Float32Array) : given;
  if (count !== data.length || data.BYTES_PER_ELEMENT !== itemSize(dtype)) {
    throw new AppError(
      'internal',
      `Array of ${data.length} elements does not fit shape (${shape.join(', ')}) of ${dtype}.`,
    );
  }
  const descr = itemSize(dtype) === 1 ? `|${dtype}` : `<${dtype}`;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const spare = shape.length > 0 ? GROWTH_DIGITS - String(shape[0]).length : 0;
  const used = MAGIC.length + 4 + dictionary.length + spare + 1; // version, length, newline
  const offset = used + ALIGN - (used % ALIGN); // a header that fits exactly gets another 64 spaces, as in NumPy
  const file = new Uint8Array(offset + data.byteLength).fill(0x20, 0, offset);
  file.set(MAGIC);
  file.set([1, 0, (offset - 10) & 255, (offset - 10) >> 8], MAGIC.length);
  file.set(new TextEncoder().encode(dictionary), 10);
  file[offset - 1] = 0x0a;
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  if (!littleEndianHost) reverseElements(file.subarray(offset), itemSize(dtype));
  return file;
}

/**
 * What a .npy file holds, from its first bytes: `NPY_HEADER_BYTES` are enough for anything numpy.save writes.
 * @param name how errors call the file.
 * @throws AppError `damaged` or `unsupported` as `readNpy`.
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const broken = (why: string) =>
    new AppError(
      'damaged',
      `${name} is not a readable .npy file: ${why}. Write the file again with numpy.save.`,
      { file: name },
    );
  if (bytes.byteLength < 10 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw broken('it does not start as one');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) throw broken(`format version ${version} is not known`);
  const start = version === 1 ? 10 : 12;
  if (bytes.byteLength < start) throw broken('it ends inside the header');
  const offset = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (offset > bytes.byteLength) throw broken('it ends inside the header');
  const text = new TextDecoder('utf-8').decode(bytes.subarray(start, offset));

  const descr = /'descr'\s*:\s*(?:'([^']*)'|\[)/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const tuple = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!descr || !order || !tuple) throw broken('its header does not say type, order and shape');
  if (descr[1]?.slice(-1) === 'O') {
    throw new AppError(
      'unsupported',
      `${name} is an object array. Such files are pickles, and loading one runs code from the file, so it is not opened. Save it as numbers: numpy.save(path, array.astype('float32')).`,
      { file: name, descr: descr[1] },
    );
  }
  const known = /^([<>|=]?)(u1|i1|b1|i2|i4|i8|f2|f4|f8)$/.exec(descr[1] ?? '');
  if (!known) {
    throw new AppError(
      'unsupported',
      `${name} has elements of type ${descr[1] ?? 'record'}, which cannot be used here. Save it as numbers: numpy.save(path, array.astype('float32')).`,
      { file: name, descr: descr[1] },
    );
  }
  const shape = (tuple[1].match(/\d+/g) ?? []).map(Number); // Python 2 wrote 16L
  if (shape.some((n) => !Number.isSafeInteger(n))) throw broken('its shape is not possible');
  return {
    type: known[2] as NpyType,
    swap: known[1] === '>' ? littleEndianHost : known[1] === '<' && !littleEndianHost,
    fortran: order[1] === 'True',
    shape,
    offset,
  };
}

function itemSize(type: NpyType): number {
  return Number(type[1]);
}

function viewOf(type: NpyType, buffer: ArrayBuffer): ArrayOf[NpyType] {
  switch (type) {
    case 'u1':
      return new Uint8Array(buffer);
    case 'i1':
      return new Int8Array(buffer);
    case 'b1':
      return new Uint8Array(buffer).map((byte) => (byte === 0 ? 0 : 1));
    case 'i2':
      return new Int16Array(buffer);
    case 'i4':
      return new Int32Array(buffer);
    case 'i8':
      return new BigInt64Array(buffer);
    case 'f2':
      return halfFloats(new Uint16Array(buffer), new Float32Array(buffer.byteLength / 2));
    case 'f4':
      return new Float32Array(buffer);
    case 'f8':
      return new Float64Array(buffer);
    default:
      return type satisfies never;
  }
}

/** The value of each of the 65,536 half floats: several times faster than converting numbers one by one. */
let values: Float32Array | null = null;

/** Half floats given by their bits, as numbers in `target`, which is returned. */
export function halfFloats(bits: Uint16Array, target: Float32Array): Float32Array {
  values ??= Float32Array.from(new Float16Array(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer));
  for (let i = 0; i < bits.length; i++) target[i] = values[bits[i]];
  return target;
}

function reverseElements(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Column-major to row-major: walks the output in order and keeps the matching input offset by an odometer. */
function toCOrder<A extends { length: number; [at: number]: number | bigint }>(
  data: A,
  out: A,
  shape: number[],
): A {
  const strides: number[] = [];
  for (let axis = 0, stride = 1; axis < shape.length; stride *= shape[axis++]) strides.push(stride);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
