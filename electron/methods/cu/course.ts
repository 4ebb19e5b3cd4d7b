// The course of a CU-Net run (Algorithm 1; methods.md 4): generator, first labels, then rounds of choosing reliable clips,
// training a classifier and labelling anew. Role: the order of things, and what is kept so that a run can go on.
// Limits: labels of whole videos come from outside.
import { histogramPoints } from '../../../shared/histogram-series.ts';
import type { ComputeDevice, Values, Variables } from '../../compute/device.ts';
import { createRandom, type Random } from '../../compute/random.ts';
import type { Watch } from '../../features/passes.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { clipClassifierParameters } from '../../nets/clip-classifier.ts';
import { identityOf, type Saves, savesOf, stopIfCancelled, valuesOf } from '../checkpoint.ts';
import { type EpochState, positionOf, type Reports, restoreEpochs, startEpochs } from '../epochs.ts';
import type { TrainingRun } from '../method.ts';
import { type Attempt, withSmallerBatches } from '../smaller-batches.ts';
import type { VideoLabels } from '../video-labels.ts';
import { type Checkpoint, type RoundSummary, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import {
  type ClassifierPlan,
  classifierOverClips,
  classifierPlan,
  classifierShape,
  initClassifier,
  trainClassifier,
} from './classifier.ts';
import { clipOffsets } from './clips.ts';
import type { CuConfig } from './config.ts';
import {
  type GeneratorPlan,
  generatorOverClips,
  generatorPlan,
  generatorShape,
  initGenerator,
  trainGenerator,
} from './generator.ts';
import { type ClipNetwork, labelClips, scoreClips } from './passes.ts';
import { reliableClips } from './reliable.ts';
import { expectedCount, histogramOf, type Labelling, targetsOf } from './soft-labels.ts';

export interface CuTraining extends TrainingRun {
  device: ComputeDevice;
  /** Each with at least one clip. */
  videos: readonly FeatureVideo[];
  /** With at least one abnormal and one normal video. */
  labels: VideoLabels;
  config: CuConfig;
}

export interface TrainedCu {
  /** Of the last classifier without dropout, for all clips, `[M]`. */
  scores: Float32Array;
  /** By the last classifier. */
  labelling: Labelling;
  /** The classifier, in PyTorch's layout and names. */
  parameters: Record<string, Values>;
  rounds: RoundSummary[];
  /** Sizes of both stages, for the record of the run. */
  plans: { generator: GeneratorPlan; classifier: ClassifierPlan };
  notes: string[];
}

/** Random streams; the labels of whole videos use stream 0. Rounds are counted from 1, labels by the generator are 0. */
const streams = {
  generator: 1,
  passes: (round: number) => 1000 + round,
  choice: (round: number) => 2000 + round,
  classifier: (round: number) => 3000 + round,
};

/** What a checkpoint has to share with a run that goes on from it. */
function runIdentity({ config, seed, videos, labels }: CuTraining): string {
  const { crops, dim } = videos[0];
  const shapes = { crops, dim, segments: videos.map(({ segments }) => segments) };
  return identityOf({ config, seed, shapes, labels: labels.labels });
}

/** The run with one size of batches. */
async function runCourse(
  training: CuTraining,
  {
    divisor,
    run,
    saved,
    saves,
  }: Pick<Attempt, 'divisor' | 'run'> & { saved: Checkpoint | null; saves: Saves },
): Promise<Omit<TrainedCu, 'notes'>> {
  const { device, videos, labels, config, seed, signal, progress, rehearsal } = training;
  const offsets = clipOffsets(videos);
  const owners = { labels: labels.labels, offsets };
  const curve = [...(saved?.curve ?? [])];
  const rounds = [...(saved?.rounds ?? [])];
  if (curve.length > 0) training.points(curve);
  const reports: Reports & Watch = {
    saves,
    signal,
    progress,
    rehearsal,
    add(points) {
      curve.push(...points);
      training.points(points);
    },
  };
  const network = {
    device,
    batchSize: Math.max(1, Math.floor(config.batchSize / divisor)),
    check: () => stopIfCancelled(signal),
    progress,
    rehearsal,
  };
  const writer =
    (round: number, state: EpochState, variables: Variables, labelling: Labelling | null) =>
    async (): Promise<Uint8Array> =>
      writeCheckpoint({
        run,
        round,
        position: positionOf(state),
        curve,
        rounds,
        values: await valuesOf(variables),
        labelling,
      });
  /** State and variables of a stage: as saved, or fresh. */
  const begin = (
    round: number,
    stream: number,
    fresh: (random: Random) => Record<string, Values>,
  ): { state: EpochState; values: Record<string, Values>; resumed: boolean } => {
    if (saved?.round === round) {
      return { state: restoreEpochs(saved.position), values: saved.values, resumed: true };
    }
    const random = createRandom(seed, stream);
    return { values: fresh(random), state: startEpochs(random), resumed: false };
  };

  const { dim } = videos[0];
  let labelling = saved?.labelling ?? null;
  const generator = generatorPlan(videos, labels, config, divisor);
  if (!labelling) {
    const shape = generatorShape(config, dim);
    const { state, values } = begin(0, streams.generator, (random) => initGenerator(shape, config, random));
    const variables = device.variables(values);
    try {
      await trainGenerator(
        { device, variables, videos, labels, config, plan: generator },
        state,
        reports,
        writer(0, state, variables, null),
      );
      labelling = await labelClips(
        { ...network, variables, ...generatorOverClips(shape, videos) },
        config.passes,
        config.generatorDropout,
        createRandom(seed, streams.passes(0)),
      );
    } finally {
      await variables.dispose();
    }
  }

  const shape = classifierShape(config, dim);
  const overClips = classifierOverClips(shape, videos, config);
  let previous: Record<string, Values> | null = null;
  rehearsal?.enough({ kind: 'rounds', done: 0, total: config.rounds });
  for (let round = Math.max(1, saved?.round ?? 1); ; round++) {
    const { state, values, resumed } = begin(round, streams.classifier(round), (random) =>
      initClassifier(shape, config, random, config.restart ? null : previous),
    );
    const chosen = chooseClips(labelling, owners, config, createRandom(seed, streams.choice(round)));
    if (!resumed) {
      const summary = summarise(round, labelling, owners, chosen);
      rounds.push(summary);
      reports.add([
        { series: 'share kept per round', x: round, y: summary.kept / summary.clips },
        { series: 'mean uncertainty per round', x: round, y: summary.meanUncertainty },
        ...histogramPoints(
          'soft labels in anomalous videos',
          `round ${round}`,
          summary.histogram.map((_, i) => i / summary.histogram.length).concat(1),
          summary.histogram,
        ),
      ]);
    }
    const variables = device.variables(values);
    try {
      const write = writer(round, state, variables, labelling);
      if (!resumed) await saves.now(write);
      const classifier = classifierPlan(chosen.length, config, divisor);
      await trainClassifier(
        {
          device,
          variables,
          shape,
          source: overClips.source,
          chosen,
          targets: targetsOf(labelling, owners, config),
          config,
          round,
          plan: classifier,
        },
        state,
        reports,
        write,
      );
      const overAll: ClipNetwork = { ...network, variables, ...overClips };
      labelling = await labelClips(
        overAll,
        config.roundPasses,
        config.classifierDropout,
        createRandom(seed, streams.passes(round)),
      );
      previous = await valuesOf(variables);
      const known = rehearsal?.enough({ kind: 'rounds', done: round, total: config.rounds });
      if (round < config.rounds && !known) continue;
      const names = Object.keys(clipClassifierParameters(shape));
      return {
        scores: await scoreClips(overAll),
        labelling,
        parameters: Object.fromEntries(names.map((name) => [name, previous![name]])),
        rounds,
        plans: { generator, classifier },
      };
    } finally {
      await variables.dispose();
    }
  }
}

interface Owners {
  labels: readonly (0 | 1 | null)[];
  offsets: Int32Array;
}

/** Clips that train: of each labelled video the least uncertain share, a random share, or all, as the variant says. */
function chooseClips(
  { uncertainty }: Labelling,
  { labels, offsets }: Owners,
  { variant, ratio }: CuConfig,
  random: Random,
): number[] {
  const key = variant === 'random' ? uncertainty.map(() => random.uniform()) : uncertainty;
  const everything = variant === 'baseline' || variant === 'completeness';
  const { mask } = reliableClips(key, offsets, everything ? 1 : ratio);
  const chosen: number[] = [];
  for (const [v, label] of labels.entries()) {
    if (label === null) continue;
    for (let t = offsets[v]; t < offsets[v + 1]; t++) if (mask[t] === 1) chosen.push(t);
  }
  return chosen;
}

function summarise(
  round: number,
  labelling: Labelling,
  owners: Owners,
  chosen: readonly number[],
): RoundSummary {
  let clips = 0;
  let sum = 0;
  for (const [v, label] of owners.labels.entries()) {
    if (label === null) continue;
    for (let t = owners.offsets[v]; t < owners.offsets[v + 1]; t++, clips++) sum += labelling.uncertainty[t];
  }
  return {
    round,
    clips,
    kept: chosen.length,
    meanUncertainty: sum / clips,
    expected: expectedCount(labelling, owners),
    histogram: histogramOf(labelling, owners),
  };
}

/**
 * Trains both stages and labels all clips. A run that is stopped and goes on from its checkpoint gives the same bits as
 * one that was never stopped (on the cpu device with the same number of threads). If the device has too little memory,
 * the run starts again with half the batches.
 * @throws AppError `cancelled`, at the latest after the step that is running; `conflict` for the checkpoint of another
 * run; `internal` when a loss is not a number any more.
 */
export async function trainCu(training: CuTraining): Promise<TrainedCu> {
  const { config } = training;
  const saves = savesOf(training);
  const batches = {
    ...training,
    run: runIdentity(training),
    smallest: Math.max(config.batchSize, config.pairs),
  };
  return withSmallerBatches(batches, async ({ divisor, run, saved, note }) => {
    const checkpoint = saved && readCheckpoint(saved, run);
    const trained = await runCourse(training, { divisor, run, saved: checkpoint, saves });
    return { ...trained, notes: note(`batches ${divisor} times smaller`) };
  });
}
