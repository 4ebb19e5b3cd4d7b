// Consensus and uncertainty: one scale for all runs, runs of different lengths, ties.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated, consensusOf, uncertaintyOf } from '../../../shared/labels/consensus.ts';

const voice = (on: number, ...scores: number[]) => ({ on, scores: Float32Array.from(scores) });
const rounded = (values: Float32Array) => [...values].map((value) => Math.round(value * 1000) / 1000);

describe('calibrated', () => {
  it('puts the threshold at one half and keeps both ends', () => {
    expect([0, 0.1, 0.2, 0.6, 1].map((score) => calibrated(score, 0.2))).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(calibrated(0, 0)).toBe(0.5);
    expect(calibrated(1, 1)).toBe(1);
    expect([calibrated(-3, 0.4), calibrated(7, 0.4)]).toEqual([0, 1]);
  });

  it('never changes the order of a run', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, (a, b, on) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        return calibrated(low, on) <= calibrated(high, on);
      }),
    );
  });
});

describe('consensusOf', () => {
  const voices = [voice(0.5, 0, 0.5, 1), voice(0.2, 0, 0.2, 0.6), voice(0.8, 0.8, 0, 0.4)];
  it('takes mean, median and vote', () => {
    expect(rounded(consensusOf(voices, 'mean'))).toEqual([0.167, 0.333, 0.667]);
    expect(rounded(consensusOf(voices, 'median'))).toEqual([0, 0.5, 0.75]);
    expect(rounded(consensusOf(voices, 'vote'))).toEqual([0.333, 0.667, 0.667]);
  });

  it('weighs runs, and takes the middle of two as a median', () => {
    const two = [{ ...voice(0.5, 1), weight: 3 }, voice(0.5, 0)];
    expect(rounded(consensusOf(two, 'mean'))).toEqual([0.75]);
    expect(rounded(consensusOf(two, 'vote'))).toEqual([0.75]);
    expect(rounded(consensusOf(two, 'weighted'))).toEqual([0.75]);
    expect(rounded(consensusOf(two, 'median'))).toEqual([0.5]);
  });

  it('lets a shorter run hold its last score, and takes no run for an answer', () => {
    expect(rounded(consensusOf([voice(0.5, 0, 0, 0), voice(0.5, 1)], 'mean'))).toEqual([0.5, 0.5, 0.5]);
    expect(consensusOf([], 'mean')).toHaveLength(0);
    expect(consensusOf([voice(0.5)], 'vote')).toHaveLength(0);
  });
});

describe('uncertaintyOf', () => {
  it('is highest where runs contradict each other or none is sure', () => {
    const sure = uncertaintyOf([voice(0.5, 1, 0), voice(0.5, 1, 0)]);
    const torn = uncertaintyOf([voice(0.5, 1, 0.5), voice(0.5, 0, 0.5)]);
    expect(rounded(sure)).toEqual([0, 0]);
    expect(rounded(torn)).toEqual([1, 1]);
  });
});
