// Events as DIVE tracks, JSON version 2, one file per video (formats.md 3.11).
// Role: each event is a track with a box over the whole picture at its first and last frame. Limits: one rate per video.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { paceNotes, rate, type ShownVideo, shownVideos, withNotes } from './tools.ts';

function track(video: ShownVideo, event: ShownVideo['events'][number], id: number) {
  const bounds = [0, 0, video.size.width, video.size.height];
  const last = event.end - 1;
  const first = { frame: event.start, bounds, keyframe: true, interpolate: last > event.start };
  return {
    id,
    meta: {},
    attributes: {},
    confidencePairs: [[ANOMALY, nine(event.max)]],
    begin: event.start,
    end: last,
    features:
      last > event.start ? [first, { frame: last, bounds, keyframe: true, interpolate: false }] : [first],
  };
}

/** `dive/<video>.json`; a video without events has a file without tracks. */
export function writeDive(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'DIVE');
  const files = shown.map((video) => {
    const tracks = Object.fromEntries(video.events.map((event, id) => [id, track(video, event, id)]));
    const project = { version: 2, fps: rate(video), tracks, groups: {} };
    return textFile(`dive/${video.stem}.json`, `${JSON.stringify(project, null, 2)}\n`);
  });
  return withNotes(
    'dive',
    files,
    'Frames from 0, both ends included.',
    [...notes, ...paceNotes(shown, 'DIVE')],
    'DIVE: events are boxes over the whole picture; the name of the video, event ids and mean scores are not in it.',
  );
}
