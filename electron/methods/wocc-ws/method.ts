// wOCC-WS: a one-class and a weakly supervised model that label each other (Joint-VAD; methods.md 3).
// Role: joins scaling, models, loop and scores, and says what came out. Limits: each of these is a module of its own.
import type { ScoreMap } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import { writeBundle } from '../../compute/bundle.ts';
import type { ComputeDevice, Values } from '../../compute/device.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { type FeatureScale, scaleFeatures } from '../../features/scaling.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { identityOf, savesOf, stopIfCancelled } from '../checkpoint.ts';
import type { Method, ObjectCubes, TrainInput, TrainOutput, VideoResult } from '../method.ts';
import { withSmallerBatches } from '../smaller-batches.ts';
import type { ComponentInput, ModelState, OneClassModel, WeakModel } from './components.ts';
import { type WoccConfig, woccConfig, woccDefaultsFor, woccInfo } from './config.ts';
import { featureAutoencoder } from './feature-autoencoder.ts';
import { agreement, type LoopResult, type ModuleEnd, ranks, runLoop } from './loop.ts';
import type { LoopOptions } from './loop-options.ts';
import { objectPuzzles } from './object-puzzles.ts';
import { createPace } from './pace.ts';
import { poseFlow } from './pose-flow.ts';
import { FEW_DIMENSIONS, rtfmModel } from './rtfm-model.ts';
import { highest } from './snippet-labels.ts';
import { withModel } from './state.ts';
import { sultaniModel } from './sultani-model.ts';
import type { StopReason } from './threshold.ts';
import { weightsOutput } from './weights-scoring.ts';

/** Batches of the one-class model that make a step worth its while in a small set. */
const FEWEST_BATCHES = 60;
/** What becomes smaller where the device has too little memory. */
const BATCHES = ['batchSize', 'batchSizePose', 'batchSizeJigsaw', 'bags'] as const;
/** Below this share of common top snippets the two models do not agree. */
const LITTLE_AGREEMENT = 0.5;

export const wocc: Method<WoccConfig> = {
  info: woccInfo,
  config: woccConfig,
  needsDevice: true,
  defaultsFor: woccDefaultsFor,
  cubes: ({ cubeFrames, cubeEvery, boxConfidence }) => ({
    timeLength: cubeFrames,
    every: cubeEvery,
    confidence: boxConfidence,
  }),
  train: (input, config) => trainWocc(input, config),
};

const makeOneClass = (input: ComponentInput, config: WoccConfig): Promise<OneClassModel> => {
  switch (config.oneClass) {
    case 'ae':
      return featureAutoencoder(input, {
        batchSize: config.batchSize,
        learningRate: config.learningRateAe,
      });
    case 'stgnf':
      return poseFlow(input, {
        length: config.poseLength,
        stride: config.poseStride,
        priorMean: config.priorMean,
        batchSize: config.batchSizePose,
        learningRate: config.learningRatePose,
      });
    case 'jigsaw':
      return objectPuzzles(input, {
        width: config.cubeWidth,
        every: config.cubeEvery,
        batchSize: config.batchSizeJigsaw,
        learningRate: config.learningRateJigsaw,
      });
  }
};

const makeWeak = (input: ComponentInput, config: WoccConfig): Promise<WeakModel> => {
  const { bags } = config;
  switch (config.weak) {
    case 'rtfm':
      return rtfmModel(input, {
        network: config.network,
        bags,
        bagSize: 16,
        learningRate: config.learningRateRtfm,
        weightDecay: config.weightDecay,
        dropout: config.dropoutRtfm,
        joint: true,
        cropsAtOnce: config.cropsAtOnce,
      });
    case 'sultani':
      return sultaniModel(input, {
        bags,
        bagSize: 16,
        learningRate: config.learningRateSultani,
        l2: config.l2,
        dropout: config.dropoutSultani,
        lambdaSmooth: 0,
      });
  }
};

