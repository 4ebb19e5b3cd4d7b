// Import of ready features: one feature set per import, videos matched by path or made for the features alone.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { segmentation } from '../../../shared/labels/types.ts';
import { artifactPath } from '../../files/atomic.ts';
import { defineKind } from '../kind.ts';

/** What extractors of sound put behind the name of a video. */
const TAIL = /_{1,2}(vggish|audio)(?=\.[^./]+$)/i;
const withoutTail = (relPath: string): string => relPath.replace(TAIL, '');

export const featuresKind = defineKind({
  kind: 'features',
  lane: 'work',
  payload: z.object({
    name: z.string(),
    segmentation: segmentation.default('frames'),
    /** Features these are put beside, video by video; null: they stand alone. */
    beside: z.int().nullable().default(null),
    files: z.array(z.object({ path: z.string(), relPath: z.string() })),
    float16: z.boolean().default(false),
  }),
  resumes: 'always',
  plan: (store, { files, segmentation, float16, beside }) => {
    const first = new Map(
      beside === null ? [] : store.features.ofSet(beside).map((features) => [features.videoId, features]),
    );
    const names = files.map(({ relPath }) => (beside === null ? relPath : withoutTail(relPath)));
    const meanings = store.videos.matchFeatures(names);
    const given = new Set(meanings.map(({ videoId }) => videoId));
    return {
      kind: 'features',
      artifacts: store.artifactsFolder,
      segmentation,
      float16,
      files: files.map((file, i) => {
        const { videoId, problem } = meanings[i];
        const video = videoId === null ? null : store.videos.get(videoId);
        const own = videoId === null ? undefined : first.get(videoId);
        return {
          ...file,
          videoId,
          frames: video?.path && video.frames > 0 ? video.frames : null,
          problem: problem ?? (beside === null || own ? null : 'no video of these features has its name.'),
          beside: own
            ? {
                path: artifactPath(store.artifactsFolder, own.sha256),
                videoId: own.videoId,
                segments: own.segments,
                crops: own.crops,
                dim: own.dim,
              }
            : null,
        };
      }),
      without: [...first.values()].filter(({ videoId }) => !given.has(videoId)).map(({ relPath }) => relPath),
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
