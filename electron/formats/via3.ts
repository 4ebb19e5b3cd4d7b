// Events as temporal segments of a VIA 3 project (formats.md 3.12).
// Role: one project for all videos, with label and score as attributes. Limits: microseconds.
import { type ExportData, type ExportedFile, eventId, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { type ShownVideo, shownVideos, withNotes } from './tools.ts';

/** VIA's numbers: kinds of attributes and files, where a file lies, and the anchor of a temporal segment. */
const TEXT = 1;
const SELECT = 4;
const VIDEO = 4;
const FILE_PATH = 3;
const TEMPORAL_SEGMENT = 'FILE1_Z2_XY0';

function segments(data: ExportData, video: ShownVideo, vid: string) {
  const at = (frame: number) => Number(Math.max(0, video.secondsAt(frame)).toFixed(6));
  return video.events.map((event) => [
    `${vid}_${eventId(data, video.id, event)}`,
    { vid, flg: 0, z: [at(event.start), at(event.end)], xy: [], av: { 1: '1', 2: String(nine(event.max)) } },
  ]);
}

function attribute(aname: string, type: number, desc: string, options: Record<string, string>) {
  return { aname, anchor_id: TEMPORAL_SEGMENT, type, desc, options, default_option_id: '' };
}

/** `via3/project.json`. */
export function writeVia3(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'VIA');
  const vids = shown.map((_, v) => String(v + 1));
  const byVid = <T>(of: (video: ShownVideo, vid: string) => T) =>
    Object.fromEntries(shown.map((video, v) => [vids[v], of(video, vids[v])]));
  const project = {
    project: {
      // Placeholders that VIA replaces when somebody shares the project.
      pid: '__VIA_PROJECT_ID__',
      rev: '__VIA_PROJECT_REV_ID__',
      rev_timestamp: '__VIA_PROJECT_REV_TIMESTAMP__',
      pname: `${data.project.name}: ${data.run.name}`,
      creator: `Zerolabel ${data.appVersion}`,
      created: data.run.createdAt,
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
      1: attribute('label', SELECT, 'What happens', { 1: ANOMALY }),
      2: attribute('score', TEXT, 'Highest segment score', {}),
    },
    file: byVid((video, fid) => ({
      fid,
      fname: video.relPath.replace(/^.*\//, ''),
      type: VIDEO,
      loc: FILE_PATH,
      src: video.relPath,
    })),
    metadata: Object.fromEntries(shown.flatMap((video, v) => segments(data, video, vids[v]))),
    view: byVid((_, vid) => ({ fid_list: [vid] })),
  };
  const files =
    shown.length > 0 ? [textFile('via3/project.json', `${JSON.stringify(project, null, 2)}\n`)] : [];
  const convention =
    'Media time in seconds, end excluded. Paths are those below the import folder; set it as the location prefix for files in VIA.';
  return withNotes('via3', files, convention, notes, 'VIA: mean scores are not in it.');
}
