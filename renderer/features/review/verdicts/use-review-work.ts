// The work of a reviewer on the open video: what is selected, what keys and buttons do to it, what is shown of it.
// Role: joins selection, queue and edits. Limits: no drawing; what an edit means is decided by the engine.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type {
  HumanEvent,
  QueueItem,
  ReviewChange,
  ReviewState,
  Run,
  Verdict,
} from '../../../../shared/contract/index.ts';
import type { ScoredEvent } from '../../../../shared/labels/events.ts';
import { overlap } from '../../../../shared/labels/intervals.ts';
import { DECIDED_SHARE, rowAbout } from '../../../../shared/labels/layers.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { useKeys } from '../../../state/keys.ts';
import { useCall } from '../../../state/queries.ts';
import { keyOf } from '../keymap.ts';
import { isOpen, nextOpen, type QueueView, sameItem } from '../queue/use-queue.ts';
import type { RuleEditor } from '../rule.ts';
import type { EdgeEdit, Session } from '../session.ts';
import type { Layer } from '../timeline/layers.ts';
import { tell } from '../word.ts';
import { reviewLayers } from './layers.ts';
import { usePass } from './reviewer.ts';
import { following, type Neighbour, preceding, type Subject, subjectOf, targetOf } from './subject.ts';
import { type Edits, useEdits } from './use-edits.ts';
import type { VerdictActions } from './VerdictPanel.tsx';

const NO_ROWS: readonly HumanEvent[] = [];
const NO_RULES: readonly never[] = [];
const CLASS_DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** The actions of keys that change something, or go on in the queue. */
export type WorkAction =
  | 'accept'
  | 'reject'
  | 'unsure'
  | 'create'
  | 'split'
  | 'merge'
  | 'mergeBack'
  | 'remove'
  | 'startHere'
  | 'endHere'
  | 'startEarlier'
  | 'startLater'
  | 'endEarlier'
  | 'endLater'
  | 'editClass'
  | 'note'
  | 'ignore'
  | 'watched'
  | 'again'
  | 'undo'
  | 'redo'
  | 'skip'
  | 'nextEvent'
  | 'previousEvent';

export interface ReviewWork {
  subject: Subject | null;
  /** Rows of people of the open video. */
  rows: readonly HumanEvent[];
  layers: readonly Layer[];
  edit: EdgeEdit | null;
  edits: Edits;
  state: ReviewState | null;
  /** Index of the open item of the queue, -1 for none. */
  current: number;
  actions: Record<WorkAction, () => void>;
  verdict: VerdictActions;
  /** Opens an item of the queue, in whichever video; it plays where that is chosen, but not when one comes `back` to it. */
  open(item: QueueItem, back?: boolean): void;
  /** A place on the timeline was chosen: the queue's item and a chosen row no longer are. */
  picked(frame: number): void;
  /** A person's row of the open video becomes the selected one, with the machine event it is about. */
  choose(rowId: number): void;
  dialog: 'class' | 'note' | null;
  closeDialog(): void;
  saveNote(text: string): void;
  saveClasses(classes: Parameters<Edits['send']>[0] & { type: 'classes' }): void;
  /** What to tell a screen reader after a verdict. */
  said: string;
}

export interface WorkInput {
  run: Run;
  videoId: number;
  session: Session | null;
  queue: QueueView;
  /** The selected machine event. */
  machine: { event: ScoredEvent; index: number } | null;
  /** All machine events of the video. */
  events: readonly ScoredEvent[];
  /** Goes to a place, in this video or another; `plays`: it may play there by itself. */
  go(place: FrameRange & { videoId: number }, plays?: boolean): void;
  /** Selects the machine event at a frame, without going there; null: none. */
  pick(frame: number | null): void;
  /** The rule of the video, whose changes are steps to undo, too. */
  rule: RuleEditor;
}

