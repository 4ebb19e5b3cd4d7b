import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PlayerState } from '../../../../renderer/features/review/player/player.ts';
import { watchRest } from '../../../../renderer/features/review/player/rest.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('rests once the picture has been there for a while, and not while it is sought or plays', () => {
  const store = createStore<PlayerState>(() => ({
    frame: 0,
    settled: true,
    identity: 'none',
    speed: 0,
    rate: 1,
    loop: null,
    smart: false,
  }));
  const told: boolean[] = [];
  const stop = watchRest(store, (rests) => told.push(rests));
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([]); // there is no picture yet
  store.setState({ settled: false, frame: 12 });
  store.setState({ settled: true, identity: 'exact' });
  vi.advanceTimersByTime(200);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(told).toEqual([true]);
  for (let frame = 13; frame < 20; frame++) {
    store.setState({ frame, settled: false });
    store.setState({ settled: true });
    vi.advanceTimersByTime(100);
  }
  expect(told).toEqual([true, false]);
  vi.advanceTimersByTime(400);
  store.setState({ speed: 2 });
  vi.advanceTimersByTime(400);
  expect(told).toEqual([true, false, true, false]);
  store.setState({ speed: 0 });
  stop();
  vi.advanceTimersByTime(400);
  expect(told).toHaveLength(4);
});
