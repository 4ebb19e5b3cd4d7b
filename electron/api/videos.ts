// Calls about videos: import, list with scores of a run, playable copies, removal.
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { VideoRow } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { findVideos } from '../media/files.ts';
import type { Context, HandlersOf } from './context.ts';
import { summarise } from './scores.ts';

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
      const gone = video.path !== null && video.state === 'ready' && !existsSync(video.path);
      return {
        ...video,
        ...(gone && {
          state: 'missing' as const,
          problem:
            'The file is no longer where it was imported from. Put it back, or import it from its new place.',
        }),
        features: features.get(video.id) ?? [],
        score: scores && rule ? summarise(scores, rule, video.frames) : null,
      };
    });
  };
  return {
    'videos.import': async ({ grants }) => {
      const { queue } = context.opened();
      const paths = grants.map((grant) => context.grants.path(grant));
      const found = await findVideos(paths);
      // Links are followed once, now; what is served later must still be this file.
      const files = await Promise.all(
        found.map(async (file) => ({ ...file, path: await realpath(file.path) })),
      );
      if (files.length === 0) {
        throw new AppError(
          'not_found',
          `No video files in ${paths.join(', ')}. Zerolabel looks for mp4, mov, mkv, webm, avi and similar.`,
        );
      }
      const title = files.length === 1 ? `Import ${files[0].relPath}` : `Import ${files.length} videos`;
      return { jobId: queue.add({ kind: 'import', title, payload: { files } }) };
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
