// Passes over the features of a whole set, which take minutes where they lie in files. Role: part after part of all
// videos, with a word on how far it is, and an ear for cancelling. Limits: what is done with a part is its caller's.
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import type { Rehearsal } from './rehearsal.ts';
import { type Stretch, stretches } from './stretches.ts';
import type { FeatureVideo } from './types.ts';

/** Who waits for a long piece of work. */
export interface Watch {
  signal: AbortSignal;
  progress(done: number, total: number, unit: string, message: string): void;
  /** Where only the time of the work is wanted: it is left when that is known. */
  rehearsal?: Rehearsal;
}

/** Milliseconds of work between two turns of the event loop. */
const TURN = 50;

/**
 * To be awaited between parts of long work: now and then it says how far the work is and lets messages in.
 * @throws AppError `cancelled`
 */
export function turns(
  { signal, progress }: Watch,
  unit: string,
  message: string,
): (done: number, total: number) => Promise<void> {
  let last = performance.now();
  return async (done, total) => {
    if (performance.now() - last < TURN) return;
    progress(done, total, unit, message);
    await setImmediate();
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    last = performance.now();
  };
}

/** A part of a video. */
export interface Part extends Stretch {
  /** Index into the videos. */
  video: number;
}

/**
 * All segments of all videos in order, of a rehearsal the first ones; as `stretches`, a part is valid until the next is asked for.
 * @param message what is done with them, for example `Scaling features`
 */
export async function* everyPart(
  videos: readonly FeatureVideo[],
  watch: Watch,
  message: string,
): AsyncGenerator<Part> {
  const turn = turns(watch, 'videos', message);
  const { rehearsal } = watch;
  const total = rehearsal ? videos.reduce((sum, { segments }) => sum + segments, 0) : 0;
  let done = 0;
  const kind = {};
  for (const [video, one] of videos.entries()) {
    for (const stretch of stretches(one)) {
      if (stretch.from === 0 && rehearsal?.enough({ kind, done, total })) return;
      done += stretch.segments;
      yield { ...stretch, video };
      await turn(video, videos.length);
    }
  }
}
