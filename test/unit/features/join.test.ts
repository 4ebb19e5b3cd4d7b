import { describe, expect, test } from 'vitest';
import { alignSegments, type Joinable, joinFeatures } from '../../../electron/features/join.ts';

const line = (...values: number[]): Joinable => ({
  segments: values.length,
  crops: 1,
  dim: 1,
  data: Float32Array.from(values),
});
const aligned = (second: Joinable, segments: number) => [...alignSegments(second, segments, 'a.npy').data];

describe('a second modality per segment', () => {
  test('as many vectors stay as they are; one more is dropped, one fewer repeated', () => {
    expect(aligned(line(1, 2, 3), 3)).toEqual([1, 2, 3]);
    expect(aligned(line(1, 2, 3, 9), 3)).toEqual([1, 2, 3]);
    expect(aligned(line(1, 2), 3)).toEqual([1, 2, 2]);
  });
  test('fewer are interpolated between the middles of what they stand for', () => {
    // Middles of 2 vectors over 8 segments: 2 and 6; segments have theirs at .5, 1.5, ...
    expect(aligned(line(0, 4), 8)).toEqual([0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4]);
  });
  test('more are averaged by the share that lies under a segment', () => {
    expect(aligned(line(1, 3, 5, 7), 2)).toEqual([2, 6]);
    // 5 vectors over 2 segments: the third is shared.
    expect(aligned(line(1, 1, 6, 2, 2), 2)).toEqual([2, expect.closeTo(2.8, 6)]);
  });
  test('what rises keeps rising, and the mean is kept', () => {
    const many = Float32Array.from({ length: 120 }, (_, i) => i);
    const out = aligned({ segments: 120, crops: 1, dim: 1, data: many }, 50);
    expect(out.reduce((a, b) => a + b, 0) / 50).toBeCloseTo(59.5, 4);
    for (let t = 1; t < 50; t++) expect(Math.abs(out[t] - out[t - 1] - 2.4)).toBeLessThan(0.2);
  });
  test('numbers of vectors that cannot belong together are refused with both', () => {
    expect(() => aligned(line(1), 17)).toThrow('a.npy has 1 vectors where the video has 17 segments');
    expect(() => aligned(line(...Array(33).fill(0)), 2)).toThrow('33 vectors where the video has 2 segments');
  });
});

describe('joining', () => {
  const first: Joinable = { segments: 2, crops: 2, dim: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  test('one crop serves all crops of the first kind', () => {
    expect(joinFeatures(first, line(10, 20), 'a.npy')).toEqual({
      segments: 2,
      crops: 2,
      dim: 3,
      data: Float32Array.of(1, 2, 10, 3, 4, 10, 5, 6, 20, 7, 8, 20),
    });
  });
  test('as many crops go one to one, other numbers are refused', () => {
    const two: Joinable = { segments: 2, crops: 2, dim: 1, data: Float32Array.of(10, 11, 20, 21) };
    expect([...joinFeatures(first, two, 'a.npy').data]).toEqual([1, 2, 10, 3, 4, 11, 5, 6, 20, 7, 8, 21]);
    const three: Joinable = { segments: 2, crops: 3, dim: 1, data: new Float32Array(6) };
    expect(() => joinFeatures(first, three, 'a.npy')).toThrow('a.npy has 3 crops and the features have 2');
  });
});
