// The sample project: render drawn scenes, then import them and their poses, extract features, train the baseline and C2FPL.
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { defineKind } from '../kind.ts';
import { extractRequest, trainRequest } from '../requests.ts';

export const sampleKind = defineKind({
  kind: 'sample',
  lane: 'work',
  payload: z.object({ folder: z.string() }),
  resumes: 'always',
  plan: (_store, { folder }) => ({ kind: 'sample', folder }),
  finished: (store, { folder }, result) => {
    if (result.kind !== 'sample') return [];
    const files = result.videos.map((path) => ({
      path,
      relPath: relative(folder, path).replaceAll('\\', '/'),
    }));
    const extract = extractRequest(store, 'cellmotion-v1');
    return [
      {
        kind: 'import',
        title: `Import ${files.length} sample videos of ${basename(dirname(folder))}`,
        payload: { files, truth: result.truth },
      },
      {
        kind: 'detections',
        title: 'Poses of the sample scenes',
        payload: {
          files: result.poses.map((path) => ({
            path,
            relPath: relative(join(folder, 'poses'), path).replaceAll('\\', '/'),
          })),
          below: null,
          firstFrame: null,
        },
      },
      extract.request,
      ...(['motion', 'c2fpl'] as const).map(
        (method) =>
          trainRequest(store, {
            method,
            featureSetId: extract.setId,
            seed: 1,
            device: 'cpu',
            config: {},
            name: '',
            given: null,
          }).request,
      ),
    ];
  },
});
