// Import of ready features: one feature set per import, videos matched by path or made for the features alone.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { segmentation } from '../../../shared/labels/types.ts';
import { defineKind } from '../kind.ts';

export const featuresKind = defineKind({
  kind: 'features',
  lane: 'work',
  payload: z.object({
    name: z.string(),
    segmentation: segmentation.default('frames'),
    files: z.array(z.object({ path: z.string(), relPath: z.string() })),
    float16: z.boolean().default(false),
  }),
  resumes: 'always',
  plan: (store, { files, segmentation, float16 }) => {
    const meanings = store.videos.matchFeatures(files.map((file) => file.relPath));
    return {
      kind: 'features',
      artifacts: store.artifactsFolder,
      segmentation,
      float16,
      files: files.map((file, i) => {
        const { videoId, problem } = meanings[i];
        const video = videoId === null ? null : store.videos.get(videoId);
        return { ...file, videoId, frames: video?.path && video.frames > 0 ? video.frames : null, problem };
      }),
    };
  },
  received: (store, { name, segmentation }, message) => {
    if (message.type !== 'extracted' || message.item.relPath === null) return [];
    const { item } = message;
    const { relPath } = message.item;
    if (item.problem !== null) return [];
    const setId = store.features.ensureSet({
      name,
      extractor: 'import',
      crops: item.crops,
      dim: item.dim,
      directed: false,
      segmentation,
    });
    const videoId = store.videos.ensureForFeatures(relPath, item.segments, item.videoId, segmentation);
    store.features.put({ ...item, setId, videoId });
    return ['features.changed', 'videos.changed'];
  },
  finished: (_store, { files }, result) => {
    if (result.kind !== 'features' || result.problems.length === 0) return [];
    const { taken, problems } = result;
    const shown = problems.slice(0, 5).join(' ');
    const more = problems.length > 5 ? ` And ${problems.length - 5} more.` : '';
    throw new AppError(
      'damaged',
      `${problems.length} of ${files.length} feature files ${problems.length === 1 ? 'was' : 'were'} refused, ${taken === 0 ? 'so none is in' : `the other ${taken} are in`}: ${shown}${more}`,
      { taken, problems },
    );
  },
});
