// Algebra of frame ranges: integers, 0-based, half-open.
// Role: sets of frames as ranges. Limits: `normalize` takes any list; every other function takes and returns normalized
// lists (ascending, not empty, not touching), so each is one pass.
import type { FrameRange } from './types.ts';

export type Ranges = readonly FrameRange[];

/** The same frames as ascending ranges that are neither empty nor touching. Input in any order, overlapping or not. */
export function normalize(ranges: Ranges): FrameRange[] {
  const sorted = ranges.filter((r) => r.end > r.start).sort((a, b) => a.start - b.start || a.end - b.end);
  const out: FrameRange[] = [];
  for (const { start, end } of sorted) {
    const last = out[out.length - 1];
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else out.push({ start, end });
  }
  return out;
}

/** Frames in a or b. */
export function union(a: Ranges, b: Ranges): FrameRange[] {
  return normalize([...a, ...b]);
}

/** Frames in a and b. */
export function intersect(a: Ranges, b: Ranges): FrameRange[] {
  const out: FrameRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const start = Math.max(a[i].start, b[j].start);
    const end = Math.min(a[i].end, b[j].end);
    if (start < end) out.push({ start, end });
    if (a[i].end < b[j].end) i++;
    else j++;
  }
  return out;
}

/** Frames in a and not in b. */
export function subtract(a: Ranges, b: Ranges): FrameRange[] {
  const out: FrameRange[] = [];
  let j = 0;
  for (const range of a) {
    let start = range.start;
    while (j < b.length && b[j].end <= start) j++;
    for (let k = j; k < b.length && b[k].start < range.end; k++) {
      if (b[k].start > start) out.push({ start, end: b[k].start });
      start = Math.max(start, b[k].end);
    }
    if (start < range.end) out.push({ start, end: range.end });
  }
  return out;
}

/** Frames inside [start, end). */
export function clip(ranges: Ranges, start: number, end: number): FrameRange[] {
  return start < end ? intersect(ranges, [{ start, end }]) : [];
}

/** Fills gaps of fewer than `frames` frames. */
export function mergeGaps(ranges: Ranges, frames: number): FrameRange[] {
  const out: FrameRange[] = [];
  for (const { start, end } of ranges) {
    const last = out[out.length - 1];
    if (last && start - last.end < frames) last.end = end;
    else out.push({ start, end });
  }
  return out;
}

/** Drops ranges of fewer than `frames` frames. */
export function dropShort(ranges: Ranges, frames: number): FrameRange[] {
  return ranges.filter((r) => r.end - r.start >= frames).map((r) => ({ ...r }));
}

/** Frames that two ranges have in common. */
export function overlap(a: FrameRange, b: FrameRange): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}

/** Temporal IoU of two ranges, neither of them empty. */
export function intersectionOverUnion(a: FrameRange, b: FrameRange): number {
  const common = overlap(a, b);
  return common / (a.end - a.start + b.end - b.start - common);
}

/** Number of frames in all ranges. */
export function frameCount(ranges: Ranges): number {
  return ranges.reduce((sum, r) => sum + r.end - r.start, 0);
}

/** 1 for the frames inside, 0 outside, `[frames]`; what lies behind the end is left out. */
export function toVector(ranges: Ranges, frames: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(frames);
  for (const { start, end } of ranges) out.fill(1, start, end);
  return out;
}

/** Runs of values other than 0. */
export function fromVector(values: ArrayLike<number>): FrameRange[] {
  const out: FrameRange[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    const start = i;
    while (i < values.length && values[i] !== 0) i++;
    out.push({ start, end: i });
  }
  return out;
}
