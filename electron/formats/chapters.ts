// Events as chapters in FFmpeg's metadata text, one file per video, out and in (formats.md 3.15).
// Role: `ffmpeg -i video -i file -map_metadata 1 -codec copy out` puts them into the container; CVAT and LosslessCut read
// them there. Limits: milliseconds; the time between events has no chapter.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { decodeText, rowError, someOf } from './lines.ts';
import { type ReadEvent, requireRange, type SourceFile, secondsEvent, titleParts } from './read.ts';
import { coarseNotes, milliseconds, shownVideos, title, withNotes } from './tools.ts';

const escaped = (text: string): string => text.replace(/[=;#\\\n]/g, (char) => `\\${char}`);

/** `chapters/<video>.ffmetadata`; only the header for a video without events. */
export function writeChapters(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'Chapters');
  const files = shown.map((video) => {
    const chapters = video.events.map((event) => {
      const [start, end] = milliseconds(video, event);
      return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=${escaped(title(event))}\n`;
    });
    return textFile(`chapters/${video.stem}.ffmetadata`, `;FFMETADATA1\n${chapters.join('')}`);
  });
  const overlapping = shown
    .filter(({ events }) => events.some((event, i) => i > 0 && event.start < events[i - 1].end))
    .map((video) => video.relPath);
  const coarse = coarseNotes(shown, 'Chapters', (video, event) => {
    const [start, end] = milliseconds(video, event);
    return [start / 1000, end / 1000];
  });
  return withNotes(
    'chapters',
    files,
    'Media time in milliseconds, end excluded.',
    [
      ...notes,
      ...coarse,
      ...(overlapping.length > 0
        ? [`Chapters follow one another; players show overlapping ones as they like: ${someOf(overlapping)}.`]
        : []),
    ],
    'Chapters: times are rounded to milliseconds and scores to two decimals; the name of the video, event ids, layers and mean scores are not in it.',
  );
}

/** Lines, with a backslash before a line end joining two; each with the number of its first line. */
function logicalLines(text: string): { number: number; text: string }[] {
  const out: { number: number; text: string }[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const number = i + 1;
    let line = lines[i];
    // An odd number of backslashes at the end: the last one escapes the line end.
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) && i + 1 < lines.length) line += `\n${lines[++i]}`;
    out.push({ number, text: line });
  }
  return out;
}

/** Name and value of a line, at the first `=` that is not escaped. */
function pair(line: string): [string, string] | null {
  const [, name, value] = /^((?:[^\\=]|\\.)*)=(.*)$/s.exec(line) ?? [];
  const plain = (text: string) => text.replace(/\\(.)/gs, '$1');
  return name === undefined ? null : [plain(name), plain(value)];
}

/**
 * Reads the chapters of a metadata text; other sections and values are passed over.
 * @throws AppError `bad_input` with file and line for a chapter without its times.
 */
export function readChapters({ name, bytes }: SourceFile): ReadEvent[] {
  const [head, ...lines] = logicalLines(decodeText(name, bytes).replace(/^\uFEFF/, ''));
  if (!head?.text.startsWith(';FFMETADATA'))
    throw rowError(name, 1, 'metadata of FFmpeg begins with ";FFMETADATA1".');
  const chapters: { line: number; values: Map<string, string> }[] = [];
  let current: Map<string, string> | null = null;
  for (const { number, text } of lines) {
    if (text === '' || /^[;#]/.test(text)) continue;
    if (/^\[.*\]\s*$/.test(text)) {
      current = text.trim().toUpperCase() === '[CHAPTER]' ? new Map() : null;
      if (current) chapters.push({ line: number, values: current });
      continue;
    }
    const found = pair(text);
    if (!found) throw rowError(name, number, 'expected "name=value" or a section in brackets.');
    current?.set(found[0].toLowerCase(), found[1]);
  }
  return chapters.map(({ line, values }) => {
    const [, num, den] = /^(\d+)\/(\d+)$/.exec(values.get('timebase') ?? '1/1000000000') ?? [];
    const at = (key: string) => {
      const text = values.get(key) ?? '';
      return /^-?\d+$/.test(text) ? (Number(text) * Number(num)) / Number(den) : Number.NaN;
    };
    const [start, end] = [at('start'), at('end')];
    if (!Number.isFinite(start) || !Number.isFinite(end))
      throw rowError(name, line, 'a chapter needs TIMEBASE, START and END as whole numbers.');
    requireRange(`${name}, line ${line}`, start, end);
    return secondsEvent(start, end, titleParts(values.get('title') ?? ''));
  });
}
