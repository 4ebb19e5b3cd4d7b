// Finds the files of videos that were moved. Role: the relink task of a trainer process. Limits: goes by size first and
// then by fingerprint, so that only files of the right size are read; changes nothing on the disk.
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { stopIfCancelled } from '../media/ffmpeg.ts';
import { findVideos } from '../media/files.ts';
import { fingerprint } from '../media/fingerprint.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    (file) => file.size,
    () => null,
  );

/**
 * Sends `relinked` for each missing video as soon as its file is found. Two videos of the same content take two files
 * where there are two, those of the same name first.
 * @throws AppError `not_found`, `no_access` when a place cannot be read; `cancelled`
 */
export async function runRelink(task: TaskOf<'relink'>, context: TaskContext): Promise<TaskResult> {
  context.progress(0, 0, 'files', 'Looking which files are missing');
  const missing: TaskOf<'relink'>['videos'] = [];
  for (const video of task.videos) {
    stopIfCancelled(context.signal);
    if ((await sizeOf(video.path)) !== video.bytes) missing.push(video);
  }
  const bySize = Map.groupBy(missing, (video) => video.bytes);
  const inPlace = new Set(task.videos.map((video) => video.path));
  for (const video of missing) inPlace.delete(video.path);
  const files = missing.length === 0 ? [] : await findVideos(task.places);
  let found = 0;
  for (const [done, file] of files.entries()) {
    stopIfCancelled(context.signal);
    context.progress(done, files.length, 'files', file.relPath);
    const path = await realpath(file.path).catch(() => null);
    const candidates =
      path === null || inPlace.has(path) ? undefined : bySize.get((await sizeOf(path)) ?? -1);
    if (path === null || !candidates || candidates.length === 0) continue;
    const print = await fingerprint(path).catch(() => null); // unreadable: not the one
    const same = candidates.filter((video) => video.fingerprint === print);
    const video = same.find((one) => basename(one.path) === basename(path)) ?? same[0];
    if (!video) continue;
    candidates.splice(candidates.indexOf(video), 1);
    found++;
    context.send({
      type: 'relinked',
      item: { videoId: video.id, path, fingerprint: video.fingerprint },
    });
  }
  context.progress(files.length, files.length, 'files', '');
  return { kind: 'relink', found, missing: missing.length };
}
