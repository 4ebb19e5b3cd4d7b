// GCL: from the features of all videos to segment scores (methods.md 1).
// Role: joins scaling, known labels, cleaning and training, and says what came out. Limits: each step is a module of its own.
import { AppError } from '../../../shared/errors.ts';
import { histogramPoints } from '../../../shared/histogram-series.ts';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { createRandom } from '../../compute/random.ts';
import { aggregateCrops } from '../../features/aggregate.ts';
import type { Watch } from '../../features/passes.ts';
import { segmentPool } from '../../features/segment-pool.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { mlpParameterCount } from '../../nets/mlp.ts';
import { percentile } from '../../statistics/percentile.ts';
import { FLAT, logOdds, type ScoreScale, scoreScale, stretched } from '../../statistics/score-scale.ts';
import type { Method, TrainInput, TrainOutput } from '../method.ts';
import { type Cleaning, cleanedSamples } from './cleaning.ts';
import { type GclConfig, gclConfig, gclDefaultsFor, gclInfo } from './config.ts';
import { cleaningNote, measure, onesNote } from './feature-notes.ts';
import { histogram } from './histogram.ts';
import { infused, normalVideos } from './known-labels.ts';
import { type Normalised, normalised } from './normalise.ts';
import { type Plan, pretrainingOf } from './plan.ts';
import { thresholdOf } from './thresholds.ts';
import { type TrainedGcl, trainGcl } from './training.ts';

/** Events that have begun go on down to this part of the distance between median and threshold. */
const OFF = 2 / 3;
const BINS = 40;

export const gcl: Method<GclConfig> = {
  info: gclInfo,
  config: gclConfig,
  needsDevice: true,
  defaultsFor: gclDefaultsFor,
  train: run,
};

/** Every crop as a sample of its own. */
const asSamples = (video: FeatureVideo): FeatureVideo => ({
  ...video,
  segments: video.segments * video.crops,
  crops: 1,
});

/** Ranges of samples, video after video. */
function sampleOffsets(videos: readonly FeatureVideo[]): number[] {
  const offsets = [0];
  for (const { segments, crops } of videos) offsets.push(offsets[offsets.length - 1] + segments * crops);
  return offsets;
}

interface Pretraining {
  samples: Int32Array;
  cleaning: Cleaning | null;
}

/** The samples that pre-train the generator. */
async function pretrainingSamples(
  videos: readonly FeatureVideo[],
  known: readonly (0 | 1 | null)[],
  config: GclConfig,
  watch: Watch,
): Promise<Pretraining> {
  const offsets = sampleOffsets(videos);
  const total = offsets[videos.length];
  switch (pretrainingOf(config.variant)) {
    case null:
      return { samples: new Int32Array(0), cleaning: null };
    case 'all':
      return { samples: Int32Array.from({ length: total }, (_, i) => i), cleaning: null };
    case 'normal': {
      const normal = normalVideos(known);
      const samples: number[] = [];
      for (let v = 0; v < videos.length; v++) {
        if (normal[v]) for (let i = offsets[v]; i < offsets[v + 1]; i++) samples.push(i);
      }
      return { samples: Int32Array.from(samples), cleaning: null };
    }
    case 'steady': {
      const cleaning = await cleanedSamples(videos, config, watch);
      if (cleaning.kept.length === 0) {
        const note = cleaningNote(config.cleaningDifference, total, cleaning);
        throw new AppError('bad_input', note ?? 'No segment is left to pre-train the generator.');
      }
      return { samples: cleaning.kept, cleaning };
    }
  }
}

/** Segment values per video from one value per sample. */
function perSegment(
  values: Float32Array,
  videos: readonly FeatureVideo[],
  { cropAggregation }: GclConfig,
): Float32Array[] {
  const offsets = sampleOffsets(videos);
  return videos.map(({ segments, crops }, v) =>
    aggregateCrops(values.subarray(offsets[v], offsets[v + 1]), segments, crops, cropAggregation),
  );
}

const joined = (parts: readonly Float32Array[]): Float32Array =>
  Float32Array.from(parts.flatMap((part) => [...part]));

interface Labelled {
  /** Per video, `[T]`. */
  labels: Uint8Array[];
  threshold: { on: number; off: number };
  notes: string[];
}

/**
 * Labels of all segments and the threshold that gives them. The rule of the generator says how many are anomalous, the
 * scores say which: the rule of the discriminator (mean + 0.1 deviations) is meant for negative learning, where sparing
 * too little costs little, and calls half of all segments anomalous. Segments of videos known to be normal stay 0.
 */
function label(
  raw: readonly Float32Array[],
  errors: readonly Float32Array[],
  normal: readonly boolean[],
  range: ScoreScale | null,
  { ruleG }: Plan,
): Labelled {
  const unknown = (parts: readonly Float32Array[]): Float32Array =>
    joined(parts.filter((_, v) => !normal[v]));
  const none = (notes: string[]): Labelled => ({
    labels: raw.map((part) => new Uint8Array(part.length)),
    threshold: { on: 1, off: 1 },
    notes,
  });
  const all = joined(raw);
  const differ = all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b));
  if (differ < FLAT) {
    return none([
      'All segments have the same score: nothing was learnt that tells them apart. Train longer or use other features.',
    ]);
  }
  const counted = unknown(raw).sort();
  if (counted.length === 0) return none([]);
  const limit = thresholdOf(unknown(errors), ruleG);
  const anomalous = unknown(errors).filter((error) => error >= limit).length;
  // Equal errors all reach their mean.
  if (anomalous === 0 || anomalous === counted.length) {
    return none(['No reconstruction error stands out, so no segment is labelled anomalous.']);
  }
  const threshold = counted[counted.length - anomalous];
  const median = percentile(all, 50);
  const off = threshold > median ? median + OFF * (threshold - median) : threshold;
  const shown = (x: number): number =>
    Math.min(1, Math.max(0, range ? Math.fround((x - range.low) / (range.high - range.low)) : x));
  return {
    labels: raw.map((part, v) => Uint8Array.from(part, (x) => (!normal[v] && x >= threshold ? 1 : 0))),
    threshold: { on: shown(threshold), off: shown(off) },
    notes: [],
  };
}

