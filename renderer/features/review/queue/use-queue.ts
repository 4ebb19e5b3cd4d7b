// The queue of the page. Role: its settings and place, kept with the project; items with what was said since it was made.
// Limits: the order is the engine's; it changes only when a person asks, never under the pointer.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type {
  HumanEvent,
  Queue,
  QueueItem,
  QueueSettings,
  Run,
  Verdict,
} from '../../../../shared/contract/index.ts';
import type { AppError } from '../../../../shared/errors.ts';
import { decisionOn, ignoredOn, ruleOn, verdictOf } from '../../../../shared/labels/layers.ts';
import type { EventRules } from '../../../../shared/labels/rules.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { useClient } from '../../../platform/context.tsx';
import { callKey, useCall } from '../../../state/queries.ts';
import type { Past } from '../history/use-past-layers.ts';
import { useRested } from '../use-slow.ts';
import { usePass } from '../verdicts/reviewer.ts';
import { FIRST_SETTINGS } from './orders.ts';

export interface Said {
  verdict: Verdict | null;
  /** `ignored`: no verdict, but people said to ignore at least half of it. */
  by: 'human' | 'rule' | 'ignored' | null;
  class: string | null;
}

/** Whether somebody still has to decide. */
export const isOpen = ({ by }: Said): boolean => by !== 'human' && by !== 'ignored';

export interface QueueView {
  /** Null until the first answer. */
  queue: Queue | null;
  items: readonly QueueItem[];
  /** What was said about an item of the queue, as of now. */
  saidOf(item: QueueItem): Said;
  settings: QueueSettings;
  change(part: Partial<QueueSettings>): void;
  /** Makes the queue anew: what was decided since changes orders and counts. */
  refresh(): void;
  /** While a newer queue is on its way. */
  busy: boolean;
  error: AppError | null;
  /** Where the person was when the project was closed; only before the first step. */
  remembered: (FrameRange & { videoId: number }) | null;
  /** Keeps where the person is. */
  remember(current: (FrameRange & { videoId: number }) | null): void;
  /** Items of the queue nobody has decided on, and the seconds they take. */
  left: { events: number; seconds: number };
}

const NONE: readonly HumanEvent[] = [];
const NO_ITEMS: readonly QueueItem[] = [];
const NOTHING: Said = { verdict: null, by: null, class: null };
const IGNORED: Said = { ...NOTHING, by: 'ignored' };
const SAVE_AFTER_MS = 400;

/** The time that items of a queue take. */
export const secondsOf = (items: readonly QueueItem[]): number =>
  items.reduce((sum, item) => sum + item.seconds, 0);

export const sameItem = (a: FrameRange & { videoId: number }, b: FrameRange & { videoId: number }): boolean =>
  a.videoId === b.videoId && a.start === b.start && a.end === b.end;

/** @param past what was said at an earlier time, where that is to be shown; the items stay those of now */
export function useQueue(run: Run, { rule, ownRules }: EventRules, past: Past | null): QueueView {
  const client = useClient();
  const queries = useQueryClient();
  const pass = usePass();
  const place = useCall('review.place', {});
  const [own, setOwn] = useState<QueueSettings | null>(null);
  const kept = place.data ?? null;
  const settings = own ?? kept?.settings ?? FIRST_SETTINGS;
  // A path is typed letter by letter; the queue is not made anew for each.
  const filter = useRested(settings.filter, 250);
  const answer = useCall(
    'review.queue',
    { runId: run.id, settings: { ...settings, filter }, rule, ownRules: [...ownRules], pass },
    { enabled: place.isFetched && !place.isFetching, keepPrevious: true },
  );
  const rows = useCall('review.rows', { videoId: null, pass });
  const said = past?.rows ?? rows.data ?? NONE;
  const byVideo = useMemo(() => Map.groupBy(said, (row) => row.videoId), [said]);
  const rulesThen = useMemo(() => past && Map.groupBy(past.ruleEvents, (event) => event.videoId), [past]);

  const items = answer.data?.items ?? NO_ITEMS;
  // Once after each change, for all who ask.
  const { all, left } = useMemo(() => {
    const sayOf = (item: QueueItem): Said => {
      const rows = byVideo.get(item.videoId) ?? NONE;
      const row = decisionOn(item, rows);
      if (row) return { verdict: verdictOf(row), by: 'human', class: row.class };
      if (ignoredOn(item, rows)) return IGNORED;
      const rule = rulesThen
        ? ruleOn(item, rulesThen.get(item.videoId) ?? [])
        : item.by === 'rule'
          ? item
          : null;
      return rule ? { verdict: rule.verdict, by: 'rule', class: rule.class } : NOTHING;
    };
    const said = new Map(items.map((item) => [item, sayOf(item)]));
    const undecided = items.filter((item) => isOpen(said.get(item) ?? NOTHING));
    return { all: said, left: { events: undecided.length, seconds: secondsOf(undecided) } };
  }, [items, byVideo, rulesThen]);
  const saidOf = useCallback((item: QueueItem): Said => all.get(item) ?? NOTHING, [all]);

  const current = useRef<(FrameRange & { videoId: number }) | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const unsaved = useRef<QueueSettings | null>(null);
  const saving = useRef(false);
  const flush = useCallback(() => {
    clearTimeout(timer.current);
    if (!unsaved.current) return;
    const place = { runId: run.id, settings: unsaved.current, current: current.current };
    // Whoever leaves the page and comes back finds it so, whenever it is written.
    queries.setQueryData(callKey('review.place', {}), place);
    // One after the other: the last one counts.
    if (saving.current) return;
    unsaved.current = null;
    saving.current = true;
    client
      .call('review.setPlace', { place })
      .catch(() => {}) // a place that is lost is not worth a message; verdicts are kept by themselves
      .finally(() => {
        saving.current = false;
        flush();
      });
  }, [client, queries, run.id]);
  const save = useCallback(
    (next: QueueSettings, after: number) => {
      unsaved.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, after);
    },
    [flush],
  );
  // Whoever leaves the page the moment after a step comes back to it all the same.
  useEffect(() => flush, [flush]);

  return {
    queue: answer.data ?? null,
    items,
    saidOf,
    settings,
    change(part) {
      const next = { ...settings, ...part };
      setOwn(next);
      save(next, 0);
    },
    refresh: () => void answer.refetch(),
    busy: answer.isFetching,
    error: answer.error,
    remembered: kept?.runId === run.id ? kept.current : null,
    remember: useCallback(
      (next) => {
        current.current = next && { videoId: next.videoId, start: next.start, end: next.end };
        save(settings, SAVE_AFTER_MS);
      },
      [save, settings],
    ),
    left,
  };
}

/** The next item after `from` that nobody has decided on, then from the top; null when all are decided. */
export function nextOpen(
  items: readonly QueueItem[],
  from: number,
  isOpen: (item: QueueItem) => boolean,
): QueueItem | null {
  for (let step = 1; step <= items.length; step++) {
    const item = items[(from + step + items.length) % items.length];
    if ((from + step) % items.length !== from && isOpen(item)) return item;
  }
  return null;
}
