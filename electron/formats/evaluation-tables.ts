// Tables of an evaluation for papers and notebooks: CSV with every digit, LaTeX with the usual ones.
// Role: rows from reports of one or more runs. Limits: measures nothing; the protocol is a column of every table.
import type { EvaluationReport, EvaluationSlice } from '../../shared/contract/quality.ts';
import { csvText } from './csv.ts';
import { type ExportedFile, textFile } from './data.ts';

type Cell = string | number | null;
type Row = Record<string, Cell>;

interface Column {
  /** Name in the CSV. */
  key: string;
  /** Heading in LaTeX; null: CSV only. */
  head: string | null;
  /** As LaTeX text; shares are percent with one digit. */
  percent?: boolean;
}

const MEASURES: readonly Column[] = [
  { key: 'videos', head: 'Videos' },
  { key: 'frames', head: 'Frames' },
  { key: 'anomalous_frames', head: 'Anomalous' },
  { key: 'micro_auc', head: 'AUC', percent: true },
  { key: 'macro_auc', head: 'Macro AUC', percent: true },
  { key: 'step_ap', head: 'AP', percent: true },
  { key: 'trapezoid_pr_auc', head: 'PR AUC', percent: true },
  { key: 'precision', head: null },
  { key: 'recall', head: null },
  { key: 'false_alarm_rate', head: 'FAR', percent: true },
  { key: 'false_alarms_per_hour', head: null },
  { key: 'wrong_frames', head: null },
];

const measures = (slice: EvaluationSlice): Row => ({
  videos: slice.videos,
  frames: slice.frames,
  anomalous_frames: slice.anomalousFrames,
  micro_auc: slice.microAuc,
  macro_auc: slice.macroAuc,
  step_ap: slice.stepAp,
  trapezoid_pr_auc: slice.trapezoidPrAuc,
  precision: slice.precision,
  recall: slice.recall,
  false_alarm_rate: slice.falseAlarmRate,
  false_alarms_per_hour: slice.falseAlarmsPerHour,
  wrong_frames: slice.wrongFrames,
});

/** `trimmed`, or `official, pad_last`, and what else changes the frames or the scores. */
export function protocolText({ protocol, tail, only, smooth }: EvaluationReport): string {
  return [
    protocol === 'official' ? `official, ${tail}` : 'trimmed',
    ...(only === null ? [] : [`only ${only}`]),
    ...(smooth > 0 ? [`smoothed by ${smooth} frames`] : []),
  ].join('; ');
}

const ORIGIN: readonly Column[] = [
  { key: 'run', head: 'Run' },
  { key: 'method', head: 'Method' },
  { key: 'protocol', head: null },
  { key: 'threshold', head: null },
];
const origin = (report: EvaluationReport): Row => ({
  run: report.run.name,
  method: report.run.method,
  protocol: protocolText(report),
  threshold: report.rule.on,
});

interface Table {
  name: string;
  columns: readonly Column[];
  rows: Row[];
  /** Short tables of measures are also written as LaTeX. */
  latex: boolean;
}

