import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsOf, lengthEffects } from '../../../shared/labels/events.ts';
import { framesFromSegments } from '../../../shared/labels/expand.ts';
import { fromVector, normalize, subtract } from '../../../shared/labels/intervals.ts';
import { smoothMedian } from '../../../shared/labels/smooth.ts';
import type { EventRule } from '../../../shared/labels/types.ts';

const rule = (on: number, off = on, minFrames = 0, gapFrames = 0): EventRule => ({
  on,
  off,
  minFrames,
  gapFrames,
});
const score = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const video = fc
  .tuple(fc.array(score, { minLength: 1, maxLength: 30 }), fc.integer({ min: -15, max: 40 }))
  .map(([scores, extra]) => ({ scores, frames: Math.max(0, scores.length * 16 + extra) }));
const anyRule = fc.record({ on: score, off: score, minFrames: fc.nat(60), gapFrames: fc.nat(60) });

describe('events of segment scores', () => {
  test('starts at `on`, goes on down to `off`, and carries its highest and mean score', () => {
    const events = eventsOf([0.1, 0.5, 0.9, 0.5, 0.4, 0.1, 0.95], 16 * 7, rule(0.8, 0.5));
    expect(events).toEqual([
      { start: 32, end: 64, max: 0.9, mean: 0.7 },
      { start: 96, end: 112, max: 0.95, mean: 0.95 },
    ]);
  });

  test('frames after the last segment belong to it; segments behind the end of the video do not count', () => {
    expect(eventsOf([0, 1], 40, rule(0.5))).toEqual([{ start: 16, end: 40, max: 1, mean: 1 }]);
    expect(eventsOf([0, 1, 1], 20, rule(0.5))).toEqual([{ start: 16, end: 20, max: 1, mean: 1 }]);
    expect(eventsOf([0, 0, 1], 20, rule(0.5))).toEqual([]);
    expect(eventsOf([], 20, rule(0.5))).toEqual([]);
  });

  test('merges before it drops: two short events become one long enough', () => {
    const scores = [1, 0, 1, 0, 0, 1];
    expect(eventsOf(scores, 96, rule(0.5, 0.5, 48, 17)).map(({ start, end }) => [start, end])).toEqual([
      [0, 48],
    ]);
    expect(eventsOf(scores, 96, rule(0.5, 0.5, 48, 16))).toEqual([]);
    expect(eventsOf([1, 0, 1], 48, rule(0.5, 0.5, 0, 17))[0].mean).toBeCloseTo(2 / 3, 12);
  });

  test('evens scores out where the rule says so, and keeps the scores of the run', () => {
    const scores = [0, 0, 1, 0, 0, 0.6, 0.8, 0, 0.7, 0.6, 0, 0];
    const at = (smooth: EventRule['smooth']) =>
      eventsOf(scores, 192, { ...rule(0.5), smooth }).map(({ start, end, max }) => [start, end, max]);
    expect(at(undefined)).toEqual([
      [32, 48, 1],
      [80, 112, 0.8],
      [128, 160, 0.7],
    ]);
    // A single segment is an outlier to the median, a hole of one is filled.
    expect(at({ by: 'median', segments: 3 })).toEqual([[80, 160, 0.8]]);
    expect(at({ by: 'gaussian', segments: 101 })).toEqual([]);
  });

  test('a median keeps what is constant and steps where they are', () => {
    expect([...smoothMedian([3, 3, 3], 5)]).toEqual([3, 3, 3]);
    expect([...smoothMedian([0, 0, 0, 1, 1, 1], 3)]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...smoothMedian([1], 9)]).toEqual([1]);
  });

  test('with one threshold the events are the frames at or above it', () => {
    fc.assert(
      fc.property(video, score, ({ scores, frames }, on) => {
        const above = framesFromSegments(Float64Array.from(scores), frames).map((s) => (s >= on ? 1 : 0));
        expect(eventsOf(scores, frames, rule(on)).map(({ start, end }) => ({ start, end }))).toEqual(
          fromVector(above),
        );
      }),
    );
  });

  test('lower thresholds, wider gaps and shorter minima never lose a frame', () => {
    fc.assert(
      fc.property(
        video,
        anyRule,
        fc.record({ on: score, off: score, minFrames: fc.nat(30), gapFrames: fc.nat(30) }),
        (v, strict, by) => {
          const loose = {
            on: strict.on - by.on,
            off: Math.min(strict.off, strict.on) - by.off,
            minFrames: Math.max(0, strict.minFrames - by.minFrames),
            gapFrames: strict.gapFrames + by.gapFrames,
          };
          expect(subtract(eventsOf(v.scores, v.frames, strict), eventsOf(v.scores, v.frames, loose))).toEqual(
            [],
          );
        },
      ),
    );
  });

  test('events are ascending, apart, inside the video, long enough, and max and mean are those of their frames', () => {
    fc.assert(
      fc.property(video, anyRule, ({ scores, frames }, r) => {
        const events = eventsOf(scores, frames, r);
        const perFrame = framesFromSegments(Float64Array.from(scores), frames);
        for (const [i, e] of events.entries()) {
          const own = perFrame.subarray(e.start, e.end);
          expect(e.end).toBeLessThanOrEqual(frames);
          expect(own.length).toBeGreaterThanOrEqual(Math.max(1, r.minFrames));
          expect(e.max).toBe(Math.max(...own));
          expect(e.max).toBeGreaterThanOrEqual(r.on);
          expect(e.mean).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 10);
          if (i > 0) expect(e.start - events[i - 1].end).toBeGreaterThanOrEqual(Math.max(1, r.gapFrames));
        }
      }),
    );
  });
});

describe('what the lengths of a rule do', () => {
  //                                 0    1    2    3    4    5    6    7    8    9
  const scores = Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9, 0.1, 0.9, 0.9);
  const rule = { on: 0.5, off: 0.5, minFrames: 0, gapFrames: 0 };

  test('is nothing without lengths', () => {
    expect(lengthEffects(scores, 160, rule)).toEqual({ closed: [], dropped: [] });
  });

  test('is gaps that close, and what is too short after that', () => {
    expect(lengthEffects(scores, 160, { ...rule, gapFrames: 17, minFrames: 50 })).toEqual({
      closed: [
        { start: 16, end: 32 },
        { start: 112, end: 128 },
      ],
      dropped: [{ start: 0, end: 48 }],
    });
  });

  test('agrees with the events', () => {
    for (const gapFrames of [0, 16, 17, 64, 65]) {
      for (const minFrames of [0, 16, 33, 64, 161]) {
        const used = { ...rule, gapFrames, minFrames };
        const { closed, dropped } = lengthEffects(scores, 160, used);
        const events = eventsOf(scores, 160, used);
        const above = eventsOf(scores, 160, rule).map(({ start, end }) => ({ start, end }));
        expect(normalize([...events, ...dropped])).toEqual(normalize([...above, ...closed]));
      }
    }
  });
});
