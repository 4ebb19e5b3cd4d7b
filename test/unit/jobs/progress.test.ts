import { expect, test } from 'vitest';
import { createPace } from '../../../electron/jobs/progress.ts';

test('a steady pace gives its rate and the time left', () => {
  const pace = createPace();
  pace(0, 0, 1000);
  pace(1000, 100, 1000);
  expect(pace(2000, 200, 1000)).toEqual({ rate: 100, secondsLeft: 8 });
});

test('says nothing before there is half a second of evidence, or while nothing moves', () => {
  const pace = createPace();
  expect(pace(0, 0, 10)).toEqual({ rate: 0, secondsLeft: null });
  expect(pace(400, 4, 10)).toEqual({ rate: 0, secondsLeft: null });
  const stuck = createPace();
  stuck(0, 3, 10);
  expect(stuck(60_000, 3, 10)).toEqual({ rate: 0, secondsLeft: null });
});

test('follows a change of pace within its window', () => {
  const pace = createPace();
  for (let second = 0; second <= 60; second++) pace(second * 1000, second * 10, 10_000);
  for (let second = 61; second <= 90; second++) pace(second * 1000, 600 + (second - 60) * 100, 10_000);
  const { rate } = pace(91_000, 600 + 31 * 100, 10_000);
  expect(rate).toBeCloseTo(100, 5);
});

test('starts afresh when the work is another: a new total, or done falls', () => {
  const pace = createPace();
  pace(0, 0, 10);
  pace(10_000, 10, 10);
  expect(pace(10_100, 0, 500)).toEqual({ rate: 0, secondsLeft: null });
  pace(11_100, 50, 500);
  expect(pace(11_200, 2, 500)).toEqual({ rate: 0, secondsLeft: null });
});