/** The networks as a file: what is needed to score other videos with the same features. */
function modelFile(
  { plan, parameters }: TrainedGcl,
  { scale, range: dimensions }: Normalised,
  extractor: string,
  range: ScoreScale | null,
  config: GclConfig,
): Uint8Array {
  const { generator, discriminator } = plan;
  const vector = (data: Float32Array): Values => ({ shape: [data.length], data });
  return writeBundle(
    { format: 'gcl model 1', extractor, generator, discriminator, scale, scoreScale: range, config },
    {
      ...parameters,
      ...(dimensions && { 'input.low': vector(dimensions.low), 'input.high': vector(dimensions.high) }),
    },
  );
}

async function run(input: TrainInput, config: GclConfig): Promise<TrainOutput> {
  const { device, seed, extractor } = input;
  if (!device) throw new AppError('unavailable', 'GCL needs a device to train its networks on.');
  const usable = input.videos.filter((video) => video.segments > 0);
  const truth = input.videoLabels.filter((_, v) => input.videos[v].segments > 0);
  if (usable.length === 0) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  input.progress(0, usable.length, 'videos', 'Preparing features');
  const prepared = await normalised(usable, extractor, config.normalise, input);
  const { videos } = prepared;
  const weak = config.variant === 'ws';
  const known = weak ? infused(truth, config.knownShare, createRandom(seed)) : truth.map(() => null);
  const normal = known.map((knownLabel) => knownLabel === 0);
  const figures = await measure(videos, input);
  const { samples: pretraining, cleaning } = await pretrainingSamples(videos, truth, config, input);
  const pool = segmentPool(videos.map(asSamples));
  const counted = new Uint8Array(pool.segments).fill(1);
  for (let v = 0; v < videos.length; v++) {
    if (normal[v]) counted.fill(0, pool.offsets[v], pool.offsets[v + 1]);
  }

  const trained = await trainGcl({
    ...input,
    device,
    config,
    pool,
    counted,
    pretraining,
    deviations: config.sigmaUnit === 'deviation' ? figures.deviations : null,
  });
  const { plan } = trained;
  const errors = perSegment(trained.errors, videos, config);
  const byProbability = plan.score === 'discriminator';
  const found = byProbability ? perSegment(trained.probabilities!, videos, config) : errors;
  // Errors have no upper end, so they are always stretched.
  const stretches = config.scoreScale === 'pool' || !byProbability;
  const raw = stretches && byProbability ? logOdds(found) : found;
  const range = stretches ? scoreScale(raw) : null;
  const scores = range
    ? stretched(raw, range)
    : plan.score === 'generator'
      ? raw.map((part) => new Float32Array(part.length))
      : found;
  const labelled = label(raw, errors, normal, range, plan);

  const usesOnes =
    plan.target === 'ones' && plan.stages.some(({ name }) => name === 'cooperation' || name === 'self');
  const notes = [
    ...trained.notes,
    usesOnes ? onesNote(figures) : null,
    cleaning && config.cleaning === 'fixed'
      ? cleaningNote(config.cleaningDifference, pool.segments, cleaning)
      : null,
    ...labelled.notes,
  ].filter((note) => note !== null);
  const results = new Map(
    usable.map(({ videoId }, v) => [videoId, { scores: scores[v], labels: labelled.labels[v] }]),
  );
  const empty = { scores: new Float32Array(0), labels: new Uint8Array(0) };
  const allLabels = labelled.labels.flatMap((part) => [...part]);
  const reconstructionErrors = histogram(joined(errors), allLabels, BINS);
  const { edges } = reconstructionErrors;
  input.points([
    ...histogramPoints('reconstruction error', 'labelled anomalous', edges, reconstructionErrors.labelled),
    ...histogramPoints('reconstruction error', 'the others', edges, reconstructionErrors.unlabelled),
  ]);
  return {
    videos: input.videos.map(({ videoId }) => ({
      videoId,
      ...(results.get(videoId) ?? empty),
      uncertainty: null,
      videoLabel: null,
    })),
    model: modelFile(trained, prepared, extractor, range, config),
    threshold: labelled.threshold,
    notes,
    provenance: {
      scale: prepared.scale,
      scoreScale: range && { ...range, of: byProbability ? 'log-odds' : 'error' },
      score: plan.score,
      generator: { widths: plan.generator.widths, parameters: mlpParameterCount(plan.generator) },
      discriminator: plan.discriminator && {
        widths: plan.discriminator.widths,
        parameters: mlpParameterCount(plan.discriminator),
      },
      stages: plan.stages,
      samples: pool.segments,
      pretrainingSamples: pretraining.length,
      differences: cleaning && {
        at10: cleaning.quantiles[0],
        at50: cleaning.quantiles[1],
        at90: cleaning.quantiles[2],
      },
      featureMean: figures.mean,
      featureSpread: figures.spread,
      distanceToOnes: figures.toOnes,
      knownVideos: known.filter((knownLabel) => knownLabel !== null).length,
      anomalousSegments: allLabels.reduce((a, b) => a + b, 0),
      reconstructionErrors,
    },
  };
}
