// Import of ready features: one feature set per import, videos matched by path or made for the features alone.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { defineKind } from '../kind.ts';

export const featuresKind = defineKind({
  kind: 'features',
  lane: 'work',
  payload: z.object({
    name: z.string(),
    files: z.array(z.object({ path: z.string(), relPath: z.string() })),
  }),
  resumes: 'always',
  plan: (store, { files }) => ({ kind: 'features', artifacts: store.artifactsFolder, files }),
  received: (store, { name }, message) => {
    if (message.type !== 'extracted' || message.item.relPath === null) return [];
    const { item } = message;
    if (item.problem !== null) return [];
    const setId = store.features.ensureSet({
      name,
      extractor: 'import',
      crops: item.crops,
      dim: item.dim,
      directed: false,
    });
    const videoId = store.videos.ensureForFeatures(message.item.relPath as string, item.segments);
    store.features.put({ ...item, setId, videoId });
    return ['features.changed', 'videos.changed'];
  },
  finished: (_store, { name }, result) => {
    if (result.kind === 'features' && result.problems.length > 0) {
      throw new AppError(
        'damaged',
        `${result.problems.length} feature file(s) of "${name}" were refused, the others are in: ${result.problems.slice(0, 5).join(' ')}`,
        { problems: result.problems },
      );
    }
    return [];
  },
});
