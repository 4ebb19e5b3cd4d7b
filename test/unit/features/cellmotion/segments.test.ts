import { describe, expect, it } from 'vitest';
import {
  createSegmentMeans,
  frameStep,
  segmentCount,
} from '../../../../electron/features/cellmotion/segments.ts';

describe('segments', () => {
  it.each([
    [10, 1],
    [25, 2],
    [29.97, 2],
    [30, 3],
    [5, 1],
    [60, 6],
  ])('at %f frames/s looks at every frame number %i', (fps, step) => expect(frameStep(fps)).toBe(step));

  it('starts at 0, 16, 32, ... while that lies before n - 4', () => {
    const byRule = (n: number) => {
      let count = 0;
      for (let start = 0; start < n - 4; start += 16) count++;
      return count;
    };
    for (let n = 5; n < 200; n++) expect(segmentCount(n)).toBe(byRule(n));
    expect([120, 180, 20, 21].map(segmentCount)).toEqual([8, 11, 1, 2]); // as the Ped2 clips
    expect([2, 3, 4].map(segmentCount)).toEqual([1, 1, 1]);
  });

  it('averages the pairs that begin in a segment; a segment without any takes the one before', () => {
    const means = createSegmentMeans(4, 2);
    means.add(0, Float64Array.of(1, 10));
    means.add(15, Float64Array.of(2, 30));
    means.add(48, Float64Array.of(7, 7));
    means.add(64, Float64Array.of(9, 9)); // after the last segment
    expect([...means.finish()]).toEqual([1.5, 20, 1.5, 20, 1.5, 20, 7, 7]);
  });

  it('has zeros where the first segment has no pair', () => {
    const means = createSegmentMeans(2, 1);
    means.add(20, Float64Array.of(3));
    expect([...means.finish()]).toEqual([0, 3]);
  });
});
