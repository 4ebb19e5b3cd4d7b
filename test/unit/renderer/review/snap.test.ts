// Edges of ranges: on the grid of segments or free, never empty, never outside the video.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveEdge, nearestEdge, rangeBetween } from '../../../../renderer/features/review/timeline/snap.ts';

describe('edges', () => {
  it('stick to the nearest grid line, the end of the video being one', () => {
    expect([0, 7, 8, 23, 24, 95, 99].map((frame) => nearestEdge(frame, 100))).toEqual([
      0, 0, 16, 16, 32, 96, 100,
    ]);
    expect(moveEdge({ start: 16, end: 48 }, 'end', 71, 100, true)).toEqual({ start: 16, end: 64 });
    expect(moveEdge({ start: 16, end: 48 }, 'end', 71, 100, false)).toEqual({ start: 16, end: 71 });
    expect(moveEdge({ start: 16, end: 48 }, 'start', 90, 100, true)).toEqual({ start: 32, end: 48 });
    expect(moveEdge({ start: 16, end: 50 }, 'start', 90, 100, true)).toEqual({ start: 48, end: 50 });
    expect(moveEdge({ start: 17, end: 50 }, 'end', 0, 100, true)).toEqual({ start: 17, end: 32 });
  });

  it('leave a range that lies inside the video and is not empty, wherever they are dragged to', () => {
    const frames = 100;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: -500, max: 500, noNaN: true }),
        fc.constantFrom('start' as const, 'end' as const),
        fc.boolean(),
        (start, length, to, edge, snap) => {
          const range = { start, end: Math.min(frames, start + length) };
          const moved = moveEdge(range, edge, to, frames, snap);
          const other = edge === 'start' ? 'end' : 'start';
          expect(moved[other]).toBe(range[other]);
          expect(moved.start).toBeGreaterThanOrEqual(0);
          expect(moved.end).toBeLessThanOrEqual(frames);
          expect(moved.end).toBeGreaterThan(moved.start);
        },
      ),
    );
  });

  it('of a stretch drawn with the pointer take in both frames, and whole segments with the grid', () => {
    expect(rangeBetween(40, 20, 100, false)).toEqual({ start: 20, end: 41 });
    expect(rangeBetween(20, 40, 100, true)).toEqual({ start: 16, end: 48 });
    expect(rangeBetween(98, 99, 100, true)).toEqual({ start: 96, end: 100 });
  });
});
