// `evaluate`: frame-level metrics of runs against ground truth.
import { resolve } from 'node:path';
import type {
  EvaluationReport,
  EvaluationSlice,
  Metrics,
  Run,
  RunDetail,
} from '../../../../shared/contract/index.ts';
import { writeFileAtomic } from '../../../files/atomic.ts';
import type { Io } from '../io.ts';
import { findRuns } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, csv, ratio, table } from '../text.ts';

type Division = 'class' | 'camera' | 'folder' | 'video' | 'event';

export interface EvaluateOptions extends ProjectOptions {
  run?: string[];
  gt?: string;
  gtKey?: string;
  only?: string[];
  protocol: Metrics['protocol'];
  tail: Metrics['tail'];
  by?: Division[];
  /** Folder to write all tables into. */
  tables?: string;
  /** Sigma in frames. */
  smooth: number;
  csv?: string;
}

interface Evaluated {
  run: Run;
  /** Its options: runs that differ in more than the seed are no repetitions of each other. */
  config: RunDetail['config'];
  /** Path prefix or pattern; null: the whole pool. */
  only: string | null;
  metrics: Metrics;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Sample standard deviation; null for fewer than two values. */
const deviation = (values: readonly number[]): number | null =>
  values.length < 2
    ? null
    : Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1));

/** Several runs with the same options (other seeds) as one line: mean and standard deviation of the AUC. */
function summaries(evaluated: readonly Evaluated[]) {
  const groups = Map.groupBy(evaluated, ({ run, config, only }) =>
    JSON.stringify([run.method, run.featureSetId, only, Object.entries(config).sort()]),
  );
  return [...groups.values()].flatMap((group) => {
    const aucs = group.flatMap((e) => (e.metrics.microAuc === null ? [] : [e.metrics.microAuc]));
    if (aucs.length < 2) return [];
    const [{ run, only }] = group;
    return [
      {
        method: run.method,
        first: run.name,
        only,
        runs: aucs.length,
        meanAuc: mean(aucs),
        standardDeviation: deviation(aucs),
      },
    ];
  });
}

const HEADER = [
  'run',
  'method',
  'seed',
  'videos',
  'of',
  'frames',
  'anomalous',
  'AUC',
  'macro AUC',
  'AP',
  'PR AUC',
];

function textOf(evaluated: readonly Evaluated[], smooth: number): string {
  const rows = evaluated.map(({ run, only, metrics: m }) => [
    run.name,
    run.method,
    String(run.seed),
    count(m.videos),
    only ?? 'pool',
    count(m.frames),
    count(m.anomalousFrames),
    ratio(m.microAuc),
    ratio(m.macroAuc),
    ratio(m.stepAp),
    ratio(m.trapezoidPrAuc),
  ]);
  const [{ metrics }] = evaluated;
  const lines = [table([HEADER, ...rows], [2, 3, 5, 6, 7, 8, 9, 10])];
  for (const s of summaries(evaluated)) {
    const spread = s.standardDeviation === null ? '' : ` +- ${s.standardDeviation.toFixed(4)}`;
    const where = s.only ?? 'the pool';
    lines.push(
      `${s.method} as in ${s.first}, ${s.runs} runs on ${where}: AUC ${s.meanAuc.toFixed(4)}${spread}`,
    );
  }
  const smoothing = smooth > 0 ? `, scores smoothed by a Gaussian of ${smooth} frames` : '';
  const protocol =
    metrics.protocol === 'official' ? `official protocol (${metrics.tail})` : 'trimmed protocol';
  lines.push(`Frame-level, ${protocol}${smoothing}, ground truth ${metrics.truth}.`);
  if (metrics.videosWithoutTruth > 0)
    lines.push(`${metrics.videosWithoutTruth} scored videos have no ground truth and do not count.`);
  return lines.join('\n');
}

function csvOf(evaluated: readonly Evaluated[], smooth: number): string {
  const header = [
    'run',
    'number',
    'method',
    'seed',
    'device',
    'only',
    'protocol',
    'tail',
    'videos',
    'frames',
    'anomalous_frames',
    'micro_auc',
    'macro_auc',
    'step_ap',
    'trapezoid_pr_auc',
    'smooth_sigma',
  ];
  return csv([
    header,
    ...evaluated.map(({ run, only, metrics: m }) => [
      run.name,
      run.id,
      run.method,
      run.seed,
      run.device,
      only ?? 'pool',
      m.protocol,
      m.protocol === 'official' ? m.tail : null,
      m.videos,
      m.frames,
      m.anomalousFrames,
      m.microAuc,
      m.macroAuc,
      m.stepAp,
      m.trapezoidPrAuc,
      smooth,
    ]),
  ]);
}

