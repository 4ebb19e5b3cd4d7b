// Events as a FiftyOne temporal detection data set, out and in (formats.md 3.14).
// Role: `labels.json` beside the videos, which stay where they are. Limits: FiftyOne knows a video by its path without
// extension.
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { ANOMALY, classOf, type ExportData, type ExportedFile, eventId, layerOf, textFile } from './data.ts';
import { readJson } from './json.ts';
import {
  frameEvent,
  type ReadLabels,
  type ReadVideo,
  requireRange,
  type SourceFile,
  secondsEvent,
} from './read.ts';
import { nine } from './tables.ts';
import { classesOf, type ShownVideo, shownVideos, withNotes } from './tools.ts';

function detections(data: ExportData, video: ShownVideo, classes: readonly string[]) {
  return video.events.map((event) => ({
    label: classes.indexOf(classOf(event)),
    support: [event.start + 1, event.end],
    ...(event.max !== null && { confidence: nine(event.max) }),
    attributes: {
      ...(event.mean !== null && { score_mean: nine(event.mean) }),
      ...(event.uncertainty != null && { uncertainty: nine(event.uncertainty) }),
      ...(layerOf(event) !== 'model' && { layer: layerOf(event) }),
      event_id: eventId(data, video.id, event),
    },
  }));
}

/** `fiftyone/labels.json`; a video without events has an empty list, because a missing one would count as unlabelled. */
export function writeFiftyOne(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'FiftyOne');
  const classes = classesOf(shown);
  if (classes.length === 0) classes.push(ANOMALY);
  const labels = new Map<string, ReturnType<typeof detections>>();
  const shared: string[] = [];
  for (const video of shown) {
    const key = video.relPath.replace(/(?<=[^/])\.[^./]*$/, '');
    if (labels.has(key)) shared.push(video.relPath);
    else labels.set(key, detections(data, video, classes));
  }
  const content = { classes, labels: Object.fromEntries(labels) };
  const files =
    shown.length > 0 ? [textFile('fiftyone/labels.json', `${JSON.stringify(content, null, 2)}\n`)] : [];
  const convention =
    'Frames from 1, both ends included. Load as FiftyOneTemporalDetectionDataset with data_path = the folder the videos were imported from.';
  const lost = `FiftyOne: left out, because another video has the same path but for the extension: ${shared.join(', ')}.`;
  return withNotes('fiftyone', files, convention, [...notes, ...(shared.length > 0 ? [lost] : [])]);
}

const pair = z.tuple([z.number(), z.number()]);
const labelsSchema = z.object({
  classes: z.array(z.string()).nullish(),
  labels: z.record(
    z.string(),
    z
      .array(
        z.object({
          label: z.union([z.string(), z.int()]),
          support: z.tuple([z.int(), z.int()]).optional(),
          timestamps: pair.optional(),
          confidence: z.number().nullish(),
          attributes: z.looseObject({}).default({}),
        }),
      )
      .nullable(),
  ),
});
const layerSchema = z.enum(['model', 'rule', 'human', 'truth', 'imported']);

/**
 * Reads `labels.json`. A video whose labels are null is unlabelled and left out.
 * @throws AppError naming file and line for anything else, also for a class number without a name.
 */
export function readFiftyOne({ name, bytes }: SourceFile): ReadLabels {
  const { classes, labels } = readJson(name, bytes, labelsSchema, "FiftyOne's labels.json");
  const videos = Object.entries(labels).flatMap(([key, list]): ReadVideo[] => {
    if (list === null) return [];
    const events = list.map(({ label, support, timestamps, confidence, attributes }, i) => {
      const where = `${name}, detection ${i + 1} of "${key}"`;
      const text = typeof label === 'string' ? label : classes?.[label];
      if (text === undefined) {
        throw new AppError('bad_input', `${where}: class ${label} has no name in "classes". Add it there.`, {
          file: name,
        });
      }
      const said = layerSchema.safeParse(attributes.layer);
      const more = { class: text, score: confidence ?? null, layer: said.success ? said.data : null };
      if (support) {
        requireRange(where, support[0] - 1, support[1]);
        return frameEvent(support[0] - 1, support[1], more);
      }
      if (!timestamps) {
        throw new AppError('bad_input', `${where}: it has neither "support" nor "timestamps".`, {
          file: name,
        });
      }
      requireRange(where, timestamps[0], timestamps[1]);
      return secondsEvent(timestamps[0], timestamps[1], more);
    });
    return [{ key, frames: null, events, scores: null, file: name }];
  });
  return { videos, notes: [] };
}
