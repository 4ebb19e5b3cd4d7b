// Which video a key of a ground-truth file means.
// Role: whole path parts from the end, the longest tail wins. Limits: no substrings and no digits compared, because data
// sets hold Normal_Videos058 and Normal_Videos_058 for different videos.
import { AppError } from '../../shared/errors.ts';
import { clip } from '../../shared/labels/intervals.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import type { TruthEntry } from './truth.ts';

/** A file may count a video one short segment longer or shorter; more is another video. Frames. */
const LENGTH_SLACK = 16;

export interface TruthMatch {
  /** Ranges inside the video. */
  matched: { videoId: number; intervals: FrameRange[] }[];
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
}

/** The longest tail of the path that is a key, without the extension of the file or with it. */
function longestKey(path: string, keys: Map<string, TruthEntry>): TruthEntry | null {
  const parts = path.split(/[\\/]/).filter((part) => part !== '');
  for (let from = 0; from < parts.length; from++) {
    const tail = parts.slice(from).join('/');
    const entry = keys.get(tail.replace(/(?<=[^/])\.[^./]*$/, '')) ?? keys.get(tail);
    if (entry) return entry;
  }
  return null;
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
    video.path === null && frames !== null ? [{ frames, video }] : [],
  );
  const lengths = new Set(known.map(({ frames }) => frames));
  const [first] = known;
  if (lengths.size < 2 || known.some(({ video }) => video.frames !== first.video.frames)) return;
  if (known.every(({ frames, video }) => Math.abs(frames - video.frames) <= LENGTH_SLACK)) return;
  const segments = first.video.frames / SEGMENT_FRAMES;
  throw new AppError(
    'unsupported',
    `The features of ${first.video.relPath} and ${known.length - 1} more have ${segments} segments each, while their videos have ${Math.min(...lengths)} to ${Math.max(...lengths)} frames. Such segments are shares of a video and not ${SEGMENT_FRAMES} frames, so scores cannot be compared with ground truth in frames. Import features with one segment per ${SEGMENT_FRAMES} frames to evaluate them.`,
    { segments, videos: known.map(({ video }) => video.relPath) },
  );
}

/**
 * Gives each video the entry whose key is the longest tail of its path.
 * @throws AppError `conflict` when a key fits two videos, naming both; `unsupported` when features count other segments.
 */
export function matchTruth(truth: readonly TruthEntry[], videos: readonly MatchableVideo[]): TruthMatch {
  const keys = new Map(truth.map((entry) => [entry.key.split('\\').join('/'), entry]));
  const takenBy = new Map<TruthEntry, MatchableVideo>();
  const unmatched: string[] = [];
  const matched: TruthMatch['matched'] = [];
  for (const video of videos) {
    const entry = longestKey(video.path ?? video.relPath, keys) ?? longestKey(video.relPath, keys);
    if (!entry) continue;
    const other = takenBy.get(entry);
    if (other) {
      throw new AppError(
        'conflict',
        `"${entry.key}" in the ground truth fits two videos: ${other.relPath} and ${video.relPath}. Name the key with more of the path, or remove one of the videos.`,
        { key: entry.key, videos: [other.relPath, video.relPath] },
      );
    }
    takenBy.set(entry, video);
    const misfit = lengthMisfit(entry, video.frames);
    if (misfit !== null) {
      unmatched.push(`${entry.key} (${misfit} in the file, ${video.frames} in ${video.relPath})`);
      continue;
    }
    matched.push({ videoId: video.id, intervals: clip(entry.intervals, 0, video.frames) });
  }
  refuseShares([...takenBy].map(([entry, video]) => ({ entry, video })));
  for (const entry of truth) if (!takenBy.has(entry)) unmatched.push(entry.key);
  return { matched, without: videos.length - matched.length, unmatched };
}
