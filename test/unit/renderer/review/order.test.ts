import { describe, expect, it } from 'vitest';
import {
  boundaries,
  boundaryFrom,
  indexAt,
  neighbour,
  sortEvents,
  withVideo,
} from '../../../../renderer/features/review/events/order.ts';
import { reviewPath, takeTarget, usePlace } from '../../../../renderer/features/review/place.ts';
import type { ModelEvent, VideoRow } from '../../../../shared/contract/index.ts';

const event = (videoId: number, start: number, end: number, max: number): ModelEvent => ({
  videoId,
  start,
  end,
  max,
  mean: max / 2,
});
const videos = [{ id: 7 }, { id: 2 }] as VideoRow[];
const events = [event(2, 0, 16, 0.9), event(7, 160, 192, 0.6), event(7, 16, 32, 0.9), event(2, 64, 160, 0.7)];
const names = (list: readonly ModelEvent[]) => list.map((e) => `${e.videoId}:${e.start}`);

describe('order of events', () => {
  it('sorts by score, by time in the order of the videos, by length, always the same', () => {
    expect(names(sortEvents(events, 'score', videos))).toEqual(['7:16', '2:0', '2:64', '7:160']);
    expect(names(sortEvents(events, 'time', videos))).toEqual(['7:16', '7:160', '2:0', '2:64']);
    expect(names(sortEvents(events, 'length', videos))).toEqual(['2:64', '7:160', '7:16', '2:0']);
    expect(names(sortEvents([...events].reverse(), 'score', videos))).toEqual(
      names(sortEvents(events, 'score', videos)),
    );
  });

  it('replaces the events of one video by fresher ones', () => {
    expect(names(withVideo(events, 7, [{ start: 8, end: 9, max: 1, mean: 1 }]))).toEqual([
      '2:0',
      '2:64',
      '7:8',
    ]);
  });

  it('goes to the neighbour in the list, across videos, and stops at the ends', () => {
    const sorted = sortEvents(events, 'time', videos);
    const at = (videoId: number, frame: number) => indexAt(sorted, videoId, frame);
    expect(names([neighbour(sorted, at(7, 170), { videoId: 7, frame: 170 }, 1)!])).toEqual(['2:0']);
    expect(names([neighbour(sorted, at(2, 0), { videoId: 2, frame: 0 }, -1)!])).toEqual(['7:160']);
    expect(neighbour(sorted, at(2, 64), { videoId: 2, frame: 64 }, 1)).toBeNull();
    expect(at(2, 16)).toBe(-1);
  });

  it('starts from where one is when no event is current', () => {
    const sorted = sortEvents(events, 'score', videos);
    expect(names([neighbour(sorted, -1, { videoId: 7, frame: 40 }, 1)!])).toEqual(['7:160']);
    expect(names([neighbour(sorted, -1, { videoId: 7, frame: 40 }, -1)!])).toEqual(['7:16']);
    expect(names([neighbour(sorted, -1, { videoId: 7, frame: 200 }, 1)!])).toEqual(['7:16']);
    expect(neighbour([], -1, { videoId: 7, frame: 0 }, 1)).toBeNull();
  });

  it('finds edges of events on either side; the end is the last frame inside', () => {
    const edges = boundaries([event(1, 16, 32, 1), event(1, 31, 48, 1)]);
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
    usePlace.setState({ target: { videoId: 4, frame: 99 } });
    expect([takeTarget(5), takeTarget(4), takeTarget(4)]).toEqual([null, 99, null]);
  });
});
