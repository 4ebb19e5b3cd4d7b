// A rehearsal of a training: what it takes, from a few steps. Role: clock and limits.
// Limits: what is measured is up to the loops of the training; nothing is stored.
import { AppError } from '../../shared/errors.ts';
import { COPIES } from '../features/load.ts';
import { createRehearsal } from '../features/rehearsal.ts';
import { TOO_LARGE } from '../methods/smaller-batches.ts';
import { peakMemory } from './memory.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';
import { train } from './train.ts';

/** Seconds that are measured in all, and for one loop. */
const LONGEST = 4.5;
const PER_LOOP = 1;
/** Objects that are not cut out of the footage by then have to wait for the run. Milliseconds. */
const CUTTING_MS = 5000;

/** Seconds since the process began: a run too has to start one. */
const now = (): number => performance.now() / 1000;

export async function runEstimate(task: TaskOf<'estimate'>, context: TaskContext): Promise<TaskResult> {
  const rehearsal = createRehearsal({ now, until: now() + LONGEST, perLoop: PER_LOOP });
  const late = AbortSignal.timeout(CUTTING_MS);
  const cuts = task.seen?.kinds.includes('boxes') ?? false;
  const signal = cuts ? AbortSignal.any([context.signal, late]) : context.signal;
  try {
    const { output, features } = await train(
      task,
      { ...context, signal, send: () => {} },
      { load: async () => null, save: async () => {} },
      rehearsal,
    );
    return {
      kind: 'estimate',
      ...rehearsal.result(),
      peakBytes: peakMemory(),
      unreadBytes: COPIES * features.unread,
      notes: output.notes.filter((note) => note.startsWith(TOO_LARGE)),
    };
  } catch (thrown) {
    if (cuts && late.aborted && !context.signal.aborted) {
      throw new AppError(
        'conflict',
        'This run first cuts objects out of the footage, which takes too long to be tried. Once a run has done that, others are predicted.',
      );
    }
    throw thrown;
  }
}
