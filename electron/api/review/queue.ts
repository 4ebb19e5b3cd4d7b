// The queue: events of all videos in the order in which a person looks at them (ux.md 4.1, 4.5, 4.6).
// Role: candidates, filters, orders, probes, budget and what to expect of it. Limits: reads the store and the cached
// scores; what it draws at random comes back with the queue and is kept by the caller.
import { matchesGlob } from 'node:path/posix';
import type {
  HumanEvent,
  Queue,
  QueueFilter,
  QueueItem,
  QueueSettings,
  RuleEvent,
  RunDiff,
} from '../../../shared/contract/index.ts';
import { contradictions, diffEvents } from '../../../shared/labels/diff.ts';
import { eventsOf, type ScoredEvent, scoredOver } from '../../../shared/labels/events.ts';
import { decisionOn, ignoredOn, ruleOn, verdictOf } from '../../../shared/labels/layers.ts';
import { secondsToReview } from '../../../shared/labels/progress.ts';
import type { RuleOf } from '../../../shared/labels/rules.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import type { Sample } from '../../store/draws.ts';
import type { VideoScores } from '../../store/labels.ts';
import { drawUnits, mixed, probeUnits, type Unit } from './draws.ts';
import { chanceOf, type Judged, outlookOf } from './outlook.ts';

export interface QueueVideo {
  id: number;
  relPath: string;
  camera: string | null;
  tags: readonly string[];
  /** Mean seconds of a frame; 0 where nothing says. */
  frameSeconds: number;
}

/** A run as the queue sees it: its scores, and the rule that holds for each video. */
export interface QueueRun {
  ruleOf: RuleOf;
  scores: readonly VideoScores[];
}

export interface QueueInput {
  runId: number;
  settings: QueueSettings;
  videos: ReadonlyMap<number, QueueVideo>;
  /** Finished runs with their scores and rules, the chosen one first: with those that are asked about. */
  runs: readonly (QueueRun & { id: number })[];
  /** Human rows of the pass, by video. */
  human: ReadonlyMap<number, readonly HumanEvent[]>;
  /** Events of bulk verdicts in force for the run, by video. */
  ruleEvents: ReadonlyMap<number, readonly RuleEvent[]>;
  /** Distance of an event to the nearest reviewed one; null while features were not compared. */
  novelty: ((unit: Unit) => number | null) | null;
  /** How unsure the method of the run is of each segment of a video; null where it does not say, or is not asked. */
  uncertainty: ((videoId: number) => Float32Array | null) | null;
  /** Keeps a draw and gives its units back with their probabilities. */
  keep(
    purpose: 'events' | 'probes',
    population: number,
    units: readonly Omit<Sample, 'drawId' | 'probability'>[],
  ): Sample[];
  /** Whether rows of people that no event of the run stands for are in it, too. */
  people: boolean;
  limit: number;
}

type Candidate = Unit & Pick<QueueItem, 'kind' | 'why' | 'drawn'>;

/** How high a score is among those of its run, in [0, 1]: methods with different scales can be compared by it. */
function rankIn(videos: readonly VideoScores[]): (score: number) => number {
  const total = videos.reduce((sum, v) => sum + v.scores.length, 0);
  const stride = Math.max(1, Math.floor(total / 20_000));
  const sample: number[] = [];
  let next = 0;
  let at = 0;
  for (const { scores } of videos) {
    for (; next < at + scores.length; next += stride) sample.push(scores[next - at]);
    at += scores.length;
  }
  const sorted = Float32Array.from(sample).sort();
  /** How many of the sample lie below a score, or, with `orEqual`, not above it. */
  const below = (score: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] < score || (orEqual && sorted[middle] === score)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (score) =>
    sorted.length === 0 ? 0 : (below(score, false) + below(score, true)) / 2 / sorted.length;
}

const unitKey = (u: { videoId: number } & FrameRange) => `${u.videoId}:${u.start}:${u.end}`;

