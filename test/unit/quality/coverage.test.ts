// Whether the stated confidence is what happens: populations with known truth, sampled and estimated a thousand times.
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../../electron/compute/random.ts';
import { estimateQuality, type Outcome, type SampledUnit } from '../../../shared/quality/estimate.ts';
import { drawFrom, makeWorld, populationOf, strataOf, truthAt, type World } from './design.ts';

const REPEATS = 1000;
/** 90 % is stated. Shares of few units come in steps, so a single design may fall a little short of it, never by 5 %. */
const STATED = 0.9;
const LEAST = 0.85;

/** Builds the world and its strata once; gives the sampler of one repeat. */
type Design = (random: Random) => { world: World; sample: () => SampledUnit[] };

function coverage(design: Design, threshold = 0.5) {
  const random = createRandom(11);
  const { world, sample } = design(random);
  const population = populationOf(world.scores);
  const truth = truthAt(world, threshold);
  const counts = { precision: 0, recall: 0, known: 0 };
  const covers = (outcome: Outcome, value: number) =>
    Number(outcome.known && outcome.low <= value && value <= outcome.high);
  for (let r = 0; r < REPEATS; r++) {
    const { precision, recall } = estimateQuality(sample(), population, threshold);
    if (!precision.known || !recall.known) continue;
    counts.known++;
    counts.precision += covers(precision, truth.precision);
    counts.recall += covers(recall, truth.recall);
  }
  return {
    precision: counts.precision / counts.known,
    recall: counts.recall / counts.known,
    known: counts.known / REPEATS,
  };
}

const stratified =
  (
    take: { events: number; probes: number },
    how: Parameters<typeof makeWorld>[1] & { decided?: number; parts?: number; at?: number } = {},
  ): Design =>
  (random) => {
    const world = makeWorld(random, how);
    const strata = strataOf(world, how.at ?? 0.5, take, how.parts);
    return { world, sample: () => drawFrom(world, strata, random, { decided: how.decided }) };
  };

/** Two draws for different thresholds: where both could take a segment, each speaks for it by its sampling rate. */
const twice: Design = (random) => {
  const world = makeWorld(random, { length: 3 });
  const strata = [0.5, 0.65].map((at) => strataOf(world, at, { events: 70, probes: 60 }));
  const rates = strata.map((list) => {
    const rate = new Map<number, number>();
    for (const side of ['events', 'probes']) {
      const own = list.filter((s) => s.name.startsWith(side));
      const units = own.reduce((sum, s) => sum + s.members.length, 0);
      const taken = own.reduce((sum, s) => sum + s.take, 0);
      for (const u of own.flatMap((s) => s.members)) rate.set(u, taken / units);
    }
    return rate;
  });
  const part = (which: number) => (k: number) => {
    const u = Math.floor(k / world.length);
    return rates[which].get(u)! / (rates[0].get(u)! + rates[1].get(u)!);
  };
  return {
    world,
    sample: () =>
      strata.flatMap((list, which) =>
        drawFrom(world, list, random, { name: `draw ${which}`, part: part(which) }),
      ),
  };
};

const half = { events: 60, probes: 60 };

describe('coverage of 90 % intervals over 1,000 repeats', () => {
  const cases: [string, Design, number][] = [
    ['one stratum on each side', stratified(half, { parts: 1 }), 0.5],
    ['strata by score on both sides', stratified(half), 0.5],
    ['stretches of several segments', stratified(half, { length: 4 }), 0.5],
    ['few below-threshold probes', stratified({ events: 100, probes: 30 }), 0.5],
    ['a rare anomaly, mostly found', stratified(half, { prevalence: 0.03, sharp: 4.5 }), 0.5],
    ['half of the sample reviewed so far', stratified({ events: 120, probes: 120 }, { decided: 0.5 }), 0.5],
    ['a higher threshold than the one drawn for', stratified({ events: 120, probes: 80 }), 0.65],
    ['a lower threshold than the one drawn for', stratified({ events: 80, probes: 120 }), 0.35],
    ['two draws for different thresholds', twice, 0.5],
    ['a small project', stratified(half, { units: 300 }), 0.5],
  ];
  /** Each is simulated once, whichever test asks first. */
  const simulated = new Map<string, ReturnType<typeof coverage>>();
  const found = ([name, design, threshold]: (typeof cases)[number]) => {
    const c = simulated.get(name) ?? coverage(design, threshold);
    simulated.set(name, c);
    return c;
  };
  test.each(cases)('%s', (...one) => {
    const c = found(one);
    expect(c.known).toBeGreaterThan(0.95);
    expect(c.precision).toBeGreaterThanOrEqual(LEAST);
    expect(c.recall).toBeGreaterThanOrEqual(LEAST);
  });

  test('on average over these designs it is what is stated, or more', () => {
    const seen = cases.flatMap((one) => {
      const { precision, recall } = found(one);
      return [precision, recall];
    });
    expect(seen.reduce((a, b) => a + b) / seen.length).toBeGreaterThanOrEqual(STATED);
  });

  test('reviews from the top of a queue, taken for a sample, would miss by far', () => {
    const top: Design = (random) => {
      const world = makeWorld(random);
      const order = [...world.scores.keys()].sort((a, b) => world.scores[b] - world.scores[a]);
      const strata = [
        { name: 'top', members: order.slice(0, 60), take: 40 },
        { name: 'rest', members: order.slice(-300), take: 40 },
      ];
      return { world, sample: () => drawFrom(world, strata, random) };
    };
    expect(coverage(top).precision).toBeLessThan(0.1);
  });
});