/** The settings of the loop, with what 0 stands for. @param perEpoch batches of the one-class model in an epoch. */
export function loopOptions(config: WoccConfig, perEpoch: number, dim: number): LoopOptions {
  const { ratio, threshold, stopQ, stopReference, stepsPerModule, convergeEps, bagMode, start } = config;
  const small = dim <= FEW_DIMENSIONS;
  const chosen = small ? (config.weak === 'rtfm' ? 30 : 60) : 500;
  const alone = config.variant === 'allData';
  return {
    ratio,
    threshold,
    stopQ,
    stopReference,
    maxModules: alone ? 1 : config.maxModules,
    stepsPerModule,
    convergeEps,
    oneClassEpochs: config.oneClassEpochs || Math.max(1, Math.ceil(FEWEST_BATCHES / perEpoch)),
    weakBatches: config.weakBatches || chosen,
    bagMode,
    cleanup: config.labelSmoothing,
    start,
    weighting: alone ? 'none' : config.weighting,
  };
}

/** Which videos train, and which may hold anomalies, by the variant. @throws AppError `bad_input` without the labels it needs. */
function roles(
  labels: readonly (0 | 1 | null)[],
  variant: WoccConfig['variant'],
): { trains: Uint8Array; suspect: Uint8Array } {
  const all = new Uint8Array(labels.length).fill(1);
  const normal = labels.filter((label) => label === 0).length;
  if (variant === 'loop' || variant === 'allData') return { trains: all, suspect: all };
  if (normal === 0 || (variant === 'weak' && normal === labels.length)) {
    throw new AppError(
      'bad_input',
      variant === 'weak'
        ? 'This variant needs videos known to be normal and others. Give video labels, or choose the complete method.'
        : 'This variant trains on videos known to be normal, and none is known. Give video labels, or choose the complete method.',
    );
  }
  if (variant === 'oneClass') {
    return { trains: Uint8Array.from(labels, (label) => (label === 0 ? 1 : 0)), suspect: all };
  }
  return { trains: all, suspect: Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1)) };
}

const STOPS: Record<StopReason, string> = {
  converged: 'T had settled',
  maxModules: 'the largest number of modules was reached',
  zero: 'no snippet was left on which all one-class models agree',
};

/** Scores of the run in [0, 1], `[N]`. */
function outputScores(result: LoopResult, output: WoccConfig['output']): Float64Array {
  const { oneClassScores, weakScores } = result;
  if (output === 'weak') return stretchedTo1(weakScores);
  if (output === 'oneClass') return stretchedTo1(oneClassScores);
  const [a, b] = [ranks(oneClassScores), ranks(weakScores)];
  return a.map((x, i) => (x + b[i]) / 2);
}

function stretchedTo1(values: Float64Array): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0));
}

const prefixed = (state: ModelState, prefix: string): Record<string, Values> =>
  Object.fromEntries(Object.entries(state).map(([name, values]) => [prefix + name, values]));

/** The cubes of the videos that train, `indices` into those of the input. */
function cubesOf(all: ObjectCubes, indices: readonly number[]): ObjectCubes {
  const place = new Map(indices.map((index, v) => [index, v]));
  const kept = Int32Array.from(all.video.keys()).filter((object) => place.has(all.video[object]));
  return {
    ...all,
    count: kept.length,
    video: kept.map((object) => place.get(all.video[object])!),
    centreFrame: kept.map((object) => all.centreFrame[object]),
    frames: Int32Array.from(indices, (index) => all.frames[index]),
    copy: (chosen, target) =>
      all.copy(
        Int32Array.from(chosen, (i) => kept[i]),
        target,
      ),
  };
}

function requireDevice(device: ComputeDevice | null): ComputeDevice {
  if (device) return device;
  throw new AppError('unavailable', 'wOCC-WS needs a device to train on.');
}

