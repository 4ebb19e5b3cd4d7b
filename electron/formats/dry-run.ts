// How known readers would take the files of an export, before anything is written (formats.md 3).
// Role: for one event, the 0/1 labels that each reader of a format makes of the frames around its edges. Limits: readers
// whose way of counting is published; for the others there is ours.
import type { ExportPreview } from '../../shared/contract/entities.ts';
import type { ExportFormat, ExportOptions } from '../../shared/contract/formats.ts';
import { normalize, toVector } from '../../shared/labels/intervals.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import type { ExportData, ExportedFile, ExportVideo } from './data.ts';
import { readLabels } from './import.ts';
import { labelledVideos } from './labelled.ts';
import { writeManifest } from './manifest.ts';
import { placeLabels } from './match.ts';
import { rate } from './tools.ts';

type View = NonNullable<ExportPreview['event']>;
type Edge = View['truth']['start'];

interface Reader {
  name: string;
  /** How it counts, in words. */
  counts: string;
  /** Anomalous frames it sees in the row of the video; null when it does not find the video. */
  ranges: FrameRange[] | null;
}

/** Numbers of a row in pairs, as far as they are no placeholder. */
function pairs(numbers: readonly string[]): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const [a, b] = [Number(numbers[i]), Number(numbers[i + 1])];
    if (a >= 0 && b >= 0) out.push([a, b]);
  }
  return out;
}

/** The row whose first field, with or without .mp4, is a name. */
function rowOf(text: string, name: string): string | null {
  const mark = /^(\S| (?! ))*/;
  return (
    text.split('\n').find((row) => {
      const field = (mark.exec(row)?.[0] ?? '').replace(/\.mp4$/, '');
      return field === name || row.startsWith(`${name}.mp4  `) || row.startsWith(`${name}  `);
    }) ?? null
  );
}

/** The three readers of UCF-Crime's annotation, each by its own way of splitting and counting. */
function ucfReaders(text: string, name: string, frames: number): Reader[] {
  const row = rowOf(text, name);
  const cut = (list: FrameRange[]) =>
    list.map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(end, frames) }));
  const twoSpaces = row?.split('  ') ?? [];
  const numbers = twoSpaces.slice(2).filter((part) => part.trim() !== '');
  return [
    {
      name: "Authors' scorer",
      counts: 'from 1, both ends included',
      ranges:
        row === null ? null : cut(pairs(numbers.slice(0, 4)).map(([a, b]) => ({ start: a - 1, end: b }))),
    },
    {
      name: 'RTFM script',
      counts: 'from 0, both ends included',
      ranges:
        row === null ? null : cut(pairs(numbers.slice(0, 4)).map(([a, b]) => ({ start: a, end: b + 1 }))),
    },
    {
      name: 'VadCLIP script',
      counts: 'from 0, end excluded; the last piece of a row is thrown away',
      ranges:
        row === null ? null : cut(pairs(twoSpaces.slice(2, -1)).map(([a, b]) => ({ start: a, end: b }))),
    },
  ];
}

/** Frames that our own reader sees, by timestamps and, where `constant`, at a constant rate. */
async function ours(
  data: ExportData,
  video: ExportVideo,
  format: ExportFormat,
  files: readonly ExportedFile[],
  options: ExportOptions,
  how: { constant?: boolean; labelStudioBase?: 'ui' | 'ml_backend' } = {},
): Promise<FrameRange[] | null> {
  if (format === 'pytorch') return null;
  const manifest = writeManifest(data, files, options);
  const { videos } = await readLabels([...files, manifest], format, {
    ucfBase: options.ucfBase,
    list: null,
    labelStudioBase: how.labelStudioBase ?? 'ui',
    xdClasses: options.xdClasses,
  });
  const all = data.videos.map(({ id, relPath, frames }) => ({ id, relPath, frames, path: null }));
  const { placed } = placeLabels(videos, all, ({ id }) => {
    const own = data.videos.find((one) => one.id === id) ?? video;
    return {
      frames: own.frames,
      secondsAt: how.constant ? null : own.secondsAt,
      rate: own.fpsNum > 0 ? rate(own) : 0,
    };
  });
  return placed.find(({ videoId }) => videoId === video.id)?.events ?? null;
}

/** Tools that compute frames from times at a constant rate. */
const CONSTANT: Partial<Record<ExportFormat, string>> = {
  losslesscut: 'LosslessCut',
  x_anylabeling: 'X-AnyLabeling',
  chapters: 'CVAT, from chapters',
  via3: 'Code that multiplies by the rate',
  activitynet: 'Code that multiplies by the rate',
  webvtt: 'Code that multiplies by the rate',
  srt: 'Code that multiplies by the rate',
};

