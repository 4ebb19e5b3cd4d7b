// When checkpoints are written: large ones would otherwise take longer than the training they keep.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { savesOf } from '../../../electron/methods/checkpoint.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('after the first step, every 30 seconds of steps, at the end of a stage, and when cancelled', async () => {
  const abort = new AbortController();
  const written: number[] = [];
  const saves = savesOf({
    signal: abort.signal,
    saveCheckpoint: async (bytes) => void written.push(bytes[0]),
  });
  const at = (step: number) => async () => Uint8Array.of(step);
  for (let step = 1; step <= 100; step++) {
    vi.advanceTimersByTime(1000);
    await saves.offer(at(step));
  }
  expect(written).toEqual([1, 31, 61, 91]);
  await saves.now(at(101));
  vi.advanceTimersByTime(29_000);
  await saves.offer(at(102));
  abort.abort();
  await expect(saves.offer(at(103))).rejects.toMatchObject({ code: 'cancelled' });
  expect(written).toEqual([1, 31, 61, 91, 101, 103]);
});
