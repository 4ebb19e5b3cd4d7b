// RTFM-style lists of feature files and concatenated ground truth (formats.md 3.3, methods.md 5.1).
// Role: `*.list` with labels by position, and one vector of frame labels with an index beside it, out and in. Limits:
// the consumer has the number of anomalous lines in its code, so the writer says it and the reader is told.
import { AppError } from '../../shared/errors.ts';
import { padLast } from '../../shared/labels/expand.ts';
import { fromVector, toVector } from '../../shared/labels/intervals.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { csvRows, csvText } from './csv.ts';
import { concatenate, type TailPolicy, withTail } from './gt-build.ts';
import { requireLabels, type Written } from './labelled.ts';
import { fitsLine, linesOf, rowError, someOf } from './lines.ts';
import { type NpyArray, writeNpy } from './npy.ts';

export interface FeatureEntry {
  /** Of the feature file, with `/`. */
  path: string;
  abnormal: boolean;
}

export interface FeatureList extends Written {
  /** Lines from the first on that are anomalous: the number the consumer needs. */
  abnormal: number;
  normal: number;
}

/** Entries in the order of a list: anomalous first, otherwise as given. */
export function abnormalFirst<E extends { abnormal: boolean }>(entries: readonly E[]): E[] {
  return [...entries.filter((entry) => entry.abnormal), ...entries.filter((entry) => !entry.abnormal)];
}

/** One path per line, LF, anomalous first; the notes give the split counts and paths that no line can hold. */
export function writeFeatureList(entries: readonly FeatureEntry[]): FeatureList {
  const unfit = ({ path }: FeatureEntry) => !fitsLine(path) || (path.includes('\\') && !path.includes('/'));
  const lost = entries.filter(unfit).map((entry) => entry.path);
  const kept = abnormalFirst(entries.filter((entry) => !unfit(entry)));
  const abnormal = kept.filter((entry) => entry.abnormal).length;
  const normal = kept.length - abnormal;
  const notes = [
    `RTFM's lists have labels by position: the first ${abnormal} lines are anomalous, then ${normal} normal. Set these counts in the code that reads them.`,
  ];
  if (lost.length > 0) notes.push(`RTFM's list has no line for: ${someOf(lost)}.`);
  return { text: kept.map((entry) => `${entry.path}\n`).join(''), notes, abnormal, normal };
}

/**
 * Reads a list; paths with backslashes get slashes.
 * @param abnormal how many lines, from the first on, are anomalous.
 * @throws AppError `bad_input` when the list has fewer lines than that.
 */
export function readFeatureList(file: string, text: string, abnormal: number): FeatureEntry[] {
  const lines = linesOf(text);
  if (lines.length < abnormal) {
    throw new AppError(
      'bad_input',
      `${file} has ${lines.length} lines and should begin with ${abnormal} anomalous ones. Check the count.`,
      { file, lines: lines.length, abnormal },
    );
  }
  return lines.map(({ text: line }, i) => {
    const path = line.trim();
    return { path: path.includes('/') ? path : path.split('\\').join('/'), abnormal: i < abnormal };
  });
}

/** Labels of one video as the concatenated vector knows them. */
export interface GtEntry {
  name: string;
  frames: number;
  /** 0-based, half-open. */
  events: FrameRange[];
  /** T of the features: 16T labels, cut or continued with the last one. Without it the tail policy gives the length. */
  segments?: number;
}

export interface ConcatenatedGt {
  npy: Uint8Array;
  /** `gt_index.csv`. */
  index: string;
  notes: string[];
}

const INDEX_COLUMNS = ['video', 'start_offset', 'end_offset', 'n_segments', 'n_frames'];

/** Whether events touch or overlap, so that a vector of labels shows them as one. */
export function joins(events: readonly FrameRange[]): boolean {
  const sorted = [...events].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.some((event, i) => i > 0 && event.start <= sorted[i - 1].end);
}

/**
 * The vector (1 = anomalous) and its index.
 * @param type `f8` as NumPy and RTFM write it, `f4` as XDVioDet does.
 * @returns with sentences for events that the vector joins and for those the tail policy cuts.
 */
export function writeConcatenatedGt(
  videos: readonly GtEntry[],
  policy: TailPolicy,
  type: 'f8' | 'f4' = 'f8',
): ConcatenatedGt {
  requireLabels(videos);
  const { values, offsets } = concatenate(
    videos.map(({ events, frames, segments }) => {
      const labels = toVector(events, frames);
      return segments === undefined ? withTail(labels, policy) : padLast(labels, SEGMENT_FRAMES * segments);
    }),
  );
  const rows = videos.map((video, v) => ({
    video: video.name,
    start_offset: offsets[v],
    end_offset: offsets[v + 1],
    n_segments: (offsets[v + 1] - offsets[v]) / SEGMENT_FRAMES,
    n_frames: video.frames,
  }));
  const notes: string[] = [];
  const joined = videos.filter((video) => joins(video.events)).map((video) => video.name);
  if (joined.length > 0)
    notes.push(`Events that touch or overlap are one in a label vector: ${someOf(joined)}.`);
  const cut = videos
    .filter((video, v) => video.events.some((event) => event.end > offsets[v + 1] - offsets[v]))
    .map((video) => video.name);
  if (cut.length > 0) {
    notes.push(
      `The labels end before the events do (tail policy "${policy}", or the segments of the features), in: ${someOf(cut)}.`,
    );
  }
  const npy =
    type === 'f8'
      ? writeNpy(Float64Array.from(values), [values.length], 'f8')
      : writeNpy(Float32Array.from(values), [values.length], 'f4');
  return { npy, index: csvText(INDEX_COLUMNS, [rows]), notes };
}

/**
 * Takes a vector apart with its index.
 * @returns ranges inside each video; frames that the vector does not reach count as normal.
 * @throws AppError `bad_input` when index and vector do not fit or a value is neither 0 nor 1.
 */
export function readConcatenatedGt(
  gt: { name: string; array: NpyArray },
  index: { name: string; text: string },
): GtEntry[] {
  const { name, array } = gt;
  const values = Float64Array.from(array.data, Number);
  if (array.shape.length !== 1) {
    throw new AppError('bad_input', `${name} has shape (${array.shape.join(', ')}); expected one axis.`, {
      file: name,
    });
  }
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) {
    throw new AppError('bad_input', `${name} holds ${values[wrong]} at ${wrong}; labels are 0 and 1.`, {
      file: name,
    });
  }
  const [header, ...rows] = csvRows(index.name, index.text);
  if (header?.cells.join(',') !== INDEX_COLUMNS.join(',')) {
    throw rowError(index.name, header?.line ?? 1, `expected the header "${INDEX_COLUMNS.join(',')}".`);
  }
  let at = 0;
  const entries = rows.map(({ line, cells }): GtEntry => {
    const [start, end, segments, frames] = cells
      .slice(1)
      .map((cell) => (/^\d+$/.test(cell) ? Number(cell) : -1));
    const whole =
      cells.length === INDEX_COLUMNS.length && start === at && end - start === SEGMENT_FRAMES * segments;
    if (!whole || frames < 0 || end > values.length) {
      throw rowError(
        index.name,
        line,
        `does not continue at ${at} of the ${values.length} values of ${name}.`,
      );
    }
    at = end;
    const events = fromVector(values.subarray(start, end).subarray(0, frames));
    return { name: cells[0], frames, events };
  });
  if (at !== values.length) {
    throw new AppError('bad_input', `${index.name} ends at ${at}, ${name} has ${values.length} values.`, {
      file: index.name,
    });
  }
  return entries;
}
