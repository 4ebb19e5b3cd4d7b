// Checkpoints and model files: one JSON header and named float32 arrays in a single run of bytes.
// Role: the container; what is in it is the business of the method. Limits: float32 only, little-endian.
//
// Layout: the 8 characters `ZLBUNDL1`; header length as uint32; the header, UTF-8 JSON padded with spaces so that the
// arrays start at a multiple of 4; the arrays one after the other in the order of the header.
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Values } from './device.ts';
import { sizeOf } from './graph/graph.ts';

const MAGIC = 'ZLBUNDL1';
const START = MAGIC.length + 4;

const header = z.object({
  content: z.unknown(),
  arrays: z.array(z.object({ name: z.string(), shape: z.array(z.int().nonnegative()) })),
});

/** @param content anything JSON can hold. */
export function writeBundle(content: unknown, arrays: Record<string, Values>): Uint8Array {
  const list = Object.entries(arrays).map(([name, { shape }]) => ({ name, shape }));
  const text = new TextEncoder().encode(JSON.stringify({ content, arrays: list }));
  const padded = Math.ceil(text.length / 4) * 4;
  const values = Object.values(arrays);
  const bytes = new Uint8Array(START + padded + values.reduce((sum, { data }) => sum + data.byteLength, 0));
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, padded, true);
  bytes.fill(0x20, START, START + padded);
  bytes.set(text, START);
  let offset = START + padded;
  for (const { data } of values) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads what `writeBundle` wrote; the caller parses `content` with a schema of its own.
 * @param what names the file in the error, for example "The checkpoint".
 * @throws AppError `damaged` for anything that is not a whole bundle.
 */
export function readBundle(
  bytes: Uint8Array,
  what: string,
): { content: unknown; arrays: Record<string, Values> } {
  const damaged = (why: string): AppError => new AppError('damaged', `${what} is damaged: ${why}.`);
  if (bytes.length < START || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw damaged('it does not begin as such a file does');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  if (START + length > bytes.length) throw damaged('its header is cut off');
  let parsed: z.infer<typeof header>;
  try {
    parsed = header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(START, START + length))));
  } catch {
    throw damaged('its header cannot be read');
  }
  const arrays: [string, Values][] = [];
  let offset = START + length;
  for (const { name, shape } of parsed.arrays) {
    const end = offset + sizeOf(shape) * 4;
    if (end > bytes.length) throw damaged(`the array "${name}" is cut off`);
    // A copy of exactly these bytes: a Buffer's own slice would be a view of whatever memory it shares.
    const data = new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer);
    arrays.push([name, { shape, data }]);
    offset = end;
  }
  if (offset !== bytes.length) throw damaged('it is longer than its header says');
  // Not by assignment, which would lose an array called `__proto__`.
  return { content: parsed.content, arrays: Object.fromEntries(arrays) };
}