/** Ranks of the one-class scores, scores of the weak model and labels of the videos that are shown. */
function mapsOf(
  { module, oneClassScores, weakScores, labels, shown }: ModuleEnd,
  videos: readonly FeatureVideo[],
  offsets: Int32Array,
): ScoreMap[] {
  const one = ranks(oneClassScores);
  return shown.map((v) => {
    const own = (values: ArrayLike<number>): number[] =>
      Array.from({ length: offsets[v + 1] - offsets[v] }, (_, t) => values[offsets[v] + t]);
    return {
      videoId: videos[v].videoId,
      stage: module,
      lines: [
        { name: 'One-class model', values: own(one) },
        { name: 'Weak model', values: own(weakScores) },
        { name: 'Label', values: own(labels) },
      ],
    };
  });
}

/** @param onModule is told the scores after each module, by which whoever measures can follow the loop. */
export async function trainWocc(
  input: TrainInput,
  config: WoccConfig,
  onModule?: (end: ModuleEnd) => void,
): Promise<TrainOutput> {
  const { extractor, seed, signal } = input;
  const device = requireDevice(input.device);
  const used = input.videos.filter(({ segments }) => segments > 0);
  if (used.length === 0) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  const { scaleBy } = config;
  const scaling = scaleBy === 'auto' ? (extractorNamed(extractor) ? 'pool' : 'none') : scaleBy;
  const { videos, scale } = await scaleFeatures(used, extractor, scaling, input);
  const indices = [...input.videos.keys()].filter((v) => input.videos[v].segments > 0);
  const videoLabels = indices.map((v) => input.videoLabels[v]);
  const { trains, suspect } = roles(videoLabels, config.variant);
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, { segments }] of videos.entries()) offsets[v + 1] = offsets[v] + segments;
  const now = (): number => performance.now() / 1000;
  const component: ComponentInput = {
    device,
    videos,
    offsets,
    aggregation: config.aggregation,
    poses: input.poses ? indices.map((v) => input.poses![v]) : null,
    cubes: input.cubes ? cubesOf(input.cubes, indices) : null,
    check: () => stopIfCancelled(signal),
    rehearsal: input.rehearsal,
  };
  const { weights } = input;
  if (weights) {
    return withModel(await makeOneClass(component, config), async (oneClass) => {
      oneClass.adopt?.(weights);
      const scores = await oneClass.scoreSnippets();
      const { title, notes } = oneClass;
      return weightsOutput(input, { videos, indices, offsets, scores, title, notes, share: config.ratio });
    });
  }
  const { cubes, poses } = component;
  const settings = {
    config,
    seed,
    extractor,
    scale: scale?.r ?? null,
    shapes: videos.map(({ segments, crops, dim }) => [segments, crops, dim]),
    cubes: cubes?.count ?? null,
    persons: poses?.map((seen) => seen?.persons.map(({ frames }) => frames.length) ?? null) ?? null,
  };
  const identity = identityOf(settings, trains, suspect);
  const batches = { ...input, run: identity, smallest: Math.max(...BATCHES.map((key) => config[key])) };
  return withSmallerBatches(batches, async ({ divisor, run, saved, note }) => {
    const smaller = { ...config };
    for (const key of BATCHES) smaller[key] = Math.ceil(config[key] / divisor);
    return withModel(await makeOneClass(component, smaller), async (oneClass) =>
      withModel(await makeWeak(component, smaller), async (weak) => {
        const training = Array.from(oneClass.objects.video).filter((v) => trains[v] === 1).length;
        const perEpoch = Math.max(1, Math.ceil(training / oneClass.batchSize));
        const options = loopOptions(config, perEpoch, videos[0].dim);
        const perStep = perEpoch * options.oneClassEpochs + options.weakBatches;
        const pace = createPace(
          input,
          now,
          options.maxModules * options.stepsPerModule * perStep,
          ({ module, step, stage, epoch, batch }) =>
            ((module - 1) * options.stepsPerModule + step - 1) * perStep +
            (stage === 'weak' ? perEpoch * options.oneClassEpochs : epoch * perEpoch) +
            batch,
          { modules: options.maxModules, steps: options.stepsPerModule },
        );
        const result = await runLoop({
          oneClass,
          weak,
          options,
          offsets,
          trains,
          suspect,
          identity: run,
          seed,
          now,
          saves: savesOf(input),
          pace,
          points: input.points,
          moduleEnded: (end) => {
            input.maps?.(mapsOf(end, videos, offsets));
            onModule?.(end);
          },
          loadCheckpoint: async () => saved,
          rehearsal: input.rehearsal,
        });
        const finished = { videos, indices, offsets, scale, config, options, oneClass, weak, result };
        const made = await output(input, finished);
        return { ...made, notes: [...note(`batches ${divisor} times smaller`), ...made.notes] };
      }),
    );
  });
}

