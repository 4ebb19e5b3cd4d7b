// Which video a key of a file with labels means, and what that gives.
// Role: keys to videos by shared/labels/matching.ts, lengths compared, what fits nothing told. Limits: names and lengths
// only.
import { AppError } from '../../shared/errors.ts';
import { clip, normalize } from '../../shared/labels/intervals.ts';
import { type Agreement, bestMatches, byLastPart, namesOf } from '../../shared/labels/matching.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import type { ReadEvent, ReadVideo } from './read.ts';
import { rangeOf, type Timing } from './resolve.ts';
import type { TruthEntry } from './truth.ts';

/** A file may count a video one short segment longer or shorter; more is another video. Frames. */
const LENGTH_SLACK = 16;

export interface TruthMatch {
  /** Ranges inside the video. */
  matched: {
    videoId: number;
    intervals: FrameRange[] /** Length that the file gives to a video without one, else null. */;
    frames: number | null;
    /** As the file names it. */
    class: string | null;
  }[];
  /** Videos that no key fits. */
  without: number;
  /** Keys that are not used, with the reason where it is not simply that no video fits. */
  unmatched: string[];
}

/** A video as far as matching goes. `path` is the absolute path of the original, if there is one. */
export interface MatchableVideo {
  id: number;
  relPath: string;
  path: string | null;
  frames: number;
  /** Whether `frames` is a stand-in: the video is known by features that are shares of it. */
  lengthUnknown?: boolean;
}

/** What the file says about a length that is not the video's; null when they agree or nothing contradicts. */
function lengthMisfit({ frames, intervals }: TruthEntry, actual: number): string | null {
  if (frames !== null) return Math.abs(frames - actual) > LENGTH_SLACK ? `${frames} frames` : null;
  const end = intervals.at(-1)?.end ?? 0;
  return end > actual + LENGTH_SLACK ? `an event up to frame ${end}` : null;
}

/**
 * Features with the same number of segments for short and long videos, as the 32 of UCF-Crime's C3D: their segments are
 * shares of a video, and nothing tells which frames of ours they mean.
 * @throws AppError `unsupported` when the ground truth shows that the videos known by features alone are like that
 */
function refuseShares(pairs: readonly { entry: TruthEntry; video: MatchableVideo }[]): void {
  const known = pairs.flatMap(({ entry: { frames }, video }) =>
    video.path === null && !video.lengthUnknown && frames !== null ? [{ frames, video }] : [],
  );
  const lengths = new Set(known.map(({ frames }) => frames));
  const [first] = known;
  if (lengths.size < 2 || known.some(({ video }) => video.frames !== first.video.frames)) return;
  if (known.every(({ frames, video }) => Math.abs(frames - video.frames) <= LENGTH_SLACK)) return;
  const segments = first.video.frames / SEGMENT_FRAMES;
  throw new AppError(
    'unsupported',
    `The features of ${first.video.relPath} and ${known.length - 1} more have ${segments} segments each, while their videos have ${Math.min(...lengths)} to ${Math.max(...lengths)} frames. Such segments are shares of a video and not ${SEGMENT_FRAMES} frames, so scores cannot be compared with ground truth in frames. Import them again, under another name, as equal shares of each video ("zerolabel features --shares").`,
    { segments, videos: known.map(({ video }) => video.relPath) },
  );
}

interface Pairs<E> {
  /** Each video with the entry whose key is the longest tail of its path, or has its path as a tail. */
  pairs: { entry: E; video: MatchableVideo }[];
  /** Entries that several videos fit, with those videos. */
  ambiguous: { entry: E; videos: MatchableVideo[] }[];
  /** Entries that no video fits. */
  unmatched: E[];
}

