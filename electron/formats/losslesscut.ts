// Events as LosslessCut segments, one CSV per video (formats.md 3.15). Role: `start,end,label`, seconds, no header row.
// Limits: microseconds; label and score share a column.
import Papa from 'papaparse';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { shownVideos, title, withNotes } from './tools.ts';

/** `losslesscut/<video>.csv`; empty for a video without events. */
export function writeLosslessCut(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'LosslessCut');
  const files = shown.map((video) => {
    const at = (frame: number) => Math.max(0, video.secondsAt(frame)).toFixed(6);
    const rows = video.events.map((event) => [at(event.start), at(event.end), title(event)]);
    return textFile(
      `losslesscut/${video.stem}.csv`,
      rows.length > 0 ? `${Papa.unparse(rows, { newline: '\n' })}\n` : '',
    );
  });
  return withNotes(
    'losslesscut',
    files,
    'Media time in seconds, end excluded.',
    [...notes],
    'LosslessCut: scores are rounded to two decimals; the name of the video, event ids and mean scores are not in it.',
  );
}
