// Whether our own reader gives back what a writer wrote. Role: the law that a format either holds a label or says that it
// does not, checked on the very files of an export. Limits: compares what the format can hold; see `HOLDS`.
import type {
  ExportFormat,
  ExportOptions,
  ImportFormat,
  ImportOptions,
} from '../../shared/contract/formats.ts';
import { normalize } from '../../shared/labels/intervals.ts';
import { classOf, type ExportData, type ExportEvent, type ExportedFile, layerOf } from './data.ts';
import { readLabels } from './import.ts';
import { writeManifest } from './manifest.ts';
import { type PlacedEvent, placeLabels } from './match.ts';
import { rate } from './tools.ts';

/** What a format holds of an event besides its frames. */
export interface Holds {
  /** Events that touch or overlap stay apart. */
  apart: boolean;
  class: boolean;
  /** Digits after the point, or all of a float32. */
  score: 'no' | 'two' | 'all';
  layer: boolean;
  /** Labels without a score come back as certain, because the format needs a confidence. */
  certain?: true;
  /** Videos without events are in it. */
  normal: boolean;
}

const FRAMES: Holds = { apart: false, class: false, score: 'no', layer: false, normal: true };
const RANGES: Holds = { ...FRAMES, apart: true };
const TITLES: Holds = { apart: true, class: true, score: 'two', layer: true, normal: true };

/** By format; `null`: no reader of ours takes all of its files back. */
export const HOLDS: Record<ExportFormat, Holds | null> = {
  csv: { apart: true, class: true, score: 'all', layer: true, normal: false },
  jsonl: { apart: true, class: true, score: 'all', layer: true, normal: false },
  parquet: { apart: true, class: true, score: 'all', layer: true, normal: false },
  frame_npy: FRAMES,
  gt_npy: FRAMES,
  c2fpl: null,
  pytorch: null,
  ucf: RANGES,
  ucf_list: null,
  rtfm: null,
  xd: { ...RANGES, normal: false },
  shanghaitech: FRAMES,
  ubnormal: RANGES,
  msad: { ...RANGES, normal: false },
  webvtt: TITLES,
  srt: TITLES,
  chapters: { ...TITLES, layer: false },
  losslesscut: { ...TITLES, layer: false },
  label_studio: { apart: true, class: true, score: 'all', layer: false, normal: true },
  cvat: { apart: true, class: true, score: 'all', layer: true, normal: true },
  cvat_images: { ...FRAMES, class: true },
  dive: { apart: true, class: true, score: 'all', layer: true, normal: true, certain: true },
  viame: { apart: true, class: true, score: 'all', layer: true, normal: true, certain: true },
  via3: { apart: true, class: true, score: 'all', layer: true, normal: true },
  elan: { ...TITLES, score: 'two' },
  fiftyone: { apart: true, class: true, score: 'all', layer: true, normal: true },
  activitynet: { apart: true, class: true, score: 'all', layer: true, normal: true },
  x_anylabeling: TITLES,
};

type Comparable = Pick<PlacedEvent, 'start' | 'end' | 'class' | 'score' | 'layer'>;

/** Events as far as a format holds them, in an order of their own. */
function held(events: readonly Comparable[], holds: Holds): string[] {
  if (!holds.apart) {
    const groups = holds.class ? Map.groupBy(events, (event) => event.class) : new Map([[null, events]]);
    return [...groups]
      .flatMap(([name, own]) => normalize(own).map(({ start, end }) => `${start} ${end} ${name}`))
      .sort();
  }
  return events
    .map(({ start, end, class: name, score: given, layer }) => {
      const score = given === null && holds.certain ? 1 : given;
      const digits =
        score === null ? 'none' : holds.score === 'two' ? score.toFixed(2) : String(Math.fround(score));
      return [
        start,
        end,
        holds.class ? name : '',
        holds.score === 'no' ? '' : digits,
        // A label without a layer is the machine's.
        holds.layer ? (layer ?? 'model') : '',
      ].join(' ');
    })
    .sort();
}

const asComparable = (event: ExportEvent): Comparable => ({
  start: event.start,
  end: event.end,
  class: classOf(event),
  score: event.max,
  layer: layerOf(event),
});

export interface ReadBack {
  same: boolean;
  /** Videos that were compared. */
  videos: number;
  /** Paths of videos that come back otherwise, or not at all. */
  differing: string[];
}

/** Files of ours that hold the same events a second time, for other readers. */
const SECOND =
  /(_all_events\.(txt|csv)|tasks-ml-backend\.json|predictions\.json|SH_Test\.txt|label_config\.xml)$/;

/**
 * Reads the files of one format back and compares them with the labels they were made from.
 * @returns null where no reader of ours takes the format back.
 * @throws AppError where our reader refuses what our writer wrote.
 */
export async function readBack(
  data: ExportData,
  format: ExportFormat,
  files: readonly ExportedFile[],
  options: ExportOptions,
): Promise<ReadBack | null> {
  const holds = HOLDS[format];
  if (holds === null || files.length === 0 || files.some(({ name }) => name.endsWith('not-written.txt')))
    return null;
  const wanted = files.filter(({ name }) => !SECOND.test(name) && !/(^|\/)(segments|audit)\./.test(name));
  const chosen = format === 'activitynet' ? files.filter(({ name }) => !SECOND.test(name)) : wanted;
  const importOptions: ImportOptions = {
    ucfBase: options.ucfBase,
    list: null,
    labelStudioBase: 'ui',
    xdClasses: options.xdClasses,
  };
  const manifest = writeManifest(data, files, options);
  const { videos: read } = await readLabels([...chosen, manifest], format as ImportFormat, importOptions);
  const videos = data.videos.map(({ id, relPath, frames }) => ({ id, relPath, frames, path: null }));
  const byId = new Map(data.videos.map((video) => [video.id, video]));
  const placement = placeLabels(read, videos, ({ id }) => {
    const video = byId.get(id);
    return {
      frames: video?.frames ?? 0,
      secondsAt: video?.secondsAt ?? null,
      rate: video && video.fpsNum > 0 ? rate(video) : 0,
    };
  });
  const placed = new Map(placement.placed.map((video) => [video.videoId, video.events]));
  const differing = data.videos
    .filter((video) => {
      const back = placed.get(video.id);
      if (!back) return video.events.length > 0 || holds.normal;
      const written = held(video.events.map(asComparable), holds).join('\n');
      return written !== held(back, holds).join('\n');
    })
    .map((video) => video.relPath);
  return { same: differing.length === 0, videos: data.videos.length, differing };
}