const SLICE_HEADER = [
  'videos',
  'frames',
  'anomalous',
  'AUC',
  'AP',
  'precision',
  'recall',
  'false alarms',
  'per hour',
  'wrong',
];

const SLICES = {
  class: (report: EvaluationReport) => report.classes,
  camera: (report: EvaluationReport) => report.cameras,
  folder: (report: EvaluationReport) => report.folders,
  video: (report: EvaluationReport) => report.perVideo,
} as const;

const perHour = (value: number | null): string => (value === null ? '-' : value.toFixed(1));

/** One run in detail: all frames, the abnormal videos alone, and the slices or overlaps that were asked for. */
function detailText(report: EvaluationReport, by: Division): string {
  const { run, rule } = report;
  const title = `${run.name}, at a threshold of ${rule.on.toFixed(3)}:`;
  if (by === 'event') {
    const rows = report.events.map(({ iou, found, truth, matched }) => [
      String(iou),
      count(found),
      count(truth),
      count(matched),
      ratio(found > 0 ? matched / found : null),
      ratio(truth > 0 ? matched / truth : null),
    ]);
    return `${title}\n${table([['overlap', 'found', 'true', 'matched', 'precision', 'recall'], ...rows], [0, 1, 2, 3, 4, 5])}`;
  }
  const slices: EvaluationSlice[] = [
    report.all,
    ...(report.abnormalOnly ? [report.abnormalOnly] : []),
    ...SLICES[by](report),
  ];
  const rows = slices.map((s) => [
    s.name,
    count(s.videos),
    count(s.frames),
    count(s.anomalousFrames),
    ratio(s.microAuc),
    ratio(s.stepAp),
    ratio(s.precision),
    ratio(s.recall),
    ratio(s.falseAlarmRate),
    perHour(s.falseAlarmsPerHour),
    count(s.wrongFrames),
  ]);
  const none = SLICES[by](report).length === 0 ? `\nNothing is known to tell videos apart by ${by}.` : '';
  return `${title}\n${table([[by, ...SLICE_HEADER], ...rows], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])}${none}`;
}

/** Evaluates finished runs over the whole pool and, with `--only`, over a part of it; ground truth may come along. */
export function evaluate(io: Io, options: EvaluateOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    if (options.gt !== undefined) {
      const { grant } = await engine.grant(options.gt);
      const { name, matched, without, unmatched } = await engine.call('truth.import', {
        grant,
        key: options.gtKey ?? null,
      });
      io.note(
        `${name}: ground truth for ${matched} videos; ${without} videos have none, ${unmatched.length} entries fit no video.`,
      );
      // Names that fit no video are common in lists of whole data sets; another length is worth a look.
      for (const reason of unmatched.filter((entry) => entry.includes(' frames in the file, ')).slice(0, 5))
        io.note(`Not used, because the lengths differ: ${reason}`);
    }
    const { protocol, smooth, tail } = options;
    const evaluated: Evaluated[] = [];
    const runs = await findRuns(engine, options.run ?? []);
    for (const run of runs) {
      const { config } = await engine.call('runs.get', { id: run.id });
      for (const only of [null, ...(options.only ?? [])]) {
        const metrics = await engine.call('runs.evaluate', { id: run.id, protocol, tail, only, smooth });
        evaluated.push({ run, config, only, metrics });
      }
    }
    if (options.csv !== undefined) {
      await writeFileAtomic(resolve(options.csv), csvOf(evaluated, smooth));
      io.note(`Wrote ${options.csv}`);
    }
    const reports: EvaluationReport[] = [];
    if (options.by !== undefined) {
      for (const run of runs)
        reports.push(await engine.call('quality.evaluation', { id: run.id, protocol, tail, smooth }));
    }
    let folder: string | null = null;
    if (options.tables !== undefined) {
      const { grant } = await engine.grant(options.tables);
      const ids = runs.map((run) => run.id);
      const written = await engine.call('quality.writeTables', { ids, protocol, tail, smooth, grant });
      folder = written.folder;
      io.note(`Wrote ${written.files.length} tables to ${folder}`);
    }
    const { by = [] } = options;
    io.result(
      {
        evaluated: evaluated.map(({ run, only, metrics }) => ({
          run: { id: run.id, name: run.name, method: run.method, seed: run.seed, device: run.device },
          only,
          metrics,
        })),
        smooth,
        summary: summaries(evaluated),
        ...(by.length > 0 && { reports }),
        ...(folder !== null && { tables: folder }),
      },
      [
        textOf(evaluated, smooth),
        ...reports.flatMap((report) => by.map((one) => detailText(report, one))),
      ].join('\n\n'),
    );
  });
}
