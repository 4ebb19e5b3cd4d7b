// Events on a video timeline of Label Studio, out and in (formats.md 3.9).
// Role: one project per frame rate, because a project has one; what a model found goes to `predictions`, what people say
// to `annotations`. Limits: the two readers of the format count differently, so each gets a file of its own.
import { z } from 'zod';
import {
  ANOMALY,
  classOf,
  type ExportData,
  type ExportEvent,
  type ExportedFile,
  eventId,
  layerOf,
  textFile,
} from './data.ts';
import { readJson } from './json.ts';
import { frameEvent, type ReadEvent, type ReadLabels, requireRange, type SourceFile } from './read.ts';
import { nine } from './tables.ts';
import { classesOf, paceNotes, rate, type ShownVideo, shownVideos, withNotes } from './tools.ts';
import { xmlText } from './xml.ts';

const READERS = {
  ui: {
    file: 'tasks.json',
    convention:
      "Label Studio's own counting: frames from 1, both ends included. Served as local files from the folder the videos were imported from.",
    range: ({ start, end }: { start: number; end: number }) => ({ start: start + 1, end }),
  },
  mlBackend: {
    file: 'tasks-ml-backend.json',
    convention:
      "The counting of Label Studio's example of a video model: frames from 0, end excluded. Not for import into the page.",
    range: ({ start, end }: { start: number; end: number }) => ({ start, end }),
  },
} as const;

/** Layers that are no person's word. */
const MACHINE: ReadonlySet<string> = new Set(['model', 'rule', 'imported']);

/** Ids are unique in a task, also where two events are the same. */
function regionId(id: string, events: readonly ExportEvent[], at: number): string {
  const { start, end } = events[at];
  const before = events
    .slice(0, at)
    .filter((e) => e.start === start && e.end === end && classOf(e) === classOf(events[at])).length;
  return before === 0 ? id : `${id}-${before + 1}`;
}

function task(data: ExportData, video: ShownVideo, fps: number, reader: keyof typeof READERS) {
  const path = video.relPath.split('/').map(encodeURIComponent).join('/');
  const regions = (events: readonly ExportEvent[]) =>
    events.map((event, i) => ({
      id: regionId(eventId(data, video.id, event), events, i),
      type: 'timelinelabels',
      from_name: 'events',
      to_name: 'video',
      ...(event.max !== null && { score: nine(event.max) }),
      value: { ranges: [READERS[reader].range(event)], timelinelabels: [classOf(event)] },
    }));
  const machine = video.events.filter((event) => MACHINE.has(layerOf(event)));
  const people = video.events.filter((event) => !MACHINE.has(layerOf(event)));
  const score = nine(video.scores.reduce((max, value) => Math.max(max, value), 0));
  const version = data.run ? `${data.run.method} ${data.run.name}` : data.title;
  return {
    data: { video: `/data/local-files/?d=${path}`, path: video.relPath, fps },
    ...(people.length > 0 && {
      annotations: [{ ground_truth: data.source === 'truth', result: regions(people) }],
    }),
    predictions: data.source === 'truth' ? [] : [{ model_version: version, score, result: regions(machine) }],
  };
}

/** Colours of the labels in turn. */
const COLOURS = ['#d64545', '#3b7dd8', '#3a9d6a', '#b8791f', '#8658c4', '#17879b'];

function labelConfig(fps: number, classes: readonly string[]): string {
  return [
    '<View>',
    '  <TimelineLabels name="events" toName="video">',
    ...(classes.length > 0 ? classes : [ANOMALY]).map(
      (name, i) => `    <Label value="${xmlText(name)}" background="${COLOURS[i % COLOURS.length]}"/>`,
    ),
    '  </TimelineLabels>',
    `  <Video name="video" value="$video" timelineHeight="120" frameRate="${fps}"/>`,
    '</View>',
    '',
  ].join('\n');
}

