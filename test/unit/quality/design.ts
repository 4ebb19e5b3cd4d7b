// Populations with known truth and random draws from them, for the tests of estimates.
import type { Random } from '../../../electron/compute/random.ts';
import type { Population, SampledUnit } from '../../../shared/quality/estimate.ts';

/** Units of `length` neighbouring segments; anomalies fill neighbouring segments too. */
export interface World {
  /** Segments per unit. */
  length: number;
  /** Per segment. */
  scores: Float64Array;
  truth: Uint8Array;
}

/** Scores of anomalous and normal segments overlap; `sharp` says how well the score knows the truth. */
export function makeWorld(
  random: Random,
  { units = 3000, length = 1, prevalence = 0.15, sharp = 3 } = {},
): World {
  const scores = new Float64Array(units * length);
  const truth = new Uint8Array(units * length);
  for (let u = 0; u < units; u++) {
    const anomalous = random.uniform() < prevalence;
    const common = random.normal();
    for (let k = u * length; k < (u + 1) * length; k++) {
      truth[k] = Number(anomalous && (length === 1 || random.uniform() < 0.8));
      const logit = common * 0.8 + random.normal() * 0.9 + (truth[k] ? sharp : -sharp) / 2 - 1;
      scores[k] = 1 / (1 + Math.exp(-logit));
    }
  }
  return { length, scores, truth };
}

export const populationOf = (scores: ArrayLike<number>): Population => ({
  covered: Float64Array.from(scores).sort(),
  uncovered: new Float64Array(0),
});

export function truthAt({ scores, truth }: World, threshold: number) {
  let [above, hits, positives] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    positives += truth[i];
    if (scores[i] < threshold) continue;
    above++;
    hits += truth[i];
  }
  return { precision: hits / above, recall: hits / positives };
}

/** Units by their highest score, in strata of equal number. */
export interface Stratum {
  name: string;
  members: number[];
  take: number;
}

const highest = ({ scores, length }: World, unit: number) =>
  scores.subarray(unit * length, (unit + 1) * length).reduce((a, b) => Math.max(a, b), 0);

/** `events` units reach the threshold, `probes` do not: two separate populations, each in `parts` strata. */
export function strataOf(
  world: World,
  threshold: number,
  take: { events: number; probes: number },
  parts = 3,
): Stratum[] {
  const units = Array.from({ length: world.scores.length / world.length }, (_, u) => ({
    u,
    score: highest(world, u),
  })).sort((a, b) => a.score - b.score);
  return (['events', 'probes'] as const).flatMap((side) => {
    const members = units.filter(({ score }) => score >= threshold === (side === 'events'));
    return Array.from({ length: parts }, (_, h) => {
      const part = members.slice(
        Math.round((h * members.length) / parts),
        Math.round(((h + 1) * members.length) / parts),
      );
      const wanted = Math.round(((h + 1) * take[side]) / parts) - Math.round((h * take[side]) / parts);
      return {
        name: `${side} ${h}`,
        members: part.map(({ u }) => u),
        take: Math.min(part.length, wanted),
      };
    });
  });
}

/** Draws without replacement. @param part of segment k that this draw speaks for. @param decided share of it looked at. */
export function drawFrom(
  world: World,
  strata: readonly Stratum[],
  random: Random,
  { name = 'a', part = (_segment: number): number => 1, decided = 1 } = {},
): SampledUnit[] {
  return strata.flatMap(({ name: stratum, members, take }) => {
    const cell = `${name} ${stratum}`;
    const pool = [...members];
    return Array.from({ length: take }, (_, i): SampledUnit => {
      const j = i + random.integer(pool.length - i);
      [pool[i], pool[j]] = [pool[j], pool[i]];
      const segments = Array.from({ length: world.length }, (_, k) => pool[i] * world.length + k);
      return {
        cell,
        probability: take / members.length,
        segments:
          random.uniform() < decided
            ? {
                scores: segments.map((k) => world.scores[k]),
                anomalous: segments.map((k) => world.truth[k]),
                parts: segments.map((k) => part(k)),
              }
            : null,
      };
    });
  });
}
