import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankMetrics } from '../../../shared/labels/metrics.ts';
import {
  agreement,
  aligned,
  combine,
  rankShares,
  reliabilityWeight,
  type Voter,
} from '../../../shared/quality/consensus.ts';

const voter = (scores: number[], threshold: number, weight = 1): Voter => ({
  scores: Float32Array.from(scores),
  labels: Uint8Array.from(scores, (s) => Number(s >= threshold)),
  threshold,
  weight,
});
const rounded = (values: ArrayLike<number>) => Array.from(values, (v) => +v.toFixed(6));

const a = voter([0, 0.2, 0.6, 1], 0.2);
const b = voter([10, 20, 40, 30], 30, 3);
const c = voter([0.5, 0.1, 0.9, 0.2], 0.4, 0);

describe('consensus', () => {
  test('scales are aligned at the lowest score, the threshold and the highest score', () => {
    expect(rounded(aligned(a))).toEqual([0, 0.5, 0.75, 1]);
    expect(rounded(aligned(b))).toEqual([0, 0.25, 1, 0.5]);
    expect(rounded(aligned(voter([0.3, 0.3], 0.3)))).toEqual([1, 1]);
    expect(rounded(aligned(voter([0.3, 0.3], 0.4)))).toEqual([0, 0]);
  });

  test('mean, median and weighted mean of the aligned scores', () => {
    const [A, B, C] = [a, b, c].map((v) => Array.from(aligned(v)));
    expect(rounded(combine([a, b, c], 'mean', 1).scores)).toEqual(
      rounded(A.map((_, s) => (A[s] + B[s] + C[s]) / 3)),
    );
    expect(rounded(combine([a, b, c], 'median', 1).scores)).toEqual(
      rounded(A.map((_, s) => [A[s], B[s], C[s]].sort((x, y) => x - y)[1])),
    );
    expect(rounded(combine([a, b, c], 'weighted', 1).scores)).toEqual(
      rounded(A.map((_, s) => (A[s] + 3 * B[s]) / 4)),
    );
    expect(rounded(combine([a, b], 'median', 1).scores)).toEqual(rounded(A.map((_, s) => (A[s] + B[s]) / 2)));
  });

  test('k of n: labelled where at least k runs label, for every k', () => {
    const votes = [1, 1, 3, 2];
    for (const k of [1, 2, 3]) {
      const { labels, scores } = combine([a, b, c], 'votes', k);
      expect([...labels]).toEqual(votes.map((v) => Number(v >= k)));
      expect(rounded(scores)).toEqual(rounded(votes.map((v) => v / 3)));
    }
  });

  test('uncertainty is the share of runs that say otherwise', () => {
    expect(rounded(combine([a, b, c], 'votes', 2).uncertainty)).toEqual(rounded([1 / 3, 1 / 3, 0, 1 / 3]));
    expect(rounded(combine([a, b, c], 'votes', 1).uncertainty)).toEqual(rounded([2 / 3, 2 / 3, 0, 1 / 3]));
  });

  test('ranks know no scale, share ties, and label about as much as the runs do', () => {
    expect(rounded(rankShares(Float32Array.of(5, 1, 5, 9)))).toEqual([0.5, 0, 0.5, 1]);
    const bent = voter(
      Array.from(a.scores, (s) => Math.exp(5 * s)),
      Math.exp(1),
    );
    expect(rounded(combine([a, b], 'ranks', 1).scores)).toEqual(
      rounded(combine([bent, b], 'ranks', 1).scores),
    );
    const many = Array.from({ length: 200 }, (_, i) => i / 200);
    const { labels } = combine([voter(many, 0.8), voter(many.toReversed(), 0.9)], 'ranks', 1);
    expect(labels.length).toBe(200);
    const one = combine([voter(many, 0.8)], 'ranks', 1).labels.reduce((x, y) => x + y, 0);
    expect(one).toBe(40);
  });

  test('one run alone keeps its order and its labels under every rule', () => {
    const scores = fc.array(
      fc.integer({ min: 0, max: 50 }).map((n) => n / 50),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(
        scores,
        fc.integer({ min: 0, max: 50 }).map((n) => n / 50),
        (values, threshold) => {
          const single = voter(values, Math.fround(threshold));
          single.labels.set(single.scores.map((s) => Number(s >= single.threshold)));
          for (const rule of ['mean', 'median', 'votes', 'weighted'] as const) {
            const result = combine([single], rule, 1);
            expect([...result.labels]).toEqual([...single.labels]);
            expect(result.uncertainty.every((u) => u === 0)).toBe(true);
            expect(result.scores.every((s) => s >= 0 && s <= 1)).toBe(true);
          }
        },
      ),
    );
  });

  test('agreement of two runs', () => {
    expect(agreement(Uint8Array.of(0, 1, 1, 0), Uint8Array.of(0, 1, 0, 0))).toBe(0.75);
    expect(agreement(new Uint8Array(0), new Uint8Array(0))).toBe(1);
  });
});

describe('reliability weight', () => {
  test('is 2 AUC - 1 with equal weights, and never below 0', () => {
    const rows = fc
      .array(fc.record({ score: fc.integer({ min: 0, max: 9 }), anomalous: fc.boolean() }), { minLength: 2 })
      .filter((all) => all.some((r) => r.anomalous) && all.some((r) => !r.anomalous));
    fc.assert(
      fc.property(rows, (all) => {
        const auc = rankMetrics(
          all.map((r) => Number(r.anomalous)),
          all.map((r) => r.score),
        )!.auc;
        expect(reliabilityWeight(all.map((r) => ({ ...r, weight: 2 })))).toBeCloseTo(
          Math.max(0, 2 * auc - 1),
          12,
        );
      }),
    );
  });

  test('a weight of two is the same sample twice; one class alone says nothing', () => {
    const rows = [
      { score: 0.9, anomalous: true, weight: 1 },
      { score: 0.5, anomalous: false, weight: 2 },
      { score: 0.4, anomalous: true, weight: 1 },
      { score: 0.1, anomalous: false, weight: 1 },
    ];
    const twice = rows.flatMap((r) =>
      r.weight === 2
        ? [
            { ...r, weight: 1 },
            { ...r, weight: 1 },
          ]
        : [r],
    );
    expect(reliabilityWeight(rows)).toBeCloseTo(reliabilityWeight(twice)!, 12);
    expect(reliabilityWeight(rows.filter((r) => r.anomalous))).toBeNull();
  });
});
