// The library's list as data. Role: filter, search, order and group videos. Limits: pure; the screen draws.
import {
  type ExtractorName,
  extractorName,
  type FeatureSet,
  type Output,
  type Run,
  type VideoProgress,
  type VideoRow,
} from '../../../shared/contract/index.ts';
import {
  leftOf,
  nobodySpoke,
  type Progress,
  type ReviewState,
  reviewStateOf,
} from '../../../shared/labels/progress.ts';
import { score } from '../../format.ts';

export type StateFilter = 'all' | 'events' | 'scored' | 'features' | 'bare' | 'attention';
/** `max 3`, `mean 3`: by the highest or mean score of run 3, whichever run is shown. */
export type Order =
  | 'name'
  | 'camera'
  | 'events'
  | 'score'
  | 'mean'
  | 'left'
  | 'watched'
  | 'disagree'
  | 'length'
  | 'newest'
  | `max ${number}`
  | `mean ${number}`;

export interface View {
  state: StateFilter;
  /** How far the review has come; null for all. */
  review: ReviewState | null;
  /** Folder below the import folder, `''` for the top one; null for all. */
  folder: string | null;
  /** Name of a camera, `''` for none; null for all. */
  camera: string | null;
  /** Only videos with this tag; null for all. */
  tag: string | null;
  text: string;
  order: Order;
}

type Compared = Output<'videos.compared'>;

/** What is known of videos besides their rows. */
export interface Known {
  /** Of the videos somebody said something about. */
  progress: ReadonlyMap<number, VideoProgress>;
  /** How runs see the videos; null while no order asks for it. */
  runs: Compared['runs'];
  compared: ReadonlyMap<number, Compared['videos'][number]>;
}

/** How far the review of a video has come; null without scores. */
export function progressOf({ id, score: own }: VideoRow, { progress }: Known): Progress | null {
  return own && (progress.get(id) ?? nobodySpoke(own.events));
}

/** Null: without scores, or with nothing to decide on. */
export function stateOf(video: VideoRow, known: Known): ReviewState | null {
  const progress = progressOf(video, known);
  return progress && reviewStateOf(progress);
}

/** Folder part of a path with `/`; `''` for none. */
export const folderOf = (relPath: string): string => relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));

/** Damaged, unreadable or missing, or not playable without a copy. */
export const needsAttention = (video: VideoRow): boolean =>
  video.state !== 'ready' || video.playable === 'needs_proxy';

const TESTS: Record<StateFilter, (video: VideoRow) => boolean> = {
  all: () => true,
  events: (video) => (video.score?.events ?? 0) > 0,
  scored: (video) => video.score !== null,
  features: (video) => video.score === null && video.features.length > 0,
  bare: (video) => video.features.length === 0 && video.state === 'ready',
  attention: needsAttention,
};

/** How many videos each state filter would show. */
export function stateCounts(videos: readonly VideoRow[]): Record<StateFilter, number> {
  const counts = { all: 0, events: 0, scored: 0, features: 0, bare: 0, attention: 0 };
  for (const video of videos) {
    for (const state of Object.keys(TESTS) as StateFilter[]) if (TESTS[state](video)) counts[state] += 1;
  }
  return counts;
}

/** How many videos have come how far. */
export function reviewCounts(videos: readonly VideoRow[], known: Known): Record<ReviewState, number> {
  const counts = { untouched: 0, begun: 0, done: 0 };
  for (const video of videos) {
    const state = stateOf(video, known);
    if (state) counts[state] += 1;
  }
  return counts;
}

/** Folders with their number of videos, in the order of their names. */
export function folderCounts(videos: readonly VideoRow[]): { folder: string; videos: number }[] {
  const counts = new Map<string, number>();
  for (const video of videos)
    counts.set(folderOf(video.relPath), (counts.get(folderOf(video.relPath)) ?? 0) + 1);
  return [...counts]
    .map(([folder, n]) => ({ folder, videos: n }))
    .toSorted((a, b) => byName(a.folder, b.folder));
}

/** Names that videos have, ascending, without repeats. */
export function namesOf(videos: readonly VideoRow[], of: (video: VideoRow) => readonly string[]): string[] {
  return [...new Set(videos.flatMap(of))].toSorted(byName);
}

