import { describe, expect, test } from 'vitest';
import {
  framesFromShares,
  officialFrames,
  segmentsFromShares,
  shareOfFrame,
  shareRange,
} from '../../../shared/labels/shares.ts';

const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i + 1);

describe('shares of a video', () => {
  test.each([
    [32, 1748],
    [32, 347],
    [32, 20],
    [7, 100],
    [1, 5],
  ])('%i shares of %i frames: every frame in one share, in order, as k n / shares says', (shares, frames) => {
    const values = framesFromShares(ramp(shares), frames);
    for (let frame = 0; frame < frames; frame++) {
      const k = shareOfFrame(frame, shares, frames);
      expect(frame).toBeGreaterThanOrEqual((k * frames) / shares);
      expect(frame).toBeLessThan(((k + 1) * frames) / shares);
      expect(values[frame]).toBe(k + 1);
    }
    expect(shareRange(0, shares, frames).start).toBe(0);
    expect(shareRange(shares - 1, shares, frames).end).toBe(frames);
  });

  test('a segment has the value of the share that holds its middle', () => {
    // Shares of 10 frames: [0, 10) and [10, 20); segments [0, 16) with middle 7, [16, 20) with middle 17.
    expect([...segmentsFromShares(ramp(2), 20)]).toEqual([1, 2]);
    // Shares of 5: middles 7 and 17 lie in the second and the fourth.
    expect([...segmentsFromShares(ramp(4), 20)]).toEqual([2, 4]);
    expect([...segmentsFromShares(Uint8Array.of(1), 33)]).toEqual([1, 1, 1]);
  });

  test('the official boundaries are multiples of 16 frames, and the last vector has 0', () => {
    // 5 vectors, 2 shares: t = 1, 3, 5; frames 0-31 and 32-63, then the last vector and the rest.
    const values = officialFrames(ramp(2), 83);
    expect([...new Set(values.subarray(0, 32))]).toEqual([1]);
    expect([...new Set(values.subarray(32, 64))]).toEqual([2]);
    expect([...new Set(values.subarray(64))]).toEqual([0]);
    // 2 vectors, 4 shares: t = 1, 1, 2, 2, 2; later ones write over the empty ones before.
    expect([...officialFrames(ramp(4), 40)].filter((_, i) => i % 8 === 0)).toEqual([2, 2, 4, 4, 0]);
    expect([...officialFrames(ramp(4), 9)]).toEqual(Array(9).fill(0));
  });
});
