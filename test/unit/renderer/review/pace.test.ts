// Smart playback: where it is fast, where it is not, and that it arrives in an event at the chosen speed.
import { describe, expect, it } from 'vitest';
import { smartPace } from '../../../../renderer/features/review/player/pace.ts';
import { eventsOf } from '../../../../shared/labels/events.ts';

const rule = { on: 0.8, off: 0.4, minFrames: 0, gapFrames: 0 };
const scores = Float32Array.of(0, 0.1, 0.1, 0.1, 0.9, 0.5, 0.1, 0.3, 0);
const frames = 16 * scores.length;
const pace = smartPace({ scores, events: eventsOf(scores, frames, rule), rule, context: 20 });

describe('smartPace', () => {
  it('takes its time in events and their context', () => {
    // The event is frames 64 to 96.
    expect([43, 44, 64, 95, 115, 116].map((frame) => Math.round(pace(frame)))).toEqual([16, 1, 1, 1, 1, 10]);
  });

  it('is fastest far below the lower threshold and brisk just below it', () => {
    expect(pace(0)).toBe(16);
    expect(pace(20)).toBe(16);
    expect(pace(frames - 1)).toBe(16);
    const close = smartPace({ scores: Float32Array.of(0.39), events: [], rule, context: 0 });
    expect(close(0)).toBeGreaterThan(4);
    expect(close(0)).toBeLessThan(5);
  });

  it('knows nothing without scores, and never hurries through a rule that calls everything an event', () => {
    expect(smartPace({ scores: new Float32Array(0), events: [], rule, context: 0 })(5)).toBe(1);
    const all = { on: 0, off: 0, minFrames: 0, gapFrames: 0 };
    const everything = smartPace({ scores, events: eventsOf(scores, frames, all), rule: all, context: 0 });
    expect([0, 70, frames - 1].map(everything)).toEqual([1, 1, 1]);
  });
});
