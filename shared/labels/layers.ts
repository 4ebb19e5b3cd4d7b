// The three layers over one video, put together: which labels count, and what a person has said about a stretch.
// Role: pure functions over rows of the model, rule and human layers; used by exports, the queue and the page alike.
// Limits: one video and one pass of review at a time; the layers themselves are never changed here.
import type { HumanEvent, LabelInUse, RuleEvent } from '../contract/review.ts';
import {
  frameCount,
  intersect,
  intersectionOverUnion,
  normalize,
  overlap,
  subtract,
  union,
} from './intervals.ts';
import type { FrameRange } from './types.ts';

/** An event counts as decided when at least this share of its frames was. */
export const DECIDED_SHARE = 0.5;

/** Frames a row speaks about: where it is, and where the machine had seen it. */
export const framesOf = (row: HumanEvent): FrameRange[] =>
  row.origin
    ? normalize([{ start: row.start, end: row.end }, row.origin])
    : [{ start: row.start, end: row.end }];

/** Whether any of the frames a row speaks about may lie in a range: most do not, and are passed by. */
const near = ({ start, end, origin }: HumanEvent, range: FrameRange): boolean =>
  (start < range.end && range.start < end) ||
  (origin !== null && origin.start < range.end && range.start < origin.end);

/** Whether a row is a decision about events: a verdict, or a stretch that was watched in full. */
const decides = (row: HumanEvent): boolean =>
  (row.kind === 'event' && row.verdict !== null) || row.kind === 'watched';

/**
 * The person's row that speaks about a stretch of frames: with the most frames in common, and together with the other
 * decided rows at least half of it; null when nobody has looked. A watched stretch without an event there comes last.
 * @param rows human rows of this video, of one pass
 */
export function decisionOn(range: FrameRange, rows: readonly HumanEvent[]): HumanEvent | null {
  let best: HumanEvent | null = null;
  let most = 0;
  const said: FrameRange[] = [];
  for (const row of rows) {
    if (!decides(row) || !near(row, range)) continue;
    const frames = framesOf(row);
    const common = frames.reduce((sum, part) => sum + overlap(part, range), 0);
    if (common === 0) continue;
    said.push(...frames);
    const better = best?.kind === row.kind ? common > most : best === null || best.kind === 'watched';
    if (better) [best, most] = [row, common];
  }
  return best && frameCount(intersect(normalize(said), [range])) >= DECIDED_SHARE * (range.end - range.start)
    ? best
    : null;
}

/**
 * The person's row that a machine event is already part of: the one that came from it, else one that speaks about mostly
 * the same frames, from whichever run. A verdict on the event changes this row instead of adding a second one.
 */
export function rowAbout(range: FrameRange, rows: readonly HumanEvent[]): HumanEvent | null {
  const events = rows.filter((row) => row.kind === 'event');
  const own = events.find((row) => row.origin?.start === range.start && row.origin.end === range.end);
  if (own) return own;
  const known = decisionOn(range, events);
  const parts = known ? [known, ...(known.origin ? [known.origin] : [])] : [];
  return parts.some((part) => intersectionOverUnion(part, range) >= DECIDED_SHARE) ? known : null;
}

/** The bulk verdict on a stretch, if its events hold at least half of it; the newest counts. */
export function ruleOn(range: FrameRange, rows: readonly RuleEvent[]): RuleEvent | null {
  const touching = rows.filter((row) => row.start < range.end && range.start < row.end);
  if (touching.length === 0) return null;
  const held =
    frameCount(intersect(normalize(touching), [range])) >= DECIDED_SHARE * (range.end - range.start);
  return held ? touching.reduce((a, b) => (b.ruleId > a.ruleId ? b : a)) : null;
}

/** Whether people said to ignore at least half of a stretch: then nothing is left to be decided about it. */
export function ignoredOn(range: FrameRange, rows: readonly HumanEvent[]): boolean {
  const touching = rows.filter(
    (row) => row.kind === 'ignore' && row.start < range.end && range.start < row.end,
  );
  if (touching.length === 0) return false;
  return frameCount(intersect(normalize(touching), [range])) >= DECIDED_SHARE * (range.end - range.start);
}

