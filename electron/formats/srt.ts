// Events as SubRip subtitles, one file per video (formats.md 3.15). Role: for players. Limits: milliseconds, no comments.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { clock, milliseconds, shownVideos, title, withNotes } from './tools.ts';

/** `srt/<video>.srt`, counted from 1; empty for a video without events. */
export function writeSrt(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'SRT');
  const files = shown.map((video) => {
    const subtitles = video.events.map((event, i) => {
      const [start, end] = milliseconds(video, event).map((ms) => clock(ms / 1000, ',', 3));
      return `${i + 1}\n${start} --> ${end}\n${title(event)} (model)\n\n`;
    });
    return textFile(`srt/${video.stem}.srt`, subtitles.join(''));
  });
  return withNotes(
    'srt',
    files,
    'Media time in milliseconds, end excluded.',
    [...notes],
    'SRT: times are rounded to milliseconds and scores to two decimals; the name of the video, event ids and mean scores are not in it.',
  );
}
