// From scores of crops to what a run gives back, for methods that score every crop of a segment by itself.
// Role: activity balance, one score per segment, the stretch to [0, 1], threshold and labels, alike for all such methods.
// Limits: scores are not negative and larger = more anomalous; knows no training.
import { aggregateCrops, cropNorms } from '../features/aggregate.ts';
import type { CropAggregation } from '../features/extractors.ts';
import type { Watch } from '../features/passes.ts';
import type { FeatureVideo } from '../features/types.ts';
import { activityBalance } from '../statistics/activity-balance.ts';
import { robustThreshold } from '../statistics/robust-threshold.ts';
import { scoreScale, stretched } from '../statistics/score-scale.ts';
import type { TrainOutput, VideoResult } from './method.ts';

/** Exponents of the activity balance that can be chosen; text, because a choice is one. */
export const BALANCES = ['0', '0.5', '0.75'] as const;

export interface CropOutputSettings {
  aggregation: CropAggregation;
  balance: (typeof BALANCES)[number];
  /** Robust standard deviations above the median from which a segment is labelled. */
  deviations: number;
}

export interface CropOutput extends Pick<TrainOutput, 'videos' | 'threshold' | 'notes' | 'provenance'> {
  /** A segment's value becomes its score as (value / divisor of its video - low) / (high - low). */
  divisors: number[];
  range: { low: number; high: number };
}

/**
 * @param videos scaled features
 * @param scores of the crops of each video, `[segments, crops]`, not negative
 */
export async function cropOutput(
  videos: readonly FeatureVideo[],
  scores: readonly Float32Array[],
  { aggregation, balance, deviations }: CropOutputSettings,
  watch: Watch,
): Promise<CropOutput> {
  const exponent = Number(balance);
  const norms = exponent > 0 ? await cropNorms(videos, watch) : [];
  const activity =
    exponent > 0
      ? activityBalance(
          scores.map((own, v) => ({ scores: own, norms: norms[v] })),
          exponent,
        )
      : null;
  const divisors = activity?.divisors ?? videos.map(() => 1);
  const values = videos.map(({ segments, crops }, v) =>
    aggregateCrops(scores[v], segments, crops, aggregation).map((value) => value / divisors[v]),
  );

  const found = scoreScale(values);
  const range = found ?? { low: 0, high: 1 };
  const flat = values.map((own) => new Float32Array(own.length));
  const shown = found ? stretched(values, found) : flat;
  const limit = found && robustThreshold(joined(values), deviations);
  const scale = (value: number): number => (value - range.low) / (range.high - range.low);
  // Rounded as scores are. Beyond the largest score nothing is labelled, and the threshold is put there.
  const on = limit ? Math.min(1, Math.fround(scale(limit.on))) : 1;
  const off = limit ? Math.min(on, Math.max(0, scale(limit.off))) : 1;
  const reached = limit !== null && scale(limit.on) <= 1;

  const notes: string[] = [];
  if (!found)
    notes.push('All segments have the same score, so nothing stands out and none is labelled anomalous.');
  else if (!reached) notes.push('No segment stands out from the others, so none is labelled anomalous.');
  if (activity) {
    notes.push(
      `Activity balance ${balance}: levels between videos were brought closer together. The order of segments inside a video is the same as without it.`,
    );
  }
  return {
    videos: videos.map(
      ({ videoId }, v): VideoResult => ({
        videoId,
        scores: shown[v],
        labels: Uint8Array.from(shown[v], (score) => (reached && score >= on ? 1 : 0)),
        uncertainty: null,
        videoLabel: null,
      }),
    ),
    threshold: { on, off },
    notes,
    provenance: { aggregation, scoreScale: found, threshold: limit, balance: exponent, activity },
    divisors,
    range,
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
