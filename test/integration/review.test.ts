// The review over a real project: edits, undo across restarts, the log, the labels that count.
import { describe, expect, it, onTestFinished } from 'vitest';
import { agreementNow } from '../../electron/api/review/agreement.ts';
import { stepOf } from '../../electron/api/review/edits.ts';
import { sinceThen } from '../../electron/api/review/restore.ts';
import { allLabelsInUse, labelsInUse } from '../../electron/store/labels-in-use.ts';
import { openProject } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import { type Input, type ReviewPass, reviewEdit } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { newProject, resultFor, runningProject } from '../unit/store/project.ts';

const BY = { reviewer: 'ada', pass: 1 as ReviewPass };

/** Two videos with 8 and 4 segments, scores k/T; under `on` .75 the events are frames 96 to 128 and 48 to 64. */
async function reviewed() {
  const store = newProject();
  const { runId, videoIds } = await runningProject(store, [8, 4]);
  store.runs.finish(runId, resultFor(videoIds.map((videoId, i) => ({ videoId, segments: [8, 4][i] }))));
  store.runs.setRule(runId, { on: 0.75, off: 0.75, minFrames: 0, gapFrames: 0 });
  const [first, second] = videoIds;
  const machine = { runId, videoId: first, range: { start: 96, end: 128 } };
  return { store, runId, first, second, machine };
}

type Edit = Input<'review.edit'>['edit'];

const edit = (store: Store, what: Edit, by = BY) =>
  store.transaction(() => store.review.commit(stepOf(store, by, reviewEdit.parse(what))));
const ranges = (store: Store, runId: number, videoId: number, at: number | null = null) =>
  labelsInUse(store, runId, videoId, at)?.events.map((e) => [e.layer, e.start, e.end]);
