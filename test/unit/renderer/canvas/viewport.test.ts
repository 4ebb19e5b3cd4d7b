import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  around,
  clampViewport,
  frameUnder,
  MIN_SPAN,
  panBy,
  reveal,
  wholeVideo,
  xOf,
  zoomAt,
} from '../../../../renderer/canvas/viewport.ts';

const frames = fc.integer({ min: 1, max: 2_600_000 });
const views = fc
  .tuple(frames, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, a, b]) => ({ n, view: clampViewport({ from: Math.min(a, b) * n, to: Math.max(a, b) * n }, n) }));

describe('viewport', () => {
  it('stays inside the video and never shows less than the closest zoom', () => {
    fc.assert(
      fc.property(
        views,
        fc.double({ min: -1e7, max: 1e7, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        ({ n, view }, by, factor) => {
          for (const v of [
            view,
            panBy(view, by, n),
            zoomAt(view, view.from, factor, n),
            reveal(view, Math.abs(by) % n, n),
          ]) {
            expect(v.from).toBeGreaterThanOrEqual(-1e-6);
            expect(v.to).toBeLessThanOrEqual(n + 1e-6);
            expect(v.to - v.from).toBeGreaterThanOrEqual(Math.min(MIN_SPAN, n) - 1e-6);
          }
        },
      ),
    );
  });

  it('zooms with the frame under the cursor staying under the cursor', () => {
    const view = { from: 1000, to: 2000 };
    const width = 900;
    const zoomed = zoomAt(view, 1300, 2, 100_000);
    expect(zoomed.to - zoomed.from).toBeCloseTo(500);
    expect(xOf(zoomed, 1300, width)).toBeCloseTo(xOf(view, 1300, width));
  });

  it('zooms out to the whole video and in to single frames', () => {
    expect(zoomAt({ from: 10, to: 60 }, 20, 1e-6, 5000)).toEqual(wholeVideo(5000));
    const close = zoomAt(wholeVideo(5000), 2500, 1e9, 5000);
    expect(close.to - close.from).toBeCloseTo(MIN_SPAN);
  });

  it('pans at the same zoom and stops at the ends', () => {
    expect(panBy({ from: 100, to: 200 }, 50, 1000)).toEqual({ from: 150, to: 250 });
    expect(panBy({ from: 100, to: 200 }, -500, 1000)).toEqual({ from: 0, to: 100 });
    expect(panBy({ from: 100, to: 200 }, 5000, 1000)).toEqual({ from: 900, to: 1000 });
  });

  it('reveals a frame by moving only when it is out of view', () => {
    const view = { from: 100, to: 200 };
    expect(reveal(view, 150, 1000)).toBe(view);
    expect(reveal(view, 200, 1000)).toEqual({ from: 190, to: 290 });
    expect(reveal(view, 50, 1000)).toEqual({ from: 0, to: 100 });
  });

  it('turns pixels into the frame drawn there, for every frame', () => {
    fc.assert(
      fc.property(views, fc.nat(), ({ n, view }, pick) => {
        const frame = Math.floor(view.from) + (pick % Math.max(1, Math.floor(view.to - view.from)));
        const x = xOf(view, Math.min(frame, n - 1) + 0.5, 1e6);
        expect(frameUnder(view, x, 1e6, n)).toBe(Math.min(frame, n - 1));
      }),
    );
    expect(frameUnder(wholeVideo(100), -5, 500, 100)).toBe(0);
    expect(frameUnder(wholeVideo(100), 900, 500, 100)).toBe(99);
  });

  it('shows an event with its surroundings', () => {
    const view = around(320, 480, 10_000);
    expect(view).toEqual({ from: 80, to: 720 });
  });
});
