// Events as VIAME tracks, one CSV per video (formats.md 3.11).
// Role: one row per frame of each event with a box over the whole picture; fewer rows would be shown as a gap.
// Limits: large for long events.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { clock, paceNotes, rate, type ShownVideo, shownVideos, withNotes } from './tools.ts';

const LEGEND =
  '# 1: track id, 2: time, 3: frame, 4-7: box (left, top, right, bottom), 8: confidence, 9: length, 10-11: type and its confidence';

function rows(video: ShownVideo): string[] {
  const { width, height } = video.size;
  return video.events.flatMap((event, id) => {
    const score = nine(event.max);
    return Array.from({ length: event.end - event.start }, (_, i) => {
      const frame = event.start + i;
      const time = clock(video.secondsAt(frame), '.', 6);
      return `${id},${time},${frame},0,0,${width},${height},${score},-1,${ANOMALY},${score}\n`;
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
    [...notes, ...paceNotes(shown, 'VIAME')],
    'VIAME: events are boxes over the whole picture; the name of the video, event ids and mean scores are not in it.',
  );
}
