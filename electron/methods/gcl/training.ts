// Training of generator and discriminator, stage after stage (methods.md 1.4, 1.5).
// Role: epochs, order of samples, curves, checkpoints, too little memory. Limits: labels are made inside the steps.
import type { CurvePoint } from '../../../shared/contract/entities.ts';
import type { ComputeDevice, Spec, Values, Variables } from '../../compute/device.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import { createRandom } from '../../compute/random.ts';
import type { SegmentPool } from '../../features/segment-pool.ts';
import { initMlp, mlpParameters } from '../../nets/mlp.ts';
import { identityOf, type Saves, savesOf, stopIfCancelled, valuesOf } from '../checkpoint.ts';
import { type EpochState, positionOf, restoreEpochs, runEpochs, startEpochs } from '../epochs.ts';
import type { TrainingRun } from '../method.ts';
import { type Attempt, withSmallerBatches } from '../smaller-batches.ts';
import { type BatchRunner, type BatchSource, batchRunner, type Report, stepOptions } from './batches.ts';
import { type GclCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { GclConfig } from './config.ts';
import { type Plan, planFor, type Stage, type StageName } from './plan.ts';
import { scoreSamples } from './scoring.ts';
import { D, G } from './steps.ts';

export interface GclTraining extends TrainingRun {
  device: ComputeDevice;
  config: GclConfig;
  /** Samples: every crop of every segment is a segment of one crop here. */
  pool: SegmentPool;
  /** `[samples]`: 0 for samples known to be normal, else 1. */
  counted: Uint8Array;
  /** Samples that pre-train the generator, ascending. Empty for variants that do not pre-train. */
  pretraining: Int32Array;
  /** Standard deviation of each dimension, for noise in that unit; else null. */
  deviations: Float32Array | null;
}

export interface TrainedGcl {
  plan: Plan;
  /** Reconstruction error of every sample. */
  errors: Float32Array;
  /** Probability of every sample, null without a discriminator. */
  probabilities: Float32Array | null;
  /** Weights of both networks in PyTorch's layout, named `G.fc1.weight` and so on. */
  parameters: Record<string, Values>;
  curve: CurvePoint[];
  notes: string[];
}

/** The random stream of training; the draw of known labels uses another. */
const STREAM = 1;

const TITLES: Record<StageName, string> = {
  autoencoder: 'Training the generator',
  discriminator: 'Training the discriminator',
  cooperation: 'Training both together',
  self: 'Training on own labels',
};

/** Names of the curves: those of pre-training stages are their own, because their epochs are counted from 1 again. */
function seriesOf(stage: StageName, only: boolean): Record<keyof Report, string> {
  const before = only || stage === 'cooperation' || stage === 'self' ? '' : 'pre-training: ';
  return {
    lossG: `${before}loss of generator`,
    lossD: `${before}loss of discriminator`,
    shareG: `${before}share labelled by generator`,
    shareD: `${before}share labelled by discriminator`,
    agreement: `${before}agreement of the two`,
  };
}

/** What a checkpoint has to share with a run that goes on from it. */
function runIdentity({ config, seed, pool, counted, pretraining }: GclTraining): string {
  const { segments, dim } = pool;
  return identityOf({ config, seed, segments, dim }, counted, pretraining);
}

const networkParameters = ({ generator, discriminator }: Plan): Record<string, Spec> => ({
  ...mlpParameters(generator, G),
  ...(discriminator && mlpParameters(discriminator, D)),
});

/** The parameters a stage changes. */
function learnt(plan: Plan, { name }: Stage): Record<string, Spec> {
  const generator = mlpParameters(plan.generator, G);
  const discriminator = plan.discriminator ? mlpParameters(plan.discriminator, D) : {};
  if (name === 'discriminator') return discriminator;
  return name === 'cooperation' ? { ...generator, ...discriminator } : generator;
}

interface StageRun {
  training: GclTraining;
  plan: Plan;
  index: number;
  /** What it is called in its checkpoints. */
  run: string;
  /** From a checkpoint of this stage, or at its start. */
  state: EpochState;
  /** Of the run so far. */
  curve: CurvePoint[];
  saves: Saves;
}

/** All steps of one stage that are left. */
async function runStage(
  { training, plan, index, run, state, curve, saves }: StageRun,
  variables: Variables,
): Promise<void> {
  const { config, device, pool, counted, deviations, pretraining, progress, points, rehearsal } = training;
  const stage = plan.stages[index];
  const { batch, stepsPerEpoch, samples, epochs } = stage;
  const source: BatchSource = { pool, counted, deviations, sigma: config.sigma };
  const options = stepOptions(config, plan, stage);
  const series = seriesOf(stage.name, plan.stages.length === 1);
  const stepsOf = (stages: Stage[]): number => stages.reduce((sum, s) => sum + s.epochs * s.stepsPerEpoch, 0);
  const runners: BatchRunner[] = [];
  const compiled = async (size: number): Promise<BatchRunner> => {
    const runner = await batchRunner(device, variables, stage, size, options, source);
    runners.push(runner);
    return runner;
  };
  try {
    // Graphs have fixed shapes: the shorter last batch of an epoch has one of its own.
    const rest = samples - (stepsPerEpoch - 1) * batch;
    const full = await compiled(batch);
    const last = rest === batch ? full : await compiled(rest);
    let order: Int32Array = new Int32Array();
    await runEpochs<string>(
      {
        title: TITLES[stage.name],
        epochs,
        steps: stepsPerEpoch,
        overall: { before: stepsOf(plan.stages.slice(0, index)), total: stepsOf(plan.stages) },
        draw(random, from) {
          order = random.permutation(samples);
          if (stage.name === 'autoencoder')
            for (let i = 0; i < samples; i++) order[i] = pretraining[order[i]];
          pool.expect(order.subarray(from * batch));
        },
        async run(i, random) {
          const chosen = order.subarray(i * batch, (i + 1) * batch);
          const report = await (i < stepsPerEpoch - 1 ? full : last).run(chosen, random);
          return Object.fromEntries(
            Object.entries(report).map(([name, value]) => [name, (value * chosen.length) / samples]),
          );
        },
        curve: (x, means) =>
          (Object.entries(means) as [keyof Report, number][]).map(([name, y]) => ({
            series: series[name],
            x,
            y,
          })),
      },
      state,
      {
        saves,
        progress,
        rehearsal,
        add(made) {
          curve.push(...made);
          points(made);
        },
      },
      async () =>
        writeCheckpoint({
          run,
          stage: index,
          position: positionOf(state),
          curve,
          values: await valuesOf(variables),
        }),
    );
  } finally {
    for (const runner of runners) await runner.dispose();
  }
}

async function trainWithDivisor(
  training: GclTraining,
  {
    divisor,
    run,
    checkpoint,
    saves,
  }: Pick<Attempt, 'divisor' | 'run'> & { checkpoint: GclCheckpoint | null; saves: Saves },
): Promise<Omit<TrainedGcl, 'notes'>> {
  const { config, device, pool, pretraining, seed, signal } = training;
  const plan = planFor(config, {
    dim: pool.dim,
    samples: pool.segments,
    pretraining: pretraining.length,
    divisor,
  });
  const resumed = checkpoint && restoreEpochs(checkpoint.position);
  const random = resumed?.random ?? createRandom(seed, STREAM);
  const curve = checkpoint ? [...checkpoint.curve] : [];
  if (curve.length > 0) training.points(curve);
  let values: Record<string, Values> = checkpoint?.values ?? {
    ...initMlp(plan.generator, random, G),
    ...(plan.discriminator && initMlp(plan.discriminator, random, D)),
  };
  const networks = Object.keys(networkParameters(plan));
  const weights = (): Record<string, Values> =>
    Object.fromEntries(networks.map((name) => [name, values[name]]));

  for (const [index, stage] of plan.stages.entries()) {
    const done = checkpoint?.stage ?? -1;
    if (index < done) continue;
    const state = index === done && resumed ? resumed : startEpochs(random);
    if (state.epoch === stage.epochs) continue;
    // Every stage starts with an optimiser that remembers nothing; one that goes on has its memory in the checkpoint.
    const slots = createOptimiser(stage.optimiser).slots(learnt(plan, stage));
    const initial = index === done ? values : { ...weights(), ...allZeros(slots) };
    const variables = device.variables(initial);
    try {
      await runStage({ training, plan, index, run, state, curve, saves }, variables);
      values = await valuesOf(variables);
    } finally {
      await variables.dispose();
    }
  }
  const parameters = weights();
  const scores = await scoreSamples({
    device,
    parameters,
    plan,
    errorNorm: config.errorNorm,
    pool,
    check: () => stopIfCancelled(signal),
    progress: training.progress,
    rehearsal: training.rehearsal,
  });
  return { plan, ...scores, parameters, curve };
}

/**
 * Trains all stages of a run and scores every sample.
 * A run that is stopped and goes on from its checkpoint gives the same bits as one that was never stopped (on the cpu
 * device with the same number of threads). If the device has too little memory, the run starts again with half the batch.
 * @throws AppError `cancelled`, at the latest after the step that is running; `conflict` for the checkpoint of another
 * run; `internal` when a loss is not a number any more.
 */
export async function trainGcl(training: GclTraining): Promise<TrainedGcl> {
  const saves = savesOf(training);
  const batches = { ...training, run: runIdentity(training), smallest: training.pool.segments };
  return withSmallerBatches(batches, async ({ divisor, run, saved, note }) => {
    const checkpoint = saved && readCheckpoint(saved, run);
    const trained = await trainWithDivisor(training, { divisor, run, checkpoint, saves });
    const largest = Math.max(...trained.plan.stages.map((stage) => stage.batch));
    return { ...trained, notes: note(`batches of up to ${largest} samples`) };
  });
}
