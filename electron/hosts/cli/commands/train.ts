// `train` and `resume`: runs.
import {
  type Input,
  type MethodInfo,
  type MethodName,
  type RunDetail,
  videoLabelSource,
} from '../../../../shared/contract/index.ts';
import {
  rangeOfBytes,
  rangeOfSeconds,
  rangeOfSteps,
  spokenSeconds,
} from '../../../../shared/estimate-words.ts';
import { configFrom } from '../config.ts';
import { type Io, usageError } from '../io.ts';
import { findFeatureSet } from '../select.ts';
import { type ProjectOptions, type Session, withProject } from '../session.ts';
import { count, duration, table } from '../text.ts';

export interface TrainOptions extends ProjectOptions {
  features?: string;
  preset?: string;
  set?: string[];
  /** A source by name, or the path of a list. */
  videoLabels?: string;
  mode?: string;
  beta?: string;
  epochs?: string;
  seed?: number;
  seeds?: number[];
  device: NonNullable<Input<'runs.create'>['device']>;
  mixedPrecision?: boolean;
  /** Folder of a state dictionary. */
  weights?: string;
  /** MiB. */
  memory?: number;
  name?: string;
  /** Only says how long it would take. */
  estimate?: boolean;
}

/** The common flags as settings; they come last and so win over the preset. */
function settingsOf(options: TrainOptions): string[] {
  const settings: string[] = [];
  if (options.mode !== undefined) settings.push(`cplMode=${options.mode}`, `fplMode=${options.mode}`);
  if (options.beta !== undefined) settings.push(`beta=${options.beta}`);
  if (options.epochs !== undefined) settings.push(`epochs=${options.epochs}`);
  return [...settings, ...(options.set ?? [])];
}

function seedsOf(options: TrainOptions): number[] {
  if (options.seeds && options.seed !== undefined) throw usageError('Give either --seed or --seeds.');
  return options.seeds ?? [options.seed ?? 1];
}

export function runText(run: RunDetail): string[] {
  return [
    run.name,
    String(run.id),
    run.method,
    String(run.seed),
    run.device,
    count(run.videos),
    count(run.segments),
  ];
}
export const RUN_HEADER = ['run', 'number', 'method', 'seed', 'device', 'videos', 'segments'];

async function labelsFrom(
  engine: Session['engine'],
  text: string | undefined,
): Promise<Input<'runs.create'>['videoLabels']> {
  if (text === undefined) return null;
  const source = videoLabelSource.exclude(['list']).safeParse(text);
  if (source.success) return { source: source.data };
  return { source: 'list', grant: (await engine.grant(text)).grant };
}

function report({ io }: Session, runs: { run: RunDetail; seconds: number }[]): void {
  const notes = [...new Set(runs.flatMap(({ run }) => run.notes))];
  io.result(
    {
      runs: runs.map(({ run: { curve: _, ...run }, seconds }) => ({ ...run, seconds })),
    },
    [
      table(
        [[...RUN_HEADER, 'time'], ...runs.map(({ run, seconds }) => [...runText(run), duration(seconds)])],
        [1, 3, 5, 6],
      ),
      ...notes.map((note) => `Note: ${note}`),
    ].join('\n'),
  );
}

export function train(io: Io, options: TrainOptions, method: MethodName): Promise<void> {
  const seeds = seedsOf(options);
  return withProject(io, options, async (session) => {
    const { engine, job } = session;
    const set = await findFeatureSet(engine, options.features);
    const infos = await engine.call('runs.methods', { featureSetId: set.id });
    const info = infos.find((m) => m.name === method);
    if (!info) throw usageError(`There is no method "${method}".`);
    const config = configFrom(info, options.preset, settingsOf(options));
    const videoLabels = await labelsFrom(engine, options.videoLabels);
    // Who says where labels come from wants them used.
    if (videoLabels && info.knownLabels?.values.length === 1)
      config[info.knownLabels.option] ??= info.knownLabels.values[0];
    const weights = options.weights === undefined ? null : (await engine.grant(options.weights)).grant;
    const { device } = options;
    const wanted = {
      method,
      featureSetId: set.id,
      device,
      mixedPrecision: options.mixedPrecision ?? false,
      memoryMiB: options.memory ?? null,
      config,
      videoLabels,
      weights,
    };
    if (options.estimate) return estimate(session, info, wanted, seeds.length);
    const runs = [];
    for (const seed of seeds) {
      const name =
        options.name === undefined ? '' : seeds.length > 1 ? `${options.name} seed ${seed}` : options.name;
      const { runId, jobId } = await engine.call('runs.create', { ...wanted, name, seed });
      const { startedAt, endedAt } = await job(jobId);
      const seconds = startedAt !== null && endedAt !== null ? (endedAt - startedAt) / 1000 : 0;
      runs.push({ run: await engine.call('runs.get', { id: runId }), seconds });
    }
    report(session, runs);
  });
}

/** What a run would take, on the chosen device and on the processor beside it. Trains nothing. */
async function estimate(
  { engine, io }: Session,
  info: MethodInfo,
  wanted: Input<'runs.estimate'>,
  seeds: number,
): Promise<void> {
  io.note('Trying a few steps of this training; nothing of it is kept.');
  const chosen = await engine.call('runs.estimate', wanted);
  const cpu =
    chosen.device === 'cpu'
      ? null
      : await engine.call('runs.estimate', { ...wanted, device: 'cpu', mixedPrecision: false });
  const estimates = cpu ? [chosen, cpu] : [chosen];
  io.result(
    { method: info.name, seeds, estimates },
    [
      table([
        ['device', 'time', 'likely', 'memory', 'steps', 'source'],
        ...estimates.map(({ deviceTitle, seconds, memory, steps, sources }) => [
          deviceTitle,
          rangeOfSeconds(seconds),
          spokenSeconds(seconds.likely),
          rangeOfBytes(memory),
          rangeOfSteps(steps),
          sources.join('; '),
        ]),
      ]),
      ...[...new Set(estimates.flatMap(({ warnings, notes }) => [...warnings, ...notes]))].map(
        (warning) => `Note: ${warning}`,
      ),
      ...(seeds > 1 ? [`This is for one seed; ${seeds} of them take ${seeds} times as long.`] : []),
    ].join('\n'),
  );
}

/** Goes on with the newest stopped job that can, or with the given one. */
export function resume(io: Io, options: ProjectOptions, jobId: number | undefined): Promise<void> {
  return withProject(io, options, async ({ engine, job }) => {
    const stopped = (await engine.call('jobs.list', {})).filter(
      (j) => j.resumable && ['failed', 'cancelled', 'interrupted'].includes(j.state),
    );
    const chosen = jobId === undefined ? stopped[0] : stopped.find((j) => j.id === jobId);
    if (!chosen) {
      throw usageError(
        stopped.length === 0 || jobId === undefined
          ? 'No stopped job can go on.'
          : `Job ${jobId} cannot go on. These can: ${stopped.map((j) => `${j.id} (${j.title})`).join(', ')}.`,
      );
    }
    const ended = await job((await engine.call('jobs.resume', { id: chosen.id })).jobId);
    io.result({ job: ended }, `${ended.title}: ${ended.state}.`);
  });
}
