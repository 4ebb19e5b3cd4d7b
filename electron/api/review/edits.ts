// What an edit means: from an edit of the contract to the rows that change, and to the name of the step.
// Role: machine events become rows of people, split, merge, moved edges. Limits: decides and checks; storing it is the
// step's (electron/store/review-steps.ts). To be called inside the transaction of the step.
import type {
  EditTarget,
  HumanEvent,
  ReviewDifference,
  ReviewEdit,
  ReviewPass,
  SettledAs,
  Verdict,
} from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { withClass } from '../../../shared/labels/classes.ts';
import { scoredOver } from '../../../shared/labels/events.ts';
import { rowAbout } from '../../../shared/labels/layers.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import type { Change, Step } from '../../store/review-steps.ts';
import type { Store } from '../../store/store.ts';
import { agreementNow } from './agreement.ts';
import { changesTo } from './restore.ts';

interface By {
  reviewer: string;
  pass: ReviewPass;
}

const VERBS: Record<Verdict, string> = { accepted: 'Accept', rejected: 'Reject', unsure: 'Unsure about' };
const number = (n: number): string => n.toLocaleString('en-US');

/** `1,328 to 1,472 of walkway.mp4`: frames, end excluded. */
function place(store: Store, { videoId, start, end }: FrameRange & { videoId: number }): string {
  const path = store.videos.get(videoId).relPath;
  return `${number(start)} to ${number(end)} of ${path.slice(path.lastIndexOf('/') + 1)}`;
}

/** @throws AppError `bad_input` for a range that reaches past the end of the video */
function inside(store: Store, videoId: number, range: FrameRange): FrameRange {
  const { frames, relPath } = store.videos.get(videoId);
  if (range.end > frames && frames > 0)
    throw new AppError(
      'bad_input',
      `Frames ${number(range.start)} to ${number(range.end)} reach past the end of ${relPath}, which has ${number(frames)} frames.`,
      { videoId, ...range, frames },
    );
  return { start: range.start, end: range.end };
}

/** The person's row an edit is about; `before` is null while only the machine event exists. */
function rowOf(store: Store, by: By, target: EditTarget): { before: HumanEvent | null; row: HumanEvent } {
  if ('id' in target) {
    const row = store.review.get(target.id);
    if (!row || row.pass !== by.pass)
      throw new AppError(
        'not_found',
        'This event is not in the project (any more). It may have been undone.',
        {
          id: target.id,
        },
      );
    return { before: row, row };
  }
  const { runId, videoId } = target;
  const range = inside(store, videoId, target.range);
  const scored = store.runs.scored(runId, videoId);
  if (!scored) throw new AppError('not_found', 'This run has no scores for this video.', { runId, videoId });
  // A second verdict changes the first one, also when another run sees the same event with other edges.
  const known = rowAbout(range, store.review.ofVideo(videoId, by.pass));
  if (known) return { before: known, row: known };
  const parentId = store.review.machine(runId, videoId, range, scoredOver(scored.scores, range).max);
  const at = Date.now();
  return {
    before: null,
    row: {
      id: 0,
      kind: 'event',
      pass: by.pass,
      videoId,
      runId,
      parentId,
      ...range,
      origin: range,
      verdict: null,
      class: null,
      note: '',
      reviewer: by.reviewer,
      createdAt: at,
      changedAt: at,
    },
  };
}

const event = (before: HumanEvent | null, after: HumanEvent | null): Change => ({
  what: 'event',
  before,
  after,
});

function nameOfChange(
  store: Store,
  row: HumanEvent,
  set: Extract<ReviewEdit, { type: 'change' }>['set'],
): string {
  const where = place(store, row);
  if (set.verdict) return `${VERBS[set.verdict]} ${where}`;
  if (set.verdict === null) return `Take back the verdict on ${where}`;
  if (set.range) return `Move edges of ${where}`;
  if (set.class !== undefined)
    return set.class === null ? `Take the class off ${where}` : `Call ${where} ${set.class}`;
  return set.note === '' ? `Remove the note of ${where}` : `Note on ${where}`;
}

const KINDS = { event: 'Add', ignore: 'Ignore', note: 'Note on', watched: 'Watched' } as const;

const SETTLED: Record<SettledAs, string> = {
  first: 'for the first review',
  second: 'for the second review',
  unsure: 'as unsure',
};

/** What becomes of the first review's rows when a difference is settled. */
function settling(
  store: Store,
  stamped: (row: HumanEvent) => HumanEvent,
  { first, second }: ReviewDifference,
  as: SettledAs,
): Change[] {
  const mine =
    first ?? (second && rowAbout(second.origin ?? second, store.review.ofVideo(second.videoId, 1)));
  const said = second ?? mine;
  if (as === 'first' || !said) return [];
  // A row of the second's own becomes the first's; where the second has none, it does not see an event there.
  const verdict = as === 'unsure' ? 'unsure' : second ? second.verdict : 'rejected';
  if (!mine) return [event(null, stamped({ ...said, id: 0, pass: 1, createdAt: Date.now(), verdict }))];
  const taken = as === 'second' && second ? second : mine;
  return [
    event(
      mine,
      stamped({
        ...mine,
        start: taken.start,
        end: taken.end,
        verdict,
        class: taken.class ?? mine.class,
        note: taken.note || mine.note,
      }),
    ),
  ];
}

/**
 * @throws AppError `not_found` for a row that is gone, `bad_input` for frames that do not fit, `conflict` for what cannot
 * be joined
 */
