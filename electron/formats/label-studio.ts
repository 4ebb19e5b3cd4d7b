// Events as Label Studio predictions on a video timeline (formats.md 3.9).
// Role: one project per frame rate, because a project has one; what a model found goes to `predictions`, never to
// `annotations`. Limits: the two readers of the format count differently, so each gets a file of its own.
import { type ExportData, type ExportedFile, eventId, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { paceNotes, rate, type ShownVideo, shownVideos, withNotes } from './tools.ts';

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

function task(data: ExportData, video: ShownVideo, fps: number, reader: keyof typeof READERS) {
  const path = video.relPath.split('/').map(encodeURIComponent).join('/');
  const result = video.events.map((event) => ({
    id: eventId(data, video.id, event),
    type: 'timelinelabels',
    from_name: 'events',
    to_name: 'video',
    score: nine(event.max),
    value: { ranges: [READERS[reader].range(event)], timelinelabels: [ANOMALY] },
  }));
  const score = nine(video.scores.reduce((max, value) => Math.max(max, value), 0));
  return {
    data: { video: `/data/local-files/?d=${path}`, path: video.relPath, fps },
    predictions: [{ model_version: `${data.run.method} ${data.run.name}`, score, result }],
  };
}

function labelConfig(fps: number): string {
  return [
    '<View>',
    '  <TimelineLabels name="events" toName="video">',
    `    <Label value="${ANOMALY}" background="#d64545"/>`,
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
    return [...tasks, textFile(`${folder}/label_config.xml`, labelConfig(fps))];
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
