// Training of C2FPL's detector on pseudo-labels, and the scores it gives (methods.md 2.4-2.6).
// Role: epochs, batches, schedule, checkpoints, scoring. Limits: does not make labels.
import type { CurvePoint } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import type { CompiledStep, Values, Variables } from '../../compute/device.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import { createRandom } from '../../compute/random.ts';
import { type SegmentPool, segmentPool } from '../../features/segment-pool.ts';
import {
  type DetectorShape,
  detectorMasks,
  detectorParameters,
  detectorTrainStep,
  initDetector,
} from '../../nets/detector.ts';
import { identityOf, type Saves, savesOf, stopIfCancelled, valuesOf } from '../checkpoint.ts';
import {
  type EpochState,
  epochsFor as epochsOrEnough,
  positionOf,
  restoreEpochs,
  runEpochs as runSharedEpochs,
  startEpochs,
} from '../epochs.ts';
import type { TrainInput, TrainingRun } from '../method.ts';
import { withSmallerBatches } from '../smaller-batches.ts';
import type { C2fplConfig } from './config.ts';
import { type DetectorCheckpoint, readCheckpoint, writeCheckpoint } from './detector-checkpoint.ts';
import { scorePool } from './detector-scoring.ts';

export type DetectorSettings = Pick<
  C2fplConfig,
  | 'attention'
  | 'hidden1'
  | 'hidden2'
  | 'dropout'
  | 'learningRate'
  | 'momentum'
  | 'nesterov'
  | 'weightDecay'
  | 'batchSize'
  | 'epochs'
  | 'schedule'
>;

export interface DetectorTraining extends TrainingRun, Pick<TrainInput, 'videos'> {
  device: NonNullable<TrainInput['device']>;
  /** Pseudo-labels of all segments, video after video, `[M]`. */
  labels: Uint8Array;
  config: DetectorSettings;
}

export interface TrainedDetector {
  /** Probability of every segment, per video `[T]`: mean over crops. */
  scores: Float32Array[];
  shape: DetectorShape;
  /** Weights in PyTorch's layout and names. */
  parameters: Record<string, Values>;
  epochs: number;
  stepsPerEpoch: number;
  /** Mean loss of each epoch. */
  losses: number[];
  batchSize: number;
  notes: string[];
}

/** The random stream of the detector; the labels of the same run use another. */
const STREAM = 1;
const FEWEST_STEPS = 400;
const FEWEST_EPOCHS = 30;

/** Epochs of a run: as set, or enough for 400 steps and at least 30 (methods.md 2.5). */
export function epochsFor({ epochs }: Pick<DetectorSettings, 'epochs'>, stepsPerEpoch: number): number {
  return epochsOrEnough(epochs, stepsPerEpoch, FEWEST_EPOCHS, FEWEST_STEPS);
}

/** Learning rate of an epoch, counted from 0 (methods.md 2.5). */
export function learningRateAt(
  { learningRate, schedule }: Pick<DetectorSettings, 'learningRate' | 'schedule'>,
  epoch: number,
  epochs: number,
): number {
  const drops = {
    constant: [],
    code: [15, 25],
    proportional: [Math.round(0.5 * epochs), Math.round(0.83 * epochs)],
  }[schedule];
  return learningRate * 0.1 ** drops.filter((drop) => epoch >= drop).length;
}

/** A training step for one batch size, with the host buffers it is fed from. */
interface Batch {
  step: CompiledStep;
  features: Float32Array;
  labels: Float32Array;
  masks: Record<string, Float32Array>;
}

/** What a checkpoint has to share with a run that goes on from it. */
function runIdentity(
  { config, seed, labels }: DetectorTraining,
  { segments, crops, dim }: SegmentPool,
): string {
  return identityOf({ config, seed, segments, crops, dim }, labels);
}

/** Steps from `state` to the last epoch. @param losses of the complete epochs; grows. */
async function runEpochs(
  training: DetectorTraining,
  pool: SegmentPool,
  variables: Variables,
  batches: { full: Batch | null; last: Batch | null },
  course: { run: string; state: EpochState; losses: number[]; epochs: number; saves: Saves },
): Promise<void> {
  const { run, state, losses, epochs, saves } = course;
  const { config, labels, progress, points: add, rehearsal } = training;
  const { batchSize, dropout } = config;
  const rateOf = (epoch: number): number => learningRateAt(config, epoch, epochs);
  const curveOf = (y: number, epoch: number): CurvePoint[] => [
    { series: 'loss', x: epoch + 1, y },
    { series: 'learning rate', x: epoch + 1, y: rateOf(epoch) },
  ];
  if (losses.length > 0) add(losses.flatMap(curveOf));
  let order: Int32Array = new Int32Array();
  await runSharedEpochs<'loss'>(
    {
      title: 'Training',
      epochs,
      steps: Math.ceil(pool.segments / batchSize),
      draw(random, from) {
        order = random.permutation(pool.segments);
        pool.expect(order.subarray(from * batchSize));
      },
      async run(i, random, epoch) {
        const chosen = order.subarray(i * batchSize, (i + 1) * batchSize);
        const batch = chosen.length === batchSize ? batches.full! : batches.last!;
        pool.copy(chosen, batch.features);
        for (let k = 0; k < chosen.length; k++) batch.labels[k] = labels[chosen[k]];
        for (const mask of Object.values(batch.masks)) random.fillDropout(mask, dropout);
        const { loss } = await batch.step.run({
          features: batch.features,
          labels: batch.labels,
          learningRate: Float32Array.of(rateOf(epoch)),
          ...batch.masks,
        });
        return { loss: (loss[0] * chosen.length) / pool.segments };
      },
      curve(epoch, { loss }) {
        losses.push(loss);
        return curveOf(loss, epoch - 1);
      },
    },
    state,
    { saves, progress, add, rehearsal },
    async () =>
      writeCheckpoint({
        run,
        position: positionOf(state),
        losses,
        values: await valuesOf(variables),
      }),
  );
}

