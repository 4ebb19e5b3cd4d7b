// Calls about videos: import, list with scores of a run, playable copies, removal.
import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { VideoRow } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { findSomeVideos } from '../media/files.ts';
import { usableInPart } from '../store/videos.ts';
import type { Context, HandlersOf } from './context.ts';
import { summarise } from './scores.ts';

/** Why the file of an imported video is not there, null when it is. A look at its size tells most other files apart. */
function absenceOf(path: string, bytes: number): string | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    return 'The file is no longer where it was imported from. Put it back, or import it from its new place.';
  return size === bytes ? null : 'Another file is in its place now. Put it back, or import the new one.';
}

export function videoHandlers(context: Context): HandlersOf<'videos'> {
  const rows = (runId: number | null): VideoRow[] => {
    const { store } = context.opened();
    const features = store.features.namesByVideo();
    const rule = runId === null ? null : store.runs.get(runId).rule;
    const scored = new Map(
      runId === null ? [] : store.runs.allScores(runId).map((s) => [s.videoId, s.scores]),
    );
    return store.videos.list().map((video) => {
      const scores = scored.get(video.id);
      const absence =
        video.path !== null && video.state === 'ready' ? absenceOf(video.path, video.bytes) : null;
      return {
        ...video,
        ...(absence !== null && { state: 'missing' as const, problem: absence }),
        features: features.get(video.id) ?? [],
        score: scores && rule ? summarise(scores, rule, video.frames) : null,
      };
    });
  };
  return {
    'videos.import': async ({ grants, acceptDamaged }) => {
      const { queue } = context.opened();
      const paths = grants.map((grant) => context.grants.path(grant));
      const found = await findSomeVideos(paths);
      // Links are followed once, now; what is served later must still be this file.
      const files = await Promise.all(
        found.map(async (file) => ({ ...file, path: await realpath(file.path) })),
      );
      const title = files.length === 1 ? `Import ${files[0].relPath}` : `Import ${files.length} videos`;
      return { jobId: queue.add({ kind: 'import', title, payload: { files, acceptDamaged } }) };
    },
    'videos.list': ({ runId }) => rows(runId),
    'videos.get': ({ id }) => {
      const row = rows(null).find((video) => video.id === id);
      if (!row) throw new AppError('not_found', 'This video is not in the project.');
      return row;
    },
    'videos.proxy': ({ id }) => {
      const { store, queue } = context.opened();
      const video = store.videos.get(id);
      if (video.playable !== 'needs_proxy') {
        throw new AppError('conflict', `${video.relPath} needs no playable copy.`);
      }
      return {
        jobId: queue.add({
          kind: 'proxy',
          title: `Playable copy of ${video.relPath}`,
          payload: { videoId: id },
        }),
      };
    },
    'videos.accept': ({ ids }) => {
      const { store } = context.opened();
      for (const id of ids) {
        const { relPath, state, frames } = store.videos.get(id);
        if (usableInPart({ state, frames })) continue;
        throw new AppError(
          'conflict',
          state === 'ready' ? `${relPath} is in use already.` : `No frame of ${relPath} can be used.`,
        );
      }
      store.transaction(() => {
        store.audit.append({
          actor: context.options.host,
          action: 'videos.accept',
          detail: { videos: ids.map((id) => store.videos.get(id).relPath) },
        });
        for (const id of ids) store.videos.accept(id);
      });
      context.emit('videos.changed', {});
      return {};
    },
    'videos.remove': ({ ids }) => {
      const { store } = context.opened();
      store.transaction(() => {
        store.audit.append({
          actor: context.options.host,
          action: 'videos.remove',
          detail: { videos: ids.map((id) => store.videos.get(id).relPath) },
        });
        store.videos.remove(ids);
      });
      context.emit('videos.changed', {});
      return {};
    },
  };
}
