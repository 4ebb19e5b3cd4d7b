// UCF-Crime's Temporal_Anomaly_Annotation.txt (formats.md 3.1, methods.md 5.1).
// Role: frame ranges of the test videos, `name.mp4  Class  start1  end1  start2  end2  `, out and in. Limits: two events
// per video; which index base a file has is not in the file, so the caller says it.
import { AppError } from '../../shared/errors.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { type LabelledVideo, NORMAL, requireLabels, type Written } from './labelled.ts';
import { fitsLine, type Line, linesOf, rowError, someOf, wholeNumber } from './lines.ts';

/**
 * How a row counts the frames of [s, e): `matlab1` (the owner's scorer) writes s+1, e: from 1, both included;
 * `py_incl` (RTFM) s, e-1: from 0, both included; `py_half` (VadCLIP) s, e: from 0, end excluded.
 */
export type UcfBase = 'matlab1' | 'py_incl' | 'py_half';

/** What to add to the start and the end of a half-open range. */
const OFFSETS: Record<UcfBase, readonly [number, number]> = {
  matlab1: [1, 0],
  py_incl: [0, -1],
  py_half: [0, 0],
};

export interface UcfOptions {
  /** Default `matlab1`. */
  base?: UcfBase;
  /** Default `.mp4`; one variant in circulation has none. */
  extension?: '.mp4' | '';
  /**
   * More than two events: `refuse` (default) names the videos; `append` writes further pairs, which only readers that
   * loop over pairs see; `longestTwo` keeps the two longest, the earlier of equal ones, in time order.
   */
  extraEvents?: 'refuse' | 'append' | 'longestTwo';
}

export interface UcfRow {
  name: string;
  class: string;
  /** N, only in the form with tabs; else null. */
  frames: number | null;
  /** 0-based, half-open, in the order of the row. */
  events: FrameRange[];
}

