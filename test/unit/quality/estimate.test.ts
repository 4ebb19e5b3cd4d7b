import { describe, expect, test } from 'vitest';
import {
  estimateQuality,
  type Outcome,
  type Population,
  reviewsForWidth,
  type SampledUnit,
  whatIf,
} from '../../../shared/quality/estimate.ts';
import { sizeForWidth, wilson, zOf } from '../../../shared/quality/intervals.ts';
import { populationOf } from './design.ts';

const known = (outcome: Outcome) => {
  if (!outcome.known) throw new Error(`not estimated: ${outcome.reason}`);
  return outcome;
};

describe('intervals', () => {
  test('normal quantiles', () => {
    expect(zOf(0.9)).toBeCloseTo(1.6448536269514722, 9);
    expect(zOf(0.95)).toBeCloseTo(1.959963984540054, 9);
    expect(zOf(0.5)).toBeCloseTo(0.6744897501960817, 9);
  });

  test('Wilson solves |share - p| = z sqrt(p (1 - p) / n)', () => {
    const z = zOf(0.9);
    for (const [share, n] of [
      [0.3, 40],
      [0.86, 118],
      [0.5, 20],
    ])
      for (const p of Object.values(wilson(share, n, z)))
        expect(Math.abs(share - p)).toBeCloseTo(z * Math.sqrt((p * (1 - p)) / n), 12);
    // Nothing in n: z^2 / (n + z^2).
    expect(wilson(0, 100, z)).toEqual({ low: 0, high: expect.closeTo((z * z) / (100 + z * z), 12) });
    expect(wilson(0.4, Infinity, z)).toEqual({ low: 0.4, high: 0.4 });
  });

  test('the size for a width gives that width', () => {
    const z = zOf(0.9);
    const { low, high } = wilson(0.8, sizeForWidth(0.8, 0.1, z), z);
    expect(high - low).toBeCloseTo(0.1, 9);
  });
});

/** Units of one segment: the first `hits` are anomalous. */
const stratum = (cell: string, score: number, probability: number, n: number, hits: number): SampledUnit[] =>
  Array.from({ length: n }, (_, i) => ({
    cell,
    probability,
    segments: { scores: [score], anomalous: [Number(i < hits)], parts: [1] },
  }));
const population = (...parts: [score: number, n: number][]): Population =>
  populationOf(parts.flatMap(([score, n]) => new Array<number>(n).fill(score)));

