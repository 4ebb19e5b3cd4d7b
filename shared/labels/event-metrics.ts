// Event-level precision and recall at temporal intersection over union.
// Role: one-to-one matching of found and true events of a video, and the counts over many. Limits: ranges in frames; the
// order of found events is their score, as in ActivityNet's evaluation.
import { intersectionOverUnion } from './intervals.ts';
import type { FrameRange } from './types.ts';

export interface EventCounts {
  iou: number;
  /** Found events, true events, and pairs of them. */
  found: number;
  truth: number;
  matched: number;
}

/** The thresholds that are reported. */
export const EVENT_IOUS = [0.1, 0.3, 0.5, 0.7] as const;

/**
 * Pairs found with true events: from the highest score down, each takes the true event it overlaps most among those
 * that are still free, if their intersection over union is at least `iou`.
 * @returns number of pairs.
 */
export function matchEvents(
  found: readonly (FrameRange & { max: number })[],
  truth: readonly FrameRange[],
  iou: number,
): number {
  const free = new Set(truth);
  let pairs = 0;
  for (const event of found.toSorted((a, b) => b.max - a.max || a.start - b.start)) {
    let best: FrameRange | null = null;
    let most = 0;
    for (const candidate of free) {
      const share = intersectionOverUnion(event, candidate);
      if (share >= iou && share > most) [best, most] = [candidate, share];
    }
    if (best === null) continue;
    free.delete(best);
    pairs++;
  }
  return pairs;
}

/** Counts over many videos at each of `EVENT_IOUS`. */
export function eventCounts(
  videos: readonly { found: readonly (FrameRange & { max: number })[]; truth: readonly FrameRange[] }[],
): EventCounts[] {
  const sum = (count: (video: (typeof videos)[number]) => number) =>
    videos.reduce((total, video) => total + count(video), 0);
  const [found, truth] = [sum((v) => v.found.length), sum((v) => v.truth.length)];
  return EVENT_IOUS.map((iou) => ({
    iou,
    found,
    truth,
    matched: sum((v) => matchEvents(v.found, v.truth, iou)),
  }));
}
