// Jobs that need rows before they are queued: a feature set to fill, a run to train.
// Role: used by the API and by kinds that queue what follows them. Limits: nothing is started here.
import type { Input } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { scoringNetwork } from '../../shared/method-needs.ts';
import { type ExtractorName, extractors } from '../features/extractors.ts';
import { methods } from '../methods/index.ts';
import type { Store } from '../store/store.ts';
import { requireDetections } from './detections.ts';
import type { JobRequest } from './kind.ts';
import type { GivenLabels } from './video-labels.ts';

type TrainOptions = Required<
  Omit<Input<'runs.create'>, 'device' | 'videoLabels' | 'mixedPrecision' | 'memoryMiB' | 'weights'>
> & {
  device: string;
  /** Known labels of whole videos. They stay with the job, so that a run that goes on later knows the same. */
  given: GivenLabels | null;
  /** As in `runs.create`. */
  mixedPrecision?: boolean;
  /** As in `runs.create`. */
  memoryMiB?: number | null;
  /** Folder with weights trained elsewhere. */
  weights?: string | null;
};

export function extractRequest(
  store: Store,
  extractor: ExtractorName,
  threads?: number,
): { setId: number; request: JobRequest } {
  const { crops, dim, directed } = extractors[extractor];
  const setId = store.features.ensureSet({ name: extractor, extractor, crops, dim, directed });
  return {
    setId,
    request: { kind: 'extract', title: `Features (${extractor})`, payload: { extractor, setId, threads } },
  };
}

/** A configuration with every option. @throws AppError `bad_input` for a bad option. */
export function completeConfig(
  store: Store,
  { method, featureSetId, config }: Pick<TrainOptions, 'method' | 'featureSetId' | 'config'>,
): Record<string, unknown> {
  return methods[method].complete(store.features.set(featureSetId).extractor, config);
}

/** Creates the run row (`queued`) with its complete configuration. @throws AppError `bad_input` for a bad option. */
export function trainRequest(
  store: Store,
  { given, mixedPrecision = false, memoryMiB = null, weights = null, ...options }: TrainOptions,
): { runId: number; request: JobRequest } {
  const method = methods[options.method];
  const config = completeConfig(store, options);
  requireDetections(store, { ...options, config });
  if (weights !== null && scoringNetwork(method.info, config) === null) {
    throw new AppError(
      'bad_input',
      `${method.info.title} cannot score with weights trained elsewhere with these options. RTFM can, and wOCC-WS with STG-NF as its one-class model.`,
    );
  }
  const count = store.runs.list().filter((run) => run.method === options.method).length + 1;
  const name = options.name || `${options.method}-${String(count).padStart(2, '0')}`;
  const runId = store.runs.create({ ...options, name, config });
  return {
    runId,
    request: {
      kind: 'train',
      title: `${method.info.title}: ${name}`,
      payload: { runId, given, mixedPrecision, memoryMiB, weights },
      runId,
    },
  };
}
