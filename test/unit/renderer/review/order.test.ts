import { describe, expect, it } from 'vitest';
import { boundaries, boundaryFrom } from '../../../../renderer/features/review/events/order.ts';
import {
  aimAt,
  restThere,
  reviewPath,
  takeTarget,
  usePlace,
} from '../../../../renderer/features/review/place.ts';

describe('edges of events', () => {
  it('lie on either side; the end is the last frame inside', () => {
    const edges = boundaries([
      { start: 16, end: 32 },
      { start: 31, end: 48 },
    ]);
    expect(edges).toEqual([16, 31, 47]);
    expect([boundaryFrom(edges, 16, 1), boundaryFrom(edges, 16, -1), boundaryFrom(edges, 50, -1)]).toEqual([
      31,
      null,
      47,
    ]);
  });
});

describe('address of a place', () => {
  it('names run and video as far as they are known', () => {
    expect([reviewPath(null, null), reviewPath(3, null), reviewPath(3, 17), reviewPath(null, 4)]).toEqual([
      '/review',
      '/review/3',
      '/review/3/17',
      '/review',
    ]);
  });

  it('keeps the frame for the video it is meant for, once', () => {
    aimAt(4, 99, 2);
    const place = { videoId: 4, frame: 99, speed: 2, end: null };
    expect([takeTarget(5), takeTarget(4), takeTarget(4)]).toEqual([null, place, null]);
    aimAt(4, 99, 2);
    restThere();
    expect(takeTarget(4)).toEqual({ ...place, speed: 0 });
    restThere();
    expect(takeTarget(4)).toBeNull();
  });

  it('forgets the frame of a video that never opened once another one was opened for itself', () => {
    aimAt(4, 99);
    aimAt(5, null);
    expect([takeTarget(5), takeTarget(4)]).toEqual([null, null]);
    expect(usePlace.getState().cameBack).toBe(true);
  });
});
