// Takes videos into a project: inspects each, stores its frame table and thumbnails, and reports it at once.
// Role: the import task of a trainer process. Limits: writes artifacts, never rows; one bad file is one bad item.
import { basename } from 'node:path';
import { toErrorData } from '../../shared/errors.ts';
import { encodeFrameTable } from '../../shared/labels/frame-table.ts';
import { putArtifact } from '../files/atomic.ts';
import { fingerprint } from '../media/fingerprint.ts';
import { inspectVideo } from '../media/probe.ts';
import { makeThumbnails, type Thumbnail } from '../media/thumbnails.ts';
import type { Artifact, ImportedVideo, TaskContext, TaskOf, TaskResult } from './protocol.ts';

type ImportTask = TaskOf<'import'>;

/** Errors that are not about one file: going on would only repeat them. */
const STOPS = new Set(['cancelled', 'disk_full', 'out_of_memory']);

/** Inspects one file and stores what belongs to it. @throws AppError when the file cannot be read at all */
async function importOne(
  file: ImportTask['files'][number],
  artifacts: string,
  signal: AbortSignal,
): Promise<ImportedVideo> {
  const { table, copyable: _, ...facts } = await inspectVideo(file.path, { signal });
  const stored: { frameTable: Artifact | null; thumbnails: Artifact[] } = {
    frameTable: null,
    thumbnails: [],
  };
  if (facts.frames > 0) {
    stored.frameTable = await putArtifact(artifacts, encodeFrameTable(table));
    // A video without pictures of itself can still be worked with.
    const thumbnails = await makeThumbnails(file.path, table, { signal }).catch(
      (error: unknown): Thumbnail[] => {
        if (STOPS.has(toErrorData(error).code)) throw error;
        return [];
      },
    );
    for (const { jpeg } of thumbnails) stored.thumbnails.push(await putArtifact(artifacts, jpeg));
  }
  return { ...file, ...facts, ...stored, fingerprint: await fingerprint(file.path) };
}

/** A file that could not even be inspected. */
function unreadable(file: ImportTask['files'][number], reason: string): ImportedVideo {
  return {
    ...file,
    state: 'damaged',
    problem: `${basename(file.path)} could not be read: ${reason}`,
    container: '',
    codec: '',
    width: 0,
    height: 0,
    frames: 0,
    fpsNum: 0,
    fpsDen: 1,
    vfr: false,
    durationSeconds: 0,
    bytes: 0,
    fingerprint: '',
    playable: 'no',
    frameTable: null,
    thumbnails: [],
  };
}

/**
 * Imports files in order. Sends `imported` for each as soon as it is done, so that what is done survives a cancel or a
 * crash; unreadable and foreign files are sent too, with their problem.
 * @throws AppError `cancelled`, `disk_full`, `out_of_memory`
 */
export async function runImport(task: ImportTask, context: TaskContext): Promise<TaskResult> {
  const total = task.files.length;
  for (const [done, file] of task.files.entries()) {
    context.progress(done, total, 'videos', file.relPath);
    const item = await importOne(file, task.artifacts, context.signal).catch((error: unknown) => {
      const { code, message } = toErrorData(error);
      if (STOPS.has(code)) throw error;
      return unreadable(file, message);
    });
    context.send({ type: 'imported', item });
  }
  context.progress(total, total, 'videos', '');
  return { kind: 'import' };
}
