// The tables of an export, events, segments and the log of changes, as rows, and events read back from such rows (formats.md 3.16).
// Role: one definition of the columns for CSV, JSON lines and Parquet. Limits: a column whose value nobody knows is null.
import { intersect } from '../../shared/labels/intervals.ts';
import { scoredRange, segmentOfFrame, segmentRange } from '../../shared/labels/segments.ts';
import { classOf, type ExportData, type ExportEvent, type ExportVideo, eventId, layerOf } from './data.ts';
import { frameEvent, type ReadEvent, type ReadVideo, requireRange, secondsEvent } from './read.ts';

export type Cell = string | number | boolean | null;
/** Column name to value, in the order of the columns. */
export type Row = Record<string, Cell>;

export interface Column {
  name: string;
  /** Parquet's name of the type; whole numbers are INT64 there. */
  type: 'INT64' | 'DOUBLE' | 'STRING' | 'BOOLEAN';
}

export interface Table {
  name: 'events' | 'segments' | 'audit';
  columns: readonly Column[];
  /** Rows of each video, or of the whole project. */
  parts: Row[][];
}

/** Nine significant digits: enough to give back any float32. */
export function nine(value: number): number {
  return Number(value.toPrecision(9));
}
const rounded = (value: number | null | undefined): number | null => (value == null ? null : nine(value));

const EVENT_COLUMNS: readonly Column[] = [
  { name: 'event_id', type: 'STRING' },
  { name: 'video_id', type: 'INT64' },
  { name: 'video_relpath', type: 'STRING' },
  { name: 'sha256_first_last_1MiB', type: 'STRING' },
  { name: 'n_frames', type: 'INT64' },
  { name: 'fps_num', type: 'INT64' },
  { name: 'fps_den', type: 'INT64' },
  { name: 'start_frame', type: 'INT64' },
  { name: 'end_frame_excl', type: 'INT64' },
  { name: 'start_s', type: 'DOUBLE' },
  { name: 'end_s', type: 'DOUBLE' },
  { name: 'class', type: 'STRING' },
  { name: 'layer', type: 'STRING' },
  { name: 'run_id', type: 'INT64' },
  { name: 'method', type: 'STRING' },
  { name: 'threshold_on', type: 'DOUBLE' },
  { name: 'threshold_off', type: 'DOUBLE' },
  { name: 'score_max', type: 'DOUBLE' },
  { name: 'score_mean', type: 'DOUBLE' },
  { name: 'score_p10', type: 'DOUBLE' },
  { name: 'uncertainty', type: 'DOUBLE' },
  { name: 'probability', type: 'DOUBLE' },
  { name: 'agree_methods', type: 'INT64' },
  { name: 'verdict', type: 'STRING' },
  { name: 'verdict_by', type: 'STRING' },
  { name: 'verdict_at', type: 'STRING' },
  { name: 'parent_event_id', type: 'STRING' },
  { name: 'delta_start', type: 'INT64' },
  { name: 'delta_end', type: 'INT64' },
  { name: 'note', type: 'STRING' },
];

/** Mean probability of the frames of an event; null without a calibration. */
function meanProbability({ probabilities }: ExportVideo, { start, end }: ExportEvent): number | null {
  if (!probabilities || probabilities.length === 0) return null;
  let sum = 0;
  for (let k = segmentOfFrame(start, probabilities.length); ; k++) {
    const range = scoredRange(k, probabilities.length, end);
    sum += probabilities[k] * (Math.min(range.end, end) - Math.max(range.start, start));
    if (range.end >= end) return sum / (end - start);
  }
}

function eventRow(data: ExportData, video: ExportVideo, event: ExportEvent): Row {
  const { parent } = event;
  return {
    event_id: eventId(data, video.id, event),
    video_id: video.id,
    video_relpath: video.relPath,
    sha256_first_last_1MiB: video.fingerprint,
    n_frames: video.frames,
    fps_num: video.fpsNum,
    fps_den: video.fpsDen,
    start_frame: event.start,
    end_frame_excl: event.end,
    start_s: video.secondsAt ? nine(video.secondsAt(event.start)) : null,
    end_s: video.secondsAt ? nine(video.secondsAt(event.end)) : null,
    class: classOf(event),
    layer: layerOf(event),
    run_id: data.run?.id ?? null,
    method: data.run?.method ?? null,
    threshold_on: rounded((video.rule ?? data.rule)?.on),
    threshold_off: rounded((video.rule ?? data.rule)?.off),
    score_max: rounded(event.max),
    score_mean: rounded(event.mean),
    score_p10: rounded(event.p10),
    uncertainty: rounded(event.uncertainty),
    probability: rounded(meanProbability(video, event)),
    agree_methods: event.agreeMethods ?? null,
    verdict: event.verdict ?? 'unreviewed',
    verdict_by: event.verdictBy ?? null,
    verdict_at: event.verdictAt == null ? null : new Date(event.verdictAt).toISOString(),
    parent_event_id: parent ? eventId(data, video.id, parent) : null,
    delta_start: parent ? event.start - parent.start : null,
    delta_end: parent ? event.end - parent.end : null,
    note: event.note ?? null,
  };
}

/** One row per event; seconds are empty where no frame table is known. */
function eventsTable(data: ExportData): Table {
  return {
    name: 'events',
    columns: EVENT_COLUMNS,
    parts: data.videos.map((video) => video.events.map((event) => eventRow(data, video, event))),
  };
}

/** Column of the scores: `score_motion`, or `score` for labels without a run. */
const scoreColumn = (data: ExportData): string => (data.run ? `score_${data.run.method}` : 'score');

