// Training of the autoencoders and the errors they make (default-extractor-v2.md 3.1).
// Role: one network after the other, batches, checkpoints, errors of all crops. Limits: no scores and no labels.
import { AppError } from '../../../shared/errors.ts';
import type { CompiledStep, Values } from '../../compute/device.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import { createRandom, restoreRandom } from '../../compute/random.ts';
import { type SegmentPool, segmentPool } from '../../features/segment-pool.ts';
import { autoencoderErrorStep, autoencoderTrainStep } from '../../nets/autoencoder.ts';
import { initMlp, type MlpShape, mlpParameters } from '../../nets/mlp.ts';
import { identityOf, type Saves, savesOf, stopIfCancelled, valuesOf } from '../checkpoint.ts';
import type { TrainInput, TrainingRun } from '../method.ts';
import { withSmallerBatches } from '../smaller-batches.ts';
import { type EnsembleCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type AeConfig, networkShape } from './config.ts';

export interface EnsembleTraining extends TrainingRun, Pick<TrainInput, 'videos'> {
  device: NonNullable<TrainInput['device']>;
  /** `members`: how many are trained, before any is dropped. */
  config: Pick<AeConfig, 'members' | 'steps' | 'code' | 'batchSize' | 'learningRate'>;
  /** Scale of the features: a checkpoint of other features has another one. */
  scale: readonly number[];
}

export interface TrainedEnsemble {
  shape: MlpShape;
  /** Weights of each network in PyTorch's layout and names. */
  members: Record<string, Values>[];
  /** Unsquared reconstruction error of every crop by every network: `[members][videos]`, float32 `[segments, crops]`. */
  errors: Float32Array[][];
  /** Mean loss of each stretch of 20 steps, per network. */
  losses: number[][];
  notes: string[];
}

const PROGRESS_MS = 100;
/** Steps that make one point of a curve. */
const STRETCH = 20;
/** Steps whose batches are drawn at once, so that it is known what will be needed. */
const DRAWN = 100;
/** Vectors scored in one call. */
const SCORE_BATCH = 4096;

function runIdentity({ config, seed, scale }: EnsembleTraining, { segments, dim }: SegmentPool): string {
  const { members, steps, code, batchSize, learningRate } = config;
  return identityOf({ members, steps, code, batchSize, learningRate, seed, scale, segments, dim });
}

const dataOf = (values: Record<string, Values>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(values).map(([name, { data }]) => [name, data]));

/** Sends the points of a network's curve from index `from` on. */
function publish(
  { config, points }: EnsembleTraining,
  losses: readonly (readonly number[])[],
  member: number,
  from: number,
): void {
  const series = config.members > 1 ? `loss ${member + 1}` : 'loss';
  const x = (i: number): number => Math.min((i + 1) * STRETCH, config.steps);
  points(losses[member].slice(from).map((y, i) => ({ series, x: x(from + i), y })));
}

/**
 * Trains `members` networks, each from its own random numbers, and lets each reconstruct all crops.
 * A run that is stopped and goes on from its checkpoint gives the same bits as one that was never stopped (on the cpu
 * device with the same number of threads). If the device has too little memory, the run starts again with half the batch.
 * @throws AppError `cancelled`, at the latest after the step that is running; `conflict` for the checkpoint of another
 * run; `internal` when the loss is not a number any more.
 */
export async function trainEnsemble(training: EnsembleTraining): Promise<TrainedEnsemble> {
  // Every crop is a sample of its own.
  const pool = segmentPool(
    training.videos.map((video) => ({ ...video, segments: video.segments * video.crops, crops: 1 })),
  );
  const saves = savesOf(training);
  const { config } = training;
  const batches = { ...training, run: runIdentity(training, pool), smallest: config.batchSize };
  return withSmallerBatches(batches, async ({ divisor, run, saved, note }) => {
    const batchSize = Math.ceil(config.batchSize / divisor);
    const checkpoint = saved && readCheckpoint(saved, run);
    const smaller = { ...training, config: { ...config, batchSize } };
    const trained = await trainWithBatch(smaller, pool, { run, checkpoint, saves });
    return { ...trained, notes: note(`batches of ${batchSize}`) };
  });
}

