// MSAD's anomaly_annotation.csv (formats.md 3.7).
// Role: `name,scenario,total frames,first,last`, frames from 1, both ends included, out and in. Limits: one event per
// video; the class is the name before its last underscore; videos without events have no row.
import { AppError } from '../../shared/errors.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { csvRows, csvText } from './csv.ts';
import { type LabelledVideo, requireLabels, type Written } from './labelled.ts';
import { rowError, someOf, wholeNumber } from './lines.ts';

export interface MsadVideo extends LabelledVideo {
  /** Where it was filmed; empty when not known. */
  scenario: string;
}

export interface MsadRow {
  name: string;
  scenario: string;
  frames: number;
  /** Several where a file has several rows for the video. */
  events: FrameRange[];
}

const COLUMNS = ['name', 'scenario', 'total frames', 'starting frame of anomaly', 'ending frame of anomaly'];

/** Class of a video of the data set: the name before the last underscore; null without one. */
export function msadClass(name: string): string | null {
  const at = name.lastIndexOf('_');
  return at > 0 ? name.slice(0, at) : null;
}

function longest(events: readonly FrameRange[]): FrameRange[] {
  return [...events].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start).slice(0, 1);
}

/**
 * Header and one row per video with an event, CSV as in RFC 4180, LF.
 * @param extraEvents more than one event: `refuse` (default) names the videos; `append` writes a row for each, which is
 *   not standard; `longest` keeps the longest, the earlier of equal ones.
 * @throws AppError `unsupported` under `refuse`; `bad_input` for events outside of the video.
 */
export function writeMsad(
  videos: readonly MsadVideo[],
  extraEvents: 'refuse' | 'append' | 'longest' = 'refuse',
): Written {
  requireLabels(videos);
  const many = videos.filter((video) => video.events.length > 1).map((video) => video.name);
  if (many.length > 0 && extraEvents === 'refuse') {
    throw new AppError(
      'unsupported',
      `MSAD's format holds one event per video; more have ${someOf(many)}. Write a row for each or keep the longest.`,
      { videos: many },
    );
  }
  const rows = videos.map((video) =>
    (extraEvents === 'longest' ? longest(video.events) : video.events).map(({ start, end }) => ({
      name: video.name,
      scenario: video.scenario,
      'total frames': video.frames,
      'starting frame of anomaly': start + 1,
      'ending frame of anomaly': end,
    })),
  );
  const notes: string[] = [];
  if (many.length > 0) {
    notes.push(
      extraEvents === 'longest'
        ? `MSAD's format holds one event per video; only the longest is written for: ${someOf(many)}.`
        : `Several rows for one video are not standard in MSAD's format: ${someOf(many)}.`,
    );
  }
  const normal = videos.filter((video) => video.events.length === 0).length;
  if (normal > 0)
    notes.push(`MSAD's format lists anomalous videos only; without events and not in it: ${normal}.`);
  const unclassed = videos.filter(
    (video) => video.events.length > 0 && msadClass(video.name) !== video.class,
  );
  if (unclassed.length > 0) {
    notes.push(
      `MSAD's format takes the class from the name before its last underscore; that is another one for: ${someOf(unclassed.map((video) => video.name))}.`,
    );
  }
  return { text: csvText(COLUMNS, rows), notes };
}

/**
 * Reads rows with LF or CRLF, with or without a byte order mark; rows of one video are gathered.
 * @throws AppError `bad_input` with file and line for a row that is not one.
 */
export function readMsad(file: string, text: string): MsadRow[] {
  const [header, ...rows] = csvRows(file, text);
  const titles = header?.cells.map((cell) => cell.trim().toLowerCase()).join(',');
  if (titles !== COLUMNS.join(',')) {
    throw rowError(file, header?.line ?? 1, `expected the header "${COLUMNS.join(',')}".`);
  }
  const byName = new Map<string, MsadRow>();
  for (const { line, cells } of rows) {
    const [frames, first, last] = cells.slice(2).map((cell) => wholeNumber(cell.trim()));
    if (
      cells.length !== COLUMNS.length ||
      cells[0] === '' ||
      frames == null ||
      first == null ||
      last == null
    ) {
      throw rowError(file, line, 'expected a name, a scenario and three whole numbers.');
    }
    if (first < 1 || last < first || last > frames) {
      throw rowError(file, line, `${first} to ${last} is no range of ${frames} frames counted from 1.`);
    }
    const [name, scenario] = cells;
    const row = byName.get(name) ?? { name, scenario, frames, events: [] };
    if (row.frames !== frames || row.scenario !== scenario) {
      throw rowError(file, line, `differs from the earlier row of "${name}".`);
    }
    row.events.push({ start: first - 1, end: last });
    byName.set(name, row);
  }
  return [...byName.values()];
}
