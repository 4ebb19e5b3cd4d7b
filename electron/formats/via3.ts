// Events as temporal segments of a VIA 3 project, out and in (formats.md 3.12).
// Role: one project for all videos, with label, score and layer as attributes. Limits: microseconds.
import { z } from 'zod';
import { ANOMALY, classOf, type ExportData, type ExportedFile, eventId, layerOf, textFile } from './data.ts';
import { readJson } from './json.ts';
import {
  decimal,
  type ReadLabels,
  type ReadVideo,
  requireRange,
  type SourceFile,
  secondsEvent,
} from './read.ts';
import { nine } from './tables.ts';
import { classesOf, coarseNotes, type ShownVideo, shownVideos, withNotes } from './tools.ts';

/** VIA's numbers: kinds of attributes and files, where a file lies, and the anchor of a temporal segment. */
const TEXT = 1;
const SELECT = 4;
const VIDEO = 4;
const FILE_PATH = 3;
const TEMPORAL_SEGMENT = 'FILE1_Z2_XY0';

function times(video: ShownVideo, event: { start: number; end: number }): [number, number] {
  const at = (frame: number) => Number(Math.max(0, video.secondsAt(frame)).toFixed(6));
  return [at(event.start), at(event.end)];
}

function segments(data: ExportData, video: ShownVideo, vid: string, classes: readonly string[]) {
  return video.events.map((event, i) => [
    `${vid}_${eventId(data, video.id, event)}${repeats(video.events, i)}`,
    {
      vid,
      flg: 0,
      z: times(video, event),
      xy: [],
      av: {
        1: String(classes.indexOf(classOf(event)) + 1),
        ...(event.max !== null && { 2: String(nine(event.max)) }),
        ...(layerOf(event) !== 'model' && { 3: layerOf(event) }),
      },
    },
  ]);
}

/** Sets equal events apart, which would be one member of the project. */
function repeats(events: ShownVideo['events'], at: number): string {
  const same = (other: ShownVideo['events'][number]) =>
    other.start === events[at].start &&
    other.end === events[at].end &&
    classOf(other) === classOf(events[at]);
  const before = events.slice(0, at).filter(same).length;
  return before === 0 ? '' : `_${before + 1}`;
}

function attribute(aname: string, type: number, desc: string, options: Record<string, string>) {
  return { aname, anchor_id: TEMPORAL_SEGMENT, type, desc, options, default_option_id: '' };
}

/** `via3/project.json`. */
export function writeVia3(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'VIA');
  const classes = classesOf(shown);
  const layered = shown.some((video) => video.events.some((event) => layerOf(event) !== 'model'));
  const vids = shown.map((_, v) => String(v + 1));
  const byVid = <T>(of: (video: ShownVideo, vid: string) => T) =>
    Object.fromEntries(shown.map((video, v) => [vids[v], of(video, vids[v])]));
  const project = {
    project: {
      // Placeholders that VIA replaces when somebody shares the project.
      pid: '__VIA_PROJECT_ID__',
      rev: '__VIA_PROJECT_REV_ID__',
      rev_timestamp: '__VIA_PROJECT_REV_TIMESTAMP__',
      pname: `${data.project.name}: ${data.title}`,
      creator: `Zerolabel ${data.appVersion}`,
      created: data.run?.createdAt ?? 0,
      vid_list: vids,
    },
    config: {
      file: { loc_prefix: { 1: '', 2: '', 3: '', 4: '' } },
      ui: {
        file_content_align: 'center',
        file_metadata_editor_visible: true,
        spatial_metadata_editor_visible: true,
        temporal_segment_metadata_editor_visible: true,
        spatial_region_label_attribute_id: '',
        gtimeline_visible_row_count: '4',
      },
    },
    attribute: {
      1: attribute(
        'label',
        SELECT,
        'What happens',
        Object.fromEntries((classes.length > 0 ? classes : [ANOMALY]).map((name, i) => [i + 1, name])),
      ),
      2: attribute('score', TEXT, 'Highest segment score', {}),
      ...(layered && { 3: attribute('layer', TEXT, 'Who says so', {}) }),
    },
    file: byVid((video, fid) => ({
      fid,
      fname: video.relPath.replace(/^.*\//, ''),
      type: VIDEO,
      loc: FILE_PATH,
      src: video.relPath,
    })),
    metadata: Object.fromEntries(shown.flatMap((video, v) => segments(data, video, vids[v], classes))),
    view: byVid((_, vid) => ({ fid_list: [vid] })),
  };
  const files =
    shown.length > 0 ? [textFile('via3/project.json', `${JSON.stringify(project, null, 2)}\n`)] : [];
  const convention =
    'Media time in seconds, end excluded. Paths are those below the import folder; set it as the location prefix for files in VIA.';
  const coarse = coarseNotes(shown, 'VIA', times);
  return withNotes(
    'via3',
    files,
    convention,
    [...notes, ...coarse],
    'VIA: mean scores are not in it; its times are rounded to microseconds.',
  );
}