async function trainWithBatch(
  training: DetectorTraining,
  pool: SegmentPool,
  { run, checkpoint, saves }: { run: string; checkpoint: DetectorCheckpoint | null; saves: Saves },
): Promise<Omit<TrainedDetector, 'notes'>> {
  const { videos, config, device, seed, signal } = training;
  const { batchSize, momentum, nesterov, weightDecay, dropout, hidden1, hidden2, attention } = config;
  const { segments, crops, dim } = pool;
  const shape: DetectorShape = { dim, hidden1, hidden2, attention };
  const optimiser = createOptimiser({
    name: 'sgd',
    momentum,
    nesterov: nesterov && momentum > 0,
    weightDecay,
  });
  const stepsPerEpoch = Math.ceil(segments / batchSize);
  const epochs = epochsFor(config, stepsPerEpoch);
  const resumed = checkpoint && restoreEpochs(checkpoint.position);
  const random = resumed?.random ?? createRandom(seed, STREAM);
  const losses = checkpoint ? [...checkpoint.losses] : [];
  const variables = device.variables(
    checkpoint?.values ?? {
      ...initDetector(shape, random),
      ...allZeros(optimiser.slots(detectorParameters(shape))),
    },
  );
  const steps: CompiledStep[] = [];
  const batchOf = async (size: number): Promise<Batch | null> => {
    if (size === 0) return null;
    const extent = { batch: size, crops };
    const step = await device.compile(detectorTrainStep(shape, extent, optimiser, dropout), variables);
    steps.push(step);
    const masks = Object.entries(detectorMasks(shape, extent, dropout)).map(([name, spec]) => [
      name,
      new Float32Array(spec.shape[0] * spec.shape[1]),
    ]);
    return {
      step,
      features: new Float32Array(size * crops * dim),
      labels: new Float32Array(size),
      masks: Object.fromEntries(masks),
    };
  };
  try {
    // Graphs have fixed shapes: the shorter last batch of an epoch has one of its own, and so an exact mean.
    const full = await batchOf(segments >= batchSize ? batchSize : 0);
    const last = await batchOf(segments % batchSize);
    const state = resumed ?? startEpochs(random);
    await runEpochs(training, pool, variables, { full, last }, { run, state, losses, epochs, saves });
    const check = (): void => stopIfCancelled(signal);
    const all = await scorePool({
      device,
      variables,
      shape,
      videos,
      pool,
      batchSize,
      check,
      progress: training.progress,
      rehearsal: training.rehearsal,
    });
    const kept = Object.keys(detectorParameters(shape));
    const values = await valuesOf(variables);
    return {
      scores: videos.map((_, v) => all.slice(pool.offsets[v], pool.offsets[v + 1])),
      shape,
      parameters: Object.fromEntries(kept.map((name) => [name, values[name]])),
      epochs,
      stepsPerEpoch,
      losses,
      batchSize,
    };
  } finally {
    for (const step of steps) await step.dispose();
    await variables.dispose();
  }
}

/**
 * Trains the detector on the pseudo-labels of all segments and scores them.
 * A run that is stopped and goes on from its checkpoint gives the same bits as one that was never stopped (on the cpu
 * device with the same number of threads). If the device has too little memory, the run starts again with half the batch.
 * @throws AppError `cancelled`, at the latest after the step that is running; `conflict` for the checkpoint of another
 * run; `bad_input` without segments; `internal` when the loss is not a number any more.
 */
export async function trainDetector(training: DetectorTraining): Promise<TrainedDetector> {
  const { videos, labels, config } = training;
  if (labels.length === 0) {
    throw new AppError('bad_input', 'There are no segments to train on. Import videos or features first.');
  }
  const pool = segmentPool(videos);
  const saves = savesOf(training);
  const batches = {
    ...training,
    run: runIdentity(training, pool),
    smallest: config.batchSize,
  };
  return withSmallerBatches(batches, async ({ divisor, run, saved, note }) => {
    const batchSize = Math.ceil(config.batchSize / divisor);
    const checkpoint = saved && readCheckpoint(saved, run);
    const smaller = { ...training, config: { ...config, batchSize } };
    const trained = await trainWithBatch(smaller, pool, { run, checkpoint, saves });
    return { ...trained, notes: note(`batches of ${batchSize} segments`) };
  });
}
