// What keys and buttons of a verdict are about: a machine event, a person's row, or a stretch that a queue shows.
// Role: from selection to one subject, and to the target of an edit. Limits: pure data.
import type { EditTarget, HumanEvent, QueueItem } from '../../../../shared/contract/index.ts';
import type { ScoredEvent } from '../../../../shared/labels/events.ts';
import { rowAbout } from '../../../../shared/labels/layers.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';

export interface Subject {
  /** Edges as they count now: a person's where there are any. */
  range: FrameRange;
  /** The person's row, null while nobody said anything. */
  row: HumanEvent | null;
  /** The machine event with its place among those of the video; null for what a person drew and for probes. */
  machine: { event: ScoredEvent; index: number } | null;
  /** Drawn from below the threshold: scores stay hidden until the verdict. */
  probe: boolean;
}

export interface Selection {
  machine: { event: ScoredEvent; index: number } | null;
  /** Item of the queue that is open, in this video. */
  item: QueueItem | null;
  /** A person's row that was chosen by itself. */
  rowId: number | null;
  /** Rows of people of this video. */
  rows: readonly HumanEvent[];
}

const holds = (outer: FrameRange, inner: FrameRange): boolean =>
  outer.start < inner.end && inner.start < outer.end;

export function subjectOf({ machine, item, rowId, rows }: Selection): Subject | null {
  const chosen = rowId === null ? undefined : rows.find((row) => row.id === rowId);
  if (chosen) {
    const { start, end } = chosen;
    const own = machine && rowAbout(machine.event, rows)?.id === chosen.id;
    return { range: { start, end }, row: chosen, machine: own ? machine : null, probe: false };
  }
  // An item that no event of the run stands for: a probe, or something that only an earlier run or a person saw.
  const alone = item && (item.kind === 'probe' || !machine || !holds(machine.event, item)) ? item : null;
  const about = alone ?? machine?.event;
  if (!about) return null;
  const row = rowAbout(about, rows);
  const { start, end } = row ?? about;
  return { range: { start, end }, row, machine: alone ? null : machine, probe: alone?.kind === 'probe' };
}

/** @param about the machine event or item behind a subject without a row */
export function targetOf(subject: Subject, runId: number, videoId: number): EditTarget {
  return subject.row ? { id: subject.row.id } : { runId, videoId, range: subject.range };
}

export interface Neighbour {
  range: FrameRange;
  row: HumanEvent | null;
}

/** The events of the video beside a subject, people's and the machine's, by start. */
function others(subject: Subject, events: readonly FrameRange[], rows: readonly HumanEvent[]): Neighbour[] {
  const all: Neighbour[] = [
    ...rows
      .filter((row) => row.kind === 'event')
      .map((row) => ({ range: { start: row.start, end: row.end }, row })),
    ...events.flatMap(({ start, end }) =>
      rowAbout({ start, end }, rows) ? [] : [{ range: { start, end }, row: null }],
    ),
  ];
  return all
    .filter(({ row }) => row === null || row !== subject.row)
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

const isAfter = (a: FrameRange, b: FrameRange): boolean =>
  a.start > b.start || (a.start === b.start && a.end > b.end);

/** The next event of the video after a subject, to be merged with; null for the last. */
export const following = (
  subject: Subject,
  events: readonly FrameRange[],
  rows: readonly HumanEvent[],
): Neighbour | null =>
  others(subject, events, rows).find(({ range }) => isAfter(range, subject.range)) ?? null;

/** The event before it; null for the first. */
export const preceding = (
  subject: Subject,
  events: readonly FrameRange[],
  rows: readonly HumanEvent[],
): Neighbour | null =>
  others(subject, events, rows).findLast(({ range }) => isAfter(subject.range, range)) ?? null;

/** How far a person moved the edges of a machine event, in frames: `+3` later, `-2` earlier. Null: no machine event. */
export function movedBy(row: HumanEvent): { start: number; end: number } | null {
  return row.origin && { start: row.start - row.origin.start, end: row.end - row.origin.end };
}

export const signed = (n: number): string => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : '0');
