// Takes videos into a project: inspects each, stores its frame table and thumbnails, and reports it at once.
// Role: the import task of a trainer process. Limits: writes artifacts, never rows; one bad file is one bad item.
import { basename } from 'node:path';
import { toErrorData } from '../../shared/errors.ts';
import { encodeFrameTable, type FrameTable } from '../../shared/labels/frame-table.ts';
import { putArtifact } from '../files/atomic.ts';
import { fingerprint } from '../media/fingerprint.ts';
import { inspectVideo } from '../media/probe.ts';
import { makeThumbnails } from '../media/thumbnails.ts';
import type { Artifact, ImportedVideo, TaskContext, TaskOf, TaskResult } from './protocol.ts';

type SourceFile = TaskOf<'import'>['files'][number];

interface Inspected {
  facts: Omit<ImportedVideo, 'frameTable' | 'thumbnails'>;
  /** Null when no frame can be read. */
  table: FrameTable | null;
  jpegs: Uint8Array[];
}

/** Errors that are not about one file: going on would only repeat them. */
const STOPS = new Set(['cancelled', 'disk_full', 'out_of_memory']);

/** What an error says about the file at hand. @throws the error itself when it is not about the file */
function reasonOf(error: unknown): string {
  const { code, message } = toErrorData(error);
  if (STOPS.has(code)) throw error;
  return message;
}

/** A file that could not even be inspected. */
function unreadable(file: SourceFile, reason: string): Inspected {
  const facts: Inspected['facts'] = {
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
  };
  return { facts, table: null, jpegs: [] };
}

/** Finds out everything about one file; an unreadable one is described too. @throws AppError of STOPS only */
async function inspectOne(file: SourceFile, signal: AbortSignal): Promise<Inspected> {
  try {
    const { table, copyable: _, ...facts } = await inspectVideo(file.path, { signal });
    const described = { ...file, ...facts, fingerprint: await fingerprint(file.path) };
    if (facts.frames === 0) return { facts: described, table: null, jpegs: [] };
    try {
      const thumbnails = await makeThumbnails(file.path, table, { signal });
      return { facts: described, table, jpegs: thumbnails.map(({ jpeg }) => jpeg) };
    } catch (error) {
      reasonOf(error); // a video without pictures of it can still be worked with
      return { facts: described, table, jpegs: [] };
    }
  } catch (error) {
    return unreadable(file, reasonOf(error));
  }
}

/**
 * Imports files in order. Sends `imported` for each as soon as it is done, so that what is done survives a cancel or a
 * crash; unreadable and foreign files are sent too, with their problem.
 * @throws AppError `cancelled`, `disk_full`, `out_of_memory`; a system error when artifacts cannot be written
 */
export async function runImport(task: TaskOf<'import'>, context: TaskContext): Promise<TaskResult> {
  const total = task.files.length;
  for (const [done, file] of task.files.entries()) {
    context.progress(done, total, 'videos', file.relPath);
    const { facts, table, jpegs } = await inspectOne(file, context.signal);
    const frameTable = table && (await putArtifact(task.artifacts, encodeFrameTable(table)));
    const thumbnails: Artifact[] = [];
    for (const jpeg of jpegs) thumbnails.push(await putArtifact(task.artifacts, jpeg));
    context.send({ type: 'imported', item: { ...facts, frameTable, thumbnails } });
  }
  context.progress(total, total, 'videos', '');
  return { kind: 'import' };
}
