// Calls about features: extract with our extractor, import ready ones.
import { stat } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { extractors } from '../features/extractors.ts';
import { findFeatureFiles } from '../features/files.ts';
import { extractRequest } from '../jobs/requests.ts';
import type { Context, HandlersOf } from './context.ts';

export function featureHandlers(context: Context): HandlersOf<'features'> {
  return {
    'features.list': () => {
      const { store } = context.opened();
      return store.features.sets();
    },
    'features.extract': ({ extractor, threads }) => {
      const { store, queue } = context.opened();
      if (!store.videos.list().some((video) => video.state === 'ready' && video.path !== null)) {
        throw new AppError('conflict', 'There is no readable video in the project. Import videos first.');
      }
      return { jobId: queue.add(extractRequest(store, extractor, threads).request) };
    },
    'features.import': async ({ grants, name, segmentation, float16, beside }) => {
      const { store, queue } = context.opened();
      const first = beside === null ? null : store.features.set(beside);
      if (first?.name === name) {
        throw new AppError(
          'conflict',
          `"${name}" are the features to add to. Both together need another name.`,
        );
      }
      if (Object.hasOwn(extractors, name)) {
        throw new AppError('conflict', `"${name}" is the name of features made here. Choose another name.`);
      }
      const paths = grants.map((grant) => context.grants.path(grant));
      await Promise.all(paths.map((path) => stat(path)));
      const files = await findFeatureFiles(paths);
      if (files.length === 0) {
        throw new AppError('not_found', `No .npy or .txt feature files in ${paths.join(', ')}.`);
      }
      return {
        jobId: queue.add({
          kind: 'features',
          title: `Import features "${name}"`,
          // Both kinds are cut as the first one is.
          payload: { name, segmentation: first?.segmentation ?? segmentation, files, float16, beside },
        }),
      };
    },
  };
}