/** How many videos each name has, in the order of the names. */
export function nameCounts(
  videos: readonly VideoRow[],
  of: (video: VideoRow) => readonly string[],
): { name: string; videos: number }[] {
  const counts = new Map<string, number>();
  for (const video of videos) for (const name of of(video)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => ({ name, videos: n })).toSorted((a, b) => byName(a.name, b.name));
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const byName = (a: string, b: string): number => collator.compare(a, b);

const NAMES: Partial<Record<Order, (video: VideoRow) => string>> = {
  name: ({ relPath }) => folderOf(relPath),
  camera: ({ camera }) => camera ?? '\uffff',
};

/** What an order by numbers sorts by, largest first; what has no number comes last. */
function numberOf(order: Order, known: Known): (video: VideoRow) => number | null {
  const left = (video: VideoRow): number | null => {
    const progress = progressOf(video, known);
    return progress && leftOf(progress);
  };
  const seen = /^(max|mean) (\d+)$/.exec(order);
  if (seen) {
    const what = seen[1] === 'max' ? 'max' : 'mean';
    const at = known.runs.indexOf(Number(seen[2]));
    return ({ id }) => known.compared.get(id)?.[what][at] ?? null;
  }
  switch (order) {
    case 'events':
      return (video) => video.score?.events ?? null;
    case 'score':
      return (video) => video.score?.max ?? null;
    case 'mean':
      return (video) => video.score?.mean ?? null;
    case 'left':
      return left;
    case 'watched':
      return (video) => {
        const progress = progressOf(video, known);
        return progress && -progress.watched;
      };
    case 'disagree':
      return ({ id }) => known.compared.get(id)?.disagreement ?? null;
    case 'length':
      return (video) => video.durationSeconds;
    default:
      return (video) => video.importedAt;
  }
}

/** Whether an order needs to know how several runs see the videos. */
export const needsRuns = (order: Order): boolean => order === 'disagree' || /^(max|mean) /.test(order);

export interface Shown {
  label: string;
  title: string;
  /** The order that a press on the column asks for. */
  by: Order;
  text(video: VideoRow): string | null;
}

/** The one number that is shown beside a video: the one it is ordered by, as far as that is a score. */
export function shownNumber(order: Order, known: Known, runs: readonly Run[]): Shown {
  const scores = order === 'mean' || needsRuns(order) ? order : 'score';
  const of = numberOf(scores, known);
  const other = /^(max|mean) (\d+)$/.exec(scores);
  const name = other && (runs.find((run) => run.id === Number(other[2]))?.name ?? `run ${other[2]}`);
  const mean = scores === 'mean' || other?.[1] === 'mean';
  return {
    label: scores === 'disagree' ? 'Differ' : mean ? 'Mean' : 'Highest',
    title:
      scores === 'disagree'
        ? 'Share of the frames that are in an event of some runs and not of all, each under its own rule'
        : `${mean ? 'Mean' : 'Highest'} score${name ? ` of ${name}` : ''}`,
    by: scores,
    text: (video) => {
      const value = of(video);
      return value === null
        ? null
        : scores === 'disagree'
          ? `${Number((100 * value).toFixed(1))} %`
          : score(value);
    },
  };
}

/** The videos a view shows, in its order; equal ones by name. */
export function arrange(videos: readonly VideoRow[], view: View, known: Known): VideoRow[] {
  const name = NAMES[view.order];
  const number = numberOf(view.order, known);
  const compare = (a: VideoRow, b: VideoRow): number =>
    name
      ? byName(name(a), name(b))
      : (number(b) ?? Number.NEGATIVE_INFINITY) - (number(a) ?? Number.NEGATIVE_INFINITY) || 0;
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
  return videos
    .filter(
      (video) =>
        TESTS[view.state](video) &&
        (view.review === null || stateOf(video, known) === view.review) &&
        (view.folder === null || folderOf(video.relPath) === view.folder) &&
        (view.camera === null || (video.camera ?? '') === view.camera) &&
        (view.tag === null || video.tags.includes(view.tag)) &&
        matches(video, words),
    )
    .toSorted((a, b) => compare(a, b) || byName(a.relPath, b.relPath));
}

/** Whether all words are somewhere in the name, the camera or the tags of a video. */
function matches(video: VideoRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [video.relPath, video.camera ?? '', ...video.tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

export type Line =
  | { kind: 'group'; name: string; videos: number; events: number }
  | { kind: 'video'; video: VideoRow; index: number };

/** Lines of the table: with a heading per folder by name, per camera by camera, when there is more than one. */
export function linesOf(videos: readonly VideoRow[], order: Order): Line[] {
  const groupOf =
    order === 'name'
      ? (video: VideoRow) => folderOf(video.relPath) || 'Top folder'
      : order === 'camera'
        ? (video: VideoRow) => video.camera ?? 'No camera'
        : null;
  const grouped = groupOf !== null && new Set(videos.map(groupOf)).size > 1;
  const lines: Line[] = [];
  let group: Extract<Line, { kind: 'group' }> | null = null;
  videos.forEach((video, index) => {
    const name = groupOf?.(video) ?? '';
    if (grouped && group?.name !== name) {
      group = { kind: 'group', name, videos: 0, events: 0 };
      lines.push(group);
    }
    if (group) {
      group.videos += 1;
      group.events += video.score?.events ?? 0;
    }
    lines.push({ kind: 'video', video, index });
  });
  return lines;
}

type Features = Pick<FeatureSet, 'name' | 'extractor' | 'missing'>;

/** Videos that could have the extractor's features and do not yet. */
export function missingFeatures(
  videos: readonly VideoRow[],
  sets: readonly Features[],
  extractor: ExtractorName,
): number {
  const own = sets.find((set) => set.extractor === extractor);
  return own
    ? own.missing
    : videos.filter((video) => video.path !== null && video.state === 'ready' && video.frames > 0).length;
}

/**
 * The features to make next: those that some videos have and others not yet, else the default ones where there are none.
 * Null when nothing is missing.
 */
export function nextExtractor(videos: readonly VideoRow[], sets: readonly Features[]): ExtractorName | null {
  const made = extractorName.options.filter((name) => sets.some((set) => set.extractor === name));
  const candidates = made.length > 0 ? made : extractorName.options.slice(0, 1);
  return candidates.find((name) => missingFeatures(videos, sets, name) > 0) ?? null;
}
