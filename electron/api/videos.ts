// Calls about videos: import, list with scores of a run, playable copies, removal.
import { realpath } from 'node:fs/promises';
import type { VideoDetections, VideoRow } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { findSomeVideos } from '../media/files.ts';
import type { StoredDetections } from '../store/detections.ts';
import type { Store } from '../store/store.ts';
import { type StoredVideo, usableInPart } from '../store/videos.ts';
import { comparedVideos } from './compared.ts';
import type { Context, HandlersOf } from './context.ts';

/** What faces see of stored boxes or poses. */
const facts = ({ kind, objects, frames, tracks, source }: StoredDetections): VideoDetections => ({
  kind,
  objects,
  frames,
  tracks,
  source,
});

export function videoHandlers(context: Context): HandlersOf<'videos'> {
  /** A stored video as faces see it: a ready one whose file is gone is `missing`. */
  const seen = (video: StoredVideo): StoredVideo => {
    const absence = video.state === 'ready' ? context.opened().sources.absence(video.id) : null;
    return absence === null ? video : { ...video, state: 'missing', problem: absence };
  };
  const rows = (runId: number | null, perCamera: boolean): VideoRow[] => {
    const { store, scores, sources } = context.opened();
    sources.refresh();
    const features = store.features.namesByVideo();
    const tags = store.videos.tagsByVideo();
    const detections = Map.groupBy(store.detections.all(), ({ videoId }) => videoId);
    const scored = runId === null ? null : scores.summaries(runId, store.runs.get(runId), perCamera);
    return store.videos.list().map((video) => ({
      ...seen(video),
      features: features.get(video.id) ?? [],
      tags: tags.get(video.id) ?? [],
      detections: (detections.get(video.id) ?? []).map(facts),
      score: scored?.get(video.id) ?? null,
    }));
  };
  /** One transaction over named videos, with its line in the audit log. @throws AppError `not_found` */
  const change = (action: string, ids: readonly number[], more: object, work: (store: Store) => void) => {
    const { store } = context.opened();
    store.transaction(() => {
      const videos = ids.map((id) => store.videos.get(id).relPath);
      store.audit.append({ actor: context.options.host, action, detail: { videos, ...more } });
      work(store);
    });
    context.emit('videos.changed', {});
    return {};
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
    'videos.list': ({ runId, perCamera }) => rows(runId, perCamera),
    'videos.compared': (input) => comparedVideos(context.opened(), input),
    'videos.get': ({ id }) => {
      const { store } = context.opened();
      return {
        ...seen(store.videos.get(id)),
        features: store.features.namesByVideo().get(id) ?? [],
        tags: store.videos.tagsByVideo().get(id) ?? [],
        detections: store.detections.of(id).map(facts),
        score: null,
      };
    },
    'videos.check': async () => ({ missing: await context.opened().sources.check() }),
    'videos.setCamera': ({ ids, camera }) =>
      change('videos.setCamera', ids, { camera }, (store) => store.videos.setCamera(ids, camera)),
    'videos.tag': ({ ids, add, remove }) =>
      change('videos.tag', ids, { add, remove }, (store) => store.videos.tag(ids, add, remove)),
    'videos.relink': async ({ grants }) => {
      const { queue, sources } = context.opened();
      const places = grants.map((grant) => context.grants.path(grant));
      if ((await sources.check()) === 0) {
        throw new AppError(
          'conflict',
          'The files of all videos are in their places: nothing has to be found.',
        );
      }
      return { jobId: queue.add({ kind: 'relink', title: 'Locate moved files', payload: { places } }) };
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
      return change('videos.accept', ids, {}, () => {
        for (const id of ids) store.videos.accept(id);
      });
    },
    'videos.remove': ({ ids }) => change('videos.remove', ids, {}, (store) => store.videos.remove(ids)),
  };
}
