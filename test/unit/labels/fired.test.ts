import { expect, it } from 'vitest';
import { scoredOver } from '../../../shared/labels/events.ts';
import { firedIn } from '../../../shared/labels/fired.ts';

it('says where in an event a run reaches its threshold, and how high it is there', () => {
  const scores = Float32Array.of(0.1, 0.9, 0.5, 0.2, 0.8);
  // Frames after the last segment take its score.
  expect(firedIn(scores, 0.5, { start: 20, end: 90 }, 100)).toEqual([
    { start: 20, end: 48 },
    { start: 64, end: 90 },
  ]);
  expect(firedIn(scores, 0.95, { start: 0, end: 100 }, 100)).toEqual([]);
  const { max, mean } = scoredOver(scores, { start: 40, end: 64 });
  expect(max).toBeCloseTo(0.5);
  expect(mean).toBeCloseTo((8 * 0.5 + 16 * 0.2) / 24);
});
