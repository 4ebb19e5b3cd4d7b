// Words and numbers about runs. Role: pure helpers of the run screens.
import type {
  CurvePoint,
  Job,
  MethodName,
  MethodOption,
  ModelEvent,
  Run,
} from '../../../shared/contract/index.ts';
import type { AppError } from '../../../shared/errors.ts';
import { histogramSeries } from '../../../shared/histogram-series.ts';
import { type OwnRule, ownCounts } from '../../../shared/labels/rules.ts';
import type { EventRule } from '../../../shared/labels/types.ts';
import type { Tone } from '../../components/Badge.tsx';
import type { Bars } from '../../components/BarChart.tsx';
import type { Line } from '../../components/LineChart.tsx';
import { measure, plural } from '../../format.ts';
import type { ColourName } from '../../styles/palette.ts';

export const METHOD_NAME: Record<Run['method'], string> = {
  motion: 'Motion',
  c2fpl: 'C2FPL',
  ae: 'Autoencoders',
  rarity: 'Rarity',
  gcl: 'GCL',
  cu: 'CU-Net',
  consensus: 'Consensus',
  'wocc-ws': 'wOCC-WS',
  rtfm: 'RTFM',
  sultani: 'Ranking MIL',
};

export const RUN_STATE: Record<Run['state'], { word: string; tone: Tone }> = {
  queued: { word: 'Waiting', tone: 'neutral' },
  running: { word: 'Running', tone: 'accent' },
  done: { word: 'Done', tone: 'neutral' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Stopped', tone: 'neutral' },
  interrupted: { word: 'Interrupted', tone: 'warn' },
};

/** The job that works on a run now, or the last one that did. */
export function jobOf(run: Pick<Run, 'id' | 'jobId'>, jobs: readonly Job[]): Job | null {
  return (
    jobs.find((job) => job.id === run.jobId) ??
    jobs.filter((job) => job.runId === run.id).toSorted((a, b) => b.id - a.id)[0] ??
    null
  );
}

const COLOURS: readonly { colour: ColourName; dash?: readonly number[] }[] = [
  { colour: 'm-c2fpl' },
  { colour: 'm-gcl', dash: [4, 2] },
  { colour: 'm-wocc', dash: [2, 2] },
  { colour: 'm-ws', dash: [6, 3] },
  { colour: 'm-cu', dash: [1, 2] },
];

export interface Chart {
  name: string;
  lines: Line[];
}

export interface BarsChart {
  name: string;
  bars: Bars[];
}

/**
 * Learning curves as charts: of each stage of training (what stands before a colon in the name) those of like size share
 * one; what modules tell comes first once there are two of them, then losses, else in order of appearance. Two series are
 * alike when their largest absolute values are within a factor of ten and both are counted alike: names say `per module`
 * where x is not a step or an epoch. Histograms are no curves.
 */
export function chartsOf(curve: readonly CurvePoint[]): Chart[] {
  const series = Map.groupBy(
    curve.filter((point) => histogramSeries(point.series) === null),
    (point) => point.series,
  );
  const charts: { size: number; stage: string; unit: string; lines: Line[] }[] = [];
  for (const [name, points] of series) {
    const size = Math.max(...points.map((point) => Math.abs(point.y)), Number.MIN_VALUE);
    const colon = name.indexOf(': ');
    const stage = colon < 0 ? '' : name.slice(0, colon);
    const line: Line = {
      name: colon < 0 ? name : name.slice(colon + 2),
      points: points.toSorted((a, b) => a.x - b.x).map((point) => [point.x, point.y] as const),
      ...COLOURS[0],
    };
    const unit = / per (\w+)$/.exec(name)?.[1] ?? '';
    const like = charts.find(
      (chart) =>
        chart.stage === stage && chart.unit === unit && chart.size / size < 10 && size / chart.size < 10,
    );
    if (like) like.lines.push(line);
    else charts.push({ size, stage, unit, lines: [line] });
  }
  /** A run in modules is read by them: its threshold says more than the loss of a step. */
  const rank = ({ unit, stage, lines }: (typeof charts)[number]): number =>
    unit === 'module' && lines[0].points.length > 1
      ? 0
      : `${stage} ${lines.map((line) => line.name)}`.includes('loss')
        ? 1
        : 2;
  return charts
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ stage, lines }) => ({
      name: `${stage === '' ? '' : `${stage}: `}${lines.map((line) => line.name).join(', ')}`,
      lines: lines.map((line, index) => ({ ...line, ...COLOURS[index % COLOURS.length] })),
    }));
}

