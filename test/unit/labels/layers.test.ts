import { describe, expect, it } from 'vitest';
import type { HumanEvent, RuleEvent } from '../../../shared/contract/review.ts';
import { decisionOn, labelsOf, videoLabelOf } from '../../../shared/labels/layers.ts';

let next = 1;
const human = (start: number, end: number, more: Partial<HumanEvent> = {}): HumanEvent => ({
  id: next++,
  kind: 'event',
  pass: 1,
  videoId: 1,
  runId: null,
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
const rule = (start: number, end: number, verdict: RuleEvent['verdict']): RuleEvent => ({
  id: next++,
  ruleId: 1,
  runId: 1,
  videoId: 1,
  start,
  end,
  verdict,
  class: null,
});
const seen = (labels: ReturnType<typeof labelsOf>) => labels.events.map((e) => [e.layer, e.start, e.end]);

describe('labels in use', () => {
  const model = [
    { start: 0, end: 64 },
    { start: 100, end: 160 },
    { start: 200, end: 264 },
  ];

  it('are the machine events while nobody said anything', () => {
    expect(seen(labelsOf({ model, rule: [], human: [] }))).toEqual([
      ['model', 0, 64],
      ['model', 100, 160],
      ['model', 200, 264],
    ]);
  });

  it('lose what was rejected and take the edges a person gave', () => {
    const rows = [
      human(0, 64, { origin: { start: 0, end: 64 }, verdict: 'rejected' }),
      human(110, 180, { origin: { start: 100, end: 160 } }),
    ];
    expect(seen(labelsOf({ model, rule: [], human: rows }))).toEqual([
      ['human', 110, 180],
      ['model', 200, 264],
    ]);
  });

  it('leave no slivers when a threshold widens a decided event, and keep what is mostly new', () => {
    const rows = [human(100, 160, { origin: { start: 100, end: 160 } })];
    const wide = [{ start: 90, end: 176 }];
    expect(seen(labelsOf({ model: wide, rule: [], human: rows }))).toEqual([['human', 100, 160]]);
    const wider = [{ start: 90, end: 400 }];
    expect(seen(labelsOf({ model: wider, rule: [], human: rows }))).toEqual([
      ['model', 90, 100],
      ['human', 100, 160],
      ['model', 160, 400],
    ]);
  });

  it('put people above rules and rules above the machine', () => {
    const rules = [rule(0, 64, 'rejected'), rule(100, 160, 'accepted'), rule(200, 264, 'unsure')];
    const rows = [human(100, 160, { origin: { start: 100, end: 160 }, verdict: 'rejected' })];
    const labels = labelsOf({ model, rule: rules, human: rows });
    expect(seen(labels)).toEqual([]);
    expect(labels.ignored).toEqual([{ start: 200, end: 264 }]);
    expect(seen(labelsOf({ model, rule: rules, human: [] }))).toEqual([['rule', 100, 160]]);
  });

  it('mask what is ignored or unsure, and drop the machine where all was watched', () => {
    const rows = [
      human(0, 20, { kind: 'ignore', verdict: null }),
      human(100, 160, { origin: { start: 100, end: 160 }, verdict: 'unsure' }),
      human(180, 400, { kind: 'watched', verdict: null }),
    ];
    const labels = labelsOf({ model, rule: [], human: rows });
    expect(seen(labels)).toEqual([['model', 0, 64]]);
    expect(labels.ignored).toEqual([
      { start: 0, end: 20 },
      { start: 100, end: 160 },
    ]);
  });

  it('take an event with moved edges in, decided or not', () => {
    const rows = [human(96, 170, { origin: { start: 100, end: 160 }, verdict: null })];
    expect(labelsOf({ model, rule: [], human: rows }).events[1]).toMatchObject({
      layer: 'human',
      verdict: null,
      start: 96,
      origin: { start: 100, end: 160 },
    });
  });
});

describe('the decision on a stretch', () => {
  it('is the row with the most common frames, if half of the stretch was decided', () => {
    const rows = [human(0, 40, { verdict: 'rejected' }), human(40, 120)];
    expect(decisionOn({ start: 30, end: 100 }, rows)?.verdict).toBe('accepted');
    expect(decisionOn({ start: 100, end: 140 }, rows)?.verdict).toBe('accepted');
    expect(decisionOn({ start: 101, end: 141 }, rows)).toBeNull();
    expect(decisionOn({ start: 500, end: 510 }, rows)).toBeNull();
  });

  it('counts where the machine had seen the event, and watched stretches last', () => {
    const moved = human(200, 230, { origin: { start: 100, end: 160 } });
    expect(decisionOn({ start: 100, end: 160 }, [moved])).toBe(moved);
    const watched = human(0, 400, { kind: 'watched', verdict: null });
    expect(decisionOn({ start: 100, end: 160 }, [moved, watched])).toBe(moved);
    expect(decisionOn({ start: 100, end: 160 }, [watched, moved])).toBe(moved);
    expect(decisionOn({ start: 300, end: 320 }, [watched, moved])).toBe(watched);
  });

  it('needs a verdict: notes, ignored ranges and moved edges decide nothing', () => {
    const rows = [
      human(0, 100, { kind: 'note', verdict: null }),
      human(0, 100, { kind: 'ignore', verdict: null }),
      human(0, 100, { verdict: null }),
    ];
    expect(decisionOn({ start: 0, end: 100 }, rows)).toBeNull();
  });
});

it('a video is anomalous by one accepted event, normal only when all of it was watched', () => {
  expect(videoLabelOf([], 100)).toBeNull();
  expect(videoLabelOf([human(0, 10, { verdict: 'rejected' })], 100)).toBeNull();
  expect(videoLabelOf([human(0, 100, { kind: 'watched', verdict: null })], 100)).toBe(0);
  const watched = human(10, 100, { kind: 'watched', verdict: null });
  expect(videoLabelOf([human(0, 10, { verdict: 'rejected' }), watched], 100)).toBe(0);
  expect(videoLabelOf([human(0, 10, { verdict: 'unsure' }), watched], 100)).toBeNull();
  expect(videoLabelOf([human(0, 10), watched], 100)).toBe(1);
});
