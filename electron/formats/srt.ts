// Events as SubRip subtitles, one file per video, out and in (formats.md 3.15). Role: for players. Limits: milliseconds,
// no comments; class, score and layer share the text.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { decodeText, rowError } from './lines.ts';
import { clockSeconds, type ReadEvent, type SourceFile, secondsEvent, titleParts } from './read.ts';
import { clock, coarseNotes, milliseconds, shownVideos, titleWithLayer, withNotes } from './tools.ts';

/** `srt/<video>.srt`, counted from 1; empty for a video without events. */
export function writeSrt(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'SRT');
  const files = shown.map((video) => {
    const subtitles = video.events.map((event, i) => {
      const [start, end] = milliseconds(video, event).map((ms) => clock(ms / 1000, ',', 3));
      return `${i + 1}\n${start} --> ${end}\n${titleWithLayer(event)}\n\n`;
    });
    return textFile(`srt/${video.stem}.srt`, subtitles.join(''));
  });
  const coarse = coarseNotes(shown, 'SRT', (video, event) => {
    const [start, end] = milliseconds(video, event);
    return [start / 1000, end / 1000];
  });
  return withNotes(
    'srt',
    files,
    'Media time in milliseconds, end excluded.',
    [...notes, ...coarse],
    'SRT: times are rounded to milliseconds and scores to two decimals; the name of the video, event ids and mean scores are not in it.',
  );
}

/**
 * Reads subtitles with or without counters, LF or CRLF, with a comma or a point before the milliseconds.
 * @throws AppError `bad_input` with file and line for a block without times.
 */
export function readSrt({ name, bytes }: SourceFile): ReadEvent[] {
  const lines = decodeText(name, bytes)
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/);
  const events: ReadEvent[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].trim() === '') continue;
    const begin = i;
    while (i < lines.length && lines[i].trim() !== '') i++;
    const block = lines.slice(begin, i);
    const at = block[0].includes('-->') ? 0 : 1;
    const [from = '', to = ''] = (block[at] ?? '').split('-->');
    const start = clockSeconds(from);
    const end = clockSeconds(to.trim().split(/\s+/)[0] ?? '');
    if ((at === 1 && !/^\s*\d+\s*$/.test(block[0])) || start === null || end === null || end <= start) {
      throw rowError(name, begin + 1, 'a subtitle is a number, a line "start --> end" and its text.');
    }
    events.push(secondsEvent(start, end, titleParts(block.slice(at + 1).join(' '))));
  }
  return events;
}