/** `label_studio/<rate>fps/` with `tasks.json`, `tasks-ml-backend.json` and `label_config.xml`. */
export function writeLabelStudio(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'Label Studio');
  const projects = new Map<number, ShownVideo[]>();
  for (const video of shown) projects.set(rate(video), [...(projects.get(rate(video)) ?? []), video]);
  const files = [...projects].flatMap(([fps, videos]) => {
    const folder = `label_studio/${fps}fps`;
    const tasks = (Object.keys(READERS) as (keyof typeof READERS)[]).map((reader) => {
      const list = videos.map((video) => task(data, video, fps, reader));
      const { file, convention } = READERS[reader];
      return { ...textFile(`${folder}/${file}`, `${JSON.stringify(list, null, 2)}\n`), convention };
    });
    return [...tasks, textFile(`${folder}/label_config.xml`, labelConfig(fps, classesOf(videos)))];
  });
  const split =
    projects.size > 1
      ? [
          `Label Studio: a project has one frame rate, so the videos are in ${projects.size} projects, one per rate.`,
        ]
      : [];
  return withNotes(
    'label_studio',
    files,
    'Labelling interface of the project beside it.',
    [...notes, ...split, ...paceNotes(shown, 'Label Studio')],
    'Label Studio: mean scores are not in it.',
  );
}

const regionSchema = z.object({
  type: z.string(),
  score: z.number().nullish(),
  value: z.looseObject({}),
});
const timeline = z.object({
  ranges: z.array(z.object({ start: z.int(), end: z.int() })),
  timelinelabels: z.array(z.string()).default([]),
});
const results = z.object({ was_cancelled: z.boolean().default(false), result: z.array(regionSchema) });
const tasks = z.array(
  z.object({
    data: z.looseObject({ video: z.string() }),
    annotations: z.array(results).default([]),
    predictions: z.array(results).default([]),
  }),
);

/** The path of the video in an address of Label Studio: that of a local file, or its last part. */
function pathOf(data: { video: string; [key: string]: unknown }): string {
  if (typeof data.path === 'string') return data.path;
  const local = /[?&]d=([^&]*)/.exec(data.video)?.[1];
  const path = local ?? data.video.replace(/[?#].*$/, '').replace(/^[a-z]+:\/\/[^/]*\//i, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a percent sign of its own
  }
}

/**
 * Reads the timeline labels of tasks: predictions as the model's, annotations as a person's; cancelled ones are left out.
 * @param base how the file counts: `ui` from 1, both ends included; `ml_backend` from 0, end excluded.
 * @throws AppError naming file and line.
 */
export function readLabelStudio({ name, bytes }: SourceFile, base: 'ui' | 'ml_backend' = 'ui'): ReadLabels {
  const list = readJson(name, bytes, tasks, 'a list of tasks of Label Studio');
  const first = base === 'ui' ? 1 : 0;
  let others = 0;
  const videos = list.map(({ data, annotations, predictions }, t) => {
    const read = (part: z.infer<typeof results>[], layer: ReadEvent['layer']): ReadEvent[] =>
      part
        .filter((one) => !one.was_cancelled)
        .flatMap((one) => one.result)
        .flatMap(({ type, value, score }) => {
          const parsed = type === 'timelinelabels' ? timeline.safeParse(value) : null;
          if (!parsed?.success) {
            others++;
            return [];
          }
          return parsed.data.ranges.map(({ start, end }) => {
            requireRange(`${name}, task ${t + 1}`, start - first, end);
            return frameEvent(start - first, end, {
              class: parsed.data.timelinelabels[0] ?? null,
              score: score ?? null,
              layer,
            });
          });
        });
    return {
      key: pathOf(data),
      frames: null,
      scores: null,
      file: name,
      events: [...read(annotations, 'human'), ...read(predictions, 'model')],
    };
  });
  const notes = others > 0 ? [`${name}: left out ${others} regions that are no timeline labels.`] : [];
  return { videos, notes };
}
