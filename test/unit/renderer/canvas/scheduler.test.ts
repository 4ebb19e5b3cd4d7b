import { describe, expect, it } from 'vitest';
import { createScheduler } from '../../../../renderer/canvas/scheduler.ts';

function handClock() {
  const waiting = new Map<number, () => void>();
  let next = 1;
  return {
    request(callback: () => void) {
      waiting.set(next, callback);
      return next++;
    },
    cancel: (handle: number) => void waiting.delete(handle),
    /** The next picture of the screen. */
    picture() {
      const now = [...waiting.values()];
      waiting.clear();
      for (const callback of now) callback();
    },
    waiting: () => waiting.size,
  };
}

describe('scheduler', () => {
  it('draws a layer once per picture however often it is invalidated, and in the order of adding', () => {
    const clock = handClock();
    const scheduler = createScheduler(clock);
    const drawn: string[] = [];
    const below = scheduler.layer(() => drawn.push('below'));
    const above = scheduler.layer(() => drawn.push('above'));
    above.invalidate();
    below.invalidate();
    above.invalidate();
    expect(drawn).toEqual([]);
    expect(clock.waiting()).toBe(1);
    clock.picture();
    expect(drawn).toEqual(['below', 'above']);
  });

  it('draws only what is out of date, and asks for no picture when nothing is', () => {
    const clock = handClock();
    const scheduler = createScheduler(clock);
    const drawn: string[] = [];
    scheduler.layer(() => drawn.push('still'));
    const moving = scheduler.layer(() => drawn.push('moving'));
    moving.invalidate();
    clock.picture();
    expect(drawn).toEqual(['moving']);
    expect(clock.waiting()).toBe(0);
  });

  it('leaves an invalidation made while drawing to the next picture', () => {
    const clock = handClock();
    const scheduler = createScheduler(clock);
    let count = 0;
    const layer = scheduler.layer(() => {
      if (++count < 3) layer.invalidate();
    });
    layer.invalidate();
    clock.picture();
    expect(count).toBe(1);
    clock.picture();
    clock.picture();
    clock.picture();
    expect(count).toBe(3);
  });

  it('never draws what is gone', () => {
    const clock = handClock();
    const scheduler = createScheduler(clock);
    const drawn: string[] = [];
    const first = scheduler.layer(() => {
      drawn.push('first');
      second.dispose();
    });
    const second = scheduler.layer(() => drawn.push('second'));
    first.invalidate();
    second.invalidate();
    clock.picture();
    second.invalidate();
    expect(drawn).toEqual(['first']);
    first.invalidate();
    scheduler.dispose();
    clock.picture();
    expect(drawn).toEqual(['first']);
  });
});
