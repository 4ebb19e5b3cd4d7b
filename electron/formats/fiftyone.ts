// Events as a FiftyOne temporal detection data set (formats.md 3.14).
// Role: `labels.json` beside the videos, which stay where they are. Limits: FiftyOne knows a video by its path without
// extension.
import { type ExportData, type ExportedFile, eventId, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { type ShownVideo, shownVideos, withNotes } from './tools.ts';

function detections(data: ExportData, video: ShownVideo) {
  return video.events.map((event) => ({
    label: 0,
    support: [event.start + 1, event.end],
    confidence: nine(event.max),
    attributes: { score_mean: nine(event.mean), event_id: eventId(data, video.id, event) },
  }));
}

/** `fiftyone/labels.json`; a video without events has an empty list, because a missing one would count as unlabelled. */
export function writeFiftyOne(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'FiftyOne');
  const labels = new Map<string, ReturnType<typeof detections>>();
  const shared: string[] = [];
  for (const video of shown) {
    const key = video.relPath.replace(/(?<=[^/])\.[^./]*$/, '');
    if (labels.has(key)) shared.push(video.relPath);
    else labels.set(key, detections(data, video));
  }
  const content = { classes: [ANOMALY], labels: Object.fromEntries(labels) };
  const files =
    shown.length > 0 ? [textFile('fiftyone/labels.json', `${JSON.stringify(content, null, 2)}\n`)] : [];
  const convention =
    'Frames from 1, both ends included. Load as FiftyOneTemporalDetectionDataset with data_path = the folder the videos were imported from.';
  const lost = `FiftyOne: left out, because another video has the same path but for the extension: ${shared.join(', ')}.`;
  return withNotes('fiftyone', files, convention, [...notes, ...(shared.length > 0 ? [lost] : [])]);
}
