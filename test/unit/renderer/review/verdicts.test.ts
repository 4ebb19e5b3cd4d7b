import { describe, expect, it, vi } from 'vitest';
import { nextOpen } from '../../../../renderer/features/review/queue/use-queue.ts';

import { rowIdAt } from '../../../../renderer/features/review/timeline/layers.ts';
import { reviewLayers } from '../../../../renderer/features/review/verdicts/layers.ts';
import {
  following,
  movedBy,
  preceding,
  type Subject,
  signed,
  subjectOf,
  targetOf,
} from '../../../../renderer/features/review/verdicts/subject.ts';
import { createEdits } from '../../../../renderer/features/review/verdicts/use-edits.ts';
import { withChange } from '../../../../renderer/state/queries.ts';
import type { HumanEvent, QueueItem, ReviewChange } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import { withClass } from '../../../../shared/labels/classes.ts';

/** The default, a second, is short where many processes share a processor. */
const SOON = { timeout: 20_000 };

const row = (id: number, start: number, end: number, more: Partial<HumanEvent> = {}): HumanEvent => ({
  id,
  kind: 'event',
  pass: 1,
  videoId: 1,
  runId: 1,
  parentId: null,
  start,
  end,
  origin: null,
  verdict: 'accepted',
  class: null,
  note: '',
  reviewer: 'ada',
  createdAt: 0,
  changedAt: 0,
  ...more,
});
const item = (start: number, end: number, kind: QueueItem['kind'] = 'event') =>
  ({ videoId: 1, start, end, kind }) as QueueItem;
const machine = { event: { start: 16, end: 48, max: 0.9, mean: 0.8 }, index: 0 };

describe('the subject of a verdict', () => {
  it('is the machine event, with the edges a person gave it', () => {
    const plain = subjectOf({ machine, item: null, rowId: null, rows: [] });
    expect(plain).toMatchObject({ range: { start: 16, end: 48 }, row: null, probe: false });
    expect(plain && targetOf(plain, 3, 1)).toEqual({ runId: 3, videoId: 1, range: { start: 16, end: 48 } });
    const moved = row(7, 20, 60, { origin: { start: 16, end: 48 } });
    const changed = subjectOf({ machine, item: null, rowId: null, rows: [moved] });
    expect(changed).toMatchObject({ range: { start: 20, end: 60 }, row: { id: 7 }, machine: { index: 0 } });
    expect(changed && targetOf(changed, 3, 1)).toEqual({ id: 7 });
    expect([movedBy(moved), signed(4), signed(-2), signed(0)]).toEqual([
      { start: 4, end: 12 },
      '+4',
      '−2',
      '0',
    ]);
  });

  it('is the item of the queue where no machine event stands for it', () => {
    const probe = subjectOf({ machine, item: item(64, 96, 'probe'), rowId: null, rows: [] });
    expect(probe).toMatchObject({ range: { start: 64, end: 96 }, machine: null, probe: true });
    expect(subjectOf({ machine: null, item: item(64, 96), rowId: null, rows: [] })).toMatchObject({
      probe: false,
      machine: null,
    });
    expect(subjectOf({ machine, item: item(16, 48), rowId: null, rows: [] })?.machine).not.toBeNull();
  });

  it('is a chosen row before everything else, and nothing where nothing is selected', () => {
    const drawn = row(9, 200, 220);
    expect(subjectOf({ machine, item: null, rowId: 9, rows: [drawn] })?.row?.id).toBe(9);
    expect(subjectOf({ machine: null, item: null, rowId: 9, rows: [] })).toBeNull();
  });

  it('is a chosen row with the machine event it is about', () => {
    const moved = row(7, 20, 60, { origin: { start: 16, end: 48 } });
    const ignored = row(8, 16, 48, { kind: 'ignore', verdict: null });
    const rows = [moved, ignored];
    expect(subjectOf({ machine, item: null, rowId: 7, rows })).toMatchObject({ machine: { index: 0 } });
    expect(subjectOf({ machine, item: null, rowId: 8, rows })).toMatchObject({
      machine: null,
      row: { kind: 'ignore' },
    });
  });

  it('is merged with the event that follows, a person’s or the machine’s', () => {
    const subject = subjectOf({ machine, item: null, rowId: null, rows: [] });
    if (!subject) throw new Error('no subject');
    const events = [
      { start: 16, end: 48 },
      { start: 100, end: 120 },
    ];
    expect(following(subject, events, [])?.range).toEqual({ start: 100, end: 120 });
    expect(following(subject, events, [row(3, 60, 70)])?.row?.id).toBe(3);
    expect(following(subject, [events[0]], [])).toBeNull();
    const last: Subject = { ...subject, range: { start: 100, end: 120 } };
    expect(preceding(last, events, [row(3, 60, 70)])?.row?.id).toBe(3);
    expect(preceding(subject, events, [])).toBeNull();
  });
});

describe('going on in the queue', () => {
  const items = [item(0, 16), item(16, 32), item(32, 48)];
  it('takes the next open item, then those before, and stops when all are decided', () => {
    expect(nextOpen(items, 0, () => true)).toBe(items[1]);
    expect(nextOpen(items, 2, () => true)).toBe(items[0]);
    expect(nextOpen(items, 1, (i) => i === items[0])).toBe(items[0]);
    expect(nextOpen(items, -1, () => true)).toBe(items[0]);
    expect(nextOpen(items, 1, (i) => i === items[1])).toBeNull();
    expect(nextOpen([], -1, () => true)).toBeNull();
  });
});

