// One run of one method over one feature set.
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { artifactPath } from '../../files/atomic.ts';
import { defineKind } from '../kind.ts';

export const trainKind = defineKind({
  kind: 'train',
  lane: 'work',
  payload: z.object({ runId: z.int() }),
  resumes: 'checkpoint',
  plan: (store, { runId }) => {
    const run = store.runs.get(runId);
    const set = store.features.set(run.featureSetId);
    const features = store.features.ofSet(run.featureSetId);
    if (features.length === 0) {
      throw new AppError(
        'conflict',
        `The feature set "${set.name}" is empty. Extract or import features first.`,
      );
    }
    return {
      kind: 'train',
      artifacts: store.artifactsFolder,
      method: run.method,
      config: run.config,
      seed: run.seed,
      device: run.device,
      extractor: set.extractor,
      features: features.map((f) => ({
        videoId: f.videoId,
        path: artifactPath(store.artifactsFolder, f.sha256),
        segments: f.segments,
        crops: f.crops,
        dim: f.dim,
        videoLabel: videoLabel(store.truth.get(f.videoId)),
      })),
      checkpoints: join(store.folder, 'checkpoints', String(runId)),
    };
  },
  received: (store, { runId }, message) => {
    if (message.type === 'points') store.runs.appendPoints(runId, message.points);
    return [];
  },
  finished: (store, { runId }, result) => {
    if (result.kind === 'train') store.runs.finish(runId, result);
    return [];
  },
});

function videoLabel(truth: { intervals: readonly unknown[] } | null): 0 | 1 | null {
  if (!truth) return null;
  return truth.intervals.length > 0 ? 1 : 0;
}
