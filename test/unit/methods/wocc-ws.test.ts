// Scores, labels, threshold, bags and weights of wOCC-WS against closed forms.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../electron/compute/random.ts';
import { drawBags, planBags } from '../../../electron/methods/wocc-ws/bags.ts';
import { frameScores, smoothClips, snippetScores } from '../../../electron/methods/wocc-ws/pose-scores.ts';
import {
  cleanLabels,
  firstCount,
  highest,
  rankLabels,
} from '../../../electron/methods/wocc-ws/snippet-labels.ts';
import { endModule, narrow, startThreshold } from '../../../electron/methods/wocc-ws/threshold.ts';
import { frameWeights, objectWeights } from '../../../electron/methods/wocc-ws/weights.ts';

describe('scores of poses', () => {
  const one = (score: number[], firstFrame: number[]) => ({
    score,
    clip: score.map(() => 0),
    firstFrame,
    length: 4,
  });

  it('lie on the middle frame, the least normal person counts, gaps are most normal', () => {
    expect(Array.from(frameScores(one([-3, -1, -2], [0, 1, 0]), [0, 5]))).toEqual([-1, -1, -3, -1, -1]);
  });
  it('replace infinities by the ends of what is finite', () => {
    const scores = frameScores(one([Number.NEGATIVE_INFINITY, -1, -2], [0, 1, 2]), [0, 6]);
    expect(Array.from(scores)).toEqual([-1, -1, -2, -1, -2, -1]);
  });
  it('are refused without anybody, or outside of the video', () => {
    expect(() => frameScores(one([], []), [0, 5])).toThrow(/No person/);
    expect(() => frameScores(one([-1], [4]), [0, 5])).toThrow(/begins at frame 4 of a video of 5 frames/);
  });
  it('are smoothed inside each clip only', () => {
    const smoothed = smoothClips(Float64Array.of(0, 0, 0, 1, 1, 1), [0, 3, 6]);
    expect(smoothed[2]).toBeCloseTo(0, 12);
    expect(smoothed[3]).toBeCloseTo(1, 12);
  });
  it('become snippets with the sign turned, the last one filled up', () => {
    const ramp = Array.from({ length: 20 }, (_, i) => -i);
    const { scores, offsets } = snippetScores([...ramp, 1], [0, 20, 20, 21]);
    expect(Array.from(scores)).toEqual([7.5, 18.625, -1]);
    expect(Array.from(offsets)).toEqual([0, 2, 2, 3]);
  });
});

describe('snippet labels', () => {
  it('count without the rounding of binary fractions', () => {
    expect(firstCount(0.15, 20)).toBe(3);
    expect(firstCount(0.07, 100)).toBe(7);
    expect(firstCount(0.15, 10_950)).toBe(1643);
    expect(firstCount(0.3, 11)).toBe(4);
  });
  it('are the highest scores, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.nat({ max: 30 }), (scores, count) => {
        const labels = rankLabels(scores, count);
        const ones = scores.filter((_, i) => labels[i] === 1);
        const zeros = scores.filter((_, i) => labels[i] === 0);
        expect(ones.length).toBe(Math.min(count, scores.length));
        expect(Math.min(...ones)).toBeGreaterThanOrEqual(Math.max(...zeros));
      }),
    );
  });
  it('are cleaned inside a video where this is asked for', () => {
    const labels = Uint8Array.of(0, 0, 1, 0, 0, 1, 1, 0, 1, 1);
    const scores = [0, 0, 9, 2, 0, 5, 6, 1, 8, 8];
    const clean = (offsets: number[]) => cleanLabels(labels, scores, offsets, 'perVideo');
    expect(clean([0, 5, 10]).labels.join('')).toBe('0000011111');
    expect(clean([0, 5, 10]).scores[2]).toBe(1);
    expect(clean([0, 5, 10]).scores[7]).toBe(7);
    expect(clean([0, 4, 8, 10]).labels).toEqual(labels);
    expect(labels[2]).toBe(1);
  });
});

describe('the adaptive threshold', () => {
  const options = { stopQ: 0.1, stopReference: 'code' as const, maxModules: 6 };

  it('counts what all models agree on', () => {
    const start = startThreshold(2, 4);
    const narrowed = narrow(narrow(start, [4, 3, 2, 1]), [4, 1, 3, 2]);
    expect(Array.from(narrowed.consensus)).toEqual([1, 0, 0, 0]);
    expect(endModule(narrowed, options)).toMatchObject({ state: { thresholds: [2, 1] }, stop: null });
    expect(Array.from(start.consensus)).toEqual([1, 1, 1, 1]);
  });
  it('stops where nothing is left, before anything else', () => {
    const apart = narrow(narrow(startThreshold(1, 2), [1, 0]), [0, 1]);
    expect(endModule(apart, { ...options, maxModules: 1 }).stop).toBe('zero');
  });
  it('never grows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ noNaN: true }), { minLength: 9, maxLength: 9 })),
        (models) => {
          let state = startThreshold(4, 9);
          for (const scores of models) state = endModule(narrow(state, scores), options).state;
          const { thresholds } = state;
          expect(thresholds).toEqual(thresholds.toSorted((a, b) => b - a));
          expect(thresholds.length).toBe(models.length + 1);
        },
      ),
    );
  });
});

describe('bags', () => {
  it('spread the highest scores and use every other snippet once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 8, maxLength: 90 }), (scores) => {
        const plan = planBags(scores);
        expect((scores.length + plan.padding) % 16).toBe(0);
        expect(Array.from(plan.hard).toSorted((a, b) => a - b)).toEqual(
          Array.from(plan.order.subarray(0, 3 * plan.bags)).toSorted((a, b) => a - b),
        );
        const drawn = drawBags(plan, createRandom(4));
        expect(Array.from(drawn).toSorted((a, b) => a - b)).toEqual(
          Array.from(plan.order).toSorted((a, b) => a - b),
        );
        for (let k = 0; k < plan.bags; k++) expect(drawn[16 * k]).toBe(plan.order[k]);
        expect(new Set(drawn).size).toBe(scores.length);
      }),
    );
  });
  it('need eight snippets', () => {
    expect(() => planBags([1, 2, 3])).toThrow(/Only 3 snippets/);
  });
  it('are drawn anew with another seed', () => {
    const plan = planBags(
      highest(
        Array.from({ length: 48 }, (_, i) => i),
        48,
      ),
    );
    expect(drawBags(plan, createRandom(1))).toEqual(drawBags(plan, createRandom(1)));
    expect(drawBags(plan, createRandom(1))).not.toEqual(drawBags(plan, createRandom(2)));
  });
});

describe('weights', () => {
  it('stay with their video, and the least weight of its frames is that of an object', () => {
    const frames = frameWeights([0.25, 0.5, 1], [0, 2, 3], [20, 18]);
    expect(Array.from(frames.offsets)).toEqual([0, 20, 38]);
    expect(Array.from(frames.values.subarray(14, 18))).toEqual([0.75, 0.75, 0.5, 0.5]);
    expect(Array.from(frames.values.subarray(35))).toEqual([0, 0, 0]);
    const objects = { video: [0, 0, 0, 0], firstFrame: [0, 13, 19, 25], length: 4 };
    expect(Array.from(objectWeights(frames, objects))).toEqual([0.75, 0.5, 0.5, 0]);
  });
});