/** The name of a chart as short as a list wants it, with its stage of training. */
export function shortName({ name, lines }: Chart): string {
  const stage = name.slice(0, name.length - lines.map((line) => line.name).join(', ').length);
  const names = lines.map((line) => line.name.replace(/ per \w+$/, ''));
  const losses = names.length > 1 && names.every((line) => line.includes('loss'));
  return stage + (losses ? 'losses' : names.join(', '));
}

/** What x counts in a chart. */
export function xNameOf(method: Run['method'], { lines }: Chart): string {
  const per = / per (\w+)$/.exec(lines[0].name)?.[1];
  const steps: readonly Run['method'][] = ['ae', 'wocc-ws', 'rtfm', 'sultani'];
  return per ?? (steps.includes(method) ? 'step' : 'epoch');
}

/** Histograms among the points of a curve, those of one title as one chart with a colour per series. */
export function histogramsOf(curve: readonly CurvePoint[]): BarsChart[] {
  const charts = new Map<string, Map<string, [number, number][]>>();
  for (const { series, x, y } of curve) {
    const found = histogramSeries(series);
    if (!found) continue;
    const names = charts.get(found.title) ?? new Map<string, [number, number][]>();
    charts.set(found.title, names.set(found.name, [...(names.get(found.name) ?? []), [x, y]]));
  }
  return [...charts].map(([name, names]) => ({
    name,
    bars: [...names]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([series, bins], index) => ({
        name: series,
        bins: bins.toSorted((a, b) => a[0] - b[0]),
        colour: COLOURS[index % COLOURS.length].colour,
      })),
  }));
}

/** A histogram in words: each series with its total and its fullest bin. */
export function histogramInWords({ bars }: BarsChart, write: (value: number) => string): string {
  return bars
    .map(({ name, bins }) => {
      const total = bins.reduce((sum, [, count]) => sum + count, 0);
      const [at] = bins.reduce((best, bin) => (bin[1] > best[1] ? bin : best));
      return `${name}: ${total}, most of them near ${write(at)}`;
    })
    .join('; ');
}

/** A chart in words: each line with its number of points, first and last value. */
export function chartInWords(chart: Chart, write: (value: number) => string): string {
  return chart.lines
    .map(
      ({ name, points }) =>
        `${name}: ${points.length} points, from ${write(points[0][1])} to ${write(points[points.length - 1][1])}`,
    )
    .join('; ');
}

export interface EventTotals {
  events: number;
  frames: number;
  videos: number;
}

export function totalsOf(events: readonly ModelEvent[]): EventTotals {
  return {
    events: events.length,
    frames: events.reduce((sum, event) => sum + event.end - event.start, 0),
    videos: new Set(events.map((event) => event.videoId)).size,
  };
}

/** `2 cameras and 1 video have rules of their own.`; empty for none. */
export function ownRulesText(ownRules: readonly OwnRule[]): string {
  const { cameras, videos } = ownCounts(ownRules);
  const parts = [cameras > 0 && plural(cameras, 'camera'), videos > 0 && plural(videos, 'video')].filter(
    Boolean,
  );
  if (parts.length === 0) return '';
  return cameras + videos === 1
    ? `${parts[0]} has a rule of its own.`
    : `${parts.join(' and ')} have rules of their own.`;
}

/** What is wrong with a rule, or null. */
export function ruleProblem(rule: EventRule): string | null {
  if (Object.values(rule).some((value) => Number.isNaN(value))) return 'Fill in all four numbers first.';
  if (rule.off > rule.on) return 'The off threshold must not be above the on threshold.';
  if (rule.minFrames < 0 || rule.gapFrames < 0) return 'Frames cannot be negative.';
  return null;
}

/** `c2fpl-03`: the method and the next free number. */
export function freeName(method: MethodName, runs: readonly Run[]): string {
  const taken = new Set(runs.map((run) => run.name));
  let n = 1;
  while (taken.has(`${method}-${String(n).padStart(2, '0')}`)) n += 1;
  return `${method}-${String(n).padStart(2, '0')}`;
}

/** A configuration value as people read it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number')
    return Number.isInteger(value) ? value.toLocaleString('en') : measure(value, 6);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value of an option in the words of the method. */
export function optionText(option: MethodOption | undefined, value: unknown): string {
  return option?.choices?.find((choice) => choice.value === value)?.label ?? textOf(value);
}

/** One level of nested records becomes `outer inner`. */
export function flat([name, value]: [string, unknown]): [string, string][] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).map(([inner, v]) => [`${name} ${inner}`, textOf(v)]);
  }
  return [[name, textOf(value)]];
}

/** The names among which the engine wants a choice of ground truth; empty for any other error. */
export function truthKeys(error: AppError | null): string[] {
  const choices = error?.code === 'bad_input' ? error.details?.choices : undefined;
  return Array.isArray(choices) ? choices.filter((choice) => typeof choice === 'string') : [];
}
