// A first threshold on the scores of a run from its pseudo-labels. Role: a suggestion that a person moves. Limits: knows no ground truth; it
// assumes that about as many segments are anomalous as pseudo-labels say.
import { percentile } from './percentile.ts';
import { FLAT } from './score-scale.ts';

/** Events that have begun go on down to this part of the distance between median and threshold. */
const OFF = 2 / 3;

export interface ThresholdSuggestion {
  rule: { on: number; off: number };
  notes: string[];
}

/**
 * The score that as many segments reach as have pseudo-label 1. Where nothing or everything is labelled, or all scores
 * are the same, no score tells anomalous from normal: the threshold is then 1 and nothing is marked.
 * @param scores per video, in [0, 1].
 * @param labels pseudo-labels of all segments, 0 or 1.
 */
export function suggestThreshold(scores: readonly Float32Array[], labels: Uint8Array): ThresholdSuggestion {
  const all = new Float32Array(labels.length);
  let at = 0;
  for (const part of scores) {
    all.set(part, at);
    at += part.length;
  }
  all.sort();
  const positive = labels.reduce((a, b) => a + b, 0);
  const nothing = { on: 1, off: 1 };
  if (positive === 0 || positive === labels.length) return { rule: nothing, notes: [] };
  if (all[all.length - 1] - all[0] < FLAT) {
    return {
      rule: nothing,
      notes: [
        'All segments have the same score: the detector found no difference between the labels. Train longer or use other features.',
      ],
    };
  }
  const on = all[all.length - positive];
  const median = percentile(all, 50);
  // With more than half of the segments labelled the threshold lies below the median: no hysteresis then.
  const off = on > median ? median + OFF * (on - median) : on;
  return { rule: { on, off }, notes: [] };
}
