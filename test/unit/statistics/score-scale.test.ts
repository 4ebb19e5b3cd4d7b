import { expect, test } from 'vitest';
import { logOdds, scoreScale, stretched } from '../../../electron/statistics/score-scale.ts';

test('stretches the range of all videos together to [0, 1] and keeps order and ties', () => {
  const scores = [Float32Array.of(0.11, 0.12, 0.115), Float32Array.of(0.12, 0.131)];
  const scale = scoreScale(scores);
  expect(scale).not.toBeNull();
  const [a, b] = stretched(scores, scale!);
  expect(a[0]).toBe(0);
  expect(b[1]).toBe(1);
  expect(a[1]).toBe(b[0]);
  expect(a[2]).toBeGreaterThan(a[0]);
  expect(a[2]).toBeLessThan(a[1]);
});

test('leaves scores alone that do not differ, and takes no videos', () => {
  expect(scoreScale([Float32Array.of(0.2, 0.20001)])).toBeNull();
  expect(scoreScale([])).toBeNull();
});

test('makes no ties of neighbouring single-precision scores', () => {
  const scores = [Float32Array.from({ length: 4000 }, (_, i) => 0.108 + i * 1e-7)];
  const distinct = new Set(scores[0]).size;
  expect(new Set(stretched(scores, scoreScale(scores)!)[0]).size).toBe(distinct);
});

test('log-odds tell apart what lies near 0 or 1, in the same order, and end somewhere', () => {
  const next = Math.fround(1 - 2 ** -24);
  const ascending = Float32Array.of(0, 1e-38, 1e-20, 0.001, 0.5, 0.999, 0.999999, next, 1);
  const [odds] = logOdds([ascending]);
  for (let i = 1; i < odds.length; i++) expect(odds[i]).toBeGreaterThan(odds[i - 1]);
  expect([odds[0], odds[4], odds[8]]).toEqual([-104, 0, 17]);
  expect(odds[3]).toBeCloseTo(Math.log(0.001 / 0.999), 4);
  expect(odds[8] - odds[7]).toBeGreaterThan(0.1);
});