describe('estimates', () => {
  test('a simple random sample gives the plain share with Wilson and a finite population', () => {
    const units = stratum('a', 0.9, 0.1, 50, 40);
    const { precision, recall } = estimateQuality(units, population([0.9, 500]), 0.5);
    const p = known(precision);
    expect(p.value).toBeCloseTo(0.8, 12);
    // Sampling variance (1 - f) p (1 - p) / (n - 1) against p (1 - p) / m: m = (n - 1) / (1 - f); Kish: n / (1 - f).
    expect(p.effective).toBeCloseTo(49 / 0.9, 9);
    expect({ low: p.low, high: p.high }).toEqual(wilson(p.value, p.effective!, zOf(0.9)));
    expect(known(recall).value).toBe(1); // nothing of the population lies below the threshold
  });

  test('strata are weighted by what they stand for', () => {
    // 100 units at .6 of which 1 in 2 was drawn, 900 at .9 of which 1 in 30.
    const units = [...stratum('low', 0.6, 0.5, 50, 10), ...stratum('high', 0.9, 1 / 30, 30, 27)];
    const all = population([0.6, 100], [0.9, 900]);
    const precision = known(estimateQuality(units, all, 0.5).precision);
    expect(precision.value).toBeCloseTo((100 * 0.2 + 900 * 0.9) / 1000, 12);
    expect(precision.n).toBe(80);
    expect(precision.effective).toBeLessThan(40); // the heavy stratum has 30 units
    expect(known(estimateQuality(units, all, 0.7).precision).value).toBeCloseTo(0.9, 12);
  });

  test('units of several segments count by segment, and as one opinion each', () => {
    const wide = Array.from({ length: 30 }, (_, i): SampledUnit => {
      const yes = i % 3 === 0 ? 1 : 0;
      return {
        cell: 'a',
        probability: 0.1,
        segments: { scores: [0.9, 0.8, 0.2], anomalous: [yes, yes, 0], parts: [1, 1, 1] },
      };
    });
    const { precision } = estimateQuality(wide, population([0.9, 300], [0.8, 300], [0.2, 300]), 0.5);
    expect(known(precision).value).toBeCloseTo(1 / 3, 12);
    expect(known(precision).n).toBe(30);
    expect(known(precision).effective).toBeLessThan(34); // not 60
  });

  test('recall puts both sides together; nothing found below still leaves room', () => {
    const above = stratum('above', 0.9, 0.5, 100, 80);
    const all = population([0.9, 200], [0.1, 10_000]);
    const found = known(estimateQuality([...above, ...stratum('below', 0.1, 0.02, 200, 4)], all, 0.5).recall);
    expect(found.value).toBeCloseTo(160 / (160 + 200), 12);
    const none = known(estimateQuality([...above, ...stratum('below', 0.1, 0.02, 200, 0)], all, 0.5).recall);
    expect(none.value).toBe(1);
    expect(none.high).toBe(1);
    // 10,000 segments of which up to 1.3 % may hide something.
    const { high } = wilson(0, 200 / 0.98, zOf(0.9));
    expect(none.low).toBeCloseTo(160 / (160 + 10_000 * high), 9);
    expect(none.low).toBeLessThan(0.6);
  });

  test('a census is known exactly', () => {
    const units = [...stratum('a', 0.9, 1, 40, 30), ...stratum('b', 0.2, 1, 60, 6)];
    const { precision, recall, prevalence } = estimateQuality(units, population([0.9, 40], [0.2, 60]), 0.5);
    expect(known(precision)).toMatchObject({ value: 0.75, low: 0.75, high: 0.75 });
    expect(known(recall).low).toBeCloseTo(30 / 36, 12);
    expect(known(recall).high).toBeCloseTo(30 / 36, 12);
    expect(known(prevalence).value).toBeCloseTo(0.36, 12);
  });

  test('a few units are enough where they are all there are', () => {
    const units = [...stratum('a', 0.9, 1, 7, 6), ...stratum('b', 0.1, 0.5, 40, 2)];
    const all = population([0.9, 7], [0.1, 80]);
    const { precision, recall } = estimateQuality(units, all, 0.5);
    expect(known(precision)).toMatchObject({ value: 6 / 7, low: 6 / 7, high: 6 / 7, n: 7, effective: null });
    expect(known(recall).value).toBeCloseTo(6 / (6 + 4), 12);
    // The same seven of more than seven are not.
    expect(estimateQuality(units, population([0.9, 9], [0.1, 80]), 0.5).precision.known).toBe(false);
  });

  test('below 20 decided units there is no estimate, and it says how many are missing', () => {
    const units = [...stratum('a', 0.9, 0.1, 19, 15), ...stratum('b', 0.1, 0.1, 12, 1)];
    const all = population([0.9, 190], [0.1, 120]);
    const { precision, recall } = estimateQuality(units, all, 0.5);
    expect(precision).toEqual({ known: false, reason: 'few', n: 19, needed: 1 });
    expect(recall).toEqual({ known: false, reason: 'few', n: 31, needed: 8 });
    expect(estimateQuality([], population(), 0.5).precision).toMatchObject({ reason: 'few', needed: 20 });
    const nothing = [...stratum('a', 0.9, 0.1, 20, 0), ...stratum('b', 0.1, 0.1, 20, 0)];
    expect(estimateQuality(nothing, all, 0.5).recall).toMatchObject({ reason: 'none' });
  });

  test('segments that no draw could reach are not spoken for', () => {
    const units = [...stratum('a', 0.9, 0.1, 30, 20), ...stratum('b', 0.1, 0.1, 30, 1)];
    const part = { ...population([0.9, 300], [0.1, 300]), uncovered: new Float64Array(100).fill(0.1) };
    const { precision, recall } = estimateQuality(units, part, 0.5);
    expect(precision.known).toBe(true);
    expect(recall).toEqual({ known: false, reason: 'uncovered', n: 60, needed: 0 });
  });

  test('undecided units count as missing at random inside their stratum', () => {
    const undecided = stratum('a', 0.9, 0.2, 20, 0).map((unit) => ({ ...unit, segments: null }));
    const half = [...stratum('a', 0.9, 0.2, 20, 15), ...undecided, ...stratum('b', 0.8, 0.2, 20, 5)];
    // 40 drawn of 200 in a, 20 of 100 in b: a still stands for 200 units although only half of it is decided.
    expect(known(estimateQuality(half, population([0.9, 200], [0.8, 100]), 0.5).precision).value).toBeCloseTo(
      (200 * 0.75 + 100 * 0.25) / 300,
      12,
    );
  });

  test('where two draws could take a segment, each speaks for its part', () => {
    const withPart = (units: SampledUnit[], part: number) =>
      units.map((unit) => ({ ...unit, segments: unit.segments && { ...unit.segments, parts: [part] } }));
    const units = [
      ...withPart(stratum('1', 0.9, 0.2, 40, 40), 2 / 3),
      ...withPart(stratum('2', 0.9, 0.1, 20, 0), 1 / 3),
    ];
    const precision = known(estimateQuality(units, population([0.9, 200]), 0.5).precision);
    expect(precision.value).toBeCloseTo(2 / 3, 12);
  });

  test('what-if says the same as asking for each threshold', () => {
    const units = [...stratum('a', 0.9, 0.5, 30, 25), ...stratum('b', 0.4, 0.1, 40, 6)];
    const all = population([0.9, 60], [0.4, 400]);
    const thresholds = [0.3, 0.5, 0.95];
    expect(whatIf(units, all, thresholds)).toEqual(thresholds.map((t) => estimateQuality(units, all, t)));
  });

  test('more reviews for a width: as many as bring Wilson there, never more than are left', () => {
    const units = stratum('a', 0.9, 0.001, 60, 45);
    const { precision } = estimateQuality(units, population([0.9, 60_000]), 0.5);
    const more = reviewsForWidth(precision, 0.1, 10_000)!;
    const p = known(precision);
    const then = wilson(p.value, (p.effective! * (60 + more)) / 60, zOf(0.9));
    expect(then.high - then.low).toBeCloseTo(0.1, 2);
    expect(reviewsForWidth(precision, 0.1, 30)).toBe(30);
    expect(reviewsForWidth(precision, 0.5, 30)).toBe(0);
    expect(reviewsForWidth({ known: false, reason: 'few', n: 3, needed: 17 }, 0.1, 30)).toBeNull();
  });
});
