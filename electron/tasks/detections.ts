// Reads files of boxes and poses and stores what they hold, video by video. Role: files in, artifacts and counts out.
// Limits: knows no videos of the project; the engine matches names.
import { basename } from 'node:path';
import { AppError, type ErrorCode, toErrorData } from '../../shared/errors.ts';
import { encodeDetections, framesWithObjects, gatherDetections } from '../../shared/labels/detections.ts';
import { readDetectionFile } from '../features/detections/read.ts';
import type { DetectionContents } from '../features/detections/types.ts';
import { putArtifact } from '../files/atomic.ts';
import type { FoundDetections, TaskContext, TaskOf, TaskResult } from './protocol.ts';

/** Not the fault of one file: the job ends. */
const FATAL: readonly ErrorCode[] = ['cancelled', 'out_of_memory', 'disk_full'];

/**
 * A file that cannot be read is listed with its reason and does not stop the others.
 * @throws AppError `cancelled`, or when artifacts cannot be written
 */
export async function runDetections(task: TaskOf<'detections'>, context: TaskContext): Promise<TaskResult> {
  const found: FoundDetections[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  for (const [done, { path, relPath }] of task.files.entries()) {
    if (context.signal.aborted) throw new AppError('cancelled', 'Cancelled. Nothing was changed.');
    context.progress(done, task.files.length, 'files', relPath);
    let contents: DetectionContents;
    try {
      contents = await readDetectionFile(path, task.firstFrame);
    } catch (error) {
      const { code, message } = toErrorData(error);
      if (FATAL.includes(code)) throw error;
      problems.push(message);
      continue;
    }
    notes.push(...contents.notes.map((note) => note.replaceAll(path, basename(path))));
    for (const { key, kind, objects } of contents.entries) {
      if (context.signal.aborted) throw new AppError('cancelled', 'Cancelled. Nothing was changed.');
      const detections = gatherDetections(kind, objects);
      found.push({
        file: relPath,
        key,
        kind,
        objects: objects.length,
        frames: framesWithObjects(detections),
        tracks: new Set(detections.tracks.filter((track) => track >= 0)).size,
        length: detections.starts.length - 1,
        artifact: await putArtifact(task.artifacts, encodeDetections(detections)),
      });
    }
  }
  context.progress(task.files.length, task.files.length, 'files', '');
  return { kind: 'detections', found, problems, notes };
}
