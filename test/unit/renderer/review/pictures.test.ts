import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Pictured, watchPictures } from '../../../../renderer/features/review/player/pictures.ts';

type Callback = Parameters<Pictured['requestVideoFrameCallback']>[0];

/** An element as Chromium is: each request to be told makes it look whether there is a picture to put on the screen. */
function fakeVideo() {
  const waiting = new Map<number, Callback>();
  let last = 0;
  const video = {
    paused: true,
    requestVideoFrameCallback: vi.fn((callback: Callback) => {
      waiting.set(++last, callback);
      return last;
    }),
    cancelVideoFrameCallback: (handle: number) => void waiting.delete(handle),
  };
  const present = (mediaTime: number) => {
    const callbacks = [...waiting.values()];
    waiting.clear();
    for (const callback of callbacks) callback(0, { mediaTime } as VideoFrameCallbackMetadata);
  };
  return { video, waiting, present };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (next: () => void) => setTimeout(next, 16));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('pictures of an element', () => {
  it('are told one by one, however often it is asked in between', () => {
    const { video, present, waiting } = fakeVideo();
    const told: number[] = [];
    watchPictures(video, (mediaTime) => told.push(mediaTime));
    for (const time of [0.5, 0.9, 1.3]) {
      present(time);
      vi.advanceTimersByTime(50);
      expect(waiting.size).toBe(1);
    }
    expect(told).toEqual([0.5, 0.9, 1.3]);
  });

  it('are asked for again for a while after each that came at rest, and then no more', () => {
    const { video, present } = fakeVideo();
    watchPictures(video, () => {});
    present(0.5);
    const before = video.requestVideoFrameCallback.mock.calls.length;
    vi.advanceTimersByTime(40);
    expect(video.requestVideoFrameCallback.mock.calls.length).toBe(before + 2);
    vi.advanceTimersByTime(5000);
    const after = video.requestVideoFrameCallback.mock.calls.length;
    expect(after).toBeGreaterThan(before + 5);
    vi.advanceTimersByTime(5000);
    expect(video.requestVideoFrameCallback.mock.calls.length).toBe(after);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are not asked for while playing, but once it has come to rest', () => {
    const { video, present } = fakeVideo();
    watchPictures(video, () => {});
    video.paused = false;
    present(0.5);
    vi.advanceTimersByTime(400);
    expect(video.requestVideoFrameCallback).toHaveBeenCalledTimes(2);
    video.paused = true;
    vi.advanceTimersByTime(40);
    expect(video.requestVideoFrameCallback.mock.calls.length).toBeGreaterThan(2);
  });

  it('end with the watch', () => {
    const { video, present, waiting } = fakeVideo();
    const told: number[] = [];
    const end = watchPictures(video, (mediaTime) => told.push(mediaTime));
    present(0.5);
    end();
    expect(waiting.size).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(waiting.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(told).toEqual([0.5]);
  });
});