function candidatesOf(input: QueueInput): Candidate[] {
  const { settings, runs } = input;
  const { scores: own, ruleOf } = runs[0];
  const plain = (videoId: number, event: ScoredEvent, why: QueueItem['why']): Candidate => ({
    videoId,
    ...event,
    kind: 'event',
    why,
    drawn: null,
  });
  const against = runs.find((run) => run.id === settings.filter.against);
  if (settings.filter.against === null || !against) {
    return own.flatMap((video) =>
      eventsOf(video.scores, video.frames, ruleOf(video)).map((event) => plain(video.videoId, event, null)),
    );
  }
  const earlier = new Map(against.scores.map((video) => [video.videoId, video]));
  return own.flatMap((video) => {
    const { videoId, scores } = video;
    const events = eventsOf(scores, video.frames, ruleOf(video));
    const diff = diffEvents(eventsBefore(earlier.get(videoId), against), events);
    const { rejected, missed } = contradictions(events, input.human.get(videoId) ?? []);
    const found = new Map<string, Candidate>();
    const add = (range: FrameRange, why: QueueItem['why']) => {
      const event = scores.length > 0 ? scoredOver(scores, range) : { ...range, max: 0, mean: 0 };
      const candidate = plain(videoId, event, why);
      if (!found.has(unitKey(candidate))) found.set(unitKey(candidate), candidate);
    };
    for (const event of [...rejected, ...missed]) add(event, 'contradiction');
    for (const event of diff.added) add(event, 'new');
    for (const event of diff.moved) add(event, 'moved');
    for (const event of diff.gone) add(event, 'gone');
    return [...found.values()];
  });
}

/** Events of an earlier run over a video under its own rule; none where it does not hold the video. */
const eventsBefore = (video: VideoScores | undefined, { ruleOf }: QueueRun): ScoredEvent[] =>
  video ? eventsOf(video.scores, video.frames, ruleOf(video)) : [];

/** What changed against an earlier run over all videos. @param runs the run and the earlier one, with rules and scores */
export function diffOf(
  run: QueueRun,
  against: QueueRun,
  human: ReadonlyMap<number, readonly HumanEvent[]>,
): RunDiff {
  const earlier = new Map(against.scores.map((video) => [video.videoId, video]));
  const sum: RunDiff = { new: 0, moved: 0, gone: 0, same: 0, contradictions: 0 };
  for (const video of run.scores) {
    const events = eventsOf(video.scores, video.frames, run.ruleOf(video));
    const diff = diffEvents(eventsBefore(earlier.get(video.videoId), against), events);
    const { rejected, missed } = contradictions(events, human.get(video.videoId) ?? []);
    sum.new += diff.added.length;
    sum.moved += diff.moved.length;
    sum.gone += diff.gone.length;
    sum.same += diff.same.length;
    sum.contradictions += rejected.length + missed.length;
  }
  return sum;
}

function fits(item: QueueItem, filter: QueueFilter, video: QueueVideo | undefined): boolean {
  const said = item.by === null ? 'open' : item.by === 'rule' ? 'rule' : item.verdict;
  if (filter.said.length > 0 && !filter.said.some((wanted) => wanted === said)) return false;
  if (filter.class !== null && item.class !== filter.class) return false;
  const length = item.end - item.start;
  if (filter.minScore !== null && item.max < filter.minScore) return false;
  if (filter.maxScore !== null && item.max > filter.maxScore) return false;
  if (filter.minFrames !== null && length < filter.minFrames) return false;
  if (filter.maxFrames !== null && length > filter.maxFrames) return false;
  return fitsVideo(filter, video);
}