function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('edits', () => {
  it('leave the machine event and link to it', async () => {
    const { store, runId, first, machine } = await reviewed();
    const { rows, name, state } = edit(store, {
      type: 'change',
      target: machine,
      set: { verdict: 'accepted', class: 'Vehicle' },
    });
    expect(rows).toMatchObject([
      {
        videoId: first,
        runId,
        start: 96,
        end: 128,
        origin: { start: 96, end: 128 },
        verdict: 'accepted',
        reviewer: 'ada',
      },
    ]);
    expect(rows[0].parentId).not.toBeNull();
    expect(name).toBe('Accept 96 to 128 of clip0');
    expect(state).toMatchObject({ undo: 1, last: name, redo: 0 });
    const moved = edit(store, { type: 'change', target: machine, set: { range: { start: 99, end: 120 } } });
    expect(moved.rows).toMatchObject([
      { id: rows[0].id, start: 99, end: 120, origin: { start: 96, end: 128 }, verdict: 'accepted' },
    ]);
    expect(ranges(store, runId, first)).toEqual([['human', 99, 120]]);
  });

  it('change the verdict on an event that another run sees with other edges', async () => {
    const { store, runId, first, machine } = await reviewed();
    const [row] = edit(store, { type: 'change', target: machine, set: { verdict: 'accepted' } }).rows;
    const other = { runId, videoId: first, range: { start: 80, end: 128 } };
    const again = edit(store, { type: 'change', target: other, set: { verdict: 'rejected' } });
    expect(again.rows).toMatchObject([{ id: row.id, verdict: 'rejected', start: 96 }]);
    expect(store.review.all(1)).toHaveLength(1);
  });

  it('sent twice under one key are done once, and undoing twice likewise', async () => {
    const { store, first, machine } = await reviewed();
    const once = (key: string, what: Edit) => store.review.once(key, () => edit(store, what));
    const draw: Edit = { type: 'create', videoId: first, range: { start: 10, end: 20 } };
    const drawn = once('draw-0001', draw);
    expect(once('draw-0001', draw).rows).toEqual(drawn.rows);
    expect(store.review.all(1)).toHaveLength(1);
    once('draw-0002', draw);
    expect(store.review.all(1)).toHaveLength(2);
    const split: Edit = { type: 'split', target: machine, at: 100 };
    once('split-001', split);
    // Done again it would be refused: the event it names is no longer one.
    expect(once('split-001', split).rows.map((r) => [r.start, r.end])).toEqual([
      [96, 100],
      [100, 128],
    ]);
    const undo = () => store.review.once('undo-0001', () => store.review.undo(1, 'ada'));
    expect(undo().name).toBe(undo().name);
    expect(store.review.state(1)).toMatchObject({ undo: 2, redo: 1 });
  });

  it('name a class that is given, in the same step', async () => {
    const { store, machine } = await reviewed();
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted', class: 'Fall' } });
    expect(store.review.classes()).toEqual([{ name: 'Fall', colour: 0, key: '1' }]);
    store.review.undo(1, 'ada');
    expect(store.review.classes()).toEqual([]);
    expect(store.review.all(1)).toEqual([]);
    expect(store.review.state(1)).toMatchObject({ undo: 0, redo: 1 });
  });

  it('split, merge, remove, draw, ignore', async () => {
    const { store, runId, first, machine } = await reviewed();
    const split = edit(store, { type: 'split', target: machine, at: 100 });
    expect(split.rows.map((r) => [r.start, r.end, r.origin])).toEqual([
      [96, 100, { start: 96, end: 128 }],
      [100, 128, null],
    ]);
    const drawn = edit(store, {
      type: 'create',
      videoId: first,
      range: { start: 10, end: 20 },
      class: 'Fall',
    });
    expect(drawn.rows).toMatchObject([{ verdict: 'accepted', class: 'Fall', runId: null, origin: null }]);
    edit(store, { type: 'create', videoId: first, range: { start: 40, end: 50 }, kind: 'ignore' });
    expect(labelsInUse(store, runId, first)?.ignored).toEqual([{ start: 40, end: 50 }]);
    const merged = edit(store, {
      type: 'merge',
      targets: [...split.rows.map(({ id }) => ({ id })), { id: drawn.rows[0].id }],
    });
    expect(merged.rows).toMatchObject([{ start: 10, end: 128, class: 'Fall', verdict: 'accepted' }]);
    expect(merged.removed).toHaveLength(2);
    edit(store, { type: 'remove', ids: [merged.rows[0].id] });
    expect(ranges(store, runId, first)).toEqual([['model', 96, 128]]);
    for (let step = 0; step < 5; step++) store.review.undo(1, 'ada');
    expect(store.review.all(1)).toEqual([]);
    for (let step = 0; step < 4; step++) store.review.redo(1, 'ada');
    expect(store.review.all(1).map((r) => [r.id, r.start, r.end, r.kind])).toEqual([
      [merged.rows[0].id, 10, 128, 'event'],
      [expect.any(Number), 40, 50, 'ignore'],
    ]);
  });

  it('refuse what does not fit, and change nothing then', async () => {
    const { store, first, second, machine, runId } = await reviewed();
    const [row] = edit(store, { type: 'change', target: machine, set: { verdict: 'unsure' } }).rows;
    const before = store.audit.list();
    const refused: [Edit, string][] = [
      [
        {
          type: 'create',
          videoId: second,
          range: { start: 60, end: 65 },
          kind: 'event',
          class: null,
          note: '',
        },
        'bad_input',
      ],
      [{ type: 'create', videoId: 99, range: { start: 0, end: 1 } }, 'not_found'],
      [{ type: 'split', target: { id: row.id }, at: 96 }, 'bad_input'],
      [{ type: 'split', target: { id: row.id }, at: 128 }, 'bad_input'],
      [{ type: 'merge', targets: [{ id: row.id }, { id: row.id }] }, 'conflict'],
      [
        {
          type: 'merge',
          targets: [{ id: row.id }, { runId, videoId: second, range: { start: 48, end: 64 } }],
        },
        'conflict',
      ],
      [{ type: 'remove', ids: [row.id, 999] }, 'not_found'],
      [{ type: 'change', target: { id: row.id }, set: { range: { start: 0, end: 129 } } }, 'bad_input'],
      [
        { type: 'change', target: { runId, videoId: first, range: { start: 0, end: 9999 } }, set: {} },
        'bad_input',
      ],
    ];
    for (const [what, code] of refused)
      expect(
        codeOf(() => edit(store, what)),
        JSON.stringify(what),
      ).toBe(code);
    expect(codeOf(() => edit(store, { type: 'remove', ids: [row.id] }, { reviewer: 'bo', pass: 2 }))).toBe(
      'not_found',
    );
    expect(store.audit.list()).toEqual(before);
    expect(store.review.all(1)).toEqual([row]);
  });

  it('keep classes, and rename them in events', async () => {
    const { store, machine } = await reviewed();
    const classes = [
      { name: 'Vehicle', colour: 0, key: '1' },
      { name: 'Fall', colour: 1, key: null },
    ];
    edit(store, { type: 'classes', classes, renamed: {} });
    edit(store, { type: 'change', target: machine, set: { class: 'Vehicle' } });
    const cart = [{ name: 'Cart', colour: 0, key: '1' }, classes[1]];
    expect(edit(store, { type: 'classes', classes: cart, renamed: { Vehicle: 'Cart' } }).rows[0].class).toBe(
      'Cart',
    );
    expect(store.review.classes()).toEqual(cart);
    store.review.undo(1, 'ada');
    expect(store.review.classes()).toEqual(classes);
    expect(store.review.all(1)[0].class).toBe('Vehicle');
    const twice = [classes[0], { ...classes[1], key: '1' }];
    expect(codeOf(() => edit(store, { type: 'classes', classes: twice, renamed: {} }))).toBe('bad_input');
  });
});

