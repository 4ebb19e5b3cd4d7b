// Jobs that need rows before they are queued: a feature set to fill, a run to train.
// Role: used by the API and by kinds that queue what follows them. Limits: nothing is started here.
import type { Input } from '../../shared/contract/index.ts';
import { type ExtractorName, extractors } from '../features/extractors.ts';
import { methods } from '../methods/index.ts';
import type { Store } from '../store/store.ts';
import type { JobRequest } from './kind.ts';

export function extractRequest(
  store: Store,
  extractor: ExtractorName,
): { setId: number; request: JobRequest } {
  const { crops, dim, directed } = extractors[extractor];
  const setId = store.features.ensureSet({ name: extractor, extractor, crops, dim, directed });
  return {
    setId,
    request: { kind: 'extract', title: `Features (${extractor})`, payload: { extractor, setId } },
  };
}

/** Creates the run row (`queued`) with its complete configuration. @throws AppError `bad_input` for a bad option. */
export function trainRequest(
  store: Store,
  options: Required<Omit<Input<'runs.create'>, 'device'>> & { device: string },
): { runId: number; request: JobRequest } {
  const set = store.features.set(options.featureSetId);
  const method = methods[options.method];
  const config = method.complete(set.extractor, options.config);
  const count = store.runs.list().filter((run) => run.method === options.method).length + 1;
  const name = options.name || `${options.method}-${String(count).padStart(2, '0')}`;
  const runId = store.runs.create({ ...options, name, config });
  return {
    runId,
    request: { kind: 'train', title: `${method.info.title}: ${name}`, payload: { runId }, runId },
  };
}