/** What a filter says of the video alone: probes have to fit it as well. */
function fitsVideo({ cameras, tags, path: part }: QueueFilter, video: QueueVideo | undefined): boolean {
  if (cameras.length > 0 && !cameras.some((camera) => camera === video?.camera)) return false;
  if (tags.length > 0 && !tags.some((tag) => video?.tags.includes(tag))) return false;
  if (part === '') return true;
  const path = (video?.relPath ?? '').toLowerCase();
  const wanted = part.toLowerCase();
  return path.includes(wanted) || (/[*?[]/.test(wanted) && matchesGlob(path, wanted));
}

/** Puts `extra` items evenly among the others, so that they make up their share of any beginning of the list. */
export function interleave<T>(items: readonly T[], extra: readonly T[]): T[] {
  const out: T[] = [];
  const total = items.length + extra.length;
  let [a, b] = [0, 0];
  for (let i = 0; i < total; i++) {
    const due = Math.floor(((i + 1) * extra.length) / total);
    if (b < due || a >= items.length) out.push(extra[b++]);
    else out.push(items[a++]);
  }
  return out;
}

/** Builds the queue; the same input gives the same queue on any machine. */
export function buildQueue(input: QueueInput): Queue {
  const { settings, runs } = input;
  const { ruleOf } = runs[0];
  const scoresOf = runs.map((run) => new Map(run.scores.map((video) => [video.videoId, video.scores])));
  const ranks = runs.length > 1 ? runs.map((run) => rankIn(run.scores)) : [];

  /** @param own the person's row that an item stands for, where it is not an event of the run */
  function itemOf(candidate: Candidate, own: HumanEvent | null = null): QueueItem {
    const { videoId, start, end, max, mean, kind, why, drawn } = candidate;
    const range = { start, end };
    const each = scoresOf.map((byVideo) => {
      const scores = byVideo.get(videoId);
      return scores && scores.length > 0 ? scoredOver(scores, range) : null;
    });
    const heights = ranks.flatMap((rank, i) => (each[i] ? [rank(each[i].mean)] : []));
    const row = own ?? decisionOn(range, input.human.get(videoId) ?? []);
    const byRule = row ? null : ruleOn(range, input.ruleEvents.get(videoId) ?? []);
    const perFrame = input.videos.get(videoId)?.frameSeconds ?? 0;
    return {
      videoId,
      ...range,
      kind,
      runId: own ? own.runId : runs[0].id,
      max,
      mean,
      scores: each.map((event) => event?.max ?? null),
      means: each.map((event) => event?.mean ?? null),
      spread: heights.length > 1 ? Math.max(...heights) - Math.min(...heights) : null,
      novelty: input.novelty?.(candidate) ?? null,
      verdict: row ? verdictOf(row) : (byRule?.verdict ?? null),
      by: row ? 'human' : byRule ? 'rule' : null,
      class: row ? row.class : (byRule?.class ?? null),
      reviewer: row?.reviewer ?? null,
      eventId: row?.id ?? null,
      drawn,
      why,
      seconds: secondsToReview(perFrame * (end - start), settings.reviewSpeed),
    };
  }

  /** What people said that no event of the run stands for: without it such labels could not be found again. */
  function peopleOnly(shown: readonly QueueItem[]): QueueItem[] {
    const stood = new Set(shown.map((item) => item.eventId));
    const seen = new Set(shown.map(unitKey));
    return [...input.human].flatMap(([videoId, rows]) => {
      const scores = scoresOf[0].get(videoId);
      return rows
        .filter(({ kind }) => kind === 'event' || kind === 'ignore')
        .filter((row) => !stood.has(row.id) && !(row.origin && seen.has(unitKey({ videoId, ...row.origin }))))
        .map((row) => {
          const { start, end } = row;
          const scored = scores && scores.length > 0 ? scoredOver(scores, row) : { max: 0, mean: 0 };
          const kind = row.kind === 'event' ? ('human' as const) : ('ignored' as const);
          return itemOf({ videoId, ...scored, start, end, kind, why: null, drawn: null }, row);
        });
    });
  }

  const candidates = candidatesOf(input);
  const ignored = (item: QueueItem) =>
    item.by !== 'human' && ignoredOn(item, input.human.get(item.videoId) ?? []);
  const all = candidates.map((candidate) => itemOf(candidate)).filter((item) => !ignored(item));
  const judged: Judged[] = all;
  const onOf = new Map(runs[0].scores.map((video) => [video.videoId, ruleOf(video).on]));
  const chance = chanceOf(judged, (item) => onOf.get(item.videoId) ?? 0);
  const people = input.people ? peopleOnly(all) : [];
  let items = [...all, ...people].filter((item) =>
    fits(item, settings.filter, input.videos.get(item.videoId)),
  );
  let needs: Queue['needs'] = null;
  if (settings.order === 'random') {
    const drawn = new Map(
      input
        .keep('events', candidates.length, drawUnits(candidates, 'events', settings.seed, settings.sample))
        // What was drawn once stays drawn; of a larger sample this is the beginning.
        .filter((s) => s.position < settings.sample)
        .map((s) => [unitKey(s), s]),
    );
    items = items
      .flatMap((item) => {
        const sample = drawn.get(unitKey(item));
        return sample ? [{ ...item, drawn: drawnOf(sample) }] : [];
      })
      .sort((a, b) => (a.drawn?.position ?? 0) - (b.drawn?.position ?? 0));
  } else {
    const tie = (item: QueueItem) => mixed(settings.seed, item.videoId, item.start, item.end);
    const value = valueIn(settings.order, input, chance);
    if (settings.order === 'disagree' && runs.length < 2) needs = 'runs';
    if (settings.order === 'novel') {
      if (input.novelty === null) needs = 'features';
      else if (!all.some((item) => item.novelty !== null)) needs = 'verdicts';
    }
    const keyed = items.map((item) => ({ item, value: value(item), tie: tie(item) }));
    keyed.sort(
      (a, b) =>
        b.value - a.value ||
        (settings.order === 'time' ? 0 : a.tie - b.tie) ||
        a.item.videoId - b.item.videoId ||
        a.item.start - b.item.start,
    );
    items = keyed.map(({ item }) => item);
  }
  const total = items.length;
  // Probes have no place in a queue that is filtered to other things than what nobody has seen.
  if (
    settings.probeShare > 0 &&
    items.length > 0 &&
    settings.filter.against === null &&
    wantsOpen(settings.filter)
  ) {
    const inQueue = input.videos;
    const units = runs[0].scores
      .filter(({ videoId }) => fitsVideo(settings.filter, inQueue.get(videoId)))
      .flatMap((video) => probeUnits(video.videoId, video.scores, video.frames, ruleOf(video)));
    // Rounded down, so that a handful of events stays as it is; a hair more against numbers like 9.999...
    const wanted = Math.floor((settings.probeShare / (1 - settings.probeShare)) * items.length + 1e-9);
    const { path, cameras, tags } = settings.filter;
    const whole = path === '' && cameras.length === 0 && tags.length === 0;
    const drawn = drawUnits(units, 'probes', settings.seed, wanted);
    const kept = whole ? input.keep('probes', units.length, drawn) : [];
    const probes = drawn.map((unit, i) =>
      itemOf({
        ...unit,
        ...scoredOver(scoresOf[0].get(unit.videoId) ?? new Float32Array(1), unit),
        kind: 'probe',
        why: null,
        drawn: kept[i] ? drawnOf(kept[i]) : null,
      }),
    );
    items = interleave(
      items,
      probes.filter((probe) => !ignored(probe)),
    );
  }
  if (settings.budgetMinutes !== null) items = within(items, settings.budgetMinutes * 60);
  items = items.slice(0, input.limit);
  const open = (item: QueueItem) => item.by !== 'human';
  return {
    runs: runs.map((run) => run.id),
    items,
    total,
    human: all.filter((item) => item.by === 'human').length,
    rule: all.filter((item) => item.by === 'rule').length,
    open: all.filter((item) => item.by === null).length,
    ignored: candidates.length - all.length,
    seconds: items.filter(open).reduce((sum, item) => sum + item.seconds, 0),
    outlook: outlookOf(
      judged,
      new Set(items.filter((i) => i.kind === 'event' && open(i)).map(unitKey)),
      unitKey,
    ),
    needs,
  };
}

const drawnOf = ({ drawId, position, probability }: Sample) => ({ drawId, position, probability });
const wantsOpen = ({ said }: QueueFilter): boolean => said.length === 0 || said.includes('open');

/** What an order sorts by, highest first. */
function valueIn(
  order: Exclude<QueueSettings['order'], 'random'>,
  input: QueueInput,
  chance: (item: QueueItem) => number,
): (item: QueueItem) => number {
  switch (order) {
    case 'score':
      return (item) => item.max;
    case 'length':
      return (item) => item.end - item.start;
    case 'uncertain': {
      const { uncertainty } = input;
      // What the method says of itself is measured; without it the likeliest to be wrong are those in the middle.
      if (!uncertainty) return (item) => -Math.abs(chance(item) - 0.5);
      return (item) => {
        const own = uncertainty(item.videoId);
        return own && own.length > 0 ? scoredOver(own, item).mean : -1;
      };
    }
    case 'disagree':
      return (item) => item.spread ?? item.max - 2;
    case 'novel':
      return (item) => item.novelty ?? item.max - 2;
    case 'gain': {
      return (item) => (item.by === 'human' ? -1 : (chance(item) * (1 - chance(item))) / item.seconds);
    }
    case 'time': {
      const place = new Map(input.runs[0].scores.map((video, i) => [video.videoId, i]));
      return (item) => -((place.get(item.videoId) ?? place.size) + item.start / 2 ** 32);
    }
    default:
      return order satisfies never;
  }
}

/** The beginning of the queue that fits into the time; what is decided takes none. */
function within(items: readonly QueueItem[], seconds: number): QueueItem[] {
  let left = seconds;
  const out: QueueItem[] = [];
  for (const item of items) {
    if (item.by !== 'human') left -= item.seconds;
    if (left < 0) break;
    out.push(item);
  }
  return out;
}
