// How long a run takes: measured before it begins, told while it goes on (methods.md 3.9 leaves the number of modules open).
// Role: the estimate as a sentence, and progress. Limits: one batch of each model stands for all of them.
import type { Random } from '../../compute/random.ts';
import type { TrainInput } from '../method.ts';
import type { Position } from './checkpoint.ts';
import type { OneClassModel, WeakModel } from './components.ts';
import type { LoopOptions } from './loop-options.ts';

/** Modules of a usual run: the published one ended after three. */
export const USUAL_MODULES = 3;
/** A first batch that took longer is not repeated: compiling, seconds on a busy machine, is a small part of it. Seconds. */
const LONG = 20;
const PROGRESS_SECONDS = 0.1;

export interface Pace {
  /** Runs single batches on throw-away weights. @param batches of the one-class model in a step. @returns a sentence. */
  measure(
    models: {
      oneClass: OneClassModel;
      weak: WeakModel;
      /** Objects that train. */
      objects: Int32Array;
      snippets: number;
      random: Random;
    },
    batches: number,
    options: LoopOptions,
  ): Promise<string>;
  advance(position: Position, what: string): void;
}

/** "a second", "40 seconds", "12 minutes", "3.5 hours". */
export function spoken(seconds: number): string {
  if (seconds < 1.5) return 'a second';
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return `${(seconds / 3600).toFixed(1)} hours`;
}

/** Seconds of one step of the loop, in its parts. */
export interface StepSeconds {
  oneClassBatch: number;
  oneClassScores: number;
  weakBatch: number;
  weakScores: number;
}

/** Seconds of a run of so many modules. */
export function runSeconds(
  seconds: StepSeconds,
  batches: { oneClass: number; weak: number },
  steps: number,
): number {
  const { oneClassBatch, oneClassScores, weakBatch, weakScores } = seconds;
  return steps * (batches.oneClass * oneClassBatch + oneClassScores + batches.weak * weakBatch + weakScores);
}

export function createPace(
  { progress }: Pick<TrainInput, 'progress'>,
  now: () => number,
  /** Batches of a run of `maxModules` modules, to tell how far it is. */
  total: number,
  before: (position: Position) => number,
  titles: { modules: number; steps: number },
): Pace {
  let told = Number.NEGATIVE_INFINITY;
  return {
    async measure({ oneClass, weak, objects, snippets, random }, batches, options) {
      progress(0, total, 'batches', 'Measuring how long a step takes');
      const timed = async (work: () => Promise<unknown>): Promise<number> => {
        const start = now();
        await work();
        return now() - start;
      };
      /** The second of two, without what is done only once. */
      const steady = async (work: () => Promise<unknown>): Promise<number> => {
        const first = await timed(work);
        return first > LONG ? first : timed(work);
      };
      oneClass.fresh(random);
      weak.fresh(random);
      const chosen = objects.subarray(0, oneClass.batchSize);
      const weights = new Float32Array(chosen.length).fill(1);
      const bags = Int32Array.from({ length: weak.bags * weak.bagSize }, () => random.integer(snippets));
      const measured: StepSeconds = {
        oneClassBatch: await steady(() => oneClass.trainBatch({ chosen, weights, epoch: 0, random })),
        oneClassScores: await steady(() => oneClass.scoreSnippets()),
        weakBatch: await steady(() => weak.trainBatch({ abnormal: bags, normal: bags, random })),
        weakScores: await timed(() => weak.scoreSnippets()),
      };
      const per = { oneClass: batches, weak: options.weakBatches };
      const seconds = (modules: number): string =>
        spoken(runSeconds(measured, per, modules * options.stepsPerModule));
      const usual = Math.min(USUAL_MODULES, options.maxModules);
      const most =
        options.maxModules > usual
          ? `, at most ${seconds(options.maxModules)} for ${options.maxModules}`
          : '';
      const sentence = `Estimated from single batches before the start: ${usual} module${usual === 1 ? ' takes' : 's take'} about ${seconds(usual)}${most} (a batch ${(measured.oneClassBatch * 1000).toFixed(0)} ms of the one-class model, ${(measured.weakBatch * 1000).toFixed(0)} ms of the weak model).`;
      progress(0, total, 'batches', sentence);
      return sentence;
    },
    advance(position, what) {
      const time = now();
      if (time - told < PROGRESS_SECONDS) return;
      told = time;
      const { module, step } = position;
      progress(
        before(position),
        total,
        'batches',
        `Module ${module} of at most ${titles.modules}, step ${step} of ${titles.steps}: ${what}`,
      );
    },
  };
}
