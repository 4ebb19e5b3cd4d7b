// The task of a training, from rows. Role: what run and rehearsal ask a trainer process for, made in one place.
// Limits: creates no run.
import type { MethodName } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { artifactPath } from '../files/atomic.ts';
import type { Store } from '../store/store.ts';
import type { TrainTask } from '../tasks/protocol.ts';
import { seenBy } from './detections.ts';
import type { GivenLabels } from './video-labels.ts';

export interface TrainPlan
  extends Pick<TrainTask, 'config' | 'seed' | 'device' | 'mixedPrecision' | 'memoryMiB' | 'weights'> {
  method: MethodName;
  featureSetId: number;
  /** Known labels of whole videos. */
  given: GivenLabels | null;
}

/** @param checkpoints folder of the run. @throws AppError `conflict` for a feature set without features */
export function trainTaskOf(
  store: Store,
  { featureSetId, given, ...options }: TrainPlan,
  checkpoints: string,
): TrainTask {
  const set = store.features.set(featureSetId);
  const features = store.features.ofSet(featureSetId);
  if (features.length === 0) {
    throw new AppError(
      'conflict',
      `The feature set "${set.name}" is empty. Extract or import features first.`,
    );
  }
  const known = new Map(given?.labels.map(({ videoId, label }) => [videoId, label]));
  return {
    kind: 'train',
    artifacts: store.artifactsFolder,
    ...options,
    extractor: set.extractor,
    features: features.map((f) => ({
      videoId: f.videoId,
      path: artifactPath(store.artifactsFolder, f.sha256),
      segments: f.segments,
      crops: f.crops,
      dim: f.dim,
      videoLabel: known.get(f.videoId) ?? null,
    })),
    ...seenBy(store, options.method, options.config, features),
    labelSource: given && { source: given.source, file: given.file, unmatched: given.unmatched },
    checkpoints,
  };
}
