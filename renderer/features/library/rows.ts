// The library's list as data. Role: filter, search, order and group videos. Limits: pure; the screen draws.
import {
  type ExtractorName,
  extractorName,
  type FeatureSet,
  type VideoRow,
} from '../../../shared/contract/index.ts';

export type StateFilter = 'all' | 'events' | 'scored' | 'features' | 'bare' | 'attention';
export type Order = 'name' | 'camera' | 'events' | 'score' | 'mean' | 'length' | 'newest';

export interface View {
  state: StateFilter;
  /** Folder below the import folder, `''` for the top one; null for all. */
  folder: string | null;
  /** Name of a camera, `''` for none; null for all. */
  camera: string | null;
  /** Only videos with this tag; null for all. */
  tag: string | null;
  text: string;
  order: Order;
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

const ORDERS: Record<Order, (a: VideoRow, b: VideoRow) => number> = {
  name: (a, b) => byName(folderOf(a.relPath), folderOf(b.relPath)) || byName(a.relPath, b.relPath),
  camera: (a, b) => byName(a.camera ?? '\uffff', b.camera ?? '\uffff') || byName(a.relPath, b.relPath),
  events: (a, b) => (b.score?.events ?? -1) - (a.score?.events ?? -1),
  score: (a, b) => (b.score?.max ?? -1) - (a.score?.max ?? -1),
  mean: (a, b) => (b.score?.mean ?? -1) - (a.score?.mean ?? -1),
  length: (a, b) => b.durationSeconds - a.durationSeconds,
  newest: (a, b) => b.importedAt - a.importedAt,
};

/** The videos a view shows, in its order; equal ones by name. */
export function arrange(videos: readonly VideoRow[], view: View): VideoRow[] {
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
  return videos
    .filter(
      (video) =>
        TESTS[view.state](video) &&
        (view.folder === null || folderOf(video.relPath) === view.folder) &&
        (view.camera === null || (video.camera ?? '') === view.camera) &&
        (view.tag === null || video.tags.includes(view.tag)) &&
        matches(video, words),
    )
    .toSorted((a, b) => ORDERS[view.order](a, b) || byName(a.relPath, b.relPath));
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
