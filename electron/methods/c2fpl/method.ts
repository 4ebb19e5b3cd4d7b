// C2FPL: from the features of all videos to segment scores (methods.md 2).
// Role: joins scaling, pseudo-labels and detector, and says what came out. Limits: each step is a module of its own.
import { AppError } from '../../../shared/errors.ts';
import { writeBundle } from '../../compute/bundle.ts';
import { createRandom } from '../../compute/random.ts';
import { poolVideos, spreadOverVideo } from '../../features/fixed-number.ts';
import { everyPart } from '../../features/passes.ts';
import { type FeatureScale, type ScaledFeatures, scaleFeatures } from '../../features/scaling.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { suggestThreshold } from '../../statistics/label-threshold.ts';
import { magnitudesOf } from '../../statistics/magnitudes.ts';
import { type ScoreScale, scoreScale, stretched } from '../../statistics/score-scale.ts';
import type { Method, TrainInput, TrainOutput } from '../method.ts';
import { type C2fplConfig, c2fplConfig, c2fplDefaultsFor, c2fplInfo } from './config.ts';
import { type TrainedDetector, trainDetector } from './detector-training.ts';
import { type PseudoLabels, pseudoLabels, scoresFromP } from './pseudo-labels.ts';

export const c2fpl: Method<C2fplConfig> = {
  info: c2fplInfo,
  config: c2fplConfig,
  needsDevice: true,
  defaultsFor: c2fplDefaultsFor,
  train: run,
};

/** What labels and detector see: scaled, and pooled to a fixed number of segments where that is set. */
async function prepare(input: TrainInput, { scaleBy, poolTo }: C2fplConfig): Promise<ScaledFeatures> {
  const scaled = await scaleFeatures(input.videos, input.extractor, scaleBy, input);
  return poolTo > 0 ? { ...scaled, videos: await poolVideos(scaled.videos, poolTo, input) } : scaled;
}

/** One array per video of an array over all segments. */
function perVideo<A extends Float32Array | Uint8Array>(values: A, videos: readonly FeatureVideo[]): A[] {
  let end = 0;
  return videos.map(({ segments }) => {
    end += segments;
    return values.slice(end - segments, end) as A;
  });
}

/** The detector as a file: what is needed to score other videos with the same features. */
function modelFile(
  trained: TrainedDetector,
  extractor: string,
  scale: FeatureScale | null,
  range: ScoreScale | null,
  config: C2fplConfig,
): Uint8Array {
  const { shape, parameters } = trained;
  return writeBundle(
    { format: 'c2fpl model 1', extractor, shape, scale, scoreScale: range, config },
    parameters,
  );
}

function describe(labels: PseudoLabels, trained: TrainedDetector | null): Record<string, unknown> {
  return {
    coarseRounds: labels.rounds,
    anomalousVideos: labels.videoLabels.reduce((a, b) => a + b, 0),
    anomalousSegments: labels.segmentLabels.reduce((a, b) => a + b, 0),
    normalMagnitude: labels.normal,
    ...(trained && {
      detector: {
        ...trained.shape,
        epochs: trained.epochs,
        stepsPerEpoch: trained.stepsPerEpoch,
        batchSize: trained.batchSize,
        finalLoss: trained.losses.at(-1),
      },
    }),
  };
}

async function run(input: TrainInput, config: C2fplConfig): Promise<TrainOutput> {
  const { device, seed, extractor } = input;
  const usable = input.videos.filter((video) => video.segments > 0);
  // Unknown ones are left out: a weak variant then finds fewer labels than videos and says so.
  const known = input.videos.flatMap(({ segments }, v) => (segments > 0 ? (input.videoLabels[v] ?? []) : []));
  if (usable.length === 0) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  input.progress(0, usable.length, 'videos', 'Making pseudo-labels');
  const { videos, scale } = await prepare({ ...input, videos: usable }, config);
  const parts = everyPart(videos, input, 'Making pseudo-labels');
  const magnitudes = await magnitudesOf(
    videos.map(({ segments }) => segments),
    parts,
    config,
  );
  const labels = pseudoLabels(magnitudes, config, createRandom(seed).uniform, known);

  let trained: TrainedDetector | null = null;
  if (config.variant !== 'density_score') {
    if (!device) throw new AppError('unavailable', 'C2FPL needs a device to train its detector on.');
    trained = await trainDetector({ ...input, device, videos, labels: labels.segmentLabels, config });
  }
  const raw = trained?.scores ?? perVideo(scoresFromP(labels.p), videos);
  const range = config.scoreScale === 'pool' ? scoreScale(raw) : null;
  const scores = range ? stretched(raw, range) : raw;
  const segmentLabels = perVideo(labels.segmentLabels, videos);
  const threshold = suggestThreshold(scores, labels.segmentLabels);

  const results = new Map(
    usable.map(({ videoId, segments }, v) => [
      videoId,
      {
        scores: config.poolTo > 0 ? spreadOverVideo(scores[v], segments) : scores[v],
        labels:
          config.poolTo > 0
            ? Uint8Array.from(spreadOverVideo(segmentLabels[v], segments), (share) => (share >= 0.5 ? 1 : 0))
            : segmentLabels[v],
        uncertainty: null,
        videoLabel: labels.videoLabels[v],
      },
    ]),
  );
  const empty = {
    scores: new Float32Array(0),
    labels: new Uint8Array(0),
    uncertainty: null,
    videoLabel: null,
  };
  return {
    videos: input.videos.map(({ videoId }) => ({ videoId, ...(results.get(videoId) ?? empty) })),
    model: trained && modelFile(trained, extractor, scale, range, config),
    threshold: threshold.rule,
    notes: [...labels.notes, ...(trained?.notes ?? []), ...threshold.notes],
    provenance: { scale, scoreScale: range, ...describe(labels, trained) },
  };
}
