import { expect, it } from 'vitest';
import { stretchAt } from '../../../../renderer/features/review/timeline/stretch.ts';

it('a place is part of the event there, else of what the runs say together, else of its segment', () => {
  const consensus = Float32Array.of(0.1, 0.5, 0.8, 0.2, 0.9);
  const events = [{ start: 64, end: 90 }];
  expect(stretchAt(70, events, consensus, 90)).toEqual({ start: 64, end: 90 });
  expect(stretchAt(40, events, consensus, 90)).toEqual({ start: 16, end: 48 });
  expect(stretchAt(60, events, consensus, 90)).toEqual({ start: 48, end: 64 });
  // Frames after the last segment take its score.
  expect(stretchAt(85, [], consensus, 90)).toEqual({ start: 64, end: 90 });
  expect(stretchAt(85, [], null, 90)).toEqual({ start: 80, end: 90 });
});