describe('rows in the cache', () => {
  it('take over a change without being read again', () => {
    const rows = [row(1, 0, 10), row(2, 20, 30, { videoId: 2 })];
    const change = {
      rows: [row(2, 25, 30, { videoId: 2 }), row(3, 5, 9), row(4, 1, 2, { pass: 2 })],
      removed: [1],
    } as ReviewChange;
    expect(withChange(rows, change, null, 1).map((r) => [r.id, r.start])).toEqual([
      [3, 5],
      [2, 25],
    ]);
    expect(withChange([rows[0]], change, 1, 1).map((r) => r.id)).toEqual([3]);
    expect(withChange([], change, null, 2).map((r) => r.id)).toEqual([4]);
  });
});

describe('lanes of people and rules', () => {
  it('tell verdicts apart by form, and show by how much edges moved', () => {
    const rows = [
      row(1, 20, 60, { origin: { start: 16, end: 48 }, class: 'Bicycle' }),
      row(2, 70, 80, { verdict: 'rejected' }),
      row(3, 90, 99, { verdict: 'unsure' }),
      row(4, 100, 110, { kind: 'ignore', verdict: null }),
      row(5, 0, 200, { kind: 'watched', verdict: null }),
      row(6, 120, 130, { verdict: null, origin: { start: 121, end: 130 } }),
    ];
    const [human] = reviewLayers(rows, [], [], [{ name: 'Bicycle', colour: 3, key: null }]);
    expect(human.items.map((i) => [i.form, i.text])).toEqual([
      ['outline', 'Watched'],
      ['filled', '✓ Bicycle +4 +12'],
      ['outline', '✕ Rejected'],
      ['dotted', '? Unsure'],
      ['hatched', 'Ignore'],
      ['dashed', 'Changed −1'],
    ]);
    expect(human.items[1].mark).toBe(3);
    // What lies on top is met first; a narrow block also from beside it.
    const at = (frame: number, reach = 0) => rowIdAt(human.items, frame, reach);
    expect([at(30), at(75), at(105), at(65), at(199), at(200)]).toEqual([1, 2, 4, 5, 5, null]);
    expect([at(85, 2), at(85, 15), at(200, 2)]).toEqual([5, 3, null]);
    const rule = {
      id: 1,
      ruleId: 4,
      runId: 1,
      videoId: 1,
      start: 0,
      end: 9,
      verdict: 'rejected' as const,
      class: null,
    };
    const lanes = reviewLayers([], [rule], [], []);
    expect(rowIdAt(lanes[0].items, 4, 0)).toBeNull();
    expect(lanes.map((l) => [l.id, l.items[0]?.form])).toEqual([
      ['rule', 'hatched'],
      ['human', undefined],
    ]);
  });
});

describe('a new class', () => {
  it('gets the first free key', () => {
    const one = withClass([], 'Fall');
    expect(one).toEqual([{ name: 'Fall', colour: 0, key: '1' }]);
    expect(withClass([{ name: 'Cart', colour: 0, key: '2' }], 'Fall')[1]).toEqual({
      name: 'Fall',
      colour: 1,
      key: '1',
    });
    expect(withClass(one, 'Fall')).toBe(one);
    const full = Array.from({ length: 9 }, (_, i) => ({ name: `c${i}`, colour: 0, key: String(i + 1) }));
    expect(withClass(full, 'Fall')[9].key).toBeNull();
  });
});

describe('edits', () => {
  const done = { state: {}, rows: [], removed: [], name: 'x' } as unknown as ReviewChange;
  const create = { type: 'create' as const, videoId: 1, range: { start: 0, end: 1 } };

  it('go one after another, and wait behind one that failed until it is tried again or left', async () => {
    const calls: unknown[] = [];
    let broken = true;
    const call = vi.fn(async (_name: string, input: unknown) => {
      calls.push(input);
      if (broken) throw new AppError('disk_full', 'The disk is full.');
      return done;
    });
    const edits = createEdits({ call } as never);
    const first = edits.send(create);
    const second = edits.send(create);
    await vi.waitFor(() => expect(edits.store.getState().failed?.waiting).toBe(2), SOON);
    expect(edits.store.getState().failed?.error.message).toBe('The disk is full.');
    expect(calls).toHaveLength(1);
    broken = false;
    edits.again();
    expect(await first).toBe(done);
    expect(await second).toBe(done);
    expect(calls).toHaveLength(3);
    // Sent again it is the same edit, which the engine does once; another one has a name of its own.
    const keys = calls.map((input) => (input as { key: string }).key);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(edits.store.getState()).toEqual({ pending: 0, failed: null });

    broken = true;
    const third = edits.send(create);
    await vi.waitFor(() => expect(edits.store.getState().failed).not.toBeNull(), SOON);
    edits.leave();
    expect(await third).toBeNull();
    expect(edits.store.getState()).toEqual({ pending: 0, failed: null });
  });
});
