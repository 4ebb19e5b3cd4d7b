import { describe, expect, it } from 'vitest';
import {
  baseName,
  bytes,
  clock,
  count,
  duration,
  fps,
  left,
  measure,
  percent,
  plural,
  score,
  tellingNames,
  when,
} from '../../../renderer/format.ts';

it('names videos without folders, and with the last one where two have the same name', () => {
  expect([...tellingNames(['day/test/01.mp4', 'train/01.mp4', 'train/02.mp4', '02.avi']).values()]).toEqual([
    'test/01.mp4',
    'train/01.mp4',
    '02.mp4',
    '02.avi',
  ]);
});

describe('numbers', () => {
  it('writes scores with two digits and no leading zero', () => {
    expect([0.856, 0, 1, -0.2].map(score)).toEqual(['.86', '.00', '1.00', '-.20']);
  });
  it('groups counts and picks the plural', () => {
    expect(count(27000)).toBe('27,000');
    expect([plural(1, 'video'), plural(2, 'video'), plural(0, 'class', 'classes')]).toEqual([
      '1 video',
      '2 videos',
      '0 classes',
    ]);
  });
  it('writes measured numbers in few digits, tiny and huge ones as powers', () => {
    expect([0.21741, 12345, 0.0005, 5e-7, 2e8, 0].map((v) => measure(v))).toEqual([
      '.217',
      '12,300',
      '5e-4',
      '5e-7',
      '2e8',
      '0',
    ]);
  });
  it('never says 100 percent before the end', () => {
    expect([percent(0, 0), percent(999, 1000), percent(1000, 1000), percent(1100, 1000)]).toEqual([
      0, 99, 100, 100,
    ]);
  });
  it('writes sizes in powers of 1000', () => {
    expect([812, 1000, 3_100_000, 184e9, 999_600].map(bytes)).toEqual([
      '812 B',
      '1 kB',
      '3.1 MB',
      '184 GB',
      '1 MB',
    ]);
  });
});

describe('time', () => {
  it('writes lengths as a clock', () => {
    expect([42.9, 138, 3602, 0].map(clock)).toEqual(['0:42', '2:18', '1:00:02', '0:00']);
  });
  it('writes lengths in words', () => {
    expect([0.03, 4.24, 48, 80, 120, 3600, 7500, 90_000].map(duration)).toEqual([
      '30 ms',
      '4.2 s',
      '48 s',
      '1 min 20 s',
      '2 min',
      '1 h',
      '2 h 5 min',
      '25 h',
    ]);
  });
  it('rounds what is left to what one can know', () => {
    expect([2, 17, 170, 9000].map(left)).toEqual([
      'a few seconds left',
      'about 20 s left',
      'about 3 min left',
      'about 2.5 h left',
    ]);
  });
  it('names the day by its distance', () => {
    const now = new Date(2026, 8, 14, 12, 0).getTime();
    expect(when(new Date(2026, 8, 14, 9, 41).getTime(), now)).toBe('Today, 09:41');
    expect(when(new Date(2026, 8, 9, 16, 2).getTime(), now)).toMatch(/^9 Sept?, 16:02$/);
    expect(when(new Date(2025, 0, 3).getTime(), now)).toBe('3 Jan 2025');
  });
  it('writes frame rates from their fraction', () => {
    expect([fps(25, 1), fps(30000, 1001)]).toEqual(['25', '29.97']);
  });
});

it('takes the last part of a path', () => {
  expect([baseName('a/b/c.mp4'), baseName('c.mp4')]).toEqual(['c.mp4', 'c.mp4']);
});
