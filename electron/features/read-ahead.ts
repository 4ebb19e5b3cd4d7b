// Segments of features in files, in any order, within a budget. Role: of an announced order the next stretch is read while
// the one before is used, in the order of the files, which disks like. Limits: reads on the thread that asks, in short
// slices between its other work: while a device computes this thread has none.
import type { StoredVideo } from './types.ts';

export interface Ahead {
  expect(order: Int32Array): void;
  copy(chosen: Int32Array, target: Float32Array): void;
}

/** Share of the budget for each of the two windows; the rest is for what passes through. */
const SHARE = 0.45;
/** The first window of an order is so many times smaller, and each one after twice as large: steps begin sooner. */
const SMALLER = 16;
/** Two segments nearer than this are read in one piece: a call costs about as much as these numbers. */
const GAP = 4096;
/** Numbers of the longest piece. */
const PIECE = 2 ** 16;
/** Milliseconds of reading between two turns of the event loop. */
const SLICE = 1;

/** Part of the announced order, being read or in use. */
interface Window {
  /** Place of its first segment in the order. */
  first: number;
  count: number;
  data: Float32Array;
  /** Segment and place inside the window in one number, sorted by segment. */
  keys: Float64Array;
  /** Keys whose segments are in `data`. */
  read: number;
}

/** `offsets` and `owner` as in a segment pool. */
export function readAhead(
  videos: readonly StoredVideo[],
  { offsets, owner }: { offsets: Int32Array; owner: Int32Array },
): Ahead {
  const { crops, dim, file } = videos[0];
  const size = crops * dim;
  const perSegment = 4 * size + Float64Array.BYTES_PER_ELEMENT;
  const capacity = Math.max(1, Math.floor((SHARE * file.budget) / perSegment));
  const piece = new Float32Array(Math.max(PIECE, size));
  const buffers = [new Float32Array(0), new Float32Array(0)];
  let order = new Int32Array(0);
  /** Place in the order of what is asked for next. */
  let cursor = 0;
  let current: Window | null = null;
  let next: Window | null = null;
  let largest = capacity;
  let waiting = false;

  const keysOf = (segments: Int32Array): Float64Array => {
    const keys = Float64Array.from(segments, (segment, place) => segment * segments.length + place);
    return keys.sort();
  };

  /** Reads one piece: segments of one video that lie near each other. Returns the index of the first key not read. */
  const readPiece = (keys: Float64Array, from: number, target: Float32Array): number => {
    const segmentAt = (k: number): number => Math.floor(keys[k] / keys.length);
    const placeAt = (k: number): number => keys[k] % keys.length;
    const first = segmentAt(from);
    const v = owner[first];
    let to = from + 1;
    let last = first;
    while (to < keys.length) {
      const segment = segmentAt(to);
      const near = (segment - last - 1) * size <= GAP && (segment - first + 1) * size <= PIECE;
      if (!near || segment >= offsets[v + 1]) break;
      last = segment;
      to++;
    }
    const at = (first - offsets[v]) * size;
    const { file } = videos[v];
    if (to === from + 1) {
      const place = placeAt(from);
      file.read(at, target.subarray(place * size, (place + 1) * size));
      return to;
    }
    file.read(at, piece.subarray(0, (last - first + 1) * size));
    for (let k = from; k < to; k++) {
      const start = (segmentAt(k) - first) * size;
      target.set(piece.subarray(start, start + size), placeAt(k) * size);
    }
    return to;
  };

  /** Reads a window until it is complete or the time has come. */
  const fill = (window: Window, until: number): void => {
    while (window.read < window.count && performance.now() < until) {
      window.read = readPiece(window.keys, window.read, window.data);
    }
  };

  const planned = (first: number, buffer: number): Window | null => {
    const count = Math.min(largest, order.length - first);
    if (count <= 0) return null;
    largest = Math.min(capacity, 2 * largest);
    if (buffers[buffer].length < count * size) {
      buffers[buffer] = new Float32Array(Math.min(capacity, order.length) * size);
    }
    return {
      first,
      count,
      data: buffers[buffer],
      keys: keysOf(order.subarray(first, first + count)),
      read: 0,
    };
  };

  const continueLater = (): void => {
    if (waiting || !next || next.read === next.count) return;
    waiting = true;
    setImmediate(() => {
      waiting = false;
      try {
        if (next) fill(next, performance.now() + SLICE);
      } catch {
        return; // Whoever asks for these segments reads them again, and is told what is wrong.
      }
      continueLater();
    }).unref();
  };

  const isNext = (chosen: Int32Array): boolean => {
    if (cursor + chosen.length > order.length) return false;
    for (let i = 0; i < chosen.length; i++) if (order[cursor + i] !== chosen[i]) return false;
    return true;
  };

  return {
    expect(announced) {
      order = announced.slice();
      if (order.length === 0) buffers.fill(new Float32Array(0));
      cursor = 0;
      current = null;
      largest = Math.max(1, Math.ceil(capacity / SMALLER));
      next = planned(0, 0);
      continueLater();
    },
    copy(chosen, target) {
      if (!isNext(chosen)) {
        const keys = keysOf(chosen);
        for (let k = 0; k < keys.length; ) k = readPiece(keys, k, target);
        return;
      }
      for (let i = 0; i < chosen.length; i++, cursor++) {
        if (!current || cursor >= current.first + current.count) {
          const ready: Window = next!;
          fill(ready, Number.POSITIVE_INFINITY);
          current = ready;
          next = planned(ready.first + ready.count, ready.data === buffers[0] ? 1 : 0);
        }
        const from = (cursor - current.first) * size;
        target.set(current.data.subarray(from, from + size), i * size);
      }
      continueLater();
    },
  };
}
