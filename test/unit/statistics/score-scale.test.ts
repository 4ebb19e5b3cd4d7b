import { expect, test } from 'vitest';
import { scoreScale, stretched } from '../../../electron/statistics/score-scale.ts';

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