/** Tools that count frames themselves, and how. */
const COUNTS: Partial<Record<ExportFormat, [string, string]>> = {
  xd: ["Authors' script", 'from 0, end excluded'],
  msad: ['Known readers', 'from 1, both ends included'],
  cvat: ['CVAT', 'from 0, until the closing box'],
  cvat_images: ['CVAT', 'from 0, one tag per frame'],
  dive: ['DIVE', 'from 0, both ends included'],
  viame: ['VIAME', 'from 0, one row per frame'],
  fiftyone: ['FiftyOne', 'from 1, both ends included'],
  shanghaitech: ['MIST and RTFM', 'one value per frame'],
  frame_npy: ['NumPy', 'one value per frame'],
  gt_npy: ['RTFM evaluation', '16 values per segment'],
  rtfm: ['RTFM evaluation', '16 values per segment'],
  c2fpl: ['C2FPL training', '16 frames per segment'],
};

async function readers(
  data: ExportData,
  video: ExportVideo,
  format: ExportFormat,
  files: readonly ExportedFile[],
  options: ExportOptions,
): Promise<Reader[]> {
  const text = (pattern: RegExp): string => {
    const file = files.find(({ name }) => pattern.test(name));
    return file ? new TextDecoder().decode(file.bytes) : '';
  };
  const own = (how?: Parameters<typeof ours>[5]) => ours(data, video, format, files, options, how);
  if (format === 'ucf') {
    const named = labelledVideos(data)[data.videos.indexOf(video)];
    return ucfReaders(text(/Temporal_Anomaly_Annotation\.txt$/), named.name, video.frames);
  }
  if (format === 'label_studio') {
    const only = (pattern: RegExp) => files.filter(({ name }) => pattern.test(name));
    return [
      {
        name: 'Label Studio',
        counts: 'from 1, both ends included (tasks.json)',
        ranges: await ours(data, video, format, only(/\/tasks\.json$/), options),
      },
      {
        name: 'Its video model',
        counts: 'from 0, end excluded (tasks.json)',
        ranges: await ours(data, video, format, only(/\/tasks\.json$/), options, {
          labelStudioBase: 'ml_backend',
        }),
      },
    ];
  }
  if (format === 'ubnormal') {
    const ranges = await own();
    return [
      { name: 'Joint-VAD', counts: 'from 0, both ends included', ranges },
      {
        name: 'STG-NF',
        counts: 'from 0, the last frame of a track is normal',
        ranges: ranges && normalize(ranges.map(({ start, end }) => ({ start, end: end - 1 }))),
      },
    ];
  }
  const counted = COUNTS[format];
  const list: Reader[] = [];
  if (counted) list.push({ name: counted[0], counts: counted[1], ranges: await own() });
  else if (format !== 'pytorch')
    list.push({ name: 'By timestamps', counts: 'the frame whose start is nearest', ranges: await own() });
  const constant = CONSTANT[format];
  if (constant)
    list.push({
      name: constant,
      counts: 'time × frame rate, rounded',
      ranges: await own({ constant: true }),
    });
  return list;
}

/** Frames shown on either side of an edge. */
const AROUND = 4;

function edge(at: number, frames: number, vector: Uint8Array): Edge {
  const from = Math.max(0, Math.min(at - AROUND, frames - 2 * AROUND));
  return { from, labels: Array.from(vector.subarray(from, from + 2 * AROUND)) };
}

/** How far an event's edges are off: by the run of the reader's labels that shares most frames with it. */
function offsets(event: FrameRange, seen: readonly FrameRange[]): [number, number] | null {
  const common = (range: FrameRange) => Math.min(range.end, event.end) - Math.max(range.start, event.start);
  const best = [...seen].sort((a, b) => common(b) - common(a))[0];
  return best && common(best) > 0 ? [best.start - event.start, best.end - event.end] : null;
}

/**
 * The first event that is written, as each reader sees it.
 * @param files of the format, without the manifest
 * @returns null when there is no event.
 */
export async function dryRun(
  data: ExportData,
  format: ExportFormat,
  files: readonly ExportedFile[],
  options: ExportOptions,
): Promise<Omit<View, 'line'> | null> {
  const video = data.videos.find(({ events }) => events.length > 0);
  if (!video || files.some(({ name }) => name.endsWith('not-written.txt'))) return null;
  const labels = normalize(video.events);
  // What the labels are in a vector: events that touch are one.
  const [event] = labels;
  const truth = toVector(labels, video.frames);
  const view = (vector: Uint8Array) => ({
    start: edge(event.start, video.frames, vector),
    end: edge(event.end, video.frames, vector),
  });
  const seen = await readers(data, video, format, files, options);
  return {
    video: video.relPath,
    start: event.start,
    end: event.end,
    truth: view(truth),
    readers: seen.map(({ name, counts, ranges }) => {
      const found = normalize(ranges ?? []);
      const vector = toVector(found, video.frames);
      const off = offsets(event, found);
      return {
        name,
        counts,
        ...view(vector),
        startOff: off?.[0] ?? null,
        endOff: off?.[1] ?? null,
        exact: ranges !== null && vector.every((value, frame) => value === truth[frame]),
      };
    }),
  };
}
