// Events as ActivityNet files, out and in (formats.md 3.8).
// Role: the same events once as ground truth, for training on them, and once as predictions with scores, for comparing
// them with labels by the evaluation kit. Limits: the ground truth has no scores; our own facts are in `zerolabel`.
import { z } from 'zod';
import { classOf, type ExportData, type ExportedFile, eventId, layerOf, textFile } from './data.ts';
import { readJson } from './json.ts';
import {
  frameEvent,
  type ReadEvent,
  type ReadLabels,
  requireRange,
  type SourceFile,
  secondsEvent,
} from './read.ts';
import { nine } from './tables.ts';
import { type ShownVideo, scorelessNotes, shownVideos, withNotes } from './tools.ts';

function byPath<T>(shown: readonly ShownVideo[], of: (video: ShownVideo) => T): Record<string, T> {
  return Object.fromEntries(shown.map((video) => [video.relPath, of(video)]));
}

/** Seconds of media time. */
function segment(video: ShownVideo, event: { start: number; end: number }): number[] {
  return [nine(video.secondsAt(event.start)), nine(video.secondsAt(event.end))];
}

function groundTruth(data: ExportData, shown: readonly ShownVideo[]) {
  return {
    version: `Zerolabel ${data.appVersion}`,
    taxonomy: [],
    database: byPath(shown, (video) => ({
      subset: 'training',
      duration: nine(video.secondsAt(video.frames)),
      resolution: `${video.size.width}x${video.size.height}`,
      annotations: video.events.map((event) => ({
        segment: segment(video, event),
        label: classOf(event),
        zerolabel: {
          event_id: eventId(data, video.id, event),
          start_frame: event.start,
          end_frame_excl: event.end,
          ...(layerOf(event) !== 'model' && { layer: layerOf(event) }),
          ...(event.max !== null && { score_max: nine(event.max) }),
        },
      })),
    })),
  };
}

function predictions(data: ExportData, shown: readonly ShownVideo[]) {
  return {
    version: `Zerolabel ${data.appVersion}`,
    results: byPath(shown, (video) =>
      video.events.map((event) => ({
        score: event.max === null ? 1 : nine(event.max),
        segment: segment(video, event),
        label: classOf(event),
        zerolabel: {
          event_id: eventId(data, video.id, event),
          start_frame: event.start,
          end_frame_excl: event.end,
          ...(event.mean !== null && { score_mean: nine(event.mean) }),
          ...(event.uncertainty != null && { uncertainty: nine(event.uncertainty) }),
        },
      })),
    ),
    external_data: {},
  };
}

/** `activitynet/ground_truth.json` and `activitynet/predictions.json`; normal videos have empty lists. */
export function writeActivityNet(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'ActivityNet');
  const file = (name: string, value: object) =>
    textFile(`activitynet/${name}.json`, `${JSON.stringify(value, null, 2)}\n`);
  const files =
    shown.length > 0
      ? [file('ground_truth', groundTruth(data, shown)), file('predictions', predictions(data, shown))]
      : [];
  const convention =
    data.source === 'run'
      ? 'Media time in seconds, end excluded; videos are named by their paths. Every label is one of the run, none is by a person.'
      : 'Media time in seconds, end excluded; videos are named by their paths. Who says each label is in "zerolabel".';
  return withNotes('activitynet', files, convention, [...notes, ...scorelessNotes(shown, 'ActivityNet')]);
}

const layerSchema = z.enum(['model', 'rule', 'human', 'truth', 'imported']);
const own = z
  .object({
    start_frame: z.int().nonnegative().optional(),
    end_frame_excl: z.int().nonnegative().optional(),
    layer: layerSchema.optional(),
    score_max: z.number().optional(),
  })
  .optional();
const annotation = z.object({
  segment: z.tuple([z.number(), z.number()]),
  label: z.string(),
  score: z.number().optional(),
  zerolabel: own,
});
const kit = z.union([
  z.object({ database: z.record(z.string(), z.object({ annotations: z.array(annotation) })) }),
  z.object({ results: z.record(z.string(), z.array(annotation)) }),
]);

/**
 * Reads ground truth (`database`) or predictions (`results`) of the evaluation kit. Our own facts in `zerolabel` are
 * used where they are, so that frames come back exactly.
 * @throws AppError naming file and line.
 */
export function readActivityNet({ name, bytes }: SourceFile): ReadLabels {
  const content = readJson(name, bytes, kit, "ground truth or predictions of ActivityNet's kit");
  const lists =
    'database' in content
      ? Object.entries(content.database).map(([key, { annotations }]) => [key, annotations] as const)
      : Object.entries(content.results);
  const videos = lists.map(([key, annotations]) => ({
    key,
    frames: null,
    scores: null,
    file: name,
    events: annotations.map(({ segment: [start, end], label, score, zerolabel: facts }, i): ReadEvent => {
      const where = `${name}, label ${i + 1} of "${key}"`;
      const more = { class: label, score: score ?? facts?.score_max ?? null, layer: facts?.layer ?? null };
      if (facts?.start_frame !== undefined && facts.end_frame_excl !== undefined) {
        requireRange(where, facts.start_frame, facts.end_frame_excl);
        return frameEvent(facts.start_frame, facts.end_frame_excl, more);
      }
      requireRange(where, start, end);
      return secondsEvent(start, end, more);
    }),
  }));
  return { videos, notes: [] };
}
