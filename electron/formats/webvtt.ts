// Events as WebVTT cues, one file per video, out and in (formats.md 3.15). Role: for players and the web. Limits:
// milliseconds; class, score and layer share the text of a cue.
import { type ExportData, type ExportedFile, eventId, textFile } from './data.ts';
import { decodeText, rowError } from './lines.ts';
import { clockSeconds, type ReadEvent, type SourceFile, secondsEvent, titleParts } from './read.ts';
import { clock, coarseNotes, milliseconds, shownVideos, titleWithLayer, withNotes } from './tools.ts';

/** A comment may hold neither a line break nor the arrow of a cue. */
function comment(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replaceAll('-->', '--&gt;');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
};
/** Text of a cue without its tags. */
const plain = (text: string): string =>
  text.replace(/<[^>]*>/g, '').replace(/&[a-z]+;/g, (entity) => ENTITIES[entity] ?? entity);

/** `webvtt/<video>.vtt`; a video without events has a file without cues. Cues have the ids of the events. */
export function writeWebVtt(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'WebVTT');
  const files = shown.map((video) => {
    const cues = video.events.map((event) => {
      const [start, end] = milliseconds(video, event).map((ms) => clock(ms / 1000, '.', 3));
      return `\n${eventId(data, video.id, event)}\n${start} --> ${end}\n${escaped(titleWithLayer(event))}\n`;
    });
    const note = `NOTE ${comment(video.relPath)}, ${comment(data.title)}`;
    return textFile(`webvtt/${video.stem}.vtt`, `WEBVTT\n\n${note}\n${cues.join('')}`);
  });
  const coarse = coarseNotes(shown, 'WebVTT', (video, event) => {
    const [start, end] = milliseconds(video, event);
    return [start / 1000, end / 1000];
  });
  return withNotes(
    'webvtt',
    files,
    'Media time in milliseconds, end excluded.',
    [...notes, ...coarse],
    'WebVTT: times are rounded to milliseconds and scores to two decimals; mean scores are not in it.',
  );
}

/**
 * Reads cues with or without ids and settings, LF or CRLF; comments, styles and regions are passed over.
 * @throws AppError `bad_input` with file and line for what is neither.
 */
export function readWebVtt({ name, bytes }: SourceFile): ReadEvent[] {
  const lines = decodeText(name, bytes)
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/);
  if (!/^WEBVTT($|[ \t])/.test(lines[0])) throw rowError(name, 1, 'a WebVTT file begins with "WEBVTT".');
  const events: ReadEvent[] = [];
  for (let i = 1; i < lines.length; i++) {
    if (lines[i] === '') continue;
    const begin = i;
    while (i < lines.length && lines[i] !== '') i++;
    const block = lines.slice(begin, i);
    const at = block.findIndex((line) => line.includes('-->'));
    if (/^(NOTE|STYLE|REGION)($|[ \t])/.test(block[0]) && at !== 0) continue;
    if (at < 0 || at > 1) {
      if (events.length === 0 && begin === 1) continue; // lines of the header
      throw rowError(
        name,
        begin + 1,
        'a cue has its times on the first line or, behind an id, on the second.',
      );
    }
    const [from, to] = block[at].split('-->').map((part) => clockSeconds(part.trim().split(/\s+/)[0] ?? ''));
    if (from === null || to === null || to <= from)
      throw rowError(name, begin + at + 1, `"${block[at].slice(0, 60)}" is no span of time.`);
    events.push(secondsEvent(from, to, titleParts(plain(block.slice(at + 1).join(' ')).trim())));
  }
  return events;
}
