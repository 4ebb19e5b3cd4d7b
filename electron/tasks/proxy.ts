// Makes the playable copy of one video. Role: the proxy task of a trainer process. Limits: stores a file, never a row.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { adoptArtifact } from '../files/atomic.ts';
import { makeProxy } from '../media/proxy.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

/** Least time between two progress messages. */
const PROGRESS_MS = 100;

/**
 * Makes and stores the proxy.
 * @throws AppError `conflict` when the file no longer has the frames it had at import, and what `makeProxy` throws
 */
export async function runProxy(task: TaskOf<'proxy'>, context: TaskContext): Promise<TaskResult> {
  await mkdir(task.artifacts, { recursive: true });
  const temporary = join(task.artifacts, `proxy-${task.videoId}.${randomUUID()}.tmp`);
  const name = basename(task.path);
  let told = Number.NEGATIVE_INFINITY;
  const tell = (done: number, total: number) => {
    if (done < total && performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    context.progress(done, total, 'frames', name);
  };
  tell(0, task.frames);
  try {
    const { frames } = await makeProxy(task.path, temporary, { signal: context.signal, onFrame: tell });
    if (frames !== task.frames) {
      throw new AppError(
        'conflict',
        `${name} has ${frames} frames now and had ${task.frames} when it was imported. Import it again.`,
        { path: task.path, expected: task.frames, actual: frames },
      );
    }
    return { kind: 'proxy', file: await adoptArtifact(task.artifacts, temporary), frames };
  } finally {
    await rm(temporary, { force: true });
  }
}