export function stepOf(store: Store, by: By, edit: ReviewEdit): Step {
  const at = Date.now();
  const step = (name: string, changes: Change[]): Step => ({
    name,
    ...by,
    action: `review.${edit.type}`,
    changes,
  });
  const stamped = (row: HumanEvent): HumanEvent => ({ ...row, reviewer: by.reviewer, changedAt: at });
  switch (edit.type) {
    case 'change': {
      const { before, row } = rowOf(store, by, edit.target);
      const { range, ...set } = edit.set;
      const after = stamped({ ...row, ...set, ...(range && inside(store, row.videoId, range)) });
      const changes = [event(before, after)];
      // A class nobody named yet is named by giving it: one step.
      const classes = store.review.classes();
      const named = set.class == null ? classes : withClass(classes, set.class);
      if (named !== classes) changes.unshift({ what: 'classes', before: classes, after: [...named] });
      return step(nameOfChange(store, row, edit.set), changes);
    }
    case 'create': {
      const { videoId, kind, note } = edit;
      const row: HumanEvent = {
        id: 0,
        kind,
        pass: by.pass,
        videoId,
        runId: null,
        parentId: null,
        ...inside(store, videoId, edit.range),
        origin: null,
        verdict: kind === 'event' ? 'accepted' : null,
        class: kind === 'event' ? edit.class : null,
        note,
        reviewer: by.reviewer,
        createdAt: at,
        changedAt: at,
      };
      return step(`${KINDS[kind]} ${place(store, row)}`, [event(null, row)]);
    }
    case 'split': {
      const { before, row } = rowOf(store, by, edit.target);
      if (edit.at <= row.start || edit.at >= row.end)
        throw new AppError(
          'bad_input',
          `An event is split between its frames, ${number(row.start + 1)} to ${number(row.end - 1)}, not at ${number(edit.at)}.`,
        );
      const first = stamped({ ...row, end: edit.at });
      // Only one of the two is the machine event's; the other stands for itself.
      const second = stamped({ ...row, id: 0, start: edit.at, origin: null, parentId: null, createdAt: at });
      return step(`Split ${place(store, row)} at ${number(edit.at)}`, [
        event(before, first),
        event(null, second),
      ]);
    }
    case 'merge': {
      const parts = edit.targets
        .map((target) => rowOf(store, by, target))
        .sort((a, b) => a.row.start - b.row.start);
      const rows = parts.map((part) => part.row);
      if (rows.some((row) => row.videoId !== rows[0].videoId || row.kind !== rows[0].kind))
        throw new AppError('conflict', 'Only events of one video can be merged.');
      if (new Set(parts.map((p) => p.before?.id ?? `${p.row.start}`)).size < parts.length)
        throw new AppError('conflict', 'An event cannot be merged with itself.');
      const origins = rows.flatMap((row) => (row.origin ? [row.origin] : []));
      const kept = parts.find((part) => part.before !== null) ?? parts[0];
      const after = stamped({
        ...kept.row,
        start: Math.min(...rows.map((row) => row.start)),
        end: Math.max(...rows.map((row) => row.end)),
        origin: origins.length
          ? { start: Math.min(...origins.map((o) => o.start)), end: Math.max(...origins.map((o) => o.end)) }
          : null,
        verdict: rows.find((row) => row.verdict !== null)?.verdict ?? null,
        class: rows.find((row) => row.class !== null)?.class ?? null,
        note: rows
          .map((row) => row.note)
          .filter(Boolean)
          .join('\n'),
      });
      const gone = parts.filter((part) => part !== kept && part.before !== null);
      return step(`Merge ${number(rows.length)} events to ${place(store, after)}`, [
        ...gone.map((part) => event(part.before, null)),
        event(kept.before, after),
      ]);
    }
    case 'remove': {
      const rows = [...new Set(edit.ids)].map((id) => rowOf(store, by, { id }).row);
      const name =
        rows.length === 1 ? `Remove ${place(store, rows[0])}` : `Remove ${number(rows.length)} events`;
      return step(
        name,
        rows.map((row) => event(row, null)),
      );
    }
    case 'settle': {
      const { of, as } = edit;
      const one = agreementNow(store).differences.find(
        (known) => known.videoId === of.videoId && known.start === of.start && known.end === of.end,
      );
      if (!one)
        throw new AppError('conflict', `The two reviews do not differ at ${place(store, of)} (any more).`);
      const { first, second } = one;
      return {
        ...step(`Settle ${place(store, one)} ${SETTLED[as]}`, settling(store, stamped, one, as)),
        pass: 1,
        settled: { first: first?.id ?? null, second: second?.id ?? null, as },
      };
    }
    case 'restore': {
      const changes = changesTo(store, edit.at, by.pass);
      if (changes.length === 0)
        throw new AppError('conflict', `The review is what it was after row ${number(edit.at)} of the log.`);
      return step(`Restore row ${number(edit.at)} of the log`, changes);
    }
    case 'classes': {
      const names = edit.classes.map((c) => c.name);
      const keys = edit.classes.flatMap((c) => (c.key === null ? [] : [c.key]));
      if (new Set(names).size < names.length)
        throw new AppError('bad_input', 'Two classes have the same name.');
      if (new Set(keys).size < keys.length) throw new AppError('bad_input', 'Two classes have the same key.');
      const renamed = ([1, 2] as const).flatMap((pass) =>
        store.review
          .all(pass)
          .filter((row) => row.class !== null && Object.hasOwn(edit.renamed, row.class))
          .map((row) => event(row, { ...row, class: edit.renamed[row.class as string], changedAt: at })),
      );
      return step('Change the classes', [
        { what: 'classes', before: store.review.classes(), after: edit.classes },
        ...renamed,
      ]);
    }
    default:
      return edit satisfies never;
  }
}
