// Events as WebVTT cues, one file per video (formats.md 3.15). Role: for players and the web. Limits: milliseconds.
import { type ExportData, type ExportedFile, eventId, textFile } from './data.ts';
import { clock, milliseconds, shownVideos, title, withNotes } from './tools.ts';

/** A comment may hold neither a line break nor the arrow of a cue. */
function comment(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replaceAll('-->', '--&gt;');
}

/** `webvtt/<video>.vtt`; a video without events has a file without cues. Cues have the ids of the events. */
export function writeWebVtt(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'WebVTT');
  const files = shown.map((video) => {
    const cues = video.events.map((event) => {
      const [start, end] = milliseconds(video, event).map((ms) => clock(ms / 1000, '.', 3));
      return `\n${eventId(data, video.id, event)}\n${start} --> ${end}\n${title(event)} (model)\n`;
    });
    const note = `NOTE ${comment(video.relPath)}, ${comment(data.run.name)}`;
    return textFile(`webvtt/${video.stem}.vtt`, `WEBVTT\n\n${note}\n${cues.join('')}`);
  });
  return withNotes(
    'webvtt',
    files,
    'Media time in milliseconds, end excluded.',
    [...notes],
    'WebVTT: times are rounded to milliseconds and scores to two decimals; mean scores are not in it.',
  );
}
