// The loop both stages of CU-Net share: epochs of equally large batches, curves, cancelling, checkpoints.
// Role: calls a step so many times and averages what it says. Limits: knows no network; what a step sees is its caller's.
import type { CurvePoint } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Random } from '../../compute/random.ts';
import type { TrainInput } from '../method.ts';

/** Epochs of few steps are not all saved: a checkpoint is written after at least this many steps. */
const CHECKPOINT_STEPS = 20;
const PROGRESS_MS = 100;

export interface Epochs {
  /** For example `Stage 1`. */
  title: string;
  epochs: number;
  /** Steps per epoch. */
  steps: number;
  /** Draws what the batches of an epoch hold. */
  draw(random: Random): void;
  /** Runs step `index` of the epoch; outputs are single numbers. */
  run(index: number, random: Random): Promise<Record<string, Float32Array>>;
  /** Points after `epoch` epochs, from the means of the outputs over the steps of the last one. */
  curve(epoch: number, means: Record<string, number>): CurvePoint[];
}

export interface EpochState {
  /** Complete epochs. */
  epoch: number;
  random: Random;
}

export type Reports = Pick<TrainInput, 'signal' | 'progress'> & {
  /** Adds to the curve of the run. */
  add(points: CurvePoint[]): void;
};

/** @throws AppError `cancelled`. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError('cancelled', 'Cancelled. The run can go on from its last checkpoint.');
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
 * Goes on from `state` to the last epoch, changing `state`.
 * @param save called after the last epoch, and before it after every 20 steps or more, at the end of an epoch.
 * @throws AppError `cancelled`, at the latest after the step that is running; `internal` when a loss is not a number.
 */
export async function runEpochs(
  { title, epochs, steps, draw, run, curve }: Epochs,
  state: EpochState,
  { signal, progress, add }: Reports,
  save: () => Promise<void>,
): Promise<void> {
  let reported = 0;
  while (state.epoch < epochs) {
    draw(state.random);
    const means: Record<string, number> = {};
    for (let i = 0; i < steps; i++) {
      stopIfCancelled(signal);
      for (const [name, [value]] of Object.entries(await run(i, state.random))) {
        means[name] = (means[name] ?? 0) + value / steps;
      }
      if (performance.now() - reported > PROGRESS_MS) {
        reported = performance.now();
        const done = state.epoch * steps + i + 1;
        progress(done, epochs * steps, 'steps', `${title}, epoch ${state.epoch + 1} of ${epochs}`);
      }
    }
    state.epoch++;
    if (!Object.values(means).every(Number.isFinite)) {
      throw new AppError(
        'internal',
        `Training diverged in epoch ${state.epoch} of ${title.toLowerCase()}: the loss is not a number any more. Lower the learning rate or check the features.`,
      );
    }
    add(curve(state.epoch, means));
    const apart = Math.ceil(CHECKPOINT_STEPS / steps);
    if (state.epoch === epochs || state.epoch % apart === 0) await save();
  }
}
