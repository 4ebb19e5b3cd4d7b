// Labels from files of any format (formats.md 3). Role: which format files have, the reader of each, and what of a chosen
// folder belongs together. Limits: gives names and events as the files have them; matching them to videos and turning
// seconds into frames comes after.
import { FORMAT_NAMES, type ImportFormat, type ImportOptions } from '../../shared/contract/formats.ts';
import { AppError } from '../../shared/errors.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { readActivityNet } from './activitynet.ts';
import { readC2fpl } from './c2fpl.ts';
import { readChapters } from './chapters.ts';
import { readEventsCsv } from './csv.ts';
import { readCvat, readCvatImages } from './cvat.ts';
import { readDive } from './dive.ts';
import { readElan } from './elan.ts';
import { readFiftyOne } from './fiftyone.ts';
import { readGtFrames } from './gt-frames.ts';
import { readEventsJsonl } from './jsonl.ts';
import { readLabelStudio } from './label-studio.ts';
import { NORMAL } from './labelled.ts';
import { decodeText, someOf } from './lines.ts';
import { readLosslessCut } from './losslesscut.ts';
import { stemsOfManifest } from './manifest.ts';
import { msadClass, readMsad } from './msad.ts';
import { readNpy } from './npy.ts';
import { readEventsParquet } from './parquet.ts';
import {
  frameEvent,
  keyOfFile,
  type ReadEvent,
  type ReadLabels,
  type ReadVideo,
  type SourceFile,
} from './read.ts';
import { readConcatenatedGt } from './rtfm-lists.ts';
import { readMask, readSplit } from './shanghaitech.ts';
import { isManifest, sniff } from './sniff.ts';
import { readSrt } from './srt.ts';
import { readFrameText, readNames, readTracks } from './ubnormal.ts';
import { readUcfAnnotation } from './ucf-annotation.ts';
import { readUcfList } from './ucf-lists.ts';
import { readVia3 } from './via3.ts';
import { readViame } from './viame.ts';
import { readWebVtt } from './webvtt.ts';
import { readXAnyLabeling } from './x-anylabeling.ts';
import { readXd, xdClasses } from './xd.ts';

type Read = (
  files: readonly SourceFile[],
  options: ImportOptions,
  /** Called with the name of a file before it is read. */
  reading: (file: string) => void,
) => ReadLabels | Promise<ReadLabels>;

/** A reader of one file that is about one video, as a reader of many. */
function perVideo(folder: ImportFormat, read: (file: SourceFile) => ReadEvent[]): Read {
  return perFile((file) =>
    plain([
      { key: keyOfFile(file.name, folder), frames: null, events: read(file), scores: null, file: file.name },
    ]),
  );
}

/** A reader of one file, over many, one after the other. */
function perFile(read: (file: SourceFile, options: ImportOptions) => ReadLabels): Read {
  return (files, options, reading) => {
    const parts = files.map((file) => {
      reading(file.name);
      return read(file, options);
    });
    return { videos: parts.flatMap((part) => part.videos), notes: parts.flatMap((part) => part.notes) };
  };
}

