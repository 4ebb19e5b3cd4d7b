// The motion baseline: the length of a feature vector is the score. Role: the untrained control that every trained run
// is compared with. Limits: knows speed and amount of motion only; see README.md.
import { segmentMagnitudes } from '../../features/aggregate.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { scaleFeatures } from '../../features/scaling.ts';
import { robustThreshold } from '../../statistics/robust-threshold.ts';
import type { Method, TrainInput, TrainOutput } from '../method.ts';
import { type MotionConfig, motionConfig, motionInfo } from './config.ts';

export const motion: Method<MotionConfig> = {
  info: motionInfo,
  config: motionConfig,
  needsDevice: false,
  defaultsFor(extractor) {
    const known = extractorNamed(extractor);
    return known
      ? {
          values: { aggregation: known.aggregation },
          why: `${known.name} divides the picture into ${known.crops} cells, and an object fills few of them.`,
        }
      : { values: { aggregation: 'mean' }, why: 'Crops of imported features all show most of the picture.' };
  },
  train: label,
};

async function label(input: TrainInput, config: MotionConfig): Promise<TrainOutput> {
  const { videos, extractor, progress } = input;
  const known = extractorNamed(extractor);
  const { videos: scaled, scale } = await scaleFeatures(videos, extractor, config.scaleBy, input);
  const magnitudes = await segmentMagnitudes(scaled, config.aggregation, input);
  progress(videos.length, videos.length, 'videos', 'Motion measured');

  const all = Float32Array.from(magnitudes.flatMap((m) => [...m]));
  const threshold = robustThreshold(all, config.deviations);
  const largest = all.reduce((a, b) => Math.max(a, b), 0);
  // One divisor for the whole run keeps the ranking. It is at least the threshold, so that the threshold is a score too.
  const divisor = threshold ? Math.max(largest, threshold.on) : 1;
  const on = threshold ? Math.fround(threshold.on / divisor) : 1; // rounded as scores are
  const off = threshold ? threshold.off / divisor : 1;
  const notes: string[] = [];
  if (!threshold) notes.push('Nothing moves in any video, so every score is 0.');
  else if (largest < threshold.on)
    notes.push('No segment stands out from the others, so none is labelled anomalous.');
  if (!known)
    notes.push(
      'These features were made elsewhere. Whether longer vectors are more anomalous depends on how they were made.',
    );
  else if (!known.directed)
    notes.push(
      `The length of ${known.name} vectors says next to nothing by design. This run is a control; train a method on these features instead.`,
    );
  if (config.scaleBy === 'video')
    notes.push(
      'Every video was brought to the same level. A video that is normal throughout gets high scores too.',
    );
  return {
    videos: videos.map(({ videoId }, i) => {
      const scores = magnitudes[i].map((m) => m / divisor);
      return {
        videoId,
        scores,
        labels: Uint8Array.from(scores, (score) => (score >= on ? 1 : 0)),
        uncertainty: null,
        videoLabel: null,
      };
    }),
    model: null,
    threshold: { on, off },
    notes,
    provenance: {
      scale,
      scaleBy: config.scaleBy,
      aggregation: config.aggregation,
      scoreDivisor: divisor,
      threshold,
    },
  };
}
