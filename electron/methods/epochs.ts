// The loop that methods share: epochs of batches, curves, progress, cancelling, checkpoints between any two steps.
// Role: calls a step so many times and averages what it says. Limits: knows no network; what a step sees is its caller's.
import { z } from 'zod';
import type { CurvePoint } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { type Random, restoreRandom } from '../compute/random.ts';
import type { Saves } from './checkpoint.ts';
import type { TrainInput } from './method.ts';

const PROGRESS_MS = 100;

/** Where a stage stands between two steps: with the variables all that it needs to go on. */
export const epochPosition = z.object({
  /** Complete epochs, and steps done of the next one. */
  epoch: z.int().nonnegative(),
  step: z.int().nonnegative(),
  /** What those steps add to the means of their epoch. */
  means: z.record(z.string(), z.number()),
  /** State of the random numbers before the batches of the running epoch were drawn, and as it is now. */
  drawn: z.array(z.int()),
  random: z.array(z.int()),
});
export type EpochPosition = z.infer<typeof epochPosition>;

/** Changes with every step. */
export interface EpochState extends Omit<EpochPosition, 'random'> {
  random: Random;
}

export const startEpochs = (random: Random): EpochState => ({
  epoch: 0,
  step: 0,
  means: {},
  drawn: random.state(),
  random,
});
export const restoreEpochs = (position: EpochPosition): EpochState => ({
  ...position,
  means: { ...position.means },
  random: restoreRandom(position.random),
});
export const positionOf = ({ random, ...state }: EpochState): EpochPosition => ({
  ...state,
  random: random.state(),
});

export interface Epochs<Name extends string> {
  /** For example `Stage 1`. */
  title: string;
  /** What stages whose steps are alike have in common; left out: the title. */
  kind?: string;
  epochs: number;
  /** Steps per epoch. */
  steps: number;
  /** Steps of the run before this stage and in all; left out: this stage is told by itself. */
  overall?: { before: number; total: number };
  /** Draws what the batches of an epoch hold. @param from the first step that will be asked for. */
  draw(random: Random, from: number): void;
  /** Runs step `index` of an epoch. Returns what it adds to each mean of the epoch. */
  run(index: number, random: Random, epoch: number): Promise<Record<Name, number>>;
  /** Points after `epoch` epochs, from the means of the last one. */
  curve(epoch: number, means: Record<Name, number>): CurvePoint[];
}

export interface Reports extends Pick<TrainInput, 'progress' | 'rehearsal'> {
  saves: Saves;
  /** Adds to the curve of the run. */
  add(points: CurvePoint[]): void;
}

/** `count` of the items in random order; all of them have come before one comes again. */
export function drawEvenly(items: readonly number[], count: number, random: Random): Int32Array<ArrayBuffer> {
  const drawn = new Int32Array(count);
  for (let at = 0; at < count; at += items.length) {
    const order = random.permutation(items.length);
    for (let i = 0; i < items.length && at + i < count; i++) drawn[at + i] = items[order[i]];
  }
  return drawn;
}

/** Epochs as set, or at least `fewest` and enough for so many steps. */
export function epochsFor(set: number, stepsPerEpoch: number, fewest: number, steps: number): number {
  return set > 0 ? set : Math.max(fewest, Math.ceil(steps / stepsPerEpoch));
}

/**
 * Goes on from `state` to the last epoch, changing `state`. A stage that goes on from any checkpoint makes the same steps as one
 * that was never stopped.
 * @param write the checkpoint for `state` as it is; called after the last epoch, from time to time, and when cancelled.
 * @throws AppError `cancelled`, at the latest after the step that is running; `internal` when a loss is not a number.
 */
export async function runEpochs<Name extends string>(
  { title, kind = title, epochs, steps, overall, draw, run, curve }: Epochs<Name>,
  state: EpochState,
  { saves, progress, add, rehearsal }: Reports,
  write: () => Promise<Uint8Array>,
): Promise<void> {
  const { before, total } = overall ?? { before: 0, total: epochs * steps };
  let reported = 0;
  if (state.step > 0) draw(restoreRandom(state.drawn), state.step);
  while (state.epoch < epochs) {
    const made = state.epoch * steps + state.step;
    if (rehearsal?.enough({ kind, done: made, total: epochs * steps, steps: true })) return;
    if (state.step === 0) {
      state.drawn = state.random.state();
      draw(state.random, 0);
    }
    const values = await run(state.step, state.random, state.epoch);
    for (const [name, value] of Object.entries<number>(values)) {
      state.means[name] = (state.means[name] ?? 0) + value;
    }
    if (!Object.values(state.means).every(Number.isFinite)) {
      throw new AppError(
        'internal',
        `${title} diverged in epoch ${state.epoch + 1}: the loss is not a number any more. Lower the learning rate or check the features.`,
      );
    }
    state.step++;
    if (performance.now() - reported > PROGRESS_MS) {
      reported = performance.now();
      const done = before + state.epoch * steps + state.step;
      progress(done, total, 'steps', `${title}, epoch ${state.epoch + 1} of ${epochs}`);
    }
    if (state.step === steps) {
      const { means } = state;
      Object.assign(state, { epoch: state.epoch + 1, step: 0, means: {} });
      add(curve(state.epoch, means as Record<Name, number>));
    }
    await (state.epoch === epochs ? saves.now(write) : saves.offer(write));
  }
}
