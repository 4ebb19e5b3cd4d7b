// Edges of a range on the grid of segments, or free. Role: pure arithmetic. Limits: who moves what is the caller's.
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { SEGMENT_FRAMES } from '../../../../shared/labels/types.ts';

/** The edge of a segment nearest to `frame`; the end of the video is one too. */
export function nearestEdge(frame: number, frames: number): number {
  const edge = Math.round(frame / SEGMENT_FRAMES) * SEGMENT_FRAMES;
  return edge >= frames || frames - frame < Math.abs(edge - frame) ? frames : Math.max(0, edge);
}

/** A range with one edge at `to`: never empty, inside the video, on the grid when `snap` is on. */
export function moveEdge(
  range: FrameRange,
  edge: 'start' | 'end',
  to: number,
  frames: number,
  snap: boolean,
): FrameRange {
  const least = snap ? Math.min(SEGMENT_FRAMES, frames) : 1;
  const wish = snap ? nearestEdge(to, frames) : Math.round(to);
  if (edge === 'start') {
    // With snap, the last place for a start is the last grid line that leaves something of the range.
    const last = snap ? Math.ceil(range.end / SEGMENT_FRAMES - 1) * SEGMENT_FRAMES : range.end - least;
    return { start: Math.min(Math.max(0, wish), Math.max(0, last)), end: range.end };
  }
  const first = snap ? (Math.floor(range.start / SEGMENT_FRAMES) + 1) * SEGMENT_FRAMES : range.start + least;
  return { start: range.start, end: Math.max(Math.min(frames, wish), Math.min(frames, first)) };
}

/** The range between two frames, both inside, in either order; with snap all segments that it touches. */
export function rangeBetween(a: number, b: number, frames: number, snap: boolean): FrameRange {
  const start = Math.max(0, Math.min(a, b));
  const end = Math.min(frames, Math.max(a, b) + 1);
  if (!snap) return { start, end };
  return {
    start: Math.floor(start / SEGMENT_FRAMES) * SEGMENT_FRAMES,
    end: Math.min(frames, Math.ceil(end / SEGMENT_FRAMES) * SEGMENT_FRAMES),
  };
}
