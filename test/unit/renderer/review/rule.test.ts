import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changedRule, createRuleEditor } from '../../../../renderer/features/review/rule.ts';
import { RUN_SCOPE, type RuleScope } from '../../../../shared/labels/rules.ts';
import type { EventRule } from '../../../../shared/labels/types.ts';

const start: EventRule = { on: 0.5, off: 0.4, minFrames: 16, gapFrames: 32 };

describe('changing a rule', () => {
  it('lets the threshold that moves push the other', () => {
    expect(changedRule(start, { on: 0.3 })).toMatchObject({ on: 0.3, off: 0.3 });
    expect(changedRule(start, { off: 0.7 })).toMatchObject({ on: 0.7, off: 0.7 });
    expect(changedRule(start, { on: 0.9 })).toMatchObject({ on: 0.9, off: 0.4 });
    expect(changedRule(start, { on: 0.2, off: 0.6 })).toMatchObject({ on: 0.2, off: 0.2 });
  });

  it('keeps values in range and lengths whole', () => {
    expect(changedRule(start, { on: 1.4, minFrames: -3, gapFrames: 7.6 })).toEqual({
      on: 1,
      off: 0.4,
      minFrames: 0,
      gapFrames: 8,
    });
  });
});

describe('rule editor', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('applies each change at once and saves the last one once', async () => {
    const save = vi.fn((_rule: EventRule, _scope: RuleScope) => Promise.resolve());
    const editor = createRuleEditor(start, save);
    for (let on = 0.51; on < 0.6; on += 0.01) editor.change({ on });
    expect(editor.store.getState()).toMatchObject({ saved: 'pending', rule: { on: 0.59 } });
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(save.mock.calls).toEqual([[{ ...start, on: 0.59 }, RUN_SCOPE]]);
    expect(editor.store.getState().saved).toBe('saved');
  });

  it('stays pending when another change came while saving', async () => {
    let done = () => {};
    const save = vi.fn(() => new Promise<void>((resolve) => (done = resolve)));
    const editor = createRuleEditor(start, save);
    editor.change({ on: 0.6 });
    const flushing = editor.flush();
    editor.change({ on: 0.7 });
    done();
    await flushing;
    expect(editor.store.getState()).toMatchObject({ saved: 'pending', rule: { on: 0.7 } });
    await vi.advanceTimersByTimeAsync(1000);
    expect(save).toHaveBeenCalledTimes(2);
    expect(save).toHaveBeenLastCalledWith({ ...start, on: 0.7 }, RUN_SCOPE);
  });

  it('keeps a change that could not be saved and says why; the next change tries again', async () => {
    const save = vi.fn().mockRejectedValueOnce(new Error('The disk is full.')).mockResolvedValue(undefined);
    const editor = createRuleEditor(start, save);
    editor.change({ on: 0.6 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.store.getState()).toEqual({
      rule: { ...start, on: 0.6 },
      scope: RUN_SCOPE,
      saved: 'failed',
      problem: 'The disk is full.',
    });
    editor.change({ minFrames: 32 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.store.getState()).toEqual({
      rule: { ...start, on: 0.6, minFrames: 32 },
      scope: RUN_SCOPE,
      saved: 'saved',
      problem: null,
    });
  });

  it("takes over the engine's rule only when nothing of ours is on its way", () => {
    const editor = createRuleEditor(start, () => Promise.resolve());
    editor.adopt({ ...start, on: 0.8 }, RUN_SCOPE);
    expect(editor.store.getState().rule.on).toBe(0.8);
    editor.change({ on: 0.55 });
    editor.adopt({ ...start, on: 0.9 }, RUN_SCOPE);
    expect(editor.store.getState().rule.on).toBe(0.55);
  });

  it('saves a drag once, when the handle is let go', async () => {
    const save = vi.fn(() => Promise.resolve());
    const editor = createRuleEditor(start, save);
    editor.hold(true);
    editor.change({ on: 0.6 });
    await vi.advanceTimersByTimeAsync(5000);
    editor.change({ on: 0.7 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(save).not.toHaveBeenCalled();
    editor.hold(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('keeps each change for the scope it was made for', async () => {
    const video: RuleScope = { kind: 'video', videoId: 3 };
    const camera: RuleScope = { kind: 'camera', camera: 'gate' };
    const save = vi.fn((_rule: EventRule, _scope: RuleScope) => Promise.resolve());
    const editor = createRuleEditor(start, save);
    editor.change({ on: 0.6 });
    editor.keepFor(video);
    editor.change({ on: 0.7 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(save.mock.calls).toEqual([
      [{ ...start, on: 0.6 }, RUN_SCOPE],
      [{ ...start, on: 0.7 }, video],
    ]);
    // The camera's rule that came meanwhile is wider than what was chosen.
    editor.adopt(start, camera);
    expect(editor.store.getState()).toMatchObject({ rule: start, scope: video });
    editor.keepFor(RUN_SCOPE);
    editor.adopt(start, camera);
    expect(editor.store.getState().scope).toEqual(camera);
  });

  it('does not save a change that changes nothing', async () => {
    const save = vi.fn(() => Promise.resolve());
    const editor = createRuleEditor(start, save);
    editor.change({ on: 0.5 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(save).not.toHaveBeenCalled();
  });
});
