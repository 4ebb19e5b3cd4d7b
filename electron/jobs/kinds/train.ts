// One run of one method over one feature set.
import { join } from 'node:path';
import { z } from 'zod';
import { methodName } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import { artifactPath } from '../../files/atomic.ts';
import { seenBy } from '../detections.ts';
import { defineKind } from '../kind.ts';
import { givenLabelsSchema } from '../video-labels.ts';

export const trainKind = defineKind({
  kind: 'train',
  lane: 'work',
  payload: z.object({
    runId: z.int(),
    given: givenLabelsSchema.nullable().default(null),
    mixedPrecision: z.boolean().default(false),
    memoryMiB: z.int().positive().nullable().default(null),
    weights: z.string().nullable().default(null),
  }),
  resumes: 'checkpoint',
  plan: (store, { runId, given, mixedPrecision, memoryMiB, weights }) => {
    const run = store.runs.get(runId);
    const set = store.features.set(run.featureSetId);
    const features = store.features.ofSet(run.featureSetId);
    if (features.length === 0) {
      throw new AppError(
        'conflict',
        `The feature set "${set.name}" is empty. Extract or import features first.`,
      );
    }
    const method = methodName.parse(run.method);
    const known = new Map(given?.labels.map(({ videoId, label }) => [videoId, label]));
    return {
      kind: 'train',
      artifacts: store.artifactsFolder,
      method,
      config: run.config,
      seed: run.seed,
      device: run.device,
      mixedPrecision,
      memoryMiB,
      weights,
      extractor: set.extractor,
      features: features.map((f) => ({
        videoId: f.videoId,
        path: artifactPath(store.artifactsFolder, f.sha256),
        segments: f.segments,
        crops: f.crops,
        dim: f.dim,
        videoLabel: known.get(f.videoId) ?? null,
      })),
      ...seenBy(store, method, run.config, features),
      labelSource: given && { source: given.source, file: given.file, unmatched: given.unmatched },
      checkpoints: join(store.folder, 'checkpoints', String(runId)),
    };
  },
  received: (store, { runId }, message) => {
    if (message.type === 'points') store.runs.appendPoints(runId, message.points);
    if (message.type === 'maps') {
      store.runs.putMaps(runId, message.maps);
      return ['maps.changed'];
    }
    return [];
  },
  finished: (store, { runId }, result) => {
    if (result.kind === 'train') store.runs.finish(runId, result);
    return [];
  },
});