export function useReviewWork(input: WorkInput): ReviewWork {
  const { run, videoId, session, queue, machine, events, go, pick, rule } = input;
  const pass = usePass();
  const edits = useEdits();
  // Those of all videos, which the queue reads too: list and open video never say different things.
  const rows = useCall('review.rows', { videoId: null, pass }, { keepPrevious: true }).data ?? NO_ROWS;
  // While those of another video or pass are still in their place, nothing of them may be seen.
  const here = useMemo(
    () => rows.filter((row) => row.videoId === videoId && row.pass === pass),
    [rows, videoId, pass],
  );
  const ruleEvents = useCall('review.ruleEvents', { runId: run.id, videoId }).data ?? NO_RULES;
  const rules = useCall('review.rules', {}).data ?? NO_RULES;
  const listed = useCall('review.classes', {});
  const classes = listed.data ?? NO_RULES;
  const state = useCall('review.state', { pass }).data ?? null;

  const [item, setItem] = useState<QueueItem | null>(null);
  const [rowId, setRowId] = useState<number | null>(null);
  const [dialog, setDialog] = useState<'class' | 'note' | null>(null);
  const [said, setSaid] = useState('');
  /** A step that was asked for before the first queue was there; it is taken then. */
  const wanted = useRef<1 | -1 | null>(null);
  /** The digit of a class that was pressed before the class was there, and the event it was pressed for. */
  const early = useRef<{ digit: string; subject: Subject; videoId: number } | null>(null);

  const openItem = item?.videoId === videoId ? item : null;
  const subject = useMemo(
    () => subjectOf({ machine, item: openItem, rowId, rows: here }),
    [machine, openItem, rowId, here],
  );
  const current = useMemo(() => {
    if (openItem) return queue.items.findIndex((other) => sameItem(other, openItem));
    const event = machine?.event;
    return event ? queue.items.findIndex((other) => sameItem(other, { ...event, videoId })) : -1;
  }, [queue.items, openItem, machine, videoId]);

  // The edges that count are drawn, not those of the machine event below.
  const { start, end } = subject?.range ?? { start: null, end: null };
  const overMachine = subject !== null && (subject.machine === null || subject.row !== null);
  useEffect(() => {
    session?.timeline.setState({
      chosen: overMachine && start !== null && end !== null ? { start, end } : null,
    });
  }, [session, overMachine, start, end]);

  const open = useCallback(
    (next: QueueItem, back = false) => {
      const alone = next.kind === 'human' || next.kind === 'ignored';
      setItem(alone ? null : next);
      setRowId(alone ? next.eventId : null);
      if (!alone) queue.remember(next);
      go(next, !back);
    },
    [queue.remember, go],
  );
  const picked = useCallback(
    (frame: number) => {
      setItem(null);
      const event = events.some((e) => e.start <= frame && frame < e.end);
      const row = here.findLast((r) => r.kind !== 'watched' && r.start <= frame && frame < r.end);
      setRowId(!event && row ? row.id : null);
    },
    [events, here],
  );
  const choose = (id: number): void => {
    const own = events.find((event) => rowAbout(event, here)?.id === id);
    setItem(null);
    setRowId(id);
    pick(own?.start ?? null);
  };

  const stillOpen = (other: QueueItem): boolean => isOpen(queue.saidOf(other));
  /** Where the queue goes on: the open item, or the one that was open before something outside of the queue was chosen. */
  const last = useRef<QueueItem | null>(null);
  useEffect(() => {
    if (current >= 0) last.current = queue.items[current];
  }, [current, queue.items]);
  const place = (): number => {
    const before = last.current;
    return current < 0 && before ? queue.items.findIndex((other) => sameItem(other, before)) : current;
  };
  /** On to the next open item; `decided` is the one that was just decided, and its verdict may still be on its way. */
  const advance = (decided: QueueItem | undefined): void => {
    const next = nextOpen(queue.items, place(), (other) => other !== decided && stillOpen(other));
    if (next) open(next);
    else tell('All of the queue is decided.', 'note');
  };

  type Set = Extract<Parameters<Edits['send']>[0], { type: 'change' }>['set'];
  /** What edits are about; where there is nothing, that is said. */
  const about = (): Subject | null => {
    if (!subject) tell(`No event is selected: ${keyOf('nextEvent')} goes to the next one.`);
    return subject;
  };
  const change = (set: Set): void => {
    if (!about() || !subject) return;
    void edits.send({ type: 'change', target: targetOf(subject, run.id, videoId), set });
  };
  const decide = (verdict: Verdict, word: string, name?: string): void => {
    if (!about() || !subject) return;
    if (subject.row && subject.row.kind !== 'event') {
      tell('Only events take a verdict, and this is a stretch that is ignored or watched.');
      return;
    }
    change({ verdict, ...(name !== undefined && { class: name }) });
    setSaid(`${word}${name === undefined ? '' : ` as ${name}`}`);
    // A verdict that is changed later leaves one where one is.
    if (subject.row === null || subject.row.verdict === null) advance(queue.items[current]);
  };
  const setRange = (range: FrameRange): void => change({ range });
  const nudge = (by: { start?: number; end?: number }): void => {
    if (!about() || !subject || !session) return;
    const next = {
      start: Math.max(0, subject.range.start + (by.start ?? 0)),
      end: Math.min(session.frames, subject.range.end + (by.end ?? 0)),
    };
    const { start, end } = subject.range;
    if (next.start >= next.end) tell('An event is one frame long at least.');
    else if (next.start === start && next.end === end) tell('The video ends there.');
    else setRange(next);
  };
  const frame = (): number => session?.player.store.getState().frame ?? 0;
  const created = (change_: ReviewChange | null): void => {
    const row = change_?.rows[0];
    if (row) setRowId(row.id);
  };
  const create = (kind: 'event' | 'ignore'): void => {
    const range = session?.timeline.getState().marked ?? (kind === 'ignore' ? subject?.range : null);
    if (!session) return;
    if (!range) {
      const [from, to] = [keyOf('markIn'), keyOf('markOut')];
      tell(`Nothing is marked: ${from} and ${to} mark a stretch, and so does a drag with Shift.`);
      return;
    }
    session.timeline.setState({ marked: null });
    setItem(null);
    const sent = edits.send({ type: 'create', videoId, range, kind });
    const at = queue.items[current];
    // What is ignored needs no verdict any more: on to the next one, as after a verdict.
    if (
      kind === 'ignore' &&
      at &&
      stillOpen(at) &&
      overlap(range, at) >= DECIDED_SHARE * (at.end - at.start)
    ) {
      setSaid('Ignored');
      advance(at);
    } else void sent.then(created);
  };
  const mergeWith = (neighbour: typeof following): void => {
    if (!about() || !subject) return;
    const other: Neighbour | null = neighbour(subject, events, here);
    if (!other) {
      tell(`No event is ${neighbour === following ? 'after' : 'before'} this one in the video.`);
      return;
    }
    const target = other.row ? { id: other.row.id } : { runId: run.id, videoId, range: other.range };
    void edits.send({ type: 'merge', targets: [targetOf(subject, run.id, videoId), target] }).then((done) => {
      setItem(null);
      created(done);
    });
  };
  const after = (done: ReviewChange | null): void => {
    if (!done) return;
    setSaid(done.name);
    const place = done.rows[0] ?? rows.find((row) => done.removed.includes(row.id));
    if (!place) return;
    setItem(null);
    setRowId(null);
    go(place);
  };
  const step = (by: 1 | -1): void => {
    if (queue.queue === null) wanted.current = by;
    const from = place();
    const next = queue.items[from < 0 ? (by === 1 ? 0 : queue.items.length - 1) : from + by];
    if (next) open(next);
    else if (queue.items.length > 0)
      tell(`This is the ${by === 1 ? 'last' : 'first'} event of the queue.`, 'note');
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the first queue is there
  useEffect(() => {
    const by = wanted.current;
    wanted.current = null;
    if (by !== null && queue.queue !== null) step(by);
  }, [queue.queue !== null]);

  const actions: Record<WorkAction, () => void> = {
    accept: () => decide('accepted', 'Accepted'),
    reject: () => decide('rejected', 'Rejected'),
    unsure: () => decide('unsure', 'Unsure'),
    create: () => create('event'),
    ignore: () => create('ignore'),
    split: () => {
      if (!about() || !subject) return;
      if (frame() <= subject.range.start || frame() >= subject.range.end) {
        tell('An event is split at the playhead, which has to be inside of it.');
        return;
      }
      void edits.send({ type: 'split', target: targetOf(subject, run.id, videoId), at: frame() });
    },
    merge: () => mergeWith(following),
    mergeBack: () => mergeWith(preceding),
    remove: () => {
      if (!about() || !subject) return;
      if (!subject.row) {
        tell(`What a run found is not deleted: ${keyOf('reject')} rejects it.`);
        return;
      }
      setRowId(null);
      void edits.send({ type: 'remove', ids: [subject.row.id] });
    },
    startHere: () => {
      if (!about() || !subject) return;
      if (frame() < subject.range.end) setRange({ start: frame(), end: subject.range.end });
      else tell('The playhead is after the end of the event.');
    },
    endHere: () => {
      if (!about() || !subject) return;
      if (frame() >= subject.range.start) setRange({ start: subject.range.start, end: frame() + 1 });
      else tell('The playhead is before the start of the event.');
    },
    startEarlier: () => nudge({ start: -1 }),
    startLater: () => nudge({ start: 1 }),
    endEarlier: () => nudge({ end: -1 }),
    endLater: () => nudge({ end: 1 }),
    editClass: () => setDialog('class'),
    note: () => {
      if (about()) setDialog('note');
    },
    watched: () => {
      if (!session) {
        tell('The video is not open yet.');
        return;
      }
      const range = session.timeline.getState().marked ?? { start: 0, end: session.frames };
      void edits.send({ type: 'create', videoId, range, kind: 'watched' });
      setSaid('Watched: what is not accepted here is normal');
    },
    again: () => (edits.store.getState().failed ? edits.again() : tell('Every edit is saved.', 'note')),
    undo: () => {
      // What is still on its way is undone after it arrived.
      const waits = edits.store.getState().pending > 0 || rule.store.getState().saved === 'pending';
      if (waits || (state && state.undo > 0))
        void rule
          .flush()
          // A change that could not be kept is nothing to undo, and what came before it was not meant.
          .then(() => (rule.store.getState().saved === 'failed' ? null : edits.undo()))
          .then(after);
      else if (state) tell('There is nothing to undo.');
    },
    redo: () => {
      if (state && state.redo > 0) void edits.redo().then(after);
      else if (state) tell('There is nothing to do again.');
    },
    skip: () => {
      const next = nextOpen(queue.items, place(), stillOpen);
      if (next) open(next);
      else tell('All of the queue is decided.', 'note');
    },
    nextEvent: () => step(1),
    previousEvent: () => step(-1),
  };

  /** For the event that was selected when the digit was pressed; where it still is, one goes on from it. */
  const giveEarly = (meant: Subject, of: number, name: string): void => {
    const same =
      of === videoId && subject?.range.start === meant.range.start && subject.row?.id === meant.row?.id;
    if (same) setClass(name);
    else {
      const verdict = meant.row?.verdict == null ? { verdict: 'accepted' as const } : {};
      void edits.send({
        type: 'change',
        target: targetOf(meant, run.id, of),
        set: { ...verdict, class: name },
      });
    }
  };
  const setClass = (name: string | null): void => {
    if (!about() || !subject) return;
    if (name !== null && subject.row?.verdict == null) decide('accepted', 'Accepted', name);
    else change({ class: name });
  };
  const keys: Record<string, () => void> = {};
  for (const digit of CLASS_DIGITS) {
    const named = classes.find(({ key }) => key === digit);
    keys[digit] = () => {
      early.current = null;
      if (named) setClass(named.name);
      // A class that was made a moment ago may have this digit.
      else if (subject && (listed.isFetching || edits.store.getState().pending > 0))
        early.current = { digit, subject, videoId };
      else tell(`No class has the digit ${digit}: ${keyOf('editClass')} names one.`);
    };
  }
  useKeys(keys);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a digit that was early is taken when the list of classes comes
  useEffect(() => {
    const name = classes.find(({ key }) => key === early.current?.digit)?.name;
    if (!early.current || name === undefined) return;
    const { subject: meant, videoId: of } = early.current;
    early.current = null;
    giveEarly(meant, of, name);
  }, [classes]);

  const verdict: VerdictActions = {
    accept: actions.accept,
    reject: actions.reject,
    unsure: actions.unsure,
    setClass,
    setRange,
    editClass: actions.editClass,
    editNote: actions.note,
    remove: actions.remove,
  };

  return {
    subject,
    rows: here,
    layers: useMemo(
      () => reviewLayers(here, pass === 2 ? NO_RULES : ruleEvents, rules, classes),
      [here, ruleEvents, rules, classes, pass],
    ),
    edit: subject && { range: subject.range, onChange: setRange },
    edits,
    state,
    current,
    actions,
    verdict,
    open,
    picked,
    choose,
    dialog,
    closeDialog: () => setDialog(null),
    saveNote: (note) => change({ note }),
    saveClasses: (edit) => void edits.send(edit),
    said,
  };
}
