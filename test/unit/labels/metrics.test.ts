import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameMetrics, rankMetrics } from '../../../shared/labels/metrics.ts';

const score = fc.integer({ min: 0, max: 12 }).map((n) => n / 12);
const both = fc
  .array(fc.record({ label: fc.nat(1), score }), { minLength: 2, maxLength: 60 })
  .filter((f) => f.some((x) => x.label === 1) && f.some((x) => x.label === 0))
  .map((f) => ({ labels: f.map((x) => x.label), scores: f.map((x) => x.score) }));

/** Probability that an anomalous frame scores higher than a normal one, ties counting half. */
function pairAuc(labels: number[], scores: number[]): number {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) {
      if (labels[i] === 0 || labels[j] === 1) continue;
      pairs++;
      wins += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

describe('frame metrics', () => {
  test('the published small example', () => {
    const result = rankMetrics([0, 0, 1, 1, 0, 1, 0, 1], [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.2, 0.4]);
    expect(result?.auc).toBeCloseTo(0.8125, 12);
    expect(result?.stepAp).toBeCloseTo(0.8166667, 7);
    expect(result?.trapezoidPrAuc).toBeCloseTo(0.8583333, 7);
  });

  test('AUC equals the share of well-ordered pairs', () => {
    fc.assert(
      fc.property(both, ({ labels, scores }) => {
        expect(rankMetrics(labels, scores)?.auc).toBeCloseTo(pairAuc(labels, scores), 12);
      }),
    );
  });

  test('depends on ranks only, and turns over with the labels', () => {
    fc.assert(
      fc.property(both, ({ labels, scores }) => {
        const { auc, stepAp } = rankMetrics(labels, scores)!;
        const curved = rankMetrics(
          labels,
          scores.map((s) => Math.exp(3 * s)),
        )!;
        expect(curved).toEqual(rankMetrics(labels, scores));
        expect(
          rankMetrics(
            labels.map((l) => 1 - l),
            scores,
          )?.auc,
        ).toBeCloseTo(1 - auc, 12);
        expect(stepAp).toBeGreaterThan(0);
        expect(stepAp).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a perfect order gives 1 everywhere, equal scores give one half', () => {
    expect(rankMetrics([0, 0, 1, 1], [0, 0.1, 0.8, 0.9])).toEqual({ auc: 1, stepAp: 1, trapezoidPrAuc: 1 });
    expect(rankMetrics([0, 0, 0, 1], [1, 1, 1, 1])).toEqual({
      auc: 0.5,
      stepAp: 0.25,
      trapezoidPrAuc: 0.625,
    });
  });

  test('macro AUC is the mean over videos with two extra frames each', () => {
    fc.assert(
      fc.property(both, both, (a, b) => {
        const result = frameMetrics(
          [...a.labels, ...b.labels],
          [...a.scores, ...b.scores],
          [0, a.labels.length, a.labels.length + b.labels.length],
        );
        const expected = [a, b].map((v) => pairAuc([...v.labels, 0, 1], [...v.scores, 0, 1]));
        expect(result.perVideoAuc[0]).toBeCloseTo(expected[0], 12);
        expect(result.perVideoAuc[1]).toBeCloseTo(expected[1], 12);
        expect(result.macroAuc).toBeCloseTo((expected[0] + expected[1]) / 2, 12);
      }),
    );
  });

  test('no micro values where one class is missing; bad input is refused', () => {
    const result = frameMetrics([0, 0], [0.5, 0.1], [0, 2]);
    expect(result).toMatchObject({
      frames: 2,
      anomalousFrames: 0,
      microAuc: null,
      stepAp: null,
      trapezoidPrAuc: null,
    });
    expect(result.macroAuc).toBe(1);
    expect(frameMetrics([], [], [0]).macroAuc).toBeNull();
    expect(() => frameMetrics([0, 1], [0.5], [0, 1])).toThrow('both must be equal');
    expect(() => frameMetrics([0, 1], [0.5, Number.NaN], [0, 2])).toThrow('frame 1');
  });
});
