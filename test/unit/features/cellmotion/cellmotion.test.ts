// The extractor over a stream of frames: shape, refusals, cancel.
import { describe, expect, it } from 'vitest';
import { cellmotion, createPairDescriber } from '../../../../electron/features/cellmotion/cellmotion.ts';
import type { GreyFrame } from '../../../../electron/media/types.ts';

/** A bright square that moves to the right by three pixels a frame over a wavy ground. */
function frame(index: number): GreyFrame {
  const data = Uint8Array.from({ length: 160 * 120 }, (_, i) => {
    const [x, y] = [i % 160, Math.floor(i / 160)];
    const inside = Math.abs(x - 20 - 3 * index) < 12 && Math.abs(y - 50) < 12;
    return inside ? 200 + 40 * Math.sin((x - 3 * index) / 2) : 90 + 10 * Math.sin(x / 4 + y / 5);
  });
  return { index, data };
}
async function* frames(count: number, step = 1): AsyncGenerator<GreyFrame> {
  for (let i = 0; i < count; i += step) yield frame(i);
}
const { signal } = new AbortController();
const extractor = 'cellmotion-v1';

describe('cellmotion', () => {
  it('gives the mean vector of the pairs of each segment', async () => {
    const seen: number[] = [];
    const { segments, data } = await cellmotion(frames(40), {
      extractor,
      frames: 40,
      fps: 10,
      signal,
      onFrame: (i) => seen.push(i),
    });
    expect([segments, data.length]).toEqual([3, 3 * 48 * 19]);
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const describer = createPairDescriber(extractor);
    const sum = new Float64Array(48 * 19);
    for (let i = 0; i <= 16; i++) {
      for (const [k, value] of describer.next(frame(i).data)?.entries() ?? []) sum[k] += value / 16;
    }
    expect([...data.subarray(0, 48 * 19)]).toEqual(
      [...Float32Array.from(sum)].map((value) => expect.closeTo(value, 5)),
    );
    expect(Math.max(...data)).toBeGreaterThan(1);
  });

  it('assigns a pair to the segment of its first frame when frames are stepped over', async () => {
    const { data } = await cellmotion(frames(36, 3), { extractor, frames: 36, fps: 30, signal });
    const describer = createPairDescriber(extractor);
    const vectors = [];
    for (let i = 0; i < 36; i += 3) {
      const vector = describer.next(frame(i).data);
      if (vector) vectors.push({ first: i - 3, vector: Float64Array.from(vector) });
    }
    const second = vectors.filter(({ first }) => first >= 16 && first < 32);
    expect(second.map(({ first }) => first)).toEqual([18, 21, 24, 27, 30]);
    const mean = second[0].vector.map(
      (_, k) => second.reduce((total, { vector }) => total + vector[k], 0) / second.length,
    );
    expect([...data.subarray(48 * 19)]).toEqual([...mean].map((value) => expect.closeTo(value, 5)));
  });

  it('describes the same motion for both versions, v2 without the speed in its length', async () => {
    const options = { frames: 40, fps: 10, signal };
    const [v1, v2] = await Promise.all(
      (['cellmotion-v1', 'cellmotion-v2'] as const).map((name) =>
        cellmotion(frames(40), { ...options, extractor: name }),
      ),
    );
    expect(v2.segments).toBe(v1.segments);
    // Roots of shares lie in [0, 1], and of each pair of frames their squares sum to the share that moves.
    for (let cell = 0; cell < v2.segments * 48; cell++) {
      const speed = v2.data.subarray(19 * cell, 19 * cell + 7);
      expect(speed.every((x) => x >= 0 && x <= 1)).toBe(true);
      expect(Math.hypot(...speed)).toBeLessThanOrEqual(1);
      // Where v1 sees motion, v2 does; v2 also sees cells in which fewer than 20 pixels move.
      const moves = (data: Float32Array) => data.subarray(19 * cell, 19 * cell + 7).some((x) => x > 0);
      expect(moves(v2.data) || !moves(v1.data)).toBe(true);
    }
    expect(v2.data).not.toEqual(v1.data);
  });

  it('refuses videos without a pair, frames out of order and videos that end early', async () => {
    await expect(cellmotion(frames(1), { extractor, frames: 1, fps: 10, signal })).rejects.toThrow(
      /at least 2/,
    );
    await expect(cellmotion(frames(3, 3), { extractor, frames: 3, fps: 30, signal })).rejects.toThrow(
      /at least 4/,
    );
    await expect(cellmotion(frames(40, 2), { extractor, frames: 40, fps: 10, signal })).rejects.toThrow(
      /Frame 1 was expected/,
    );
    await expect(cellmotion(frames(20), { extractor, frames: 40, fps: 10, signal })).rejects.toThrow(
      /ends at frame 19.*40 frames/,
    );
    await expect(cellmotion(frames(1), { extractor, frames: 10, fps: 10, signal })).rejects.toThrow(
      /ends at frame 0/,
    );
    const { segments } = await cellmotion(frames(30), { extractor, frames: 40, fps: 10, signal });
    expect(segments).toBe(3);
  });

  it('stops when it is cancelled', async () => {
    const abort = new AbortController();
    let last = 0;
    const work = cellmotion(frames(1000), {
      extractor,
      frames: 1000,
      fps: 10,
      signal: abort.signal,
      onFrame: (index) => {
        last = index;
        if (index === 5) abort.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(last).toBe(5);
  });
});
