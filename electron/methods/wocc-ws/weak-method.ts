// RTFM and the ranking network of Sultani et al. as methods by themselves (methods.md 3.7, 3.8).
// Role: joins scaling, labels of whole videos, training and scores, and says what came out. Limits: each of these is a
// module of its own.
import { AppError } from '../../../shared/errors.ts';
import { writeBundle } from '../../compute/bundle.ts';
import { createRandom } from '../../compute/random.ts';
import { poolVideos } from '../../features/fixed-number.ts';
import { scaleFeatures, unitLength } from '../../features/scaling.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { suggestThreshold } from '../../statistics/label-threshold.ts';
import { scoreScale, stretched } from '../../statistics/score-scale.ts';
import { identityOf } from '../checkpoint.ts';
import type { Method, TrainInput, TrainOutput, VideoResult } from '../method.ts';
import { withSmallerBatches } from '../smaller-batches.ts';
import { type VideoLabels, videoLabelsOf } from '../video-labels.ts';
import type { ComponentInput, WeakModel } from './components.ts';
import { FEW_DIMENSIONS, rtfmModel } from './rtfm-model.ts';
import { withModel } from './state.ts';
import { sultaniModel } from './sultani-model.ts';
import {
  type RtfmConfig,
  rtfmConfig,
  rtfmInfo,
  type SultaniConfig,
  sultaniConfig,
  sultaniInfo,
  weakDefaultsFor,
} from './weak-config.ts';
import { trainWeak } from './weak-training.ts';
import { weightsOutput } from './weights-scoring.ts';

type WeakConfig = RtfmConfig | SultaniConfig;
type Make<C> = (input: ComponentInput, config: C, pooled: readonly FeatureVideo[]) => Promise<WeakModel>;

export const rtfm: Method<RtfmConfig> = {
  info: rtfmInfo,
  config: rtfmConfig,
  needsDevice: true,
  defaultsFor: weakDefaultsFor,
  train: (input, config) =>
    run(input, config, rtfmInfo.title, (component, c, pooled) =>
      rtfmModel(component, { ...c, bags: c.pairs, bagSize: c.segments }, pooled),
    ),
};

export const sultani: Method<SultaniConfig> = {
  info: sultaniInfo,
  config: sultaniConfig,
  needsDevice: true,
  defaultsFor: weakDefaultsFor,
  train: (input, config) =>
    run(input, config, sultaniInfo.title, (component, c, pooled) =>
      sultaniModel(component, { ...c, bags: c.pairs, bagSize: c.segments, lambdaSmooth: 8e-5 }, pooled),
    ),
};

/** What videos train as. The published code of the ranking network takes means first and lengths after (methods.md 3.8). */
async function pooledVideos(
  videos: readonly FeatureVideo[],
  raw: readonly FeatureVideo[],
  config: WeakConfig,
  watch: TrainInput,
): Promise<FeatureVideo[]> {
  const { segments, scaleBy } = config;
  if (!('pooling' in config) || config.pooling === 'even') return poolVideos(videos, segments, watch);
  return scaleBy === 'unit'
    ? (await poolVideos(raw, segments, watch, 'sultani')).map(unitLength)
    : poolVideos(videos, segments, watch, 'sultani');
}

function requireBoth({ abnormal, normal, provenance }: VideoLabels, title: string): void {
  const missing = abnormal.length === 0 ? 'anomalous' : normal.length === 0 ? 'normal' : null;
  if (!missing) return;
  const known = provenance.source === 'known';
  throw new AppError(
    'bad_input',
    `${title} compares anomalous with normal videos, and no video ${known ? 'is known to be' : 'was found'} ${missing}. ${known ? `Give labels of ${missing} videos too.` : 'Give known video labels, or add videos of both kinds.'}`,
  );
}

/** Label 1 from the threshold on, outside of videos labelled normal. */
function segmentLabels(
  scores: readonly Float32Array[],
  labels: readonly (0 | 1 | null)[],
  threshold: number,
): Uint8Array[] {
  return scores.map((own, v) => Uint8Array.from(own, (s) => (labels[v] !== 0 && s >= threshold ? 1 : 0)));
}

