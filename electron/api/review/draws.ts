// Random samples with known probabilities. Role: cuts what lies below the threshold into units, draws from strata.
// Limits: pure; the draw is kept by electron/store/draws.ts. The same seed draws the same units, on any machine.

import { eventsOf, type ScoredEvent, sameRule, scoredOver } from '../../../shared/labels/events.ts';
import { subtract } from '../../../shared/labels/intervals.ts';
import { type EventRules, type RuledVideo, ruleOf } from '../../../shared/labels/rules.ts';
import type { EventRule, FrameRange } from '../../../shared/labels/types.ts';
import { SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import type { DrawRule, Sample } from '../../store/draws.ts';

/** Length of a probe: 8 segments, about five seconds at 25 frames a second. */
export const PROBE_FRAMES = 8 * SEGMENT_FRAMES;

export interface Unit extends ScoredEvent {
  videoId: number;
}

/** Shares of the units, from the lowest score up, at which a new stratum begins. */
const STRATA = { events: [0, 0.2, 0.4, 0.6, 0.8], probes: [0, 0.5, 0.8, 0.95] } as const;

/** Rules as a draw keeps them: what held for each of the videos it was made from. */
export function drawRuleOf(rules: EventRules, videos: readonly RuledVideo[]): DrawRule {
  const of = ruleOf(rules);
  const own: NonNullable<DrawRule['own']> = [];
  for (const video of videos) {
    const rule = of(video);
    if (sameRule(rule, rules.rule)) continue;
    const known = own.find((other) => other.rule === rule);
    if (known) known.videoIds.push(video.videoId);
    else own.push({ rule, videoIds: [video.videoId] });
  }
  return own.length === 0 ? rules.rule : { ...rules.rule, own };
}

/** The rule that cut a video into units. */
export function drawnBy({ own, ...rule }: DrawRule): (videoId: number) => EventRule {
  if (!own) return () => rule;
  const table = new Map(own.flatMap((other) => other.videoIds.map((id) => [id, other.rule] as const)));
  return (videoId) => table.get(videoId) ?? rule;
}

/** What lies outside of all events of a video, in units of at most {@link PROBE_FRAMES} frames. */
export function probeUnits(videoId: number, scores: Float32Array, frames: number, rule: EventRule): Unit[] {
  if (scores.length === 0 || frames === 0) return [];
  const outside = subtract([{ start: 0, end: frames }], eventsOf(scores, frames, rule));
  return outside.flatMap((range) =>
    pieces(range).map((piece) => ({ videoId, ...scoredOver(scores, piece) })),
  );
}

/** Pieces of nearly equal length, cut on segment borders where there are any. */
function pieces({ start, end }: FrameRange): FrameRange[] {
  const out: FrameRange[] = [];
  for (let from = start; from < end; ) {
    const next = Math.floor((from + PROBE_FRAMES) / SEGMENT_FRAMES) * SEGMENT_FRAMES;
    const to = end - next < PROBE_FRAMES / 2 ? end : next;
    out.push({ start: from, end: Math.min(to, end) });
    from = Math.min(to, end);
  }
  return out;
}

/** A number in [0, 2^32) from a seed and a place; the same on every machine (FNV-1a, then the finaliser of MurmurHash3). */
export function mixed(seed: number, ...values: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const value of [seed, ...values]) {
    for (let byte = 0; byte < 48; byte += 8) {
      hash ^= Math.floor(value / 2 ** byte) & 0xff;
      hash = Math.imul(hash, 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Draws without replacement from strata by score, as many from each as there are, in turns: after any number of units
 * the drawn ones are a stratified random sample, so that one may stop early.
 * @param size units to draw; fewer where there are fewer
 */
export function drawUnits(
  units: readonly Unit[],
  purpose: keyof typeof STRATA,
  seed: number,
  size: number,
): Omit<Sample, 'drawId' | 'probability'>[] {
  const order = (u: Unit) => mixed(seed, u.videoId, u.start, u.end);
  const byScore = units
    .map((unit) => ({ unit, key: order(unit) }))
    .sort(
      (a, b) =>
        a.unit.max - b.unit.max ||
        a.key - b.key ||
        a.unit.videoId - b.unit.videoId ||
        a.unit.start - b.unit.start,
    );
  const starts = STRATA[purpose].map((share) => Math.round(share * units.length));
  const strata = starts.map((from, i) =>
    byScore
      .slice(from, starts[i + 1] ?? units.length)
      .sort((a, b) => a.key - b.key || a.unit.videoId - b.unit.videoId || a.unit.start - b.unit.start),
  );
  const drawn: Omit<Sample, 'drawId' | 'probability'>[] = [];
  const wanted = Math.min(size, units.length);
  for (let turn = 0; drawn.length < wanted; turn++) {
    for (const [stratum, members] of strata.entries()) {
      if (turn >= members.length || drawn.length >= wanted) continue;
      const { videoId, start, end, max } = members[turn].unit;
      drawn.push({
        position: drawn.length,
        videoId,
        start,
        end,
        score: max,
        stratum,
        stratumUnits: members.length,
      });
    }
  }
  return drawn;
}
