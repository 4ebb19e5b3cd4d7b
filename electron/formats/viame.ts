// Events as VIAME tracks, one CSV per video, out and in (formats.md 3.11).
// Role: one row per frame of each event with a box over the whole picture; fewer rows would be shown as a gap.
// Limits: large for long events.

import { csvRows } from './csv.ts';
import { classOf, type ExportData, type ExportedFile, layerOf, textFile } from './data.ts';
import { decodeText, rowError } from './lines.ts';
import { decimal, frameEvent, type ReadEvent, requireWhole, type SourceFile } from './read.ts';
import { nine } from './tables.ts';
import { clock, paceNotes, rate, type ShownVideo, scorelessNotes, shownVideos, withNotes } from './tools.ts';

const LEGEND =
  '# 1: track id, 2: time, 3: frame, 4-7: box (left, top, right, bottom), 8: confidence, 9: length, 10-11: type and its confidence';

/** A cell as CSV has it: quoted where it must be. A `#` in front would make the row a comment. */
const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function rows(video: ShownVideo): string[] {
  const { width, height } = video.size;
  return video.events.flatMap((event, id) => {
    const score = event.max === null ? 1 : nine(event.max);
    const type = cell(classOf(event));
    const layer = layerOf(event) === 'model' ? '' : `,(trk-atr) layer ${layerOf(event)}`;
    return Array.from({ length: event.end - event.start }, (_, i) => {
      const frame = event.start + i;
      const time = clock(video.secondsAt(frame), '.', 6);
      return `${id},${time},${frame},0,0,${width},${height},${score},-1,${type},${score}${layer}\n`;
    });
  });
}

/** `viame/<video>.csv`; a video without events has the two comment rows only. */
export function writeViame(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'VIAME');
  const files = shown.map((video) => {
    const metadata = `# metadata,fps: ${rate(video)},"exported_by: Zerolabel ${data.appVersion}"`;
    return textFile(`viame/${video.stem}.csv`, [`${LEGEND}\n${metadata}\n`, ...rows(video)].join(''));
  });
  return withNotes(
    'viame',
    files,
    'Frames from 0, one row per frame of an event.',
    [...notes, ...paceNotes(shown, 'VIAME'), ...scorelessNotes(shown, 'VIAME')],
    'VIAME: events are boxes over the whole picture; the name of the video, event ids and mean scores are not in it.',
  );
}

/**
 * Reads tracks; frames of a track that follow one another are one event, with the most confident type of its first row.
 * @throws AppError `bad_input` with file and line.
 */
export function readViame({ name, bytes }: SourceFile): ReadEvent[] {
  const tracks = new Map<string, { frame: number; event: Partial<ReadEvent> }[]>();
  for (const { line, cells } of csvRows(name, decodeText(name, bytes))) {
    if (cells[0].startsWith('#')) continue;
    const where = `${name}, line ${line}`;
    if (cells.length < 9)
      throw rowError(name, line, 'expected at least nine cells: track, time, frame, box ...');
    const frame = requireWhole(where, 'the frame', cells[2]);
    if (frame < 0) throw rowError(name, line, `${frame} is no frame.`);
    const types: [string, number][] = [];
    let i = 9;
    for (; i + 1 < cells.length && !/^\((atr|trk-atr|note|kp|poly)\)/.test(cells[i]); i += 2) {
      const score = decimal(cells[i + 1]);
      if (score === null) throw rowError(name, line, `"${cells[i + 1].slice(0, 40)}" is no confidence.`);
      types.push([cells[i], score]);
    }
    const [best] = types.sort((a, b) => b[1] - a[1]);
    const said = cells.map((text) => /^\(trk-atr\) layer (rule|human|truth|imported)$/.exec(text)?.[1]);
    const layer = (said.find((text) => text !== undefined) as ReadEvent['layer'] | undefined) ?? null;
    const id = cells[0].trim();
    const own = tracks.get(id) ?? [];
    own.push({
      frame,
      event: { class: best?.[0] ?? null, score: best?.[1] ?? decimal(cells[7]), layer },
    });
    tracks.set(id, own);
  }
  return [...tracks.values()].flatMap((boxes) => {
    boxes.sort((a, b) => a.frame - b.frame);
    const events: ReadEvent[] = [];
    for (const { frame, event } of boxes) {
      const last = events.at(-1);
      if (last && frame <= (last.end ?? 0)) last.end = frame + 1;
      else events.push(frameEvent(frame, frame + 1, event));
    }
    return events;
  });
}
