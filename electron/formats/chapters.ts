// Events as chapters in FFmpeg's metadata text, one file per video (formats.md 3.15).
// Role: `ffmpeg -i video -i file -map_metadata 1 -codec copy out` puts them into the container; CVAT and LosslessCut read
// them there. Limits: milliseconds; the time between events has no chapter.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { milliseconds, shownVideos, title, withNotes } from './tools.ts';

/** `chapters/<video>.ffmetadata`; only the header for a video without events. */
export function writeChapters(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'Chapters');
  const files = shown.map((video) => {
    const chapters = video.events.map((event) => {
      const [start, end] = milliseconds(video, event);
      return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=${title(event)}\n`;
    });
    return textFile(`chapters/${video.stem}.ffmetadata`, `;FFMETADATA1\n${chapters.join('')}`);
  });
  return withNotes(
    'chapters',
    files,
    'Media time in milliseconds, end excluded.',
    [...notes],
    'Chapters: times are rounded to milliseconds and scores to two decimals; the name of the video, event ids and mean scores are not in it.',
  );
}