describe('undo', () => {
  it('goes back a thousand steps after a restart, and forth again', async () => {
    const { store, machine } = await reviewed();
    for (let step = 0; step < 1000; step++)
      edit(store, { type: 'change', target: machine, set: { note: `note ${step}` } });
    const last = store.review.all(1);
    store.close();
    const again = openProject(store.folder);
    onTestFinished(() => again.close());
    expect(again.review.state(1)).toMatchObject({ undo: 1000, redo: 0, last: 'Note on 96 to 128 of clip0' });
    expect(again.review.all(1)).toEqual(last);
    for (let step = 0; step < 1000; step++) again.review.undo(1, 'bo');
    expect(again.review.all(1)).toEqual([]);
    expect(codeOf(() => again.review.undo(1, 'bo'))).toBe('conflict');
    for (let step = 0; step < 1000; step++) again.review.redo(1, 'bo');
    expect(again.review.all(1)).toEqual(last);
    expect(again.audit.list(10_000).filter((e) => e.action.startsWith('review.'))).toHaveLength(3000);
  });

  it('forgets what was undone once something else is done, and keeps the second review apart', async () => {
    const { store, machine } = await reviewed();
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted' } });
    edit(
      store,
      { type: 'change', target: machine, set: { verdict: 'rejected' } },
      { reviewer: 'bo', pass: 2 },
    );
    store.review.undo(1, 'ada');
    expect(store.review.all(2).map((r) => [r.verdict, r.reviewer])).toEqual([['rejected', 'bo']]);
    edit(store, { type: 'change', target: machine, set: { verdict: 'unsure' } });
    expect(store.review.state(1)).toMatchObject({ undo: 1, redo: 0 });
    expect(store.review.state(2)).toMatchObject({ undo: 1, redo: 0 });
    expect(codeOf(() => store.review.redo(1, 'ada'))).toBe('conflict');
  });

  it('brings back an event whose run is gone, as one that stands for itself', async () => {
    const { store, runId, machine } = await reviewed();
    const [row] = edit(store, { type: 'change', target: machine, set: { verdict: 'accepted' } }).rows;
    edit(store, { type: 'remove', ids: [row.id] });
    store.runs.remove(runId);
    store.review.undo(1, 'ada');
    expect(store.review.all(1)).toEqual([{ ...row, runId: null, parentId: null }]);
  });

  it('passes over a video that is no longer in the project', async () => {
    const { store, first, second } = await reviewed();
    const [row] = edit(store, {
      type: 'create',
      videoId: second,
      range: { start: 0, end: 9 },
      kind: 'event',
      class: null,
      note: '',
    }).rows;
    edit(store, { type: 'remove', ids: [row.id] });
    store.videos.remove([second]);
    expect(store.review.undo(1, 'ada').rows).toEqual([]);
    expect(store.review.state(1).undo).toBe(1);
    expect(store.videos.get(first).frames).toBe(128);
  });
});

