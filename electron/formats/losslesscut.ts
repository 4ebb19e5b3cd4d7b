// Events as LosslessCut segments, one CSV per video, out and in (formats.md 3.15). Role: `start,end,label`, seconds, no
// header row. Limits: microseconds; class and score share a column.
import Papa from 'papaparse';
import { csvRows } from './csv.ts';
import { type ExportData, type ExportEvent, type ExportedFile, textFile } from './data.ts';
import { decodeText, rowError } from './lines.ts';
import { decimal, type ReadEvent, type SourceFile, secondsEvent, titleParts } from './read.ts';
import { coarseNotes, type ShownVideo, shownVideos, title, withNotes } from './tools.ts';

function times(video: ShownVideo, event: ExportEvent): [string, string] {
  const at = (frame: number) => Math.max(0, video.secondsAt(frame)).toFixed(6);
  return [at(event.start), at(event.end)];
}

/** `losslesscut/<video>.csv`; empty for a video without events. */
export function writeLosslessCut(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'LosslessCut');
  const files = shown.map((video) => {
    const rows = video.events.map((event) => [...times(video, event), title(event)]);
    return textFile(
      `losslesscut/${video.stem}.csv`,
      rows.length > 0 ? `${Papa.unparse(rows, { newline: '\n' })}\n` : '',
    );
  });
  const coarse = coarseNotes(shown, 'LosslessCut', (video, event) => {
    const [start, end] = times(video, event);
    return [Number(start), Number(end)];
  });
  return withNotes(
    'losslesscut',
    files,
    'Media time in seconds, end excluded.',
    [...notes, ...coarse],
    'LosslessCut: scores are rounded to two decimals; the name of the video, event ids, layers and mean scores are not in it.',
  );
}

/**
 * Reads rows of start, end and label in seconds; a row without an end is a mark and no segment.
 * @returns the events and a sentence where marks were left out @throws AppError `bad_input` with file and line.
 */
export function readLosslessCut({ name, bytes }: SourceFile): { events: ReadEvent[]; notes: string[] } {
  let marks = 0;
  const events = csvRows(name, decodeText(name, bytes)).flatMap(({ line, cells }) => {
    const [from = '', to = '', label = ''] = cells;
    if (to.trim() === '' && decimal(from) !== null) {
      marks++;
      return [];
    }
    const start = from.trim() === '' ? 0 : decimal(from);
    const end = decimal(to);
    if (start === null || end === null || start < 0 || end <= start)
      throw rowError(name, line, 'expected the start and the end of a segment in seconds, and its label.');
    return [secondsEvent(start, end, titleParts(label))];
  });
  const notes = marks > 0 ? [`${name}: left out ${marks} marks, which have no end.`] : [];
  return { events, notes };
}
