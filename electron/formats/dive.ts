// Events as DIVE tracks, JSON version 2, one file per video, out and in (formats.md 3.11).
// Role: each event is a track with a box over the whole picture at its first and last frame. Limits: one rate per video.
import { z } from 'zod';
import { classOf, type ExportData, type ExportedFile, layerOf, textFile } from './data.ts';
import { readJson } from './json.ts';
import { frameEvent, type ReadEvent, requireRange, type SourceFile } from './read.ts';
import { nine } from './tables.ts';
import { paceNotes, rate, type ShownVideo, scorelessNotes, shownVideos, withNotes } from './tools.ts';

function track(video: ShownVideo, event: ShownVideo['events'][number], id: number) {
  const bounds = [0, 0, video.size.width, video.size.height];
  const last = event.end - 1;
  const first = { frame: event.start, bounds, keyframe: true, interpolate: last > event.start };
  const layer = layerOf(event);
  return {
    id,
    meta: {},
    attributes: layer === 'model' ? {} : { layer },
    // DIVE's own "accept as correct" is a confidence of 1.
    confidencePairs: [[classOf(event), event.max === null ? 1 : nine(event.max)]],
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
    [...notes, ...paceNotes(shown, 'DIVE'), ...scorelessNotes(shown, 'DIVE')],
    'DIVE: events are boxes over the whole picture; the name of the video, event ids and mean scores are not in it.',
  );
}

const layer = z.enum(['model', 'rule', 'human', 'truth', 'imported']);
const trackSchema = z.object({
  begin: z.int(),
  end: z.int(),
  confidencePairs: z.array(z.tuple([z.string(), z.number()])).default([]),
  attributes: z.record(z.string(), z.unknown()).default({}),
});
const file = z.object({ tracks: z.record(z.string(), trackSchema) });

/** Reads tracks as events from `begin` to `end`, with their most confident type. @throws AppError naming file and line. */
export function readDive({ name, bytes }: SourceFile): ReadEvent[] {
  const { tracks } = readJson(name, bytes, file, 'annotations of DIVE, version 2');
  return Object.entries(tracks).map(([id, { begin, end, confidencePairs, attributes }]) => {
    requireRange(`${name}, track ${id}`, begin, end + 1);
    const [best] = [...confidencePairs].sort((a, b) => b[1] - a[1]);
    const said = layer.safeParse(attributes.layer);
    return frameEvent(begin, end + 1, {
      class: best?.[0] ?? null,
      score: best?.[1] ?? null,
      layer: said.success ? said.data : null,
    });
  });
}