describe('two reviews that differ', () => {
  const BO = { reviewer: 'bo', pass: 2 as ReviewPass };
  const settle = (store: Store, as: 'first' | 'second' | 'unsure', at = 0) => {
    const { videoId, start, end } = agreementNow(store).differences[at];
    return edit(store, { type: 'settle', of: { videoId, start, end }, as });
  };
  const open = (store: Store) => agreementNow(store).differences.map((one) => one.settled);
  const said = (store: Store) => store.review.all(1).map((r) => [r.start, r.end, r.verdict, r.class]);

  it('are settled for either or as unsure, in one step each, until one of the two says something else', async () => {
    const { store, machine } = await reviewed();
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted', class: 'Fall' } });
    edit(
      store,
      { type: 'change', target: machine, set: { verdict: 'accepted', range: { start: 80, end: 120 } } },
      BO,
    );
    // Two stretches of one pair of rows: the start and the end of it.
    expect(open(store)).toEqual([null, null]);
    settle(store, 'first');
    expect(open(store)).toEqual(['first', 'first']);
    expect(said(store)).toEqual([[96, 128, 'accepted', 'Fall']]);
    store.review.undo(1, 'ada');
    expect(open(store)).toEqual([null, null]);
    settle(store, 'unsure', 1);
    expect(said(store)).toEqual([[96, 128, 'unsure', 'Fall']]);
    expect(open(store)).toEqual(['unsure']);
    // Said anew, it differs anew.
    await new Promise((resolve) => setTimeout(resolve, 5));
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted' } });
    expect(open(store)).toEqual([null, null]);
    settle(store, 'second');
    expect(said(store)).toEqual([[80, 120, 'accepted', 'Fall']]);
    expect(open(store)).toEqual([]);
    expect(store.review.all(2)).toMatchObject([{ start: 80, end: 120, reviewer: 'bo' }]);
    expect(
      codeOf(() =>
        edit(store, { type: 'settle', of: { ...machine.range, videoId: machine.videoId }, as: 'first' }),
      ),
    ).toBe('conflict');
  });

  it('become what the second said: also that nothing is there, and what the first never saw', async () => {
    const { store, first, machine } = await reviewed();
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted' } });
    edit(store, { type: 'create', videoId: first, range: { start: 8, end: 16 }, class: 'Cart' }, BO);
    expect(agreementNow(store).differences.map((one) => one.what)).toEqual(['only_second', 'only_first']);
    settle(store, 'second', 1);
    settle(store, 'second', 0);
    expect(said(store)).toEqual([
      [8, 16, 'accepted', 'Cart'],
      [96, 128, 'rejected', null],
    ]);
    expect(open(store)).toEqual([]);
    expect(store.review.state(1).undo).toBe(3);
  });
});

