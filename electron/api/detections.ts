// Calls about boxes and poses of videos.
import { stat } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { findDetectionFiles } from '../features/detections/files.ts';
import { lastDetectionReport } from '../jobs/detections.ts';
import type { Context, HandlersOf } from './context.ts';

export function detectionHandlers(context: Context): HandlersOf<'detections'> {
  return {
    'detections.import': async ({ grants, below, firstFrame }) => {
      const { store, queue } = context.opened();
      if (store.videos.list().length === 0) {
        throw new AppError('conflict', 'There is no video in the project. Import videos or features first.');
      }
      const paths = grants.map((grant) => context.grants.path(grant));
      await Promise.all(paths.map((path) => stat(path)));
      const files = await findDetectionFiles(paths);
      if (files.length === 0) {
        throw new AppError('not_found', `No .json, .csv or .txt files in ${paths.join(', ')}.`);
      }
      const title =
        files.length === 1
          ? `Boxes and poses of ${files[0].relPath}`
          : `Boxes and poses of ${files.length} files`;
      return { jobId: queue.add({ kind: 'detections', title, payload: { files, below, firstFrame } }) };
    },
    'detections.report': ({ jobId }) => lastDetectionReport(context.opened().store, jobId),
    'detections.list': () => context.opened().store.detections.summary(),
    'detections.remove': ({ kind, ids }) => {
      const { store } = context.opened();
      store.transaction(() => {
        store.audit.append({
          actor: context.options.host,
          action: 'detections.remove',
          detail: { kind, videos: ids.map((id) => store.videos.get(id).relPath) },
        });
        for (const id of ids) store.detections.remove(id, kind);
      });
      context.emit('videos.changed', {});
      return {};
    },
  };
}
