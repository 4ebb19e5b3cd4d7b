// Extracts features of videos with an extractor of ours. Role: decode, describe, store; one message per video as soon
// as it is done, so that an interrupted job goes on with the next video. Limits: no database, no training.
import { availableParallelism } from 'node:os';
import { AppError, type ErrorCode, toErrorData } from '../../shared/errors.ts';
import {
  type CellmotionFeatures,
  cellmotion,
  createStretchDescriber,
} from '../features/cellmotion/cellmotion.ts';
import { type Describers, startDescribers } from '../features/cellmotion/describers.ts';
import { FRAME_SIZE } from '../features/cellmotion/layout.ts';
import { frameStep } from '../features/cellmotion/segments.ts';
import { type ExtractorName, extractors } from '../features/extractors.ts';
import { putArtifact } from '../files/atomic.ts';
import { writeNpy } from '../formats/npy.ts';
import { decodeGrey } from '../media/decode.ts';
import { fingerprint } from '../media/fingerprint.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

/** Milliseconds between progress messages. */
const PROGRESS_EVERY = 100;
/** Not the fault of one video: the job ends. */
const FATAL: readonly ErrorCode[] = ['cancelled', 'unavailable', 'out_of_memory', 'disk_full'];

/**
 * A video that cannot be decoded or is too short is reported with its reason, and the rest goes on.
 * Progress counts frames of the videos, also those that the extractor steps over.
 * @throws AppError `cancelled`, or when nothing can be extracted or written on this machine
 */
export async function runExtract(task: TaskOf<'extract'>, context: TaskContext): Promise<TaskResult> {
  const { crops, dim } = extractors[task.extractor];
  const total = task.videos.reduce((sum, video) => sum + video.frames, 0);
  const jobStarted = performance.now();
  let before = 0;
  let reported = 0;
  const report = (done: number, position: number): void => {
    const now = performance.now();
    if (done < total && now - reported < PROGRESS_EVERY) return;
    reported = now;
    const rate = (1000 * done) / Math.max(1, now - jobStarted);
    context.progress(
      done,
      total,
      'frames',
      `Video ${position} of ${task.videos.length}, ${rate.toFixed(0)} frames/s`,
    );
  };

  const describers = describersFor(task, context);
  try {
    for (const [index, video] of task.videos.entries()) {
      const started = performance.now();
      let features: CellmotionFeatures | null = null;
      let problem: string | null = null;
      try {
        features = await extractVideo(video, task.extractor, context.signal, describers, (frame) =>
          report(before + frame, index + 1),
        );
      } catch (error) {
        const { code, message } = toErrorData(error);
        if (FATAL.includes(code)) throw error;
        problem = message;
      }
      const segments = features?.segments ?? 0;
      const file = features
        ? await putArtifact(task.artifacts, writeNpy(features.data, [segments, crops, dim], 'f4'))
        : { sha256: '', bytes: 0 };
      const seconds = (performance.now() - started) / 1000;
      const item = { videoId: video.videoId, relPath: null, segments, crops, dim, file, seconds, problem };
      context.send({ type: 'extracted', item });
      before += video.frames;
      report(before, index + 1);
    }
  } finally {
    describers?.close();
  }
  return { kind: 'extract' };
}

/** Threads beside the one that decodes. */
function describersFor(
  { threads = availableParallelism() }: TaskOf<'extract'>,
  { describer }: TaskContext,
): Describers | undefined {
  if (describer === undefined || threads === 0) return undefined;
  return startDescribers(describer, threads, createStretchDescriber());
}

/** @throws AppError `conflict` when the file is another one than at import: its frames would not be those of the project */
async function requireUnchanged(path: string, known: string | null): Promise<void> {
  if (known === null || (await fingerprint(path)) === known) return;
  throw new AppError(
    'conflict',
    `${path} has changed since it was imported. Import it again, so that its frames are counted anew.`,
    { path },
  );
}

async function extractVideo(
  { path, frames, fps, fingerprint: known }: TaskOf<'extract'>['videos'][number],
  extractor: ExtractorName,
  signal: AbortSignal,
  describers: Describers | undefined,
  onFrame: (index: number) => void,
): Promise<CellmotionFeatures> {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
  await requireUnchanged(path, known);
  const decoded = decodeGrey(path, { ...FRAME_SIZE, step: frameStep(fps), signal });
  const features = await cellmotion(decoded, { extractor, frames, fps, signal, onFrame, describers });
  await requireUnchanged(path, known);
  return features;
}
