// What a rehearsal reckons from the turns it saw, on a clock that is turned by hand.
import { describe, expect, test } from 'vitest';
import { createRehearsal, type Loop, type Rehearsal } from '../../../electron/features/rehearsal.ts';

/** A clock, and a rehearsal over it that ends at 5 s and gives each loop half a second. */
function begin(): { clock: { time: number }; rehearsal: ReturnType<typeof createRehearsal> } {
  const clock = { time: 0 };
  return { clock, rehearsal: createRehearsal({ now: () => clock.time, until: 5, perLoop: 0.5 }) };
}

/** Turns of a loop until it may be left, each as long as `turn` says. @returns how many were made. */
function runLoop(
  rehearsal: Rehearsal,
  { done = 0, ...loop }: Omit<Loop, 'done'> & { done?: number },
  turn: (index: number) => void,
): number {
  let made = done;
  while (made < loop.total && !rehearsal.enough({ ...loop, done: made })) turn(made++);
  return made;
}

describe('a rehearsal', () => {
  test('reckons what is left of a loop from its turns without the first', () => {
    const { clock, rehearsal } = begin();
    clock.time = 1;
    const made = runLoop(rehearsal, { kind: 'a', total: 1000, steps: true }, (i) => {
      clock.time += i === 0 ? 0.3 : 0.1;
    });
    expect(made).toBeLessThan(10);
    const { seconds, steps, openEnded } = rehearsal.result();
    expect(seconds.likely).toBeCloseTo(1 + 0.3 + 999 * 0.1, 6);
    expect(seconds.low).toBeLessThan(seconds.likely);
    expect(seconds.high).toBeGreaterThan(seconds.likely);
    expect(steps).toEqual({ least: 1000, most: 1000 });
    expect(openEnded).toBe(false);
  });

  test('lets short loops run to their end, and counts their steps', () => {
    const { clock, rehearsal } = begin();
    const made = runLoop(rehearsal, { kind: 'a', total: 20, steps: true }, () => {
      clock.time += 0.001;
    });
    expect(made).toBe(20);
    const { low, likely, high } = rehearsal.result().seconds;
    expect(likely).toBe(clock.time);
    expect([low, high].map((x) => x / likely)).toEqual([0.85, 1.25]);
    expect(rehearsal.result().steps).toEqual({ least: 20, most: 20 });
  });

  test('leaves the second loop of a kind at once, and not one of another kind', () => {
    const { clock, rehearsal } = begin();
    const turn = (): void => {
      clock.time += 0.1;
    };
    runLoop(rehearsal, { kind: 'a', total: 50 }, turn);
    expect(runLoop(rehearsal, { kind: 'a', total: 50 }, turn)).toBe(0);
    expect(runLoop(rehearsal, { kind: 'b', total: 50 }, turn)).toBeGreaterThan(1);
    expect(rehearsal.result().seconds.likely).toBeCloseTo(15, 6);
  });

  test('counts what was left of the loops inside a turn', () => {
    const { clock, rehearsal } = begin();
    runLoop(rehearsal, { kind: 'outer', total: 8 }, () => {
      clock.time += 0.02;
      runLoop(rehearsal, { kind: 'inner', total: 100, steps: true }, () => {
        clock.time += 0.1;
      });
    });
    const { seconds, steps } = rehearsal.result();
    expect(seconds.likely).toBeCloseTo(8 * (0.02 + 10), 6);
    expect(steps).toEqual({ least: 800, most: 800 });
    expect(clock.time).toBeLessThan(1.5);
  });

  test('once its time is up one turn has to do', () => {
    const { clock, rehearsal } = begin();
    clock.time = 6;
    const made = runLoop(rehearsal, { kind: 'a', total: 10 }, () => {
      clock.time += 2;
    });
    expect(made).toBe(1);
    const { low, likely, high } = rehearsal.result().seconds;
    expect(low).toBeLessThan(8 + 18 / 2);
    expect(likely).toBeGreaterThan(8 + 18 / 2);
    expect(high).toBeGreaterThan(8 + 18);
  });

  test('gives a range of steps where data decide, also when the loop ends early by itself', () => {
    const rounds = (ends: boolean) => {
      const { clock, rehearsal } = begin();
      const loop = { kind: 'rounds', total: 10, least: 2, usual: 3 };
      for (let done = 0; done < 2; done++) {
        expect(rehearsal.enough({ ...loop, done })).toBe(false);
        runLoop(rehearsal, { kind: 'steps', total: 40, steps: true }, () => {
          clock.time += 0.1;
        });
      }
      if (ends) expect(rehearsal.enough({ ...loop, done: 2, ends })).toBe(true);
      else
        runLoop(rehearsal, { ...loop, done: 2 }, () => {
          clock.time += 4;
          for (let i = 0; i < 40; i++) rehearsal.enough({ kind: {}, done: 0, total: 1, steps: true });
        });
      return rehearsal.result();
    };
    for (const { seconds, steps, openEnded } of [rounds(true), rounds(false)]) {
      expect(openEnded).toBe(true);
      expect(steps).toEqual({ least: 80, most: 400 });
      expect(seconds.likely).toBeCloseTo(12, 6);
      expect(seconds.high).toBeGreaterThan(40);
    }
  });

  test('forgets the steps of a start that was given up', () => {
    const { clock, rehearsal } = begin();
    rehearsal.enough({ kind: 'a', done: 0, total: 100, steps: true });
    rehearsal.again();
    runLoop(rehearsal, { kind: 'a', total: 200, steps: true }, () => {
      clock.time += 0.1;
    });
    expect(rehearsal.result().steps).toEqual({ least: 200, most: 200 });
    expect(rehearsal.result().seconds.likely).toBeCloseTo(20, 6);
  });
});
