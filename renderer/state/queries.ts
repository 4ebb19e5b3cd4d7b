// The engine's state in the page. Role: one hook per direction (`useCall` reads, `useAction` does), keys made of call and
// input, and the table of what an engine event makes stale. Limits: nothing is guessed ahead of the engine's answer.
import { type Query, QueryClient, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query';
import type {
  CallName,
  EventName,
  HumanEvent,
  Input,
  Job,
  Output,
  ReviewChange,
} from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import type { PageClient } from '../platform/client.ts';
import { useClient } from '../platform/context.tsx';
import { reopenProject } from './reopen.ts';

export const createQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });

export const callKey = <N extends CallName>(name: N, input: Input<N>): readonly [N, Input<N>] =>
  [name, input] as const;

export interface CallOptions {
  enabled?: boolean;
  /** Keep showing the last answer while one for another input is on its way. */
  keepPrevious?: boolean;
  /** No event says when the answer becomes stale: it is asked for each time it is to be shown. */
  fresh?: boolean;
}

/** Reads from the engine, again whenever an event makes the answer stale. */
export function useCall<N extends CallName>(
  name: N,
  input: Input<N>,
  { enabled = true, keepPrevious = false, fresh = false }: CallOptions = {},
): UseQueryResult<Output<N>, AppError> {
  const client = useClient();
  return useQuery<Output<N>, AppError>({
    queryKey: callKey(name, input),
    queryFn: () => client.call(name, input),
    enabled,
    ...(fresh && { gcTime: 0 }),
    ...(keepPrevious && { placeholderData: (previous: Output<N> | undefined) => previous as never }),
  });
}

/** Reads what will be shown next, so that it is there at once. */
export function prefetchCall<N extends CallName>(
  queries: QueryClient,
  client: Pick<PageClient, 'call'>,
  name: N,
  input: Input<N>,
): void {
  void queries.prefetchQuery({ queryKey: callKey(name, input), queryFn: () => client.call(name, input) });
}

/** Does something in the engine; `run(input)` never throws, `error` and `onDone` tell how it ended. */
export function useAction<N extends CallName>(
  name: N,
  onDone?: (output: Output<N>, input: Input<N>) => void,
) {
  const client = useClient();
  const mutation = useMutation<Output<N>, AppError, Input<N>>({
    mutationFn: (input) => client.call(name, input),
    onSuccess: (output, input) => onDone?.(output, input),
  });
  return { run: mutation.mutate, pending: mutation.isPending, error: mutation.error, reset: mutation.reset };
}

/** What an export would be made of. */
const EXPORTS: CallName[] = ['exports.preview', 'exports.counts', 'exports.truth'];

/** What a step of the review makes stale besides, where it touched these. */
const RULES: CallName[] = ['review.rules', 'review.ruleEvents', 'review.queue', 'review.bulk'];
const CLASSES: CallName[] = ['review.classes'];

/** Answers that an event makes stale; `all` after a change of project. */
const STALE: Record<
  Exclude<EventName, 'job.changed' | 'run.point' | 'review.changed'>,
  CallName[] | 'all'
> = {
  'project.changed': 'all',
  'videos.changed': [
    'review.queue',
    'review.progress',
    'videos.list',
    'videos.compared',
    'videos.get',
    'features.list',
    'projects.current',
    'truth.get',
    'detections.list',
    'detections.report',
    'runs.knownLabels',
    'quality.estimate',
    'quality.evaluation',
    'quality.explain',
    ...EXPORTS,
  ],
  'features.changed': ['features.list', 'videos.list', 'videos.get', 'runs.methods', 'runs.knownLabels'],
  'layers.changed': ['layers.list', 'layers.events', ...EXPORTS],
  'maps.changed': ['runs.maps'],
  'runs.changed': [
    'review.diff',
    'review.labels',
    'runs.list',
    'runs.get',
    'runs.events',
    'review.progress',
    'videos.list',
    'videos.compared',
    'projects.current',
    'quality.estimate',
    'quality.evaluation',
    'quality.agreement',
    'quality.explain',
    ...EXPORTS,
  ],
};

/** Puts a changed job into the cached list, newest first. */
export function withJob(jobs: readonly Job[], job: Job): Job[] {
  const index = jobs.findIndex((other) => other.id === job.id);
  return index < 0 ? [job, ...jobs] : jobs.map((other) => (other.id === job.id ? job : other));
}

