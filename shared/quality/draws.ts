// From random draws and what people said about their units to the input of the estimates.
// Role: how much of a draw counts, with which probabilities, and which draw speaks for a segment. Limits: pure; reading
// draws and rows of people is the engine's part.
import type { DecidedSegments, SampledUnit } from './estimate.ts';

/** One unit of a draw, in the order of drawing. */
export interface DrawnUnit {
  videoId: number;
  /** Segments [first, end) of the video. */
  first: number;
  end: number;
  stratum: number;
  /** Units of the population in this stratum. */
  stratumUnits: number;
  /**
   * Per segment of the unit 1 for anomalous, 0 for normal; `unsure`: a person looked and could not say; `open`: nobody
   * looked.
   */
  said: Uint8Array | 'unsure' | 'open';
}

export interface RandomDraw {
  id: number;
  /** In the order of drawing. */
  units: DrawnUnit[];
  /** Units of the population. */
  population: number;
  /** Whether the draw could have taken a segment. */
  covers(videoId: number, segment: number): boolean;
}

/** Share of the beginning of a draw that must have been looked at for it to count. */
const LOOKED_AT = 0.9;

/**
 * How many units of a draw count: its longest beginning of which at least nine tenths were looked at. The beginning of a
 * draw is a random sample by itself. Units behind it were reached in another order, that of a queue for example, and a
 * verdict that came about because of its score says nothing about the others.
 */
export function countingUnits(units: readonly DrawnUnit[]): number {
  let [looked, counting] = [0, 0];
  for (const [i, { said }] of units.entries()) {
    if (said === 'open') continue;
    looked++;
    if (looked >= LOOKED_AT * (i + 1)) counting = i + 1;
  }
  return counting;
}

export interface Sampled {
  units: SampledUnit[];
  /** Where the units are, in the same order: segments [first, end) of a video. */
  places: { videoId: number; first: number; end: number }[];
  /** Units that count, those decided, and those a person was unsure about. */
  drawn: number;
  decided: number;
  unsure: number;
  /** Draws with at least one unit that counts. */
  draws: number;
}

/**
 * The units of all draws for judging one run.
 *
 * A segment that several draws could have taken is shared between them in proportion to their sampling rates (a
 * multiplicity estimator: over all draws the parts of a segment sum to 1), so totals stay unbiased and the denser draw
 * speaks louder.
 * @param scoreOf what `estimateQuality` compares with its threshold; null: the run does not hold the segment.
 */
export function sampledUnits(
  draws: readonly RandomDraw[],
  scoreOf: (videoId: number, segment: number) => number | null,
): Sampled {
  const used = draws.flatMap((draw) => {
    const units = draw.units.slice(0, countingUnits(draw.units));
    const decided = units.filter((unit) => typeof unit.said !== 'string').length;
    return decided > 0 ? [{ ...draw, units, rate: decided / draw.population }] : [];
  });
  const out: Sampled = { units: [], places: [], drawn: 0, decided: 0, unsure: 0, draws: used.length };
  for (const { id, units, rate } of used) {
    const taken = new Map<number, number>();
    for (const { stratum } of units) taken.set(stratum, (taken.get(stratum) ?? 0) + 1);
    for (const unit of units) {
      out.drawn++;
      if (unit.said === 'unsure') out.unsure++;
      if (typeof unit.said !== 'string') out.decided++;
      const probability = Math.min(1, (taken.get(unit.stratum) ?? 0) / unit.stratumUnits);
      out.units.push({ cell: `${id}/${unit.stratum}`, probability, segments: segmentsOf(unit, rate) });
      out.places.push(unit);
    }
  }
  return out;

  function segmentsOf({ videoId, first, end, said }: DrawnUnit, rate: number): DecidedSegments | null {
    if (typeof said === 'string') return null;
    const [scores, anomalous, parts]: number[][] = [[], [], []];
    for (let k = first; k < end; k++) {
      const score = scoreOf(videoId, k);
      if (score === null) continue;
      const rates = used.reduce((sum, other) => sum + (other.covers(videoId, k) ? other.rate : 0), 0);
      scores.push(score);
      anomalous.push(said[k - first]);
      parts.push(rate / Math.max(rate, rates));
    }
    return { scores, anomalous, parts };
  }
}

/**
 * With which probability each drawn segment came into the samples that count; over several draws 1 - product of (1 - p).
 * A segment that was never drawn is not in the answer: which stratum it would have been in is not kept.
 * @returns by video, then by segment
 */
export function inclusionProbabilities(draws: readonly RandomDraw[]): Map<number, Map<number, number>> {
  const { units, places } = sampledUnits(draws, () => null);
  const out = new Map<number, Map<number, number>>();
  for (const [i, { videoId, first, end }] of places.entries()) {
    const own = out.get(videoId) ?? new Map<number, number>();
    out.set(videoId, own);
    for (let k = first; k < end; k++) own.set(k, 1 - (1 - (own.get(k) ?? 0)) * (1 - units[i].probability));
  }
  return out;
}