async function run<C extends WeakConfig>(
  input: TrainInput,
  config: C,
  title: string,
  make: Make<C>,
): Promise<TrainOutput> {
  const { device, seed, extractor, signal } = input;
  const indices = [...input.videos.keys()].filter((v) => input.videos[v].segments > 0);
  if (indices.length === 0) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  if (!device) throw new AppError('unavailable', `${title} needs a device to train on.`);
  const raw = indices.map((v) => input.videos[v]);
  const { videos, scale } = await scaleFeatures(raw, extractor, config.scaleBy, input);
  // Vectors of length 1 have no magnitude that coarse labels could be found from.
  const measured = config.scaleBy === 'unit' ? raw : videos;
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, { segments }] of videos.entries()) offsets[v + 1] = offsets[v] + segments;
  const check = (): void => {
    if (signal.aborted)
      throw new AppError('cancelled', 'Cancelled. The run can go on from its last checkpoint.');
  };
  const component: ComponentInput = {
    device,
    videos,
    offsets,
    aggregation: config.aggregation,
    poses: null,
    cubes: null,
    check,
    rehearsal: input.rehearsal,
  };
  if (input.weights) {
    const { weights } = input;
    return withModel(await make(component, config, videos), async (model) => {
      model.adopt?.(weights);
      const scores = await model.scoreSnippets();
      return weightsOutput(input, { videos, indices, offsets, scores, title, notes: [], share: null });
    });
  }
  input.progress(0, videos.length, 'videos', 'Labelling whole videos');
  const labels = await videoLabelsOf(
    measured,
    indices.map((v) => input.videoLabels[v]),
    { ...config, cropAggregation: config.aggregation },
    createRandom(seed).uniform,
    input,
  );
  requireBoth(labels, title);
  const trained = [...labels.abnormal, ...labels.normal];
  const [own, ownRaw] = [videos, raw].map((all) => trained.map((v) => all[v]));
  const pooled = await pooledVideos(own, ownRaw, config, input);
  const batches = config.batches || (videos[0].dim <= FEW_DIMENSIONS ? 300 : 1000);
  const identity = identityOf({
    config,
    seed,
    extractor,
    labels: labels.labels,
    shapes: videos.map(({ segments, crops, dim }) => [segments, crops, dim]),
  });
  const { all, parameters, notes } = await withSmallerBatches(
    { ...input, run: identity, smallest: config.pairs },
    async ({ divisor, run: course, saved, note }) => {
      const pairs = Math.ceil(config.pairs / divisor);
      return withModel(await make(component, { ...config, pairs }, pooled), async (model) => {
        await trainWeak({
          ...input,
          model,
          abnormal: [...labels.abnormal.keys()],
          normal: [...labels.normal.keys()].map((i) => labels.abnormal.length + i),
          batches,
          identity: course,
          loadCheckpoint: async () => saved,
        });
        input.progress(batches, batches, 'steps', 'Scoring');
        const used = pairs === 1 ? 'one video' : `${pairs} videos`;
        return {
          all: await model.scoreSnippets(),
          parameters: await model.parameters(),
          notes: note(`${used} of each kind in a step`),
        };
      });
    },
  );
  const perVideo = videos.map((_, v) => Float32Array.from(all.subarray(offsets[v], offsets[v + 1])));
  const range = config.scoreScale === 'pool' ? scoreScale(perVideo) : null;
  const scores = range ? stretched(perVideo, range) : perVideo;
  // Half of what lies in anomalous videos: the model says which half.
  const inAbnormal = labels.abnormal.reduce((sum, v) => sum + videos[v].segments, 0);
  const half = Math.max(1, Math.round(inAbnormal / 2));
  const level = Float32Array.from(labels.abnormal.flatMap((v) => [...scores[v]]))
    .sort()
    .at(-half)!;
  const hard = segmentLabels(scores, labels.labels, level);
  const threshold = suggestThreshold(scores, Uint8Array.from(hard.flatMap((own) => [...own])));
  const ofVideo = new Map(indices.map((index, v) => [index, v]));
  return {
    videos: input.videos.map(({ videoId }, index): VideoResult => {
      const v = ofVideo.get(index);
      const empty = { scores: new Float32Array(0), labels: new Uint8Array(0), videoLabel: null };
      const own =
        v === undefined ? empty : { scores: scores[v], labels: hard[v], videoLabel: labels.labels[v] };
      return { videoId, uncertainty: null, ...own };
    }),
    model: writeBundle(
      { format: 'weak model 1', extractor, scale, scoreScale: range, config, dim: videos[0].dim },
      parameters,
    ),
    threshold: threshold.rule,
    notes: [...labels.notes, ...notes, ...threshold.notes],
    provenance: { scale, scoreScale: range, videoLabels: labels.provenance, batches },
  };
}
