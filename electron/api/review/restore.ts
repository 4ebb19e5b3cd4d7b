// The review as it was, made the review of now. Role: the difference between now and a point of the log, as changes of one
// step. Limits: thresholds of runs are no part of the review and stay; rows of videos that were removed since stay gone.
import { isDeepStrictEqual } from 'node:util';
import type { HumanEvent, Output, ReviewPass } from '../../../shared/contract/index.ts';
import type { Change } from '../../store/review-steps.ts';
import type { ReadStore } from '../../store/store.ts';

type Stored = Pick<ReadStore, 'review' | 'videos'>;

/** What a person said in a row: not which run it came from, which may have been removed since. */
const spoken = ({ runId: _run, parentId: _parent, ...said }: HumanEvent) => said;

/**
 * What restoring a point of the log changes: rows of a pass, and for the first review bulk verdicts and classes too.
 * @param at row of the log; 0 is before everything
 */
export function changesTo(store: Stored, at: number, pass: ReviewPass): Change[] {
  const then = store.review.at(at, pass);
  const videos = new Set(store.videos.list().map((video) => video.id));
  const was = new Map(then.rows.filter((row) => videos.has(row.videoId)).map((row) => [row.id, row]));
  const is = new Map(store.review.all(pass).map((row) => [row.id, row]));
  const changes: Change[] = [];
  for (const before of is.values())
    if (!was.has(before.id)) changes.push({ what: 'event', before, after: null });
  for (const after of was.values()) {
    const before = is.get(after.id) ?? null;
    if (before && isDeepStrictEqual(spoken(before), spoken(after))) continue;
    changes.push({ what: 'event', before, after });
  }
  if (pass === 2) return changes;
  for (const { id, active } of store.review.rules()) {
    const after = then.active.get(id) ?? active;
    if (after !== active) changes.push({ what: 'rule', ruleId: id, before: active, after });
  }
  const classes = store.review.classes();
  if (!isDeepStrictEqual(classes, then.classes))
    changes.push({ what: 'classes', before: classes, after: then.classes });
  return changes;
}

/** The same in numbers, to be looked at before it is done. */
export function sinceThen(store: Stored, at: number, pass: ReviewPass): Output<'review.since'> {
  const changes = changesTo(store, at, pass);
  const events = changes.filter((change) => change.what === 'event');
  return {
    back: events.filter((change) => change.before === null).length,
    changed: events.filter((change) => change.before !== null && change.after !== null).length,
    gone: events.filter((change) => change.after === null).length,
    videos: new Set(events.map((change) => (change.after ?? change.before)?.videoId)).size,
    rules: changes.filter((change) => change.what === 'rule').length,
    classes: changes.some((change) => change.what === 'classes'),
  };
}
