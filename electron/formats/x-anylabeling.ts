// Events as sidecars of X-AnyLabeling's video classifier, one JSON per video, out and in (formats.md 3.15).
// Role: `<video>.json`, which the tool looks for beside the video. Limits: milliseconds; the tool computes frames from
// them at a constant rate, so frames of videos with varying rate come from the milliseconds here.
import { z } from 'zod';
import { classOf, type ExportData, type ExportedFile, eventId, layerOf, textFile } from './data.ts';
import { readJson } from './json.ts';
import {
  keyOfFile,
  type ReadVideo,
  requireRange,
  type SourceFile,
  secondsEvent,
  titleParts,
} from './read.ts';
import {
  classesOf,
  coarseNotes,
  milliseconds,
  paceNotes,
  rate,
  type ShownVideo,
  shownVideos,
  withNotes,
} from './tools.ts';

/** Colours of the labels in turn. */
const COLOURS = ['#d62728', '#1f77b4', '#2ca02c', '#ff7f0e', '#9467bd', '#17becf'];

function sidecar(data: ExportData, video: ShownVideo) {
  const labels = classesOf([video]);
  const fps = rate(video);
  return {
    version: '1.0.0',
    type: 'video_classification',
    video: video.relPath.replace(/^.*\//, ''),
    fps,
    duration_ms: Math.round(video.secondsAt(video.frames) * 1000),
    width: video.size.width,
    height: video.size.height,
    labels,
    label_colors: Object.fromEntries(labels.map((name, i) => [name, COLOURS[i % COLOURS.length]])),
    segments: video.events.map((event) => {
      const [start, end] = milliseconds(video, event);
      return {
        id: eventId(data, video.id, event),
        label: classOf(event),
        start_ms: start,
        end_ms: end,
        start_frame: Math.round((start * fps) / 1000),
        end_frame: Math.round((end * fps) / 1000),
        description: [event.max?.toFixed(2), `(${layerOf(event)})`].filter(Boolean).join(' '),
      };
    }),
  };
}

/** `x_anylabeling/<video>.json`; a video without events has a sidecar without segments. */
export function writeXAnyLabeling(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'X-AnyLabeling');
  const files = shown.map((video) =>
    textFile(`x_anylabeling/${video.stem}.json`, `${JSON.stringify(sidecar(data, video), null, 2)}\n`),
  );
  const coarse = coarseNotes(shown, 'X-AnyLabeling', (video, event) => {
    const [start, end] = milliseconds(video, event);
    return [start / 1000, end / 1000];
  });
  return withNotes(
    'x_anylabeling',
    files,
    'Media time in milliseconds, end excluded; start_frame and end_frame are what the tool computes from it. Put each file beside its video.',
    [...notes, ...coarse, ...paceNotes(shown, 'X-AnyLabeling')],
    'X-AnyLabeling: scores are in the descriptions, rounded to two decimals; mean scores are not in it.',
  );
}

const schema = z.object({
  video: z.string().default(''),
  segments: z.array(
    z.object({
      label: z.string(),
      start_ms: z.number(),
      end_ms: z.number(),
      description: z.string().default(''),
    }),
  ),
});

/** Reads a sidecar; the video is named by the place of the file. @throws AppError naming file and line. */
export function readXAnyLabeling({ name, bytes }: SourceFile): ReadVideo {
  const { segments } = readJson(name, bytes, schema, "a sidecar of X-AnyLabeling's video classifier");
  return {
    key: keyOfFile(name, 'x_anylabeling'),
    frames: null,
    scores: null,
    file: name,
    events: segments.map(({ label, start_ms: start, end_ms: end, description }, i) => {
      requireRange(`${name}, segment ${i + 1}`, start, end);
      const { score, layer } = titleParts(` ${description}`);
      return secondsEvent(start / 1000, end / 1000, { class: label, score, layer });
    }),
  };
}
