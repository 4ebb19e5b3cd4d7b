// One golden case: inputs, weights and expected values of a numerical building block, read from its folder.
// Role: the reader of the fixture format and the comparison rule. Limits: knows no kind; a kind computes and checks.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readNpy } from '../../electron/formats/npy.ts';
import { AppError } from '../../shared/errors.ts';

const fileNames = z.record(z.string(), z.string()).default({});
const caseFile = z.object({
  kind: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
  inputs: fileNames,
  weights: fileNames,
  expected: fileNames,
  expectedValues: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  rtol: z.number().nonnegative(),
  atol: z.number().nonnegative(),
  source: z.string().default(''),
});

/** An array of a case. int64 values come as float64 numbers (exact up to 2^53); everything else keeps its type. */
export interface GoldenArray {
  shape: number[];
  /** NumPy's short name: `f4`, `f8`, `i8` or `u1`. */
  dtype: string;
  data: Float32Array | Float64Array | Uint8Array;
}

export interface GoldenCase {
  readonly kind: string;
  /** Folder of the case. */
  readonly name: string;
  /** Parse it with a zod schema of the kind. */
  readonly params: Record<string, unknown>;
  /** Names of the expected arrays and texts, and of the expected values: what a kind has to check. */
  readonly expected: readonly string[];
  readonly weights: readonly string[];
  /** @throws AppError `bad_input` when the case has no such input. */
  input(name: string): GoldenArray;
  /** An input that is a text or JSON file, as text. */
  inputText(name: string): string;
  /** A weight in PyTorch's layout. */
  weight(name: string): GoldenArray;
  /**
   * Compares a flat array: floats pass if |actual - expected| <= atol + rtol * |expected| for every element, int64 and
   * uint8 must be equal. A name the case does not expect is ignored; an expected name that is never checked fails the case.
   */
  check(name: string, actual: ArrayLike<number>): void;
  /** Compares a text file, character for character. */
  checkText(name: string, actual: string): void;
  /** Compares an expected value: integers and strings must be equal, other numbers follow the tolerance. */
  checkValue(name: string, actual: number | string): void;
}

export interface OpenCase {
  case: GoldenCase;
  /** What was wrong so far, including the expected names that nobody checked. Empty = passed. */
  failures(): string[];
}

/** The JSON value, and which numbers in it are written as floats (`1.0` is one, `1` is not), by holder and key. */
function parseJson(text: string): {
  value: unknown;
  writtenAsFloat: (holder: unknown, key: string) => boolean;
} {
  const floats = new WeakMap<object, Set<string>>();
  const parse = JSON.parse as (
    text: string,
    reviver: (this: object, key: string, value: unknown, context?: { source?: string }) => unknown,
  ) => unknown;
  const value = parse(text, function (key, item, context) {
    if (
      typeof item === 'number' &&
      (context?.source === undefined ? !Number.isInteger(item) : /[.eE]/.test(context.source))
    ) {
      floats.set(this, (floats.get(this) ?? new Set()).add(key));
    }
    return item;
  });
  return { value, writtenAsFloat: (holder, key) => floats.get(holder as object)?.has(key) ?? false };
}

function within(actual: number, expected: number, rtol: number, atol: number): boolean {
  return actual === expected || Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
}

/** Reads `case.json` of a folder; arrays are read when asked for. @throws AppError `damaged` when case.json does not fit. */
export function openCase(folder: string): OpenCase {
  const path = join(folder, 'case.json');
  let raw: ReturnType<typeof parseJson>;
  try {
    raw = parseJson(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError('damaged', `${path} is not readable JSON.`, { path }, error);
  }
  const parsed = caseFile.safeParse(raw.value);
  if (!parsed.success) throw new AppError('damaged', `${path}: ${z.prettifyError(parsed.error)}`, { path });
  const file = parsed.data;
  const rawValues = (raw.value as { expectedValues?: unknown }).expectedValues;
  const open = new Set([...Object.keys(file.expected), ...Object.keys(file.expectedValues)]);
  const problems: string[] = [];

  function pathOf(names: Record<string, string>, name: string, what: string): string {
    const fileName = names[name];
    if (fileName === undefined)
      throw new AppError('bad_input', `The case has no ${what} "${name}".`, { folder });
    const full = join(folder, fileName);
    if (!existsSync(full)) throw new AppError('not_found', `${full} is missing.`, { path: full });
    return full;
  }
  function array(names: Record<string, string>, name: string, what: string): GoldenArray {
    const full = pathOf(names, name, what);
    const { shape, dtype, data } = readNpy(readFileSync(full), full);
    const values = data instanceof BigInt64Array ? Float64Array.from(data, Number) : data;
    if (!(values instanceof Float32Array || values instanceof Float64Array || values instanceof Uint8Array)) {
      throw new AppError('unsupported', `${full}: arrays of ${dtype} do not occur in golden cases.`, {
        path: full,
      });
    }
    return { shape: [...shape], dtype, data: values };
  }
  const outside = (name: string, actual: unknown, expected: unknown) =>
    `${name} is ${actual}, expected ${expected}`;

  const goldenCase: GoldenCase = {
    kind: file.kind,
    name: folder,
    params: file.params,
    expected: [...open],
    weights: Object.keys(file.weights),
    input: (name) => array(file.inputs, name, 'input'),
    inputText: (name) => readFileSync(pathOf(file.inputs, name, 'input'), 'utf8'),
    weight: (name) => array(file.weights, name, 'weight'),
    check(name, actual) {
      if (!(name in file.expected)) return;
      open.delete(name);
      const { dtype, data: expected } = array(file.expected, name, 'expected array');
      if (actual.length !== expected.length) {
        problems.push(`${name} has ${actual.length} elements, expected ${expected.length}`);
        return;
      }
      const exact = !dtype.startsWith('f');
      let wrong = 0;
      let first = -1;
      for (let i = 0; i < expected.length; i++) {
        const fits = exact ? actual[i] === expected[i] : within(actual[i], expected[i], file.rtol, file.atol);
        if (!fits && wrong++ === 0) first = i;
      }
      if (wrong > 0) {
        const detail = outside(`${name}[${first}]`, actual[first], expected[first]);
        problems.push(`${detail} (${wrong} of ${expected.length} elements differ)`);
      }
    },
    checkText(name, actual) {
      if (!(name in file.expected)) return;
      open.delete(name);
      const expected = readFileSync(pathOf(file.expected, name, 'expected text'), 'utf8');
      if (actual === expected) return;
      let at = 0;
      while (actual[at] === expected[at]) at++;
      const excerpt = (text: string) => JSON.stringify(text.slice(at, at + 30));
      problems.push(`${outside(`${name} from character ${at}`, excerpt(actual), excerpt(expected))}`);
    },
    checkValue(name, actual) {
      const expected = file.expectedValues[name];
      if (expected === undefined) return;
      open.delete(name);
      const tolerant =
        typeof expected === 'number' && typeof actual === 'number' && raw.writtenAsFloat(rawValues, name);
      const fits = tolerant ? within(actual, expected, file.rtol, file.atol) : actual === expected;
      if (!fits) problems.push(outside(name, actual, expected));
    },
  };
  return {
    case: goldenCase,
    failures: () => [...problems, ...[...open].map((name) => `${name} was not checked`)],
  };
}
