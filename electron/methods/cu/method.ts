// CU-Net: from features and labels of whole videos to segment scores, labels and uncertainties (methods.md 4).
// Role: joins scaling, video labels and the course of training, and says what came out. Limits: each step is a module of
// its own; a segment of the product is a clip of the paper.
import { AppError } from '../../../shared/errors.ts';
import { writeBundle } from '../../compute/bundle.ts';
import { createRandom } from '../../compute/random.ts';
import { scaleFeatures } from '../../features/scaling.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { suggestThreshold } from '../../statistics/label-threshold.ts';
import { scoreScale, stretched } from '../../statistics/score-scale.ts';
import type { Method, TrainInput, TrainOutput, VideoResult } from '../method.ts';
import { type VideoLabels, videoLabelsOf } from '../video-labels.ts';
import { classifierShape } from './classifier.ts';
import { clipOffsets } from './clips.ts';
import { type CuConfig, cuConfig, cuDefaultsFor, cuInfo } from './config.ts';
import { trainCu } from './course.ts';
import { generatorShape } from './generator.ts';
import { hardLabels } from './soft-labels.ts';

export const cu: Method<CuConfig> = {
  info: cuInfo,
  config: cuConfig,
  needsDevice: true,
  defaultsFor: cuDefaultsFor,
  train: run,
};

/** One kind of videos alone teaches nothing: what to say, or null where there are both. */
function nothingToLearn({ abnormal, normal, provenance }: VideoLabels): string | null {
  const known = provenance.source === 'known';
  if (abnormal.length === 0) {
    return `No video ${known ? 'is known to be' : 'was found'} anomalous, so CU-Net has nothing to compare and every score is 0. ${known ? 'Add ground truth of anomalous videos' : 'Add videos (at least four, better dozens, some of them unusual), give known video labels'}, or use the motion method, which needs no labels.`;
  }
  if (normal.length === 0) {
    return `Every video ${known ? 'is known to be' : 'was found'} anomalous, so CU-Net has no normal video to compare with and every score is 0. Add videos in which nothing unusual happens.`;
  }
  return null;
}

function sizeNotes(videos: readonly FeatureVideo[], labels: VideoLabels, config: CuConfig): string[] {
  const notes: string[] = [];
  const single = videos.filter(({ segments }) => segments === 1).length;
  if (single > 0) {
    notes.push(
      `${single} ${single === 1 ? 'video has' : 'videos have'} one segment only; in such a video the segment always counts as certain and is its own context.`,
    );
  }
  const fewest = Math.min(labels.abnormal.length, labels.normal.length);
  if (fewest < config.pairs) {
    const kind = labels.abnormal.length <= labels.normal.length ? 'anomalous' : 'normal';
    notes.push(
      `There ${fewest === 1 ? 'is' : 'are'} ${fewest} ${kind} ${fewest === 1 ? 'video' : 'videos'}, fewer than the ${config.pairs} of a training step of the first stage; ${labels.abnormal.length === labels.normal.length ? 'steps are smaller' : 'each comes more often than the others'}.`,
    );
  }
  return notes;
}

const none = (): Pick<VideoResult, 'scores' | 'labels' | 'uncertainty'> => ({
  scores: new Float32Array(0),
  labels: new Uint8Array(0),
  uncertainty: new Float32Array(0),
});

async function run(input: TrainInput, config: CuConfig): Promise<TrainOutput> {
  const { device, seed, extractor } = input;
  const filled = input.videos.map(({ segments }) => segments > 0);
  const usable = input.videos.filter((_, v) => filled[v]);
  if (usable.length === 0) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  if (!device) throw new AppError('unavailable', 'CU-Net needs a device to train on.');
  input.progress(0, usable.length, 'videos', 'Labelling whole videos');
  const { videos, scale } = await scaleFeatures(usable, extractor, config.scaleBy, input);
  // Vectors of length 1 have no magnitude that coarse labels could be found from.
  const measured = config.scaleBy === 'unit' ? usable : videos;
  const given = input.videoLabels.filter((_, v) => filled[v]);
  const labels = await videoLabelsOf(measured, given, config, createRandom(seed).uniform, input);

  const inOrder = (ofUsable: Omit<VideoResult, 'videoId'>[]): VideoResult[] => {
    let next = 0;
    return input.videos.map(({ videoId }, v) => ({
      videoId,
      ...(filled[v] ? ofUsable[next++] : { ...none(), videoLabel: null }),
    }));
  };
  const obstacle = nothingToLearn(labels);
  if (obstacle !== null) {
    return {
      videos: inOrder(
        videos.map(({ segments }, v) => ({
          scores: new Float32Array(segments),
          labels: new Uint8Array(segments),
          uncertainty: null,
          videoLabel: labels.labels[v],
        })),
      ),
      model: null,
      threshold: { on: 1, off: 1 },
      notes: [...labels.notes, obstacle],
      provenance: { scale, videoLabels: labels.provenance },
    };
  }

  const trained = await trainCu({ ...input, device, videos, labels, config });
  const offsets = clipOffsets(videos);
  const perVideo = <A extends Float32Array | Uint8Array>(values: A): A[] =>
    videos.map((_, v) => values.slice(offsets[v], offsets[v + 1]) as A);
  const raw = perVideo(trained.scores);
  const range = config.scoreScale === 'pool' ? scoreScale(raw) : null;
  const scores = range ? stretched(raw, range) : raw;
  const hard = hardLabels(trained.labelling, { labels: labels.labels, offsets }, trained.rounds[0].expected);
  const threshold = suggestThreshold(scores, hard);
  const segmentLabels = perVideo(hard);
  const uncertainty = perVideo(trained.labelling.uncertainty);
  const shape = classifierShape(config, videos[0].dim);
  return {
    videos: inOrder(
      videos.map((_, v) => ({
        scores: scores[v],
        labels: segmentLabels[v],
        uncertainty: uncertainty[v],
        videoLabel: labels.labels[v],
      })),
    ),
    model: writeBundle(
      { format: 'cu model 1', extractor, shape, window: config.window, scale, scoreScale: range, config },
      trained.parameters,
    ),
    threshold: threshold.rule,
    notes: [...labels.notes, ...sizeNotes(videos, labels, config), ...trained.notes, ...threshold.notes],
    provenance: {
      scale,
      scoreScale: range,
      videoLabels: labels.provenance,
      generator: { ...generatorShape(config, videos[0].dim), ...trained.plans.generator },
      classifier: { ...shape, ...trained.plans.classifier },
      rounds: trained.rounds,
    },
  };
}
