// What is made of rehearsals and earlier runs: ranges, and when memory is too little.
import { describe, expect, test } from 'vitest';
import { both, memoryFrom, memoryWarnings, secondsFrom } from '../../../electron/jobs/estimates.ts';
import { rangeOfBytes, rangeOfSeconds, rangeOfSteps } from '../../../shared/estimate-words.ts';

const GB = 1e9;
const range = (low: number, likely: number, high: number) => ({ low, likely, high });

describe('time from earlier runs', () => {
  test('lies around what they took', () => {
    const { low, likely, high } = secondsFrom([30, 50, 40].map((seconds) => ({ seconds, larger: 1 })));
    expect(likely).toBe(40);
    expect(low).toBeCloseTo(27);
    expect(high).toBeCloseTo(57.5);
  });
  test('grows with the features, and is less sure then', () => {
    const { low, likely, high } = secondsFrom([{ seconds: 100, larger: 1.5 }]);
    expect(likely).toBe(150);
    expect([low, high]).toEqual([120, 195]);
  });
  test('goes together with what is measured now', () => {
    expect(both(range(30, 40, 50), range(20, 30, 45))).toEqual(range(20, 35, 50));
  });
});

describe('memory', () => {
  test('counts features that were not read', () => {
    const read = memoryFrom({ peakBytes: GB, unreadBytes: 0 });
    const unread = memoryFrom({ peakBytes: GB, unreadBytes: 4 * GB });
    expect(read.low).toBeLessThan(GB);
    expect(read.high).toBeGreaterThan(GB);
    expect(unread.likely).toBeGreaterThan(5 * GB);
  });
  test('is warned of only where it is more than there is, with the way out', () => {
    const machine = { totalBytes: 8 * GB, freeBytes: 4 * GB };
    expect(memoryWarnings(range(1 * GB, 2 * GB, 3 * GB), machine, ['batch size'])).toEqual([]);
    const [free] = memoryWarnings(range(4 * GB, 5 * GB, 6 * GB), machine, ['batch size']);
    expect(free).toContain('4 GB are free');
    expect(free).toContain('a smaller batch size');
    const [total] = memoryWarnings(range(6 * GB, 7 * GB, 9 * GB), machine, []);
    expect(total).toContain('this machine has 8 GB');
    expect(total).toContain('less memory for features');
    expect(total).not.toContain('smaller');
  });
});

test('ranges are written short', () => {
  expect(rangeOfSeconds(range(41, 50, 62))).toBe('41 – 62 s');
  expect(rangeOfSeconds(range(40, 100, 200))).toBe('40 s – 3.3 min');
  expect(rangeOfSeconds(range(3600, 7200, 10_800))).toBe('60 min – 3 h');
  expect(rangeOfSeconds(range(8, 8, 8))).toBe('8 s');
  expect(rangeOfBytes(range(3e8, 4e8, 1.25e9))).toBe('300 MB – 1.3 GB');
  expect(rangeOfSteps({ least: 3, most: 1200 })).toBe('at most 1,200');
  expect(rangeOfSteps({ least: 1200, most: 1200 })).toBe('1,200');
  expect(rangeOfSteps({ least: 0, most: 0 })).toBe('none');
});
