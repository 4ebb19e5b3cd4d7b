// The two tables of an export, events and segments, as rows (formats.md 3.16).
// Role: one definition of the columns for CSV and JSON lines. Limits: only what a run knows; columns of human review
// are not there.
import { segmentRange } from '../../shared/labels/segments.ts';
import { type ExportData, type ExportVideo, eventId } from './data.ts';

/** Column name to value, in the order of the columns. */
export type Row = Record<string, string | number | null>;

export interface Table {
  name: 'events' | 'segments';
  columns: string[];
  /** Rows of one video. */
  rows(video: ExportVideo): Row[];
}

/** Nine significant digits: enough to give back any float32. */
export function nine(value: number): number {
  return Number(value.toPrecision(9));
}

function eventRow(data: ExportData, video: ExportVideo, event: ExportVideo['events'][number]): Row {
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
    layer: 'model',
    run_id: data.run.id,
    method: data.run.method,
    threshold_on: nine(data.rule.on),
    threshold_off: nine(data.rule.off),
    score_max: nine(event.max),
    score_mean: nine(event.mean),
  };
}

function segmentRow(data: ExportData, video: ExportVideo, segment: number): Row {
  const { start, end } = segmentRange(segment, video.frames);
  return {
    video_id: video.id,
    seg: segment,
    start_frame: start,
    end_frame_excl: end,
    [`score_${data.run.method}`]: nine(video.scores[segment]),
    pseudo_label: video.labels[segment],
  };
}

/** One row per event; seconds are empty where no frame table is known. */
export function eventsTable(data: ExportData): Table {
  return {
    name: 'events',
    columns: [
      'event_id',
      'video_id',
      'video_relpath',
      'sha256_first_last_1MiB',
      'n_frames',
      'fps_num',
      'fps_den',
      'start_frame',
      'end_frame_excl',
      'start_s',
      'end_s',
      'layer',
      'run_id',
      'method',
      'threshold_on',
      'threshold_off',
      'score_max',
      'score_mean',
    ],
    rows: (video) => video.events.map((event) => eventRow(data, video, event)),
  };
}

/** One row per segment of the features. */
export function segmentsTable(data: ExportData): Table {
  return {
    name: 'segments',
    columns: ['video_id', 'seg', 'start_frame', 'end_frame_excl', `score_${data.run.method}`, 'pseudo_label'],
    rows: (video) => Array.from(video.scores, (_, segment) => segmentRow(data, video, segment)),
  };
}
