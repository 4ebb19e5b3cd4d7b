// Import of boxes and poses: files are read as a whole, then everything that fits a video is stored at once.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { storeDetections } from '../detections.ts';
import { defineKind } from '../kind.ts';

export const detectionsKind = defineKind({
  kind: 'detections',
  lane: 'work',
  payload: z.object({
    files: z.array(z.object({ path: z.string(), relPath: z.string() })),
    below: z.string().nullable(),
    firstFrame: z.union([z.literal(0), z.literal(1)]).nullable(),
  }),
  resumes: 'always',
  plan: (store, { files, firstFrame }) => ({
    kind: 'detections',
    artifacts: store.artifactsFolder,
    files,
    firstFrame,
  }),
  finished: (store, { files, below }, result, job) => {
    if (result.kind !== 'detections') return [];
    const report = storeDetections(store, job.id, files.length, result, below);
    if (report.matched.length > 0) return [];
    const why = report.problems[0] ?? report.unmatched[0]?.why ?? 'The files name no video.';
    throw new AppError('conflict', `Nothing was imported. ${why}`, { ...report });
  },
});
