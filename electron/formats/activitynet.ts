// Events as ActivityNet files (formats.md 3.8).
// Role: the same events once as ground truth, for training on them, and once as predictions with scores, for comparing
// them with labels by the evaluation kit. Limits: the ground truth has no scores; our own facts are in `zerolabel`.
import { type ExportData, type ExportedFile, eventId, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { type ShownVideo, shownVideos, withNotes } from './tools.ts';

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
        label: ANOMALY,
        zerolabel: {
          event_id: eventId(data, video.id, event),
          start_frame: event.start,
          end_frame_excl: event.end,
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
        score: nine(event.max),
        segment: segment(video, event),
        label: ANOMALY,
        zerolabel: { event_id: eventId(data, video.id, event), score_mean: nine(event.mean) },
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
    'Media time in seconds, end excluded; videos are named by their paths. Every label is one of the run, none is by a person.';
  return withNotes('activitynet', files, convention, notes);
}