/** One row per segment of the features. */
function segmentsTable(data: ExportData): Table {
  const score = scoreColumn(data);
  const others = [
    ...(data.otherMethods ?? []).filter((method) => method !== 'consensus'),
    'consensus',
  ].filter((method) => `score_${method}` !== score);
  return {
    name: 'segments',
    columns: [
      { name: 'video_id', type: 'INT64' },
      { name: 'seg', type: 'INT64' },
      { name: 'start_frame', type: 'INT64' },
      { name: 'end_frame_excl', type: 'INT64' },
      { name: score, type: 'DOUBLE' },
      ...others.map((method) => ({ name: `score_${method}`, type: 'DOUBLE' as const })),
      { name: 'uncertainty', type: 'DOUBLE' },
      { name: 'probability', type: 'DOUBLE' },
      { name: 'pseudo_label', type: 'INT64' },
      { name: 'human_label', type: 'INT64' },
      { name: 'ignore', type: 'BOOLEAN' },
      { name: 'inclusion_prob', type: 'DOUBLE' },
    ],
    parts: data.videos.map((video) =>
      Array.from(video.labels, (label, segment): Row => {
        const range = segmentRange(segment, video.frames);
        const human = video.humanLabels?.[segment] ?? -1;
        return {
          video_id: video.id,
          seg: segment,
          start_frame: range.start,
          end_frame_excl: range.end,
          [score]: rounded(video.scores[segment]),
          ...Object.fromEntries(
            others.map((method) => [`score_${method}`, rounded(video.otherScores?.[method]?.[segment])]),
          ),
          uncertainty: rounded(video.uncertainty?.[segment]),
          probability: rounded(video.probabilities?.[segment]),
          pseudo_label: label,
          human_label: human < 0 ? null : human,
          ignore: intersect(video.ignore ?? [], [range]).length > 0,
          inclusion_prob: rounded(video.inclusion?.[segment]),
        };
      }),
    ),
  };
}

const AUDIT_COLUMNS: readonly Column[] = [
  { name: 'seq', type: 'INT64' },
  { name: 'at', type: 'STRING' },
  { name: 'actor', type: 'STRING' },
  { name: 'action', type: 'STRING' },
  { name: 'entity', type: 'STRING' },
  { name: 'before', type: 'STRING' },
  { name: 'after', type: 'STRING' },
];

/** All tables of an export; the log only where it was asked for. */
export function tablesOf(data: ExportData): Table[] {
  const log = (data.audit ?? []).map((change): Row => ({ ...change, at: new Date(change.at).toISOString() }));
  return [
    eventsTable(data),
    segmentsTable(data),
    ...(data.audit ? [{ name: 'audit' as const, columns: AUDIT_COLUMNS, parts: [log] }] : []),
  ];
}

/** Names under which files have what we need, ours first. */
const NAMES = {
  video: ['video_relpath', 'video', 'filename', 'file', 'name', 'path'],
  start: ['start_frame', 'first_frame', 'start'],
  end: ['end_frame_excl', 'end_frame', 'end'],
  last: ['last_frame', 'end_frame_incl'],
  startSeconds: ['start_s', 'start_seconds', 'start_time'],
  endSeconds: ['end_s', 'end_seconds', 'end_time'],
  class: ['class', 'label', 'category'],
  score: ['score_max', 'score', 'confidence'],
  layer: ['layer'],
  frames: ['n_frames', 'frames', 'total_frames'],
} as const;

const LAYERS = ['model', 'rule', 'human', 'truth', 'imported'] as const;

/**
 * Reads rows of an events table: ours, or one with a column each for video, start and end (in frames, end excluded,
 * unless its name says otherwise, or in seconds).
 * @param rows with the place of each, as sentences begin: file and line
 * @throws AppError `bad_input` naming the place.
 */
export function eventsOfRows(
  file: string,
  rows: Iterable<{ where: string; row: Readonly<Record<string, unknown>> }>,
  broken: (where: string, sentence: string) => Error,
): ReadVideo[] {
  const videos = new Map<string, ReadVideo>();
  for (const { where, row } of rows) {
    const cell = (names: readonly string[]): string | null => {
      const name = names.find((one) => row[one] !== undefined && row[one] !== null && row[one] !== '');
      return name === undefined ? null : String(row[name]);
    };
    const number = (names: readonly string[], whole: boolean): number | null => {
      const text = cell(names);
      if (text === null) return null;
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value)))
        throw broken(
          where,
          `"${text.slice(0, 40)}" is no ${whole ? 'whole number' : 'number'} (${names[0]}).`,
        );
      return value;
    };
    const key = cell(NAMES.video);
    if (key === null) throw broken(where, `the row names no video (column ${NAMES.video[0]}).`);
    const frames = number(NAMES.frames, true);
    const video = videos.get(key) ?? { key, frames, events: [], scores: null, file };
    videos.set(key, video);
    const score = number(NAMES.score, false);
    const layer = LAYERS.find((one) => one === cell(NAMES.layer)) ?? null;
    const more = { class: cell(NAMES.class), score, layer };
    const start = number(NAMES.start, true);
    const last = number(NAMES.last, true);
    const end = number(NAMES.end, true) ?? (last === null ? null : last + 1);
    const event = ((): ReadEvent | null => {
      if (start !== null && end !== null) return frameEvent(start, end, more);
      const from = number(NAMES.startSeconds, false);
      const to = number(NAMES.endSeconds, false);
      return from !== null && to !== null ? secondsEvent(from, to, more) : null;
    })();
    if (event === null)
      throw broken(
        where,
        'the row has no start and end (columns start_frame and end_frame_excl, or start_s and end_s).',
      );
    requireRange(where, event.start, event.end);
    video.events.push(event);
  }
  return [...videos.values()];
}
