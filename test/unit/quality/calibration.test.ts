import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  calibrate,
  isotonic,
  type LabelledScore,
  probabilitiesOf,
  probabilityOf,
  reliability,
} from '../../../shared/quality/calibration.ts';

const sample = (score: number, anomalous: boolean, weight = 1): LabelledScore => ({
  score,
  anomalous,
  weight,
});

/** Samples whose truth follows a known curve. */
function drawn(n: number, curve: (score: number) => number, weightOf = (_: number) => 1): LabelledScore[] {
  const random = createRandom(3);
  return Array.from({ length: n }, () => {
    const score = random.uniform();
    return sample(score, random.uniform() < curve(score), weightOf(score));
  });
}

const samples = fc
  .array(
    fc.record({
      score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
      anomalous: fc.boolean(),
      weight: fc.integer({ min: 1, max: 50 }),
    }),
    { minLength: 20, maxLength: 60 },
  )
  .filter((all) => all.some((s) => s.anomalous) && all.some((s) => !s.anomalous));

describe('isotonic regression', () => {
  test('pools adjacent violators by weight', () => {
    const blocks = isotonic([
      sample(0.1, false),
      sample(0.2, true),
      sample(0.3, false, 3),
      sample(0.4, true),
      sample(0.4, false),
      sample(0.9, true),
    ]);
    expect(blocks).toEqual([
      { from: 0.1, to: 0.1, probability: 0, weight: 1 },
      { from: 0.2, to: 0.3, probability: 0.25, weight: 4 },
      { from: 0.4, to: 0.4, probability: 0.5, weight: 2 },
      { from: 0.9, to: 0.9, probability: 1, weight: 1 },
    ]);
  });

  test('never falls, keeps the weighted mean, and no shift of a block would fit better', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const blocks = isotonic(all);
        for (let i = 1; i < blocks.length; i++)
          expect(blocks[i].probability).toBeGreaterThan(blocks[i - 1].probability);
        const total = all.reduce((sum, s) => sum + s.weight, 0);
        const hits = all.reduce((sum, s) => sum + (s.anomalous ? s.weight : 0), 0);
        expect(blocks.reduce((sum, b) => sum + b.weight * b.probability, 0) / total).toBeCloseTo(
          hits / total,
          12,
        );
        for (const { from, to, probability } of blocks) {
          const inside = all.filter((s) => s.score >= from && s.score <= to);
          const weight = inside.reduce((sum, s) => sum + s.weight, 0);
          expect(inside.reduce((sum, s) => sum + (s.anomalous ? s.weight : 0), 0) / weight).toBeCloseTo(
            probability,
            12,
          );
        }
      }),
    );
  });
});

describe('calibration', () => {
  test('Platt finds the sigmoid that made the labels', () => {
    const fit = calibrate(
      'platt',
      drawn(6000, (s) => 1 / (1 + Math.exp(-6 * s + 3.5))),
    );
    if (fit.kind !== 'platt') throw new Error(fit.kind);
    expect(fit.slope).toBeCloseTo(-6, 0);
    expect(fit.offset).toBeCloseTo(3.5, 0);
    expect(probabilityOf(fit, 0.7)).toBeCloseTo(1 / (1 + Math.exp(-0.7)), 1);
  });

  test('Platt stands where the gradient of its weighted loss is zero', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const fit = calibrate('platt', all);
        if (fit.kind !== 'platt' || fit.slope === 0) return; // a rising order was refused
        const positives = all.filter((s) => s.anomalous).length;
        let [ga, gb] = [0, 0];
        const scale = all.length / all.reduce((sum, s) => sum + s.weight, 0);
        for (const { score, anomalous, weight } of all) {
          const target = anomalous ? (positives + 1) / (positives + 2) : 1 / (all.length - positives + 2);
          const off = scale * weight * (target - probabilityOf(fit, score));
          ga += off * score;
          gb += off;
        }
        expect(Math.abs(ga)).toBeLessThan(1e-6);
        expect(Math.abs(gb)).toBeLessThan(1e-6);
      }),
    );
  });

  test.each(['platt', 'isotonic'] as const)('%s never turns the order of scores round', (kind) => {
    fc.assert(
      fc.property(samples, (all) => {
        const fit = calibrate(kind, all);
        let before = -1;
        for (let s = -0.1; s <= 1.1; s += 0.05) {
          const p = probabilityOf(fit, s);
          expect(p).toBeGreaterThanOrEqual(Math.max(0, before - 1e-12));
          expect(p).toBeLessThanOrEqual(1);
          before = p;
        }
      }),
    );
  });

  test('weights make up for uneven sampling', () => {
    // Low scores were drawn ten times as rarely; each stands for ten.
    const curve = (s: number) => 1 / (1 + Math.exp(-6 * s + 3.5));
    const all = drawn(20_000, curve, (s) => (s < 0.5 ? 10 : 1)).filter(
      (s, i) => s.score >= 0.5 || i % 10 === 0,
    );
    for (const kind of ['isotonic', 'platt'] as const)
      for (const s of [0.3, 0.8]) expect(probabilityOf(calibrate(kind, all), s)).toBeCloseTo(curve(s), 1);
  });

  test('all scores of a video at once; outside the samples the ends hold', () => {
    const fit = calibrate('isotonic', [
      ...Array.from({ length: 10 }, () => sample(0.2, false)),
      ...Array.from({ length: 10 }, () => sample(0.6, true)),
    ]);
    expect([...probabilitiesOf(fit, Float32Array.of(0, 0.2, 0.4, 0.6, 1))].map((p) => +p.toFixed(4))).toEqual(
      [0, 0, 0.5, 1, 1],
    );
    expect(fit).toMatchObject({ n: 20 });
  });

  test('too few, or all alike: a sentence instead of a fit', () => {
    expect(() =>
      calibrate(
        'platt',
        drawn(19, () => 0.5),
      ),
    ).toThrow('there are 19. Review 1 more');
    expect(() =>
      calibrate(
        'isotonic',
        drawn(30, () => 1),
      ),
    ).toThrow('All 30 reviewed samples are anomalous');
  });
});

describe('reliability', () => {
  test('means of prediction and truth per tenth, error and Brier score', () => {
    const { bins, error, brier } = reliability([0.05, 0.05, 0.85, 1], [0, 1, 1, 1]);
    expect(bins).toEqual([
      { from: 0, to: 0.1, predicted: 0.05, observed: 0.5, n: 2 },
      { from: 0.8, to: 0.9, predicted: 0.85, observed: 1, n: 1 },
      { from: 0.9, to: 1, predicted: 1, observed: 1, n: 1 },
    ]);
    expect(error).toBeCloseTo((2 * 0.45 + 0.15) / 4, 12);
    expect(brier).toBeCloseTo((0.05 ** 2 + 0.95 ** 2 + 0.15 ** 2) / 4, 12);
    expect(reliability([], [])).toEqual({ bins: [], error: 0, brier: 0 });
  });
});