/** Rows of people after a change, by video and start: at once, where reading all of them again would take a while. */
export function withChange(
  rows: readonly HumanEvent[],
  change: ReviewChange,
  videoId: number | null,
  pass: number,
): HumanEvent[] {
  const gone = new Set([...change.removed, ...change.rows.map((row) => row.id)]);
  const fresh = change.rows.filter(
    (row) => row.pass === pass && (videoId === null || row.videoId === videoId),
  );
  return [...rows.filter((row) => !gone.has(row.id)), ...fresh].sort(
    (a, b) => a.videoId - b.videoId || a.start - b.start || a.id - b.id,
  );
}

/**
 * Asks again for answers that an event made stale. One that is on its way may have been read before the event: a first
 * answer cannot be called off, so it is asked for once more when it has come.
 */
function renewer(queries: QueryClient): (stale: readonly Query[]) => void {
  const late = new Set<Query>();
  // One pass over the cache for all of them: it holds thousands of answers after a while of review.
  const invalidate = (stale: ReadonlySet<Query>): void =>
    void queries.invalidateQueries({ predicate: (query) => stale.has(query) });
  return (stale) => {
    const first = stale.filter(({ state }) => state.fetchStatus === 'fetching' && state.data === undefined);
    if (stale.length > 0) invalidate(new Set(stale));
    for (const query of first) {
      if (late.has(query)) continue;
      late.add(query);
      const again = (): void => {
        late.delete(query);
        invalidate(new Set([query]));
      };
      query.promise?.then(again, again);
    }
  };
}

/** Keeps the cache true to the engine. Returns the function that ends it. */
export function followEngine(client: PageClient, queries: QueryClient): () => void {
  const renew = renewer(queries);
  const stale = (names: CallName[] | 'all'): void => {
    const wanted = new Set<unknown>(names === 'all' ? [] : names);
    const found = queries.getQueryCache().getAll();
    renew(names === 'all' ? found : found.filter(({ queryKey }) => wanted.has(queryKey[0])));
  };
  /** Writes what an event says into an answer that is there, unless that is behind anyway: written to, it would count as new. */
  const patch = <T>(queryKey: readonly unknown[], update: (known: T) => T): void => {
    const query = queries.getQueryCache().find({ queryKey, exact: true });
    if (!query) return;
    const { isInvalidated, fetchStatus } = query.state;
    if (!isInvalidated) queries.setQueryData<T>(queryKey, (known) => known && update(known));
    if (isInvalidated || fetchStatus === 'fetching') renew([query]);
  };
  const ends = [
    ...(Object.keys(STALE) as (keyof typeof STALE)[]).map((event) =>
      client.on(event, () => stale(STALE[event])),
    ),
    client.on('job.changed', (job) => {
      patch<Job[]>(callKey('jobs.list', {}), (jobs) => withJob(jobs, job));
    }),
    client.on('run.point', ({ runId, points }) => {
      patch<Output<'runs.get'>>(callKey('runs.get', { id: runId }), (run) => ({
        ...run,
        curve: [...run.curve, ...points],
      }));
    }),
    client.on('review.changed', (change) => {
      patch(callKey('review.state', { pass: change.state.pass }), () => change.state);
      for (const query of queries.getQueryCache().findAll({ queryKey: ['review.rows'] })) {
        const { videoId = null, pass = 1 } = (query.queryKey as ReturnType<typeof callKey<'review.rows'>>)[1];
        patch<HumanEvent[]>(query.queryKey, (rows) => withChange(rows, change, videoId, pass));
      }
      stale([
        'review.log',
        'review.since',
        'review.progress',
        'review.agreement',
        'review.diff',
        'review.similar',
        'review.labels',
        'runs.knownLabels',
        'quality.estimate',
        'quality.evaluation',
        'quality.calibration',
        'quality.explain',
        ...EXPORTS,
        ...(change.rules ? RULES : []),
        ...(change.classes ? CLASSES : []),
      ]);
      // A queue on the screen keeps its order; one that is asked for again must know what was said since.
      queries.removeQueries({ queryKey: ['review.queue'], type: 'inactive' });
    }),
    // Events may have been missed while the engine was away, and the project with it.
    client.onConnection((state) => {
      if (state !== 'open') return;
      const shown = queries.getQueryData<Output<'projects.current'>>(callKey('projects.current', {}));
      void reopenProject(client, shown).then(() => stale('all'));
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