/** What a row means for the event it speaks about. */
export const verdictOf = (row: HumanEvent): HumanEvent['verdict'] =>
  row.kind === 'watched' ? 'rejected' : row.verdict;

export interface Layers {
  /** Events of the run under its rule, ascending. */
  model: readonly FrameRange[];
  /** Events of bulk verdicts that are in force, for the same run. */
  rule: readonly RuleEvent[];
  /** Rows of people, of one pass. */
  human: readonly HumanEvent[];
}

export interface VideoLabels {
  /** Ascending by start. Those of people may overlap, where they gave two classes. */
  events: LabelInUse[];
  /** Frames that must not count at all: ranges to ignore, and what a person was unsure about. */
  ignored: FrameRange[];
}

/**
 * The labels in use: what people accepted or drew, then what a rule accepted, then machine events nobody decided on.
 * What a person decided on is taken from the layers below, frame by frame; a machine or rule event of which at least
 * half is decided goes as a whole, so that moved edges leave no slivers behind.
 */
export function labelsOf({ model, rule, human }: Layers): VideoLabels {
  const spoken = human.filter((row) => row.kind === 'event' || row.kind === 'watched');
  const decided = normalize(spoken.flatMap(framesOf));
  const events: LabelInUse[] = [];
  for (const row of spoken) {
    if (row.kind === 'watched' || row.verdict === 'rejected' || row.verdict === 'unsure') continue;
    events.push({
      start: row.start,
      end: row.end,
      layer: 'human',
      verdict: row.verdict,
      class: row.class,
      reviewer: row.reviewer,
      eventId: row.id,
      origin: row.origin,
    });
  }
  for (const row of rule) {
    if (row.verdict !== 'accepted') continue;
    for (const { start, end } of remaining(row, decided)) {
      events.push({
        start,
        end,
        layer: 'rule',
        verdict: 'accepted',
        class: row.class,
        reviewer: null,
        eventId: row.id,
        origin: { start: row.start, end: row.end },
      });
    }
  }
  const below = union(decided, normalize(rule));
  for (const event of model) {
    for (const { start, end } of remaining(event, below)) {
      events.push({
        start,
        end,
        layer: 'model',
        verdict: null,
        class: null,
        reviewer: null,
        eventId: null,
        origin: { start: event.start, end: event.end },
      });
    }
  }
  events.sort((a, b) => a.start - b.start || a.end - b.end);
  const unsure = [
    ...human.filter((row) => row.kind === 'ignore' || (row.kind === 'event' && row.verdict === 'unsure')),
    ...rule.flatMap((row) =>
      row.verdict === 'unsure' ? subtract([{ start: row.start, end: row.end }], decided) : [],
    ),
  ];
  return { events, ignored: normalize(unsure.map(({ start, end }) => ({ start, end }))) };
}

/** What is left of an event when `decided` is taken away; nothing when half of it or more is. */
function remaining({ start, end }: FrameRange, decided: readonly FrameRange[]): FrameRange[] {
  const left = subtract([{ start, end }], decided);
  return frameCount(left) > (1 - DECIDED_SHARE) * (end - start) ? left : [];
}

/**
 * The label of a whole video as far as people gave one: 1 where one event is accepted, 0 where every frame that is not
 * ignored was watched and no event is there, null where nobody can say.
 */
export function videoLabelOf(human: readonly HumanEvent[], frames: number): 0 | 1 | null {
  if (human.some((row) => row.kind === 'event' && row.verdict === 'accepted')) return 1;
  if (human.some((row) => row.kind === 'event' && row.verdict === 'unsure')) return null;
  const seen = normalize(
    human
      .filter(
        (row) =>
          row.kind === 'watched' ||
          row.kind === 'ignore' ||
          (row.kind === 'event' && row.verdict === 'rejected'),
      )
      .map(({ start, end }) => ({ start, end })),
  );
  return frames > 0 && frameCount(intersect(seen, [{ start: 0, end: frames }])) === frames ? 0 : null;
}
