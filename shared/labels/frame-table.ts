// The frame table of a video: which frame is shown when. Frame n is the n-th presented frame (0-based).
// Role: look-ups in both directions and the wire format. Limits: pure data, no decoding, no DOM.
import { AppError } from '../errors.ts';

export interface FrameTable {
  /** Presentation timestamps in ticks, ascending, one per frame. */
  pts: Float64Array;
  /** Seconds per tick = timeBaseNum / timeBaseDen. */
  timeBaseNum: number;
  timeBaseDen: number;
  /** End of the last frame in ticks (exclusive). */
  endPts: number;
  /** 1 where the frame is a key frame. */
  key: Uint8Array;
}

const MAGIC = 0x31465a4c; // 'LZF1'
const HEADER = 40;

/** Wire and storage format: magic, count, time base (4 x uint32), end (float64), reserved 16 bytes; then pts as float64, then key flags. Little endian. */
export function encodeFrameTable(table: FrameTable): Uint8Array<ArrayBuffer> {
  const n = table.pts.length;
  const bytes = new Uint8Array(HEADER + 9 * n);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, n, true);
  view.setUint32(8, table.timeBaseNum, true);
  view.setUint32(12, table.timeBaseDen, true);
  view.setFloat64(16, table.endPts, true);
  new Float64Array(bytes.buffer, HEADER, n).set(table.pts);
  bytes.set(table.key, HEADER + 8 * n);
  return bytes;
}

/** Reads {@link encodeFrameTable}'s format. @throws AppError `damaged` when the bytes are not a whole frame table. */
export function decodeFrameTable(bytes: Uint8Array): FrameTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = bytes.byteLength >= HEADER && view.getUint32(0, true) === MAGIC ? view.getUint32(4, true) : -1;
  if (n < 0 || bytes.byteLength !== HEADER + 9 * n)
    throw new AppError('damaged', 'The stored frame table is damaged. Import the video again.');
  const copy = Uint8Array.from(bytes); // aligned; slice() of a Node Buffer would be a view of a shared pool
  return {
    pts: new Float64Array(copy.buffer, HEADER, n),
    timeBaseNum: view.getUint32(8, true),
    timeBaseDen: view.getUint32(12, true),
    endPts: view.getFloat64(16, true),
    key: copy.subarray(HEADER + 8 * n),
  };
}

/** Whether two lists hold the same numbers. */
export const sameNumbers = (a: Float32Array | Float64Array, b: Float32Array | Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** Whether two tables show the same frames at the same times. */
export const sameFrames = (a: FrameTable, b: FrameTable): boolean =>
  a.timeBaseNum === b.timeBaseNum &&
  a.timeBaseDen === b.timeBaseDen &&
  a.endPts === b.endPts &&
  sameNumbers(a.pts, b.pts);

/** Start of frame n in seconds of media time; n = count gives the end of the video. */
export function timeOfFrame(table: FrameTable, n: number): number {
  const ticks = n >= table.pts.length ? table.endPts : table.pts[Math.max(0, n)];
  return (ticks * table.timeBaseNum) / table.timeBaseDen;
}

/** Where to seek to show frame n: the middle of its interval, so that no rounding shows a neighbour. */
export function seekTimeOf(table: FrameTable, n: number): number {
  return (timeOfFrame(table, n) + timeOfFrame(table, n + 1)) / 2;
}

/**
 * The frame on screen at `seconds` of media time: the last one that starts at or before it. Half a tick of slack, at most
 * half a millisecond, because players round; where a frame lasts one tick, half a tick would already be the next one.
 */
export function frameAt(table: FrameTable, seconds: number): number {
  const perSecond = table.timeBaseDen / table.timeBaseNum;
  const ticks = seconds * perSecond + Math.min(0.5, 0.0005 * perSecond);
  let low = 0;
  let high = table.pts.length; // first frame that starts after `ticks`
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.pts[middle] <= ticks) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
