// One opinion out of several runs. Role: scores of one segment from many runs into one score, and how far the runs agree.
// Limits: pure arithmetic over aligned segments; which runs and videos go together is the engine's part. The quick view of
// one video is shared/labels/consensus.ts, whose scale this takes with the ends of each run.
import { calibrated, median } from '../labels/consensus.ts';

export const CONSENSUS_RULES = ['mean', 'median', 'votes', 'weighted', 'ranks'] as const;
/**
 * `mean`, `median` of the scores; `votes`: the share of runs that label the segment, on at k of n; `weighted`: mean
 * with the weight of each run's reliability; `ranks`: mean of the ranks, which knows no scale.
 */
export type ConsensusRule = (typeof CONSENSUS_RULES)[number];

/** One run over all segments that every run of the consensus has. */
export interface Voter {
  /** `[S]`, all videos one after the other. */
  scores: Float32Array;
  /** 1 where the run labels the segment, `[S]`. */
  labels: Uint8Array;
  /** Score from which the run labels. */
  threshold: number;
  /** >= 0; used by `weighted` alone. */
  weight: number;
}

export interface Consensus {
  /** In [0, 1], `[S]`. */
  scores: Float32Array;
  /** 1 where score >= on, `[S]`. */
  labels: Uint8Array;
  /** Share of the runs that say otherwise than the consensus label, in [0, 1], `[S]`. */
  uncertainty: Float32Array;
  on: number;
}

/**
 * Scores on a common scale: the lowest becomes 0, the run's own threshold 0.5, the highest 1, linear in between, so
 * that scales of different methods can be averaged and 0.5 keeps its meaning. A side without spread becomes its end.
 */
export function aligned({ scores, threshold }: Pick<Voter, 'scores' | 'threshold'>): Float32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  const cut = Math.fround(threshold);
  return scores.map((score) => calibrated(score, cut, low, high));
}

/** Mid-ranks as shares in [0, 1]: 0 for the lowest, 1 for the highest, equal scores share their mean. */
export function rankShares(scores: Float32Array): Float64Array {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const out = new Float64Array(scores.length);
  const most = Math.max(1, scores.length - 1);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    for (let i = from; i < to; i++) out[order[i]] = scores.length === 1 ? 0.5 : (from + to - 1) / 2 / most;
    from = to;
  }
  return out;
}

/**
 * @param voters at least one, all of the same length. @param k for `votes`: labelled by at least so many runs, 1 to n.
 */
export function combine(voters: readonly Voter[], rule: ConsensusRule, k: number): Consensus {
  const segments = voters[0].scores.length;
  const n = voters.length;
  const votes = new Uint8Array(segments);
  for (const { labels } of voters) for (let s = 0; s < segments; s++) votes[s] += labels[s];
  const scores = new Float32Array(segments);
  let on = 0.5;
  if (rule === 'votes') {
    for (let s = 0; s < segments; s++) scores[s] = votes[s] / n;
    on = (k - 0.5) / n; // between k - 1 and k votes, so that rounding decides nothing
  } else if (rule === 'ranks') {
    const ranks = voters.map((voter) => rankShares(voter.scores));
    for (let s = 0; s < segments; s++) scores[s] = ranks.reduce((sum, rank) => sum + rank[s], 0) / n;
    on = cutFor(scores, votes.reduce((sum, v) => sum + v, 0) / n);
  } else {
    const common = voters.map(aligned);
    const weights = rule === 'weighted' ? voters.map((voter) => voter.weight) : voters.map(() => 1);
    const total = weights.reduce((a, b) => a + b, 0);
    for (let s = 0; s < segments; s++) {
      scores[s] =
        rule === 'median'
          ? median(common.map((values) => values[s]))
          : common.reduce((sum, values, v) => sum + weights[v] * values[s], 0) / total;
    }
  }
  const labels = new Uint8Array(segments);
  const uncertainty = new Float32Array(segments);
  for (let s = 0; s < segments; s++) {
    labels[s] = Number(scores[s] >= on);
    uncertainty[s] = (labels[s] === 1 ? n - votes[s] : votes[s]) / n;
  }
  return { scores, labels, uncertainty, on };
}

/** A threshold that labels about `wanted` segments: ranks have none of their own, so the runs' mean number stands in. */
function cutFor(scores: Float32Array, wanted: number): number {
  const sorted = Float32Array.from(scores).sort();
  const at = sorted.length - Math.round(wanted);
  if (at >= sorted.length) return 1;
  if (at <= 0) return 0;
  return (sorted[at - 1] + sorted[at]) / 2;
}

/** Share of segments on which two runs give the same label; 1 without segments. */
export function agreement(a: Uint8Array, b: Uint8Array): number {
  let same = 0;
  for (let s = 0; s < a.length; s++) if (a[s] === b[s]) same++;
  return a.length === 0 ? 1 : same / a.length;
}

/**
 * Weight of a run from reviewed samples: 2 AUC - 1 (Somers' D) with the weight of every sample, 0 where the run orders
 * them no better than chance. @returns null where one class is missing.
 */
export function reliabilityWeight(
  samples: readonly { score: number; anomalous: boolean; weight: number }[],
): number | null {
  const sorted = samples.toSorted((a, b) => a.score - b.score);
  let [normalBelow, wins, normal, anomalous] = [0, 0, 0, 0];
  for (let from = 0; from < sorted.length; ) {
    let [tiedNormal, tiedAnomalous] = [0, 0];
    const { score } = sorted[from];
    for (; from < sorted.length && sorted[from].score === score; from++) {
      if (sorted[from].anomalous) tiedAnomalous += sorted[from].weight;
      else tiedNormal += sorted[from].weight;
    }
    wins += tiedAnomalous * (normalBelow + tiedNormal / 2);
    normalBelow += tiedNormal;
    normal += tiedNormal;
    anomalous += tiedAnomalous;
  }
  return normal > 0 && anomalous > 0 ? Math.max(0, (2 * wins) / (normal * anomalous) - 1) : null;
}