describe('the time machine', () => {
  it('shows rows, bulk verdicts and labels as they were after any row of the log', async () => {
    const { store, runId, first, machine } = await reviewed();
    const points: { at: number; rows: unknown; labels: unknown }[] = [];
    const keep = () =>
      points.push({
        at: store.review.state(1).auditId,
        rows: store.review.all(1),
        labels: ranges(store, runId, first),
      });
    keep();
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted' } });
    keep();
    edit(store, { type: 'change', target: machine, set: { range: { start: 90, end: 128 } } });
    keep();
    store.transaction(() => {
      const ruleId = store.review.addRule(
        {
          runId,
          text: 'All below .5',
          parameters: { below: 0.5 },
          verdict: 'accepted',
          class: null,
          reviewer: 'ada',
        },
        [{ videoId: first, start: 0, end: 32 }],
      );
      store.review.commit({
        ...BY,
        name: 'Accept 1 by rule',
        action: 'review.bulk',
        changes: [{ what: 'rule', ruleId, before: false, after: true }],
      });
    });
    expect(ranges(store, runId, first)).toEqual([
      ['rule', 0, 32],
      ['human', 90, 128],
    ]);
    keep();
    store.review.undo(1, 'ada');
    keep();
    store.review.undo(1, 'ada');
    keep();
    edit(store, {
      type: 'create',
      videoId: first,
      range: { start: 5, end: 6 },
      kind: 'event',
      class: null,
      note: '',
    });
    keep();
    store.audit.append({
      actor: 'ada',
      action: 'runs.setRule',
      detail: { run: runId, before: store.runs.get(runId).rule },
    });
    store.runs.setRule(runId, { on: 0.1, off: 0.1, minFrames: 0, gapFrames: 0 });
    keep();
    for (const { at, rows, labels } of points) {
      expect(store.review.at(at, 1).rows, `rows at ${at}`).toEqual(rows);
      expect(ranges(store, runId, first, at), `labels at ${at}`).toEqual(labels);
    }
    expect(store.review.log(100, Number.MAX_SAFE_INTEGER).map((e) => e.name)).toEqual([
      'Add 5 to 6 of clip0',
      'Undo: Move edges of 96 to 128 of clip0',
      'Undo: Accept 1 by rule',
      'Accept 1 by rule',
      'Move edges of 96 to 128 of clip0',
      'Accept 96 to 128 of clip0',
    ]);
    expect(allLabelsInUse(store, runId)).toHaveLength(2);
  });

  it('restores any row of the log as one step: rows, rules and classes, and undo takes it back', async () => {
    const { store, runId, first, second, machine } = await reviewed();
    edit(store, { type: 'change', target: machine, set: { verdict: 'accepted', class: 'Fall' } });
    const { auditId } = store.review.state(1);
    const then = { rows: store.review.all(1), classes: store.review.classes() };
    edit(store, { type: 'change', target: machine, set: { verdict: 'rejected', class: null } });
    edit(store, { type: 'create', videoId: second, range: { start: 5, end: 9 } });
    edit(store, { type: 'classes', classes: [], renamed: {} });
    const ruleId = store.transaction(() => {
      const id = store.review.addRule(
        { runId, text: 'All', parameters: {}, verdict: 'accepted', class: null, reviewer: 'ada' },
        [{ videoId: first, start: 0, end: 32 }],
      );
      store.review.commit({
        ...BY,
        name: 'Accept 1 by rule',
        action: 'review.bulk',
        changes: [{ what: 'rule', ruleId: id, before: false, after: true }],
      });
      return id;
    });
    edit(store, { type: 'create', videoId: first, range: { start: 1, end: 2 } }, { reviewer: 'bo', pass: 2 });
    const now = { rows: store.review.all(1), rules: store.review.rules() };
    expect(sinceThen(store, auditId, 1)).toEqual({
      back: 0,
      changed: 1,
      gone: 1,
      videos: 2,
      rules: 1,
      classes: true,
    });
    const done = edit(store, { type: 'restore', at: auditId });
    expect(done).toMatchObject({ name: `Restore row ${auditId} of the log`, rules: true, classes: true });
    expect({ rows: store.review.all(1), classes: store.review.classes() }).toEqual(then);
    expect(store.review.rules().find(({ id }) => id === ruleId)?.active).toBe(false);
    expect(store.review.all(2)).toHaveLength(1);
    expect(codeOf(() => edit(store, { type: 'restore', at: auditId }))).toBe('conflict');
    store.review.undo(1, 'ada');
    expect({ rows: store.review.all(1), rules: store.review.rules() }).toEqual(now);
    // Back before everything, and what was gone comes back with its number.
    edit(store, { type: 'restore', at: 0 });
    expect(store.review.all(1)).toEqual([]);
    edit(store, { type: 'restore', at: auditId });
    expect(store.review.all(1)).toEqual(then.rows);
    // Of a video that left the project nothing can come back.
    edit(store, { type: 'restore', at: 0 });
    store.videos.remove([first]);
    expect(codeOf(() => edit(store, { type: 'restore', at: auditId }))).toBe('nothing was refused');
    expect(store.review.all(1)).toEqual([]);
    expect(store.review.classes()).toEqual(then.classes);
  });
});
