// Labels of whole videos for methods that want them: from ground truth, from review, or from a list.
// Role: says which videos of a feature set are known to be anomalous or normal, and from where; a run keeps what was said
// when it was made. Limits: coarse labels that a method finds by itself are the method's part.
import { basename } from 'node:path';
import { z } from 'zod';
import { type VideoLabelSource, videoLabelSource } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { videoLabelOf } from '../../shared/labels/layers.ts';
import { bestMatches, stemOf } from '../../shared/labels/matching.ts';
import { readTruth } from '../formats/gt-frames.ts';
import { decodeText, someOf } from '../formats/lines.ts';
import { type ListedVideo, readVideoList } from '../formats/video-list.ts';
import type { Store } from '../store/store.ts';

/** What is known of the videos of a feature set, as it is kept with the job of a run. */
export const givenLabelsSchema = z.object({
  source: videoLabelSource,
  /** Name of the list, or of the files the ground truth came from; null for reviews. */
  file: z.string().nullable(),
  /** Known videos only. */
  labels: z.array(z.object({ videoId: z.int(), label: z.union([z.literal(0), z.literal(1)]) })),
  /** Names in the list that fit no video of the set. */
  unmatched: z.array(z.string()).default([]),
});
export type GivenLabels = z.infer<typeof givenLabelsSchema>;

export interface LabelCounts {
  anomalous: number;
  normal: number;
  /** Videos of the set nobody says anything about. */
  unknown: number;
  /** Entries of the list that fit no video of the set. */
  unmatched: number;
}

interface ListFile {
  name: string;
  bytes: Uint8Array;
}

type Known = Map<number, 0 | 1>;
interface Candidate {
  videoId: number;
  relPath: string;
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a file says about whole videos: a list, or ground truth as JSON, whose intervals tell. */
function listOf(file: string, bytes: Uint8Array): ListedVideo[] {
  if (!/\.json$/i.test(file)) return readVideoList(file, decodeText(file, bytes));
  return readTruth(file, bytes, null).map(({ key, intervals }) => ({
    name: key.replaceAll('\\', '/'),
    label: intervals.length > 0 ? 1 : 0,
  }));
}

/** Gives each video the entry that shares the longest tail of the path with it. @throws AppError `conflict` when two disagree. */
function match(
  file: string,
  listed: readonly ListedVideo[],
  videos: readonly Candidate[],
): { known: Known; unmatched: string[] } {
  const byName = Map.groupBy(
    listed.map((entry, id) => ({ id, stem: entry.name, entry })),
    ({ stem }) => lastPart(stem),
  );
  const known: Known = new Map();
  const used = new Set<ListedVideo>();
  for (const { videoId, relPath } of videos) {
    const stems = new Set([relPath, stemOf(relPath)]);
    const found = [...stems].flatMap((stem) => bestMatches(stem, byName.get(lastPart(stem)) ?? []));
    const labels = new Set(found.map(({ entry }) => entry.label));
    if (labels.size > 1) {
      throw new AppError(
        'conflict',
        `${file} has several entries for ${relPath} that disagree: ${someOf(found.map(({ stem }) => stem))}. Write more of its path into the list.`,
        { file, video: relPath },
      );
    }
    for (const { entry } of found) {
      used.add(entry);
      known.set(videoId, entry.label);
    }
  }
  return { known, unmatched: listed.filter((entry) => !used.has(entry)).map(({ name }) => name) };
}

function fromTruth(store: Store): { known: Known; file: string | null } {
  const all = store.truth.all();
  return {
    known: new Map(all.map(({ videoId, intervals }) => [videoId, intervals.length > 0 ? 1 : 0])),
    file: [...new Set(all.map(({ source }) => source))].sort().join(', ') || null,
  };
}

/** What people said in review: see `videoLabelOf`. */
function fromReview(store: Store): Known {
  const known: Known = new Map();
  for (const [videoId, rows] of Map.groupBy(store.review.all(1), (row) => row.videoId)) {
    const label = videoLabelOf(rows, store.videos.get(videoId).frames);
    if (label !== null) known.set(videoId, label);
  }
  return known;
}

/**
 * The known labels of the videos of a feature set.
 * @param list the file, for the source `list`
 * @throws AppError `bad_input` for a list that cannot be read; `conflict` when nothing is known of any video
 */
export function givenLabels(
  store: Store,
  featureSetId: number,
  source: VideoLabelSource,
  list: ListFile | null,
): { given: GivenLabels; counts: LabelCounts } {
  const videos = store.features.ofSet(featureSetId);
  let known: Known;
  let file: string | null = null;
  let unmatched: string[] = [];
  if (source === 'list') {
    if (!list) throw new AppError('bad_input', 'Choose the file that lists the videos.');
    file = basename(list.name);
    ({ known, unmatched } = match(file, listOf(file, list.bytes), videos));
  } else if (source === 'reviewed') known = fromReview(store);
  else ({ known, file } = fromTruth(store));
  const labels = videos.flatMap(({ videoId }) => {
    const label = known.get(videoId);
    return label === undefined ? [] : [{ videoId, label }];
  });
  if (labels.length === 0) throw nothingKnown(source, file, unmatched, videos);
  const anomalous = labels.filter(({ label }) => label === 1).length;
  return {
    given: { source, file, labels, unmatched },
    counts: {
      anomalous,
      normal: labels.length - anomalous,
      unknown: videos.length - labels.length,
      unmatched: unmatched.length,
    },
  };
}

function nothingKnown(
  source: VideoLabelSource,
  file: string | null,
  unmatched: readonly string[],
  videos: readonly Candidate[],
): AppError {
  switch (source) {
    case 'list':
      return new AppError(
        'conflict',
        `${file} fits no video of these features. It lists ${someOf(unmatched.slice(0, 3))}; the features are of ${someOf(videos.slice(0, 3).map(({ relPath }) => relPath))}.`,
        { file },
      );
    case 'truth':
      return new AppError(
        'conflict',
        'No video of these features has ground truth. Import ground truth, review videos, or give a list of videos with 0 or 1 behind each.',
      );
    case 'reviewed':
      return new AppError(
        'conflict',
        'No video of these features is reviewed to the end. Accept an event in some, watch others to the end, or give a list of videos with 0 or 1 behind each.',
      );
    default:
      return source satisfies never;
  }
}
