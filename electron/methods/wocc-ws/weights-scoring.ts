// Scores with weights trained elsewhere, in place of training (methods.md 3.5, 3.7). Role: scores of the network to what a
// run gives back. Limits: nothing is learned, so labels are only a share or a probability; the network has its weights.
import { scoreScale, stretched } from '../../statistics/score-scale.ts';
import type { FeatureVideo, TrainInput, TrainOutput, VideoResult } from '../method.ts';
import { firstCount } from './snippet-labels.ts';

export interface ScoredWithWeights {
  /** As trained from, and the place of each in the input. */
  videos: readonly FeatureVideo[];
  indices: readonly number[];
  /** `[V + 1]`. */
  offsets: Int32Array;
  /** `[N]`. */
  scores: Float64Array;
  /** For the note: "RTFM". */
  title: string;
  /** Share of segments labelled, or null: probabilities of at least 0.5 are. */
  share: number | null;
  notes: readonly string[];
}

export function weightsOutput(input: TrainInput, scored: ScoredWithWeights): TrainOutput {
  const { videos, indices, offsets, scores, title, share } = scored;
  const raw = videos.map((_, v) => Float32Array.from(scores.subarray(offsets[v], offsets[v + 1])));
  const range = share === null ? null : scoreScale(raw);
  const shown = range ? stretched(raw, range) : raw;
  const sorted = Float32Array.from(shown.flatMap((own) => [...own])).sort();
  const on = share === null ? 0.5 : sorted[sorted.length - firstCount(share, sorted.length)];
  const ofVideo = new Map(indices.map((index, v) => [index, v]));
  return {
    videos: input.videos.map(({ videoId }, index): VideoResult => {
      const own = shown[ofVideo.get(index) ?? -1] ?? new Float32Array(0);
      const labels = Uint8Array.from(own, (score) => (score >= on ? 1 : 0));
      return { videoId, scores: own, labels, uncertainty: null, videoLabel: null };
    }),
    model: null,
    threshold: { on, off: on * (2 / 3) },
    notes: [
      ...scored.notes,
      `Scored by ${title} with the weights given; nothing was trained. ${share === null ? 'Segments with a probability of at least 0.5 are labelled.' : `The ${Math.round(share * 100)} % highest segments are labelled.`}`,
    ],
    provenance: { weights: Object.keys(input.weights ?? {}).length, scoreScale: range },
  };
}
