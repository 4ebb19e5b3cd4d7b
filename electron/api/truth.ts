// Calls about ground truth.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { storeTruth } from '../jobs/truth.ts';
import type { Context, HandlersOf } from './context.ts';

export function truthHandlers(context: Context): HandlersOf<'truth'> {
  return {
    'truth.import': async ({ grant, key }) => {
      const { store } = context.opened();
      const path = context.grants.path(grant);
      const stored = storeTruth(store, path, await readFile(path), key);
      context.emit('videos.changed', {});
      return { ...stored, name: basename(path) };
    },
    'truth.get': ({ videoId }) => context.opened().store.truth.get(videoId)?.intervals ?? null,
  };
}