function longest(events: readonly FrameRange[], count: number): FrameRange[] {
  return [...events]
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
    .slice(0, count)
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Why a row cannot say this, or null when it can. */
function obstacle(video: LabelledVideo, extension: string): string | null {
  if (!fitsLine(video.name) || video.name.includes('  ')) return 'the name has blanks that separate fields';
  if (extension === '' && video.name.endsWith('.mp4')) return 'the name ends in .mp4, which readers remove';
  if (video.events.length === 0) return null;
  if (!fitsLine(video.class) || video.class.includes('  '))
    return 'the class has blanks that separate fields';
  if (video.class === NORMAL) return `it has events and the class ${NORMAL}`;
  if (wholeNumber(video.class) !== null) return 'the class is a number';
  return null;
}

/**
 * One line per video in the given order: fields separated by two spaces, and two spaces before every line feed, without
 * which readers that split there lose the second event.
 * @returns the text, with a sentence for every row left out, class not written and event dropped.
 * @throws AppError `unsupported` for more than two events under `refuse`; `bad_input` for events outside of the video.
 */
export function writeUcfAnnotation(videos: readonly LabelledVideo[], options: UcfOptions = {}): Written {
  const { base = 'matlab1', extension = '.mp4', extraEvents = 'refuse' } = options;
  requireLabels(videos);
  const many = videos.filter((video) => video.events.length > 2).map((video) => video.name);
  if (many.length > 0 && extraEvents === 'refuse') {
    throw new AppError(
      'unsupported',
      `UCF-Crime's format holds two events per video; more have ${someOf(many)}. Append them or keep the two longest.`,
      { videos: many },
    );
  }
  const [first, last] = OFFSETS[base];
  const notes: string[] = [];
  const lines = videos.flatMap((video) => {
    const reason = obstacle(video, extension);
    if (reason !== null) {
      notes.push(`UCF-Crime's format has no row for "${video.name}": ${reason}.`);
      return [];
    }
    if (video.events.length === 0 && video.class !== NORMAL) {
      notes.push(
        `${video.name} has no events and is written as ${NORMAL}, without its class "${video.class}".`,
      );
    }
    const events = extraEvents === 'longestTwo' ? longest(video.events, 2) : video.events;
    if (events.length < video.events.length) {
      notes.push(`${video.name}: ${events.length} of ${video.events.length} events written, the longest.`);
    }
    const numbers = events.flatMap(({ start, end }) => [start + first, end + last]);
    while (numbers.length < 4) numbers.push(-1);
    const className = events.length > 0 ? video.class : NORMAL;
    return [`${[`${video.name}${extension}`, className, ...numbers].join('  ')}  \n`];
  });
  if (many.length > 0 && extraEvents === 'append') {
    notes.push(
      `Rows with more than two events are not standard; readers of two pairs miss the rest: ${someOf(many)}.`,
    );
  }
  return { text: lines.join(''), notes };
}

interface Fields {
  name: string;
  class: string;
  numbers: string[];
}

/** Fields of a row: with tabs, two spaces or, where a line has neither, single spaces counted from the right. */
function fieldsOf(text: string): Fields {
  if (text.includes('\t')) {
    const [name = '', className = '', ...numbers] = text.replace(/\t+$/, '').split('\t');
    return { name, class: className, numbers: numbers.map((number) => number.trim()) };
  }
  const row = text.replace(/ +$/, '');
  if (row.includes('  ')) {
    const [name = '', className = '', ...numbers] = row.split(/ {2,}/);
    return { name, class: className, numbers };
  }
  const parts = row.split(' ');
  let from = parts.length;
  while (from > 0 && wholeNumber(parts[from - 1]) !== null) from--;
  return {
    name: parts.slice(0, Math.max(0, from - 1)).join(' '),
    class: parts[from - 1] ?? '',
    numbers: parts.slice(from),
  };
}

/** A file may count a video a short segment shorter than its last event says; frames. */
const END_SLACK = 16;

function eventsOf(file: string, line: Line, numbers: number[], base: UcfBase, frames: number | null) {
  const [first, last] = OFFSETS[base];
  const events: FrameRange[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    const [from, to] = numbers.slice(i, i + 2);
    if (from === -1 && to === -1) continue;
    const start = from - first;
    const end = to - last;
    if (start < 0 || end <= start) {
      throw rowError(file, line.number, `${from} to ${to} is no range of frames in the base ${base}.`);
    }
    if (frames !== null && (start >= frames || end > frames + END_SLACK)) {
      throw rowError(file, line.number, `${from} to ${to} is outside of the ${frames} frames of the video.`);
    }
    events.push({ start, end });
  }
  return events;
}

/**
 * Reads rows with LF or CRLF, two spaces, single spaces or tabs between the fields, with or without `.mp4`, with the
 * frame count that the form with tabs adds, and with any number of pairs.
 * @returns the rows in order; `notes` says which events were cut at the frame count of their row.
 * @throws AppError `bad_input` with file and line for a row that is not one.
 */
export function readUcfAnnotation(
  file: string,
  text: string,
  base: UcfBase = 'matlab1',
): { rows: UcfRow[]; notes: string[] } {
  const notes: string[] = [];
  const seen = new Set<string>();
  const rows = linesOf(text).map((line): UcfRow => {
    const fields = fieldsOf(line.text);
    const name = fields.name.replace(/\.mp4$/, '');
    const numbers = fields.numbers.map((number) => wholeNumber(number) ?? Number.NaN);
    if (name === '' || fields.class === '' || numbers.length < 4 || numbers.some(Number.isNaN)) {
      throw rowError(
        file,
        line.number,
        'expected a name, a class and two pairs of frame numbers (-1 for none).',
      );
    }
    const counted = numbers.length % 2 === 1;
    if (counted && !line.text.includes('\t'))
      throw rowError(file, line.number, 'a frame number has no partner.');
    const frames = counted ? (numbers.pop() ?? null) : null;
    if (frames !== null && frames < 1) throw rowError(file, line.number, `${frames} is no number of frames.`);
    if (seen.has(name)) throw rowError(file, line.number, `"${name}" has a row already.`);
    seen.add(name);
    const events = eventsOf(file, line, numbers, base, frames);
    if (fields.class === NORMAL && events.length > 0) {
      throw rowError(file, line.number, `"${name}" is ${NORMAL} and has events.`);
    }
    if (frames !== null && events.some((event) => event.end > frames)) {
      notes.push(`${file}, line ${line.number}: an event of "${name}" is cut at its ${frames} frames.`);
    }
    return {
      name,
      class: fields.class,
      frames,
      events:
        frames === null ? events : events.map(({ start, end }) => ({ start, end: Math.min(end, frames) })),
    };
  });
  return { rows, notes };
}