async function trainWithBatch(
  training: EnsembleTraining,
  pool: SegmentPool,
  { run, checkpoint, saves }: { run: string; checkpoint: EnsembleCheckpoint | null; saves: Saves },
): Promise<Omit<TrainedEnsemble, 'notes'>> {
  const { videos, config, device, seed, rehearsal } = training;
  const { members: count, steps, code, batchSize, learningRate } = config;
  const { dim } = pool;
  const shape = networkShape(dim, code);
  const optimiser = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });
  const parameters = mlpParameters(shape);
  const names = Object.keys(parameters);
  const slots = allZeros(optimiser.slots(parameters));
  let resumed = checkpoint;
  const members = resumed?.members ?? [];
  const losses = resumed?.losses.map((own) => [...own]) ?? [];
  for (const member of losses.keys()) publish(training, losses, member, 0);

  const variables = device.variables({ ...allZeros(parameters), ...slots });
  const compiled: CompiledStep[] = [];
  try {
    const trainStep = await device.compile(
      autoencoderTrainStep(shape, batchSize, optimiser, 'l2'),
      variables,
    );
    compiled.push(trainStep);
    const rate = Float32Array.of(learningRate);
    const features = new Float32Array(batchSize * dim);
    let reported = 0;
    while (members.length < count) {
      const member = members.length;
      // Stream 1 is the first network's; another stream of the seed is an independent sequence.
      const random = resumed ? restoreRandom(resumed.random) : createRandom(seed, member + 1);
      variables.write(dataOf(resumed?.current ?? { ...initMlp(shape, random), ...slots }));
      const first = resumed?.step ?? 0;
      let sum = resumed?.sum ?? 0;
      if (!resumed) losses.push([]);
      resumed = null;
      let drawn = new Int32Array(0);
      /** State of the random numbers before `drawn` was. */
      let before = random.state();
      let made = first;
      const write = async (): Promise<Uint8Array> => {
        const at = made % DRAWN === 0 || made === steps ? random.state() : before;
        return writeCheckpoint({
          run,
          step: made,
          sum,
          random: at,
          losses,
          members,
          current: await valuesOf(variables),
        });
      };
      while (made < steps) {
        if (rehearsal?.enough({ kind: 'Training', done: made, total: steps, steps: true })) break;
        const within = made % DRAWN;
        if (within === 0 || made === first) {
          before = random.state();
          drawn = new Int32Array(Math.min(DRAWN, steps - made + within) * batchSize);
          for (let i = 0; i < drawn.length; i++) drawn[i] = random.integer(pool.segments);
          pool.expect(drawn.subarray(within * batchSize));
        }
        const from = within * batchSize;
        const chosen = drawn.subarray(from, from + batchSize);
        pool.copy(chosen, features);
        const { loss } = await trainStep.run({ features, learningRate: rate });
        sum += loss[0];
        made++;
        if (performance.now() - reported > PROGRESS_MS) {
          reported = performance.now();
          const done = member * steps + made;
          training.progress(done, count * steps, 'steps', `Training network ${member + 1} of ${count}`);
        }
        if (!Number.isFinite(sum)) {
          throw new AppError(
            'internal',
            `Training diverged in step ${made}: the loss is not a number any more. Lower the learning rate or check the features.`,
          );
        }
        if (made % STRETCH === 0 || made === steps) {
          const own = losses[member];
          own.push(sum / (made - STRETCH * own.length));
          sum = 0;
          publish(training, losses, member, own.length - 1);
        }
        await (made === steps ? saves.now(write) : saves.offer(write));
      }
      const all = await valuesOf(variables);
      members.push(Object.fromEntries(names.map((name) => [name, all[name]])));
    }

    const size = Math.min(SCORE_BATCH, pool.segments);
    const errorStep = await device.compile(autoencoderErrorStep(shape, size, 'l2'), variables);
    compiled.push(errorStep);
    const errors: Float32Array[][] = [];
    for (const [m, member] of members.entries()) {
      training.progress(m, count, 'networks', 'Measuring errors');
      variables.write(dataOf(member));
      const own = await errorsOf(pool, errorStep, size, training);
      errors.push(videos.map((_, v) => own.slice(pool.offsets[v], pool.offsets[v + 1])));
    }
    return { shape, members, errors, losses };
  } finally {
    for (const step of compiled) await step.dispose();
    await variables.dispose();
  }
}

/** Errors of all vectors; the last batch is filled up with copies of its last vector, which do not count. */
async function errorsOf(
  pool: SegmentPool,
  step: CompiledStep,
  size: number,
  { signal, rehearsal }: Pick<TrainInput, 'signal' | 'rehearsal'>,
): Promise<Float32Array> {
  const errors = new Float32Array(pool.segments);
  const features = new Float32Array(size * pool.dim);
  pool.expect(Int32Array.from({ length: pool.segments }, (_, i) => i));
  for (let from = 0; from < pool.segments; from += size) {
    if (rehearsal?.enough({ kind: 'errors', done: from, total: pool.segments })) break;
    stopIfCancelled(signal);
    const chosen = Int32Array.from({ length: size }, (_, i) => Math.min(from + i, pool.segments - 1));
    pool.copy(chosen, features);
    const outputs = await step.run({ features });
    errors.set(outputs.errors.subarray(0, Math.min(size, pool.segments - from)), from);
  }
  return errors;
}
