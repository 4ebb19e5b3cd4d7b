import { describe, expect, it } from 'vitest';
import type { HumanEvent, RuleEvent } from '../../../shared/contract/review.ts';
import { disagreement, leftOf, progressOf, reviewStateOf } from '../../../shared/labels/progress.ts';

const row = (
  start: number,
  end: number,
  kind: HumanEvent['kind'],
  verdict: HumanEvent['verdict'] = null,
): HumanEvent => ({
  id: 1 + start,
  kind,
  pass: 1,
  videoId: 1,
  runId: null,
  parentId: null,
  start,
  end,
  origin: null,
  verdict,
  class: null,
  note: '',
  reviewer: 'ada',
  createdAt: 0,
  changedAt: 0,
});
const ruled = (start: number, end: number): RuleEvent => ({
  id: 1,
  ruleId: 1,
  runId: 1,
  videoId: 1,
  start,
  end,
  verdict: 'rejected',
  class: null,
});
const model = [
  { start: 0, end: 100 },
  { start: 200, end: 300 },
  { start: 400, end: 500 },
  { start: 600, end: 700 },
];

describe('progress of a video', () => {
  it('tells people, rules, what is ignored and what is left from each other', () => {
    const human = [
      row(0, 100, 'event', 'accepted'),
      row(400, 460, 'ignore'),
      row(620, 640, 'note'),
      row(900, 950, 'event'), // edges moved, nothing decided
    ];
    const progress = progressOf({ model, rule: [ruled(200, 300), ruled(0, 100)], human }, 1000);
    expect(progress).toEqual({ events: 4, decided: 1, rule: 1, ignored: 1, watched: 0.16 });
    expect(leftOf(progress)).toBe(2);
    expect(reviewStateOf(progress)).toBe('begun');
  });

  it('is done when people decided on every event; a rule is no review', () => {
    const whole = progressOf({ model, rule: [], human: [row(0, 1000, 'watched')] }, 1000);
    expect([whole.decided, whole.watched, reviewStateOf(whole)]).toEqual([4, 1, 'done']);
    const rules = progressOf({ model, rule: model.map((e) => ruled(e.start, e.end)), human: [] }, 1000);
    expect([rules.rule, leftOf(rules), reviewStateOf(rules)]).toEqual([4, 4, 'untouched']);
  });

  it('of a video without events is what was watched of it', () => {
    const of = (human: HumanEvent[]) => reviewStateOf(progressOf({ model: [], rule: [], human }, 1000));
    expect(of([])).toBeNull();
    expect(of([row(0, 400, 'watched')])).toBe('begun');
    expect(of([row(0, 400, 'watched'), row(400, 1000, 'ignore')])).toBe('done');
  });

  it('counts frames of an event that was moved where it was and where it is', () => {
    const moved = { ...row(10, 60, 'event', 'accepted'), origin: { start: 0, end: 50 } };
    expect(progressOf({ model: [], rule: [], human: [moved] }, 100).watched).toBe(0.6);
    expect(progressOf({ model: [], rule: [], human: [moved] }, 0).watched).toBe(0);
  });
});

describe('disagreement', () => {
  it('is the share of frames that some runs label and others do not', () => {
    const runs = [[{ start: 0, end: 50 }], [{ start: 25, end: 75 }], [{ start: 30, end: 50 }]];
    expect(disagreement(runs, 100)).toBeCloseTo(0.55); // 0-75 without 30-50
    expect(disagreement([runs[0], runs[0]], 100)).toBe(0);
    expect(disagreement([runs[0], []], 100)).toBe(0.5);
    expect(disagreement([runs[0]], 100)).toBeNull();
  });
});
