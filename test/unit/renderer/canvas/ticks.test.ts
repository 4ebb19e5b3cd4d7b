import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceStep, ticksOf } from '../../../../renderer/canvas/ticks.ts';

describe('ruler', () => {
  it('steps by 1, 2 or 5 times a power of ten', () => {
    expect([0.3, 1, 1.1, 2, 3, 5, 6, 11, 60, 1001].map(niceStep)).toEqual([
      1, 1, 2, 2, 5, 5, 10, 20, 100, 2000,
    ]);
  });

  it('marks round frames inside the view, labelled ones at least a gap apart', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 12, max: 1_000_000 }),
        fc.integer({ min: 300, max: 2000 }),
        (from, span, width) => {
          const view = { from, to: from + span };
          const ticks = ticksOf(view, width, from + span, 90);
          const majors = ticks.filter((t) => t.major).map((t) => t.frame);
          expect(ticks.length).toBeLessThanOrEqual(width / 15);
          for (const { frame } of ticks) {
            expect(frame).toBeGreaterThanOrEqual(from);
            expect(frame).toBeLessThanOrEqual(from + span);
          }
          for (let i = 1; i < majors.length; i++) {
            expect(((majors[i] - majors[i - 1]) / span) * width).toBeGreaterThanOrEqual(90 - 1e-6);
          }
        },
      ),
    );
  });
});