function tablesOf(reports: readonly EvaluationReport[]): Table[] {
  const each = (rows: (report: EvaluationReport) => Row[]) =>
    reports.flatMap((report) => rows(report).map((row) => ({ ...origin(report), ...row })));
  const sliced = (name: string, head: string, slices: (report: EvaluationReport) => EvaluationSlice[]) => ({
    name,
    columns: [...ORIGIN, { key: 'name', head }, ...MEASURES],
    rows: each((report) => slices(report).map((slice) => ({ name: slice.name, ...measures(slice) }))),
    latex: true,
  });
  const plain = (name: string, keys: string[], rows: (report: EvaluationReport) => Row[]) => ({
    name,
    columns: [...ORIGIN, ...keys.map((key) => ({ key, head: key }))],
    rows: each(rows),
    latex: false,
  });
  return [
    sliced('runs', 'Frames of', (report) => [
      report.all,
      ...(report.abnormalOnly ? [report.abnormalOnly] : []),
    ]),
    sliced('classes', 'Class', (report) => report.classes),
    sliced('cameras', 'Camera', (report) => report.cameras),
    sliced('folders', 'Folder', (report) => report.folders),
    sliced('videos', 'Video', (report) => report.perVideo),
    {
      name: 'events',
      columns: [
        ...ORIGIN,
        { key: 'iou', head: 'tIoU' },
        { key: 'found', head: 'Found' },
        { key: 'truth', head: 'True' },
        { key: 'matched', head: 'Matched' },
        { key: 'precision', head: 'Precision', percent: true },
        { key: 'recall', head: 'Recall', percent: true },
      ],
      rows: each((report) =>
        report.events.map(({ iou, found, truth, matched }) => ({
          iou,
          found,
          truth,
          matched,
          precision: found > 0 ? matched / found : null,
          recall: truth > 0 ? matched / truth : null,
        })),
      ),
      latex: true,
    },
    plain('roc', ['false_positive_rate', 'true_positive_rate'], ({ curves }) =>
      (curves?.roc ?? []).map(([x, y]) => ({ false_positive_rate: x, true_positive_rate: y })),
    ),
    plain('pr', ['recall', 'precision'], ({ curves }) =>
      (curves?.pr ?? []).map(([x, y]) => ({ recall: x, precision: y })),
    ),
    plain('histogram', ['from', 'to', 'normal', 'anomalous'], ({ histogram: h }) =>
      h.normal.map((normal, i) => ({
        from: h.low + ((h.high - h.low) * i) / h.normal.length,
        to: h.low + ((h.high - h.low) * (i + 1)) / h.normal.length,
        normal,
        anomalous: h.anomalous[i],
      })),
    ),
    plain('reliability', ['from', 'to', 'predicted', 'observed', 'frames'], ({ reliability }) =>
      reliability.bins.map(({ from, to, predicted, observed, n }) => ({
        from,
        to,
        predicted,
        observed,
        frames: n,
      })),
    ),
  ];
}

const SPECIAL: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const escaped = (text: string): string =>
  text.replace(/[\\~^]|[&%$#_{}]/g, (char) => SPECIAL[char] ?? `\\${char}`);

function latexCell(value: Cell, { percent }: Column): string {
  if (value === null) return '--';
  if (typeof value === 'string') return escaped(value);
  if (percent) return (100 * value).toFixed(1);
  return Number.isInteger(value) ? value.toLocaleString('en-US').replaceAll(',', '\\,') : String(value);
}

/** A table of `booktabs`; numbers to the right. */
function latexText({ columns, rows }: Table, protocols: readonly string[]): string {
  const shown = columns.filter((column) => column.head !== null);
  const isNumber = (column: Column) => rows.every((row) => typeof row[column.key] !== 'string');
  const line = (cells: string[]) => `${cells.join(' & ')} \\\\`;
  return [
    `% Frame-level measures in percent; protocol: ${protocols.join(', ')}. Needs the package booktabs.`,
    `\\begin{tabular}{${shown.map((column) => (isNumber(column) ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(shown.map((column) => escaped(column.head ?? ''))),
    '\\midrule',
    ...rows.map((row) => line(shown.map((column) => latexCell(row[column.key], column)))),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** Every table that has rows as CSV, those of measures also as LaTeX. */
export function* evaluationTables(reports: readonly EvaluationReport[]): Generator<ExportedFile> {
  const protocols = [...new Set(reports.map(protocolText))];
  for (const table of tablesOf(reports)) {
    if (table.rows.length === 0) continue;
    const keys = table.columns.map((column) => column.key);
    yield textFile(`${table.name}.csv`, csvText(keys, [table.rows]));
    if (table.latex) yield textFile(`${table.name}.tex`, latexText(table, protocols));
  }
}