/** Joins entries and videos by name; of an entry that several videos fit none gets it. */
function pairUp<E extends { key: string }>(
  entries: readonly E[],
  videos: readonly MatchableVideo[],
  how: Agreement,
): Pairs<E> {
  const named = entries.map((entry) => ({ entry, stem: entry.key.split('\\').join('/') }));
  const keys = byLastPart(named);
  const takers = new Map<E, MatchableVideo[]>();
  for (const video of videos) {
    for (const name of namesOf(video)) {
      const near = keys.get(name.slice(name.lastIndexOf('/') + 1)) ?? [];
      const best = bestMatches(name, near, how).at(-1);
      if (!best) continue;
      takers.set(best.entry, [...(takers.get(best.entry) ?? []), video]);
      break;
    }
  }
  const pairs: Pairs<E>['pairs'] = [];
  const ambiguous: Pairs<E>['ambiguous'] = [];
  for (const [entry, of] of takers) {
    if (of.length === 1) pairs.push({ entry, video: of[0] });
    else ambiguous.push({ entry, videos: of });
  }
  return { pairs, ambiguous, unmatched: entries.filter((entry) => !takers.has(entry)) };
}

/**
 * Gives each video the entry whose key is the longest tail of its path.
 * @throws AppError `conflict` when a key fits two videos, naming both; `unsupported` when features count other segments.
 */
export function matchTruth(truth: readonly TruthEntry[], videos: readonly MatchableVideo[]): TruthMatch {
  const { pairs, ambiguous, unmatched: fitting } = pairUp(truth, videos, 'whole');
  if (ambiguous.length > 0) {
    const [{ entry, videos: of }] = ambiguous;
    throw new AppError(
      'conflict',
      `"${entry.key}" in the ground truth fits two videos: ${of[0].relPath} and ${of[1].relPath}. Name the key with more of the path, or remove one of the videos.`,
      { key: entry.key, videos: of.map((video) => video.relPath) },
    );
  }
  const unmatched: string[] = [];
  const matched: TruthMatch['matched'] = [];
  for (const { entry, video } of pairs.sort((a, b) => videos.indexOf(a.video) - videos.indexOf(b.video))) {
    if (video.lengthUnknown) {
      if (entry.frames === null)
        unmatched.push(`${entry.key} (the file does not say how many frames it has)`);
      else
        matched.push({
          videoId: video.id,
          intervals: clip(entry.intervals, 0, entry.frames),
          frames: entry.frames,
          class: entry.class ?? null,
        });
      continue;
    }
    const misfit = lengthMisfit(entry, video.frames);
    if (misfit !== null)
      unmatched.push(`${entry.key} (${misfit} in the file, ${video.frames} in ${video.relPath})`);
    else {
      const intervals = clip(entry.intervals, 0, video.frames);
      matched.push({ videoId: video.id, intervals, frames: null, class: entry.class ?? null });
    }
  }
  refuseShares(pairs);
  unmatched.push(...fitting.map((entry) => entry.key));
  return { matched, without: videos.length - matched.length, unmatched };
}

/** An event of a file as frames of a video of the project. */
export interface PlacedEvent extends FrameRange {
  class: string | null;
  score: number | null;
  layer: ReadEvent['layer'];
}

export interface PlacedVideo {
  videoId: number;
  /** Ascending by start. */
  events: PlacedEvent[];
  /** One per segment; null where the file has none. */
  scores: Float32Array | null;
}

/** What became of a file with labels: every line of it is in exactly one of these. */
export interface Placement {
  placed: PlacedVideo[];
  /** Names in the file that no video has. */
  unmatched: string[];
  /** Names that several videos have, with those videos. */
  ambiguous: { key: string; videos: string[] }[];
  /** Names whose video is of another length, or whose times mean nothing without timestamps. */
  refused: { key: string; reason: string }[];
  /** Videos of the project that the file does not name. */
  without: number;
  /** What was cut or left out of what is used, as sentences. */
  notes: string[];
}

type TimedVideo = MatchableVideo & Timing;

/**
 * Labels of any format as frames of the project's videos.
 * @param timing frame times of a video; asked only for videos that need it
 * @throws AppError `unsupported` when the features count other segments than 16 frames
 */
