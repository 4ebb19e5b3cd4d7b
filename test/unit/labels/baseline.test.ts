// Per-camera baselines: a noisy camera comes to the level of all, order stays, little data changes nothing.
import { describe, expect, it } from 'vitest';
import { baselineOf, besideBaseline } from '../../../shared/labels/baseline.ts';

const ramp = (count: number, from: number, to: number) =>
  Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

describe('baselineOf', () => {
  it('is the median and the way up to the 90th percentile, over all videos together', () => {
    const scores = ramp(101, 0, 1);
    const own = baselineOf([scores.slice(0, 40), scores.slice(40)]);
    expect(own?.level).toBeCloseTo(0.5, 6);
    expect(own?.spread).toBeCloseTo(0.4, 6);
  });

  it('says nothing of half a minute, and does not divide by the stillness of a camera', () => {
    expect(baselineOf([ramp(31, 0, 1)])).toBeNull();
    expect(baselineOf([new Float32Array(100).fill(0.3)])?.spread).toBe(0.02);
  });
});

describe('besideBaseline', () => {
  const quiet = ramp(200, 0.1, 0.2);
  const noisy = ramp(200, 0.5, 0.9);
  const all = baselineOf([quiet, noisy]);

  it('brings a noisy camera and a quiet one to the same level and keeps their order', () => {
    const a = besideBaseline(quiet, baselineOf([quiet]), all);
    const b = besideBaseline(noisy, baselineOf([noisy]), all);
    for (const k of [20, 99, 150]) expect(a[k]).toBeCloseTo(b[k], 2);
    expect([...a].every((score, k) => k === 0 || score >= a[k - 1])).toBe(true);
    expect(Math.min(...a, ...b)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...a, ...b)).toBeLessThanOrEqual(1);
  });

  it('changes nothing where there is no baseline, and never the scores it was given', () => {
    const copy = besideBaseline(noisy, null, all);
    expect(copy).toEqual(noisy);
    expect(copy).not.toBe(noisy);
  });
});