interface Finished {
  videos: readonly FeatureVideo[];
  /** Place of each in the input. */
  indices: readonly number[];
  offsets: Int32Array;
  scale: FeatureScale | null;
  config: WoccConfig;
  options: LoopOptions;
  oneClass: OneClassModel;
  weak: WeakModel;
  result: LoopResult;
}

async function output(input: TrainInput, finished: Finished): Promise<TrainOutput> {
  const { videos, indices, offsets, scale, config, options, oneClass, weak, result } = finished;
  const { thresholds, modules, stop } = result;
  const last = options.threshold === 'fixed' ? thresholds[0] : thresholds[modules - 1];
  const alone = config.variant === 'allData' ? 'oneClass' : config.output;
  const scores = Float32Array.from(outputScores(result, alone));
  const top = highest(scores, last);
  const lowest = scores[top[top.length - 1]];
  const labels = new Uint8Array(scores.length);
  for (const i of top) labels[i] = 1;
  const [a, b] = [ranks(result.oneClassScores), ranks(result.weakScores)];
  const common = top.length > 0 ? agreement(result.oneClassScores, result.weakScores, last) : 0;
  const ofVideo = new Map(indices.map((index, v) => [index, v]));
  const results = input.videos.map(({ videoId }, index): VideoResult => {
    const v = ofVideo.get(index);
    const [from, to] = v === undefined ? [0, 0] : [offsets[v], offsets[v + 1]];
    const own = labels.slice(from, to);
    return {
      videoId,
      scores: scores.slice(from, to),
      labels: own,
      uncertainty: Float32Array.from({ length: to - from }, (_, i) => Math.abs(a[from + i] - b[from + i])),
      videoLabel: v === undefined ? null : own.some((label) => label === 1) ? 1 : 0,
    };
  });
  const header = { format: 'wocc-ws model 1', extractor: input.extractor, scale, config, dim: videos[0].dim };
  const notes = [
    ...oneClass.notes,
    ...result.notes,
    `${modules} module${modules === 1 ? '' : 's'} in ${result.seconds.map((s) => `${s.toFixed(1)} s`).join(', ')}; the loop ended because ${STOPS[stop]}. T fell from ${thresholds[0]} to ${thresholds[thresholds.length - 1]} of ${scores.length} segments.`,
  ];
  if (common < LITTLE_AGREEMENT && config.variant !== 'allData') {
    notes.push(
      `The two models agree on only ${Math.round(common * 100)} % of the ${last} highest segments. Look at the segments they rank apart, or change the share called anomalous.`,
    );
  }
  return {
    videos: results,
    model: writeBundle(header, {
      ...prefixed(await oneClass.parameters(), 'oneClass/'),
      ...prefixed(await weak.parameters(), 'weak/'),
    }),
    threshold: { on: Math.min(1, Math.max(0, lowest)), off: Math.min(1, Math.max(0, lowest * (2 / 3))) },
    notes,
    provenance: {
      scale,
      thresholds,
      modules,
      stop,
      agreement: common,
      secondsPerModule: result.seconds,
      consensus: result.consensus.reduce((sum, member) => sum + member, 0),
      oneClassEpochs: options.oneClassEpochs,
      weakBatches: options.weakBatches,
    },
  };
}