export function placeLabels(
  read: readonly ReadVideo[],
  videos: readonly MatchableVideo[],
  timing: (video: MatchableVideo) => Timing,
): Placement {
  const { videos: merged, repeated } = mergedByKey(read);
  const { pairs, ambiguous, unmatched } = pairUp(merged, videos, 'either');
  const placement: Placement = {
    placed: [],
    unmatched: unmatched.map((entry) => entry.key),
    ambiguous: ambiguous.map(({ entry, videos: of }) => ({
      key: entry.key,
      videos: of.map((video) => video.relPath),
    })),
    refused: [],
    without: 0,
    notes: repeated > 0 ? [`${repeated} events stand in several of the files and count once.`] : [],
  };
  for (const { entry, video } of pairs) {
    const timed: TimedVideo = { ...video, ...timing(video) };
    const outcome = place(entry, timed);
    if (typeof outcome === 'string') placement.refused.push({ key: entry.key, reason: outcome });
    else {
      placement.placed.push(outcome.video);
      placement.notes.push(...outcome.notes);
    }
  }
  refuseShares(
    pairs.map(({ entry, video }) => ({
      entry: { key: entry.key, frames: entry.frames, intervals: [] },
      video,
    })),
  );
  placement.placed.sort((a, b) => a.videoId - b.videoId);
  placement.without = videos.length - placement.placed.length;
  return placement;
}

/**
 * Files of a folder may name a video several times: their events are put together. Formats that hold too little are
 * written in two files, one of them for other readers, so an event that another file has as well counts once.
 */
function mergedByKey(read: readonly ReadVideo[]): { videos: ReadVideo[]; repeated: number } {
  const byKey = new Map<string, ReadVideo & { files: string[] }>();
  let repeated = 0;
  for (const video of read) {
    const known = byKey.get(video.key);
    if (!known) {
      byKey.set(video.key, {
        ...video,
        events: [...video.events],
        files: video.events.map(() => video.file),
      });
      continue;
    }
    known.frames ??= video.frames;
    known.scores ??= video.scores;
    const same = ({ start, end, unit, class: name }: ReadEvent) => JSON.stringify([start, end, unit, name]);
    const elsewhere = Map.groupBy(
      [...known.events.keys()].filter((i) => known.files[i] !== video.file),
      (i) => same(known.events[i]),
    );
    for (const event of video.events) {
      const twin = elsewhere.get(same(event))?.shift();
      if (twin === undefined) {
        known.events.push(event);
        known.files.push(video.file);
      } else {
        repeated++;
        if (known.events[twin].score === null) known.events[twin] = event;
      }
    }
  }
  return { videos: [...byKey.values()], repeated };
}

function place(entry: ReadVideo, video: TimedVideo): { video: PlacedVideo; notes: string[] } | string {
  const notes: string[] = [];
  const events: PlacedEvent[] = [];
  let cut = 0;
  let behind = 0;
  for (const event of entry.events) {
    const range = rangeOf(event, video);
    if (range === null)
      return `${video.relPath} has no timestamps and no frame rate, so seconds mean no frames in it`;
    const end = Math.min(range.end, video.frames);
    if (end <= range.start) {
      behind++;
      continue;
    }
    if (end < range.end) cut++;
    events.push({ start: range.start, end, class: event.class, score: event.score, layer: event.layer });
  }
  const last = entry.events.reduce((max, event) => Math.max(max, rangeOf(event, video)?.end ?? 0), 0);
  const misfit = lengthMisfit(
    { key: entry.key, frames: entry.frames, intervals: normalize([{ start: 0, end: last }]) },
    video.frames,
  );
  if (misfit !== null) return `${misfit} in the file, ${video.frames} in ${video.relPath}`;
  // Without its events the video would count as normal, which the file does not say.
  if (entry.events.length > 0 && events.length === 0)
    return `none of its ${entry.events.length} events lies in the ${video.frames} frames of ${video.relPath}`;
  if (cut > 0) notes.push(`${video.relPath}: ${cut} events end behind the video and are cut there.`);
  if (behind > 0)
    notes.push(
      `${video.relPath}: ${behind} events are shorter than a frame or lie behind the video; left out.`,
    );
  events.sort((a, b) => a.start - b.start || a.end - b.end);
  return { video: { videoId: video.id, events, scores: entry.scores }, notes };
}
