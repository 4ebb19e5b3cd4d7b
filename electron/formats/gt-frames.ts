// Frame-level ground truth from files: gt_frames.json, .npy vectors of 0 and 1, and published annotation files.
// Role: any of them as 0-based half-open ranges. Limits: used to evaluate only; which video a key means is match.ts'.
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { fromVector, normalize } from '../../shared/labels/intervals.ts';
import { readPublishedTruth } from './gt-published.ts';
import { readNpy } from './npy.ts';
import { frameEvent, type ReadVideo, type SourceFile } from './read.ts';
import type { TruthEntry } from './truth.ts';

/** First frame number and which bounds belong to the interval, by the name under which a file keeps its intervals. */
const LISTS = {
  anomalous: 0,
  anomalous_pixelmask: 0,
  anomalous_intervals_mat: 0,
  anomalous_1based: 1,
} as const;
type ListName = keyof typeof LISTS;
const listNames = Object.keys(LISTS) as ListName[];

const intervals = z.array(z.tuple([z.int(), z.int()])).optional();
const videoSchema = z.object({
  n_frames: z.int().nonnegative(),
  anomalous: intervals,
  anomalous_pixelmask: intervals,
  anomalous_intervals_mat: intervals,
  anomalous_1based: intervals,
});
const fileSchema = z.object({
  frame_index: z.literal('0-based').optional(),
  interval_end: z.literal('inclusive').optional(),
  videos: z.record(z.string(), videoSchema),
});

/** Which list to use: the named one, or the only one there is. */
function chosenList(
  name: string,
  videos: z.infer<typeof fileSchema>['videos'],
  key: string | null,
): ListName {
  const present = listNames.filter((list) =>
    Object.values(videos).some((video) => video[list] !== undefined),
  );
  const choices = present.join(', ');
  if (key !== null) {
    const found = present.find((list) => list === key);
    if (found) return found;
    throw new AppError(
      'bad_input',
      `${name} has no ground truth named "${key}". It has: ${choices || 'none'}.`,
      {
        file: name,
        choices: present,
      },
    );
  }
  if (present.length === 1) return present[0];
  if (present.length === 0) {
    throw new AppError(
      'bad_input',
      `${name} has no intervals. Each video needs one of: ${listNames.join(', ')}.`,
      {
        file: name,
      },
    );
  }
  throw new AppError(
    'bad_input',
    `${name} holds ${present.length} ground truths that differ: ${choices}. Say which one to use (--gt-key on the command line).`,
    { file: name, choices: present },
  );
}

function readJson(name: string, bytes: Uint8Array, key: string | null): TruthEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new AppError(
      'damaged',
      `${name} is not readable JSON. Check that the file is complete.`,
      { file: name },
      error,
    );
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    throw new AppError(
      'bad_input',
      `${name} is not a list of frame intervals: ${z.prettifyError(parsed.error)}`,
      {
        file: name,
      },
    );
  }
  const { videos } = parsed.data;
  const list = chosenList(name, videos, key);
  const first = LISTS[list];
  return Object.entries(videos).flatMap(([video, entry]) => {
    const given = entry[list];
    if (given === undefined) return []; // nothing known is not the same as nothing there
    const ranges = given.map(([start, last]) => {
      if (start < first || last < start) {
        throw new AppError(
          'damaged',
          `${name}: the interval [${start}, ${last}] of ${video} in "${list}" is not possible.`,
          {
            file: name,
            video,
          },
        );
      }
      return { start: start - first, end: last - first + 1 };
    });
    return [{ key: video, frames: entry.n_frames, intervals: normalize(ranges) }];
  });
}

function readVector(name: string, bytes: Uint8Array): TruthEntry[] {
  const { data, shape } = readNpy(bytes, name);
  if (shape.filter((n) => n !== 1).length > 1) {
    throw new AppError(
      'bad_input',
      `${name} has shape (${shape.join(', ')}); ground truth is a vector of one value per frame.`,
      {
        file: name,
      },
    );
  }
  const values = Array.from(data, Number);
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) {
    throw new AppError(
      'bad_input',
      `${name} holds ${values[wrong]} at frame ${wrong}; ground truth is 0 (normal) or 1 (anomalous).`,
      {
        file: name,
      },
    );
  }
  const key = name.replace(/^.*[\\/]/, '').replace(/\.npy$/i, '');
  return [{ key, frames: values.length, intervals: fromVector(values) }];
}

/**
 * Reads a ground-truth file. JSON: `{videos: {key: {n_frames, <list>: [[first, last], ...]}}}`, both bounds included;
 * lists `anomalous`, `anomalous_pixelmask` and `anomalous_intervals_mat` count frames from 0, `anomalous_1based` from 1.
 * `.npy`: one 0/1 value per frame of the video that has the file's name. `.txt`: annotations of UCF-Crime, where `key` is
 * the base of its frame numbers, or of XD-Violence. `.csv`: annotations of MSAD.
 * @param name path or name of the file. @param key which list of a JSON file; null where there is only one.
 * @throws AppError `bad_input` when the file does not fit or `key` is needed or unknown; `damaged` for broken files;
 *   `unsupported` for other kinds of file.
 */
export function readTruth(name: string, bytes: Uint8Array, key: string | null): TruthEntry[] {
  if (/\.json$/i.test(name)) return readJson(name, bytes, key);
  if (/\.npy$/i.test(name)) return readVector(name, bytes);
  if (/\.(txt|csv)$/i.test(name)) return readPublishedTruth(name, bytes, key);
  throw new AppError(
    'unsupported',
    `${name} is neither .json, .npy, .txt nor .csv. Ground truth comes as gt_frames.json, as .npy vectors or as annotations of UCF-Crime, XD-Violence or MSAD.`,
    {
      file: name,
    },
  );
}

/** The intervals of a JSON file for import with other labels. @param list which of several; see {@link readTruth} */
export function readGtFrames({ name, bytes }: SourceFile, list: string | null): ReadVideo[] {
  return readJson(name, bytes, list).map(({ key, frames, intervals: ranges }) => ({
    key,
    frames,
    events: ranges.map(({ start, end }) => frameEvent(start, end)),
    scores: null,
    file: name,
  }));
}