const projectSchema = z.object({
  attribute: z.record(
    z.string(),
    z.object({
      aname: z.string(),
      anchor_id: z.string(),
      options: z.record(z.string(), z.string()).default({}),
    }),
  ),
  file: z.record(z.string(), z.object({ fname: z.string(), src: z.string().default('') })),
  view: z.record(z.string(), z.object({ fid_list: z.array(z.union([z.string(), z.number()])) })),
  metadata: z.record(
    z.string(),
    z.object({
      vid: z.union([z.string(), z.number()]),
      z: z.array(z.number()),
      av: z.record(z.string(), z.string()).default({}),
    }),
  ),
});
const layerSchema = z.enum(['rule', 'human', 'truth', 'imported']);

/**
 * Reads the temporal segments of a project; points in time and regions are left out and told.
 * @throws AppError naming file and line for anything but a project of VIA 3.
 */
export function readVia3({ name, bytes }: SourceFile): ReadLabels {
  const project = readJson(name, bytes, projectSchema, 'a project of VIA 3');
  const temporal = Object.entries(project.attribute).filter(([, a]) => a.anchor_id === TEMPORAL_SEGMENT);
  const named = (wanted: string) => temporal.find(([, a]) => a.aname === wanted)?.[0];
  const score = named('score');
  const layer = named('layer');
  const label = named('label') ?? temporal.find(([id]) => id !== score && id !== layer)?.[0];
  const videos = new Map<string, ReadVideo>();
  for (const [vid, { fid_list: fids }] of Object.entries(project.view)) {
    const file = project.file[String(fids[0])];
    if (!file) continue;
    // Files opened in a browser have no path, or one that is data.
    const key = /^(data|blob):/.test(file.src) || file.src === '' ? file.fname : file.src;
    videos.set(vid, { key, frames: null, events: [], scores: null, file: name });
  }
  let others = 0;
  for (const [id, { vid, z: span, av }] of Object.entries(project.metadata)) {
    const video = videos.get(String(vid));
    if (!video || span.length !== 2) {
      others++;
      continue;
    }
    requireRange(`${name}, segment ${id}`, span[0], span[1]);
    const chosen = label === undefined ? undefined : av[label];
    const said = layerSchema.safeParse(layer === undefined ? undefined : av[layer]);
    video.events.push(
      secondsEvent(span[0], span[1], {
        class: chosen === undefined ? null : (project.attribute[label ?? '']?.options[chosen] ?? chosen),
        score: score === undefined || av[score] === undefined ? null : decimal(av[score]),
        layer: said.success ? said.data : null,
      }),
    );
  }
  const notes = others > 0 ? [`${name}: left out ${others} marks that are no segments of a video.`] : [];
  return { videos: [...videos.values()], notes };
}