const plain = (videos: ReadVideo[]): ReadLabels => ({ videos, notes: [] });
const baseName = (name: string): string => name.replace(/^.*\//, '');

function one(files: readonly SourceFile[], pattern: RegExp): SourceFile | null {
  const found = files.filter((file) => pattern.test(file.name));
  if (found.length < 2) return found[0] ?? null;
  throw new AppError(
    'bad_input',
    `Several files may be the one that is needed: ${someOf(found.map((file) => file.name))}. Choose one folder at a time.`,
  );
}

function required(files: readonly SourceFile[], pattern: RegExp, name: string, why: string): SourceFile {
  const found = one(files, pattern);
  if (found) return found;
  throw new AppError('not_found', `${name} is missing: ${why}. Choose the folder that holds all the files.`);
}

/** Mean of each segment's frames. */
function segmentMeans(values: ArrayLike<number>): Float32Array {
  const out = new Float32Array(Math.ceil(values.length / SEGMENT_FRAMES));
  for (const k of out.keys()) {
    const end = Math.min((k + 1) * SEGMENT_FRAMES, values.length);
    let sum = 0;
    for (let f = k * SEGMENT_FRAMES; f < end; f++) sum += values[f];
    out[k] = sum / (end - k * SEGMENT_FRAMES);
  }
  return out;
}

/** Folders of masks: `frame_labels/`, `test_frame_mask/` and plain ones; scores lie in `frame_scores/` beside them. */
function readVectors(files: readonly SourceFile[]): ReadLabels {
  const arrays = files.filter((file) => /\.npy$/i.test(file.name));
  const scoreFiles = arrays.filter((file) => /(^|\/)frame_scores\//.test(file.name));
  const keyOf = (name: string) =>
    keyOfFile(name.replace(/^(.*\/)?(frame_scores|frame_labels|test_frame_mask)\//, ''), '');
  const scores = new Map(
    scoreFiles.map((file) => {
      const { data } = readNpy(file.bytes, file.name);
      return [keyOf(file.name), segmentMeans(Array.from(data, Number))];
    }),
  );
  const videos = arrays
    .filter((file) => !scoreFiles.includes(file))
    .map((file): ReadVideo => {
      const key = keyOf(file.name);
      const { frames, events } = readMask(file.name, file.bytes);
      return {
        key,
        frames,
        events: events.map(({ start, end }) => frameEvent(start, end)),
        scores: scores.get(key) ?? null,
        file: file.name,
      };
    });
  return plain(videos);
}

/** Masks, and the videos that a list says are normal and that have no mask. */
function readShanghaiTech(files: readonly SourceFile[]): ReadLabels {
  const masked = readVectors(files);
  const known = new Set(masked.videos.map((video) => video.key));
  const listed = files
    .filter((file) => /\.txt$/i.test(file.name))
    .flatMap((file) =>
      readSplit(file.name, decodeText(file.name, file.bytes)).map((entry) => ({ entry, file })),
    );
  const normal = new Map<string, ReadVideo>();
  const untold: string[] = [];
  for (const { entry, file } of listed) {
    if (known.has(entry.name)) continue;
    if (entry.abnormal === false)
      normal.set(entry.name, {
        key: entry.name,
        frames: entry.frames,
        events: [],
        scores: null,
        file: file.name,
      });
    else if (!normal.has(entry.name)) untold.push(entry.name);
  }
  const notes =
    untold.length > 0
      ? [`Listed without a mask and not known to be normal, so left out: ${someOf([...new Set(untold)])}.`]
      : [];
  return { videos: [...masked.videos, ...normal.values()], notes };
}

function readUbnormal(files: readonly SourceFile[]): ReadLabels {
  const videos = new Map<string, ReadVideo>();
  const text = (file: SourceFile) => decodeText(file.name, file.bytes);
  for (const file of files.filter(({ name }) => /_tracks\.txt$/i.test(name))) {
    const key = keyOfFile(file.name, 'ubnormal')
      .replace(/_tracks$/i, '')
      .replace(/[^/]*_annotations\//, '');
    const events = readTracks(file.name, text(file)).map(({ start, end }) => frameEvent(start, end));
    videos.set(key, { key, frames: null, events, scores: null, file: file.name });
  }
  for (const file of files.filter(({ name }) => /(^|\/)ground_truth_frame_level\.txt$/i.test(name))) {
    const key = keyOfFile(file.name, 'ubnormal').replace(/\/?ground_truth_frame_level$/, '');
    const { frames, events } = readFrameText(file.name, text(file));
    const tracked = videos.get(baseName(key)) ?? videos.get(key);
    if (tracked) Object.assign(tracked, { frames, key });
    else
      videos.set(key, {
        key,
        frames,
        events: events.map(({ start, end }) => frameEvent(start, end)),
        scores: null,
        file: file.name,
      });
  }
  for (const file of files.filter(({ name }) => /(^|\/)normal_\w+_video_names\.txt$/i.test(name))) {
    for (const key of readNames(file.name, text(file))) {
      if (![...videos.values()].some((video) => video.key === key || baseName(video.key) === key))
        videos.set(key, { key, frames: null, events: [], scores: null, file: file.name });
    }
  }
  return plain([...videos.values()]);
}

function readGt(files: readonly SourceFile[]): ReadLabels {
  const why = 'the concatenated vector does not say where a video begins';
  const gt = required(files, /(^|\/)(gt|gt[-_].*)\.npy$/i, 'gt.npy', 'it holds the labels');
  const index = required(files, /(^|\/)gt_index\.csv$/i, 'gt_index.csv', why);
  const entries = readConcatenatedGt(
    { name: gt.name, array: readNpy(gt.bytes, gt.name) },
    { name: index.name, text: decodeText(index.name, index.bytes) },
  );
  return plain(
    entries.map(({ name, frames, events }) => ({
      key: name,
      frames,
      events: events.map(({ start, end }) => frameEvent(start, end)),
      scores: null,
      file: gt.name,
    })),
  );
}

const READERS: Record<ImportFormat, Read> = {
  csv: perFile((file) => plain(readEventsCsv(file))),
  jsonl: perFile((file) => plain(readEventsJsonl(file))),
  parquet: async (files, _, reading) => {
    const videos: ReadVideo[] = [];
    for (const file of files) {
      reading(file.name);
      videos.push(...(await readEventsParquet(file)));
    }
    return plain(videos);
  },
  frame_npy: readVectors,
  gt_npy: readGt,
  rtfm: readGt,
  c2fpl: (files) => {
    const labels = required(files, /(^|\/)labels\.npy$/i, 'labels.npy', 'it holds the labels');
    const ranges = required(files, /(^|\/)nalist\.npy$/i, 'nalist.npy', 'it says where a video begins');
    const names = required(files, /(^|\/)videos\.txt$/i, 'videos.txt', 'it names the videos, one per line');
    return plain(readC2fpl(labels, ranges, names, one(files, /(^|\/)soft_labels\.npy$/i)));
  },
  ucf: perFile((file, { ucfBase }) => {
    if (ucfBase === null) {
      throw new AppError(
        'bad_input',
        `${file.name} does not say how its frames are counted. Say matlab1 (from 1, both ends included), py_incl (from 0, both included) or py_half (from 0, end excluded).`,
        { file: file.name, choices: ['matlab1', 'py_incl', 'py_half'] },
      );
    }
    const { rows, notes } = readUcfAnnotation(file.name, decodeText(file.name, file.bytes), ucfBase);
    const videos = rows.map((row) => ({
      key: row.name,
      frames: row.frames,
      events: row.events.map(({ start, end }) => frameEvent(start, end, { class: row.class })),
      scores: null,
      file: file.name,
    }));
    return { videos, notes };
  }),
  ucf_list: perFile((file) => {
    const videos = readUcfList(file.name, decodeText(file.name, file.bytes)).map((row) => ({
      key: row.name,
      frames: null,
      events: row.class === NORMAL ? [] : [frameEvent(0, null, { class: row.class })],
      scores: null,
      file: file.name,
    }));
    return {
      videos,
      notes: [
        `${file.name} says which videos are anomalous and not when: each of them is one event over the whole video.`,
      ],
    };
  }),
  xd: perFile((file, options) =>
    plain(
      readXd(file.name, decodeText(file.name, file.bytes), options.xdClasses).map((row) => {
        const named = xdClasses(row.name)?.[0] ?? null;
        return {
          key: row.name,
          frames: null,
          events: row.events.map(({ start, end }, i) =>
            frameEvent(start, end, { class: row.classes?.[i] ?? named }),
          ),
          scores: null,
          file: file.name,
        };
      }),
    ),
  ),
  shanghaitech: readShanghaiTech,
  ubnormal: readUbnormal,
  msad: perFile((file) =>
    plain(
      readMsad(file.name, decodeText(file.name, file.bytes)).map((row) => ({
        key: row.name,
        frames: row.frames,
        events: row.events.map(({ start, end }) => frameEvent(start, end, { class: msadClass(row.name) })),
        scores: null,
        file: file.name,
      })),
    ),
  ),
  webvtt: perVideo('webvtt', readWebVtt),
  srt: perVideo('srt', readSrt),
  chapters: perVideo('chapters', readChapters),
  losslesscut: perFile((file) => {
    const { events, notes } = readLosslessCut(file);
    const key = keyOfFile(file.name, 'losslesscut');
    return { videos: [{ key, frames: null, events, scores: null, file: file.name }], notes };
  }),
  label_studio: perFile((file, options) =>
    // Our own second file is named after those who count as it does.
    readLabelStudio(file, /tasks-ml-backend\.json$/.test(file.name) ? 'ml_backend' : options.labelStudioBase),
  ),
  cvat: perFile(readCvat),
  cvat_images: perFile(readCvatImages),
  dive: perVideo('dive', readDive),
  viame: perVideo('viame', readViame),
  via3: perFile(readVia3),
  elan: perFile(readElan),
  fiftyone: perFile(readFiftyOne),
  activitynet: perFile(readActivityNet),
  x_anylabeling: perFile((file) => plain([readXAnyLabeling(file)])),
  gt_frames: perFile((file, { list }) => plain(readGtFrames(file, list))),
};

/** Formats that are one of several for the same files: what is meant unless a person says otherwise. */
export interface Recognised {
  format: ImportFormat;
  files: SourceFile[];
}

/**
 * Which format the files have, and which of them belong to it.
 * @throws AppError `unsupported` when no format is recognised, or several are: their names are in the details.
 */
export function recognise(files: readonly SourceFile[]): Recognised {
  const found = new Map<ImportFormat, SourceFile[]>();
  for (const file of files) {
    const format = sniff(file, files);
    if (format) found.set(format, [...(found.get(format) ?? []), file]);
  }
  // A vector of all videos and the lists beside it are one thing.
  if (found.size > 1) {
    const names = [...found.keys()].sort();
    throw new AppError(
      'unsupported',
      `These files hold labels in several formats: ${names.map((name) => `${FORMAT_NAMES[name]} (${name})`).join('; ')}. Say which one to read, or choose its folder alone.`,
      { choices: names },
    );
  }
  const [first] = found;
  if (first) return { format: first[0], files: first[1] };
  const names = files.map((file) => file.name);
  throw new AppError(
    'unsupported',
    `${someOf(names) || 'The folder'} ${names.length === 1 ? 'is' : names.length === 0 ? 'is empty and holds' : 'are'} no labels in a format that is known. Known are: ${Object.keys(READERS).join(', ')}.`,
    { files: names },
  );
}

/**
 * Reads labels.
 * @param files with paths below what was chosen
 * @param format null: recognised from the files
 * @param reading called with the name of a file before it is read
 * @throws AppError naming file and line for what cannot be read.
 */
export async function readLabels(
  files: readonly SourceFile[],
  format: ImportFormat | null,
  options: ImportOptions,
  reading: (file: string) => void = () => {},
): Promise<ReadLabels & { format: ImportFormat }> {
  const own = files.filter((file) => !isManifest(file));
  const chosen =
    format === null ? recognise(own) : { format, files: own.filter((file) => sniff(file, own) === format) };
  const recognised = chosen.files.length > 0 ? chosen : { format: chosen.format, files: own };
  const labels = await READERS[recognised.format](recognised.files, options, reading);
  // Our own exports say which video each file is about, also where its name had to change.
  const stems = files.filter(isManifest).flatMap(stemsOfManifest);
  const paths = new Map(stems.map(({ stem, path }) => [stem, path]));
  const videos = labels.videos.map((video) => ({ ...video, key: paths.get(video.key) ?? video.key }));
  return { videos, notes: labels.notes, format: recognised.format };
}
