// Which rule holds for which video.
import { describe, expect, it } from 'vitest';
import {
  type EventRules,
  ownCounts,
  RUN_SCOPE,
  type RuleScope,
  ruleAtScope,
  ruleOf,
  sameRules,
  scopeOf,
  withRule,
} from '../../../shared/labels/rules.ts';

const at = (on: number) => ({ on, off: on, minFrames: 0, gapFrames: 0 });
const gate: RuleScope = { kind: 'camera', camera: 'gate' };
const seven: RuleScope = { kind: 'video', videoId: 7 };
const wide: EventRules = { rule: at(0.5), ownRules: [] };
const both = withRule(withRule(wide, gate, at(0.6)), seven, at(0.7));

describe('the rule of a video', () => {
  it('is the narrowest that exists', () => {
    const of = ruleOf(both);
    expect(of({ videoId: 7, camera: 'gate' }).on).toBe(0.7);
    expect(of({ videoId: 8, camera: 'gate' }).on).toBe(0.6);
    expect(of({ videoId: 8, camera: 'yard' }).on).toBe(0.5);
    expect(of({ videoId: 8, camera: null }).on).toBe(0.5);
    expect(scopeOf(both, { videoId: 7, camera: 'gate' })).toEqual(seven);
    expect(scopeOf(both, { videoId: 8, camera: 'gate' })).toEqual(gate);
    expect(scopeOf(both, { videoId: 8, camera: null })).toEqual(RUN_SCOPE);
  });

  it('goes back to the wider one when its own is taken away', () => {
    const without = withRule(both, seven, null);
    expect(ruleOf(without)({ videoId: 7, camera: 'gate' }).on).toBe(0.6);
    expect(ruleOf(withRule(without, gate, null))({ videoId: 7, camera: 'gate' }).on).toBe(0.5);
    expect(withRule(both, RUN_SCOPE, null)).toBe(both);
  });
});

it('a scope holds one rule, and changing it leaves the others as they are', () => {
  const changed = withRule(both, gate, at(0.9));
  expect(changed.ownRules.map((own) => own.rule.on)).toEqual([0.9, 0.7]);
  expect(both.ownRules.map((own) => own.rule.on)).toEqual([0.6, 0.7]);
  expect(ruleAtScope(changed, gate)?.on).toBe(0.9);
  expect(ruleAtScope(changed, { kind: 'camera', camera: 'yard' })).toBeNull();
  expect(ownCounts(changed.ownRules)).toEqual({ cameras: 1, videos: 1 });
  expect(sameRules(changed, both)).toBe(false);
  expect(sameRules(withRule(changed, gate, at(0.6)), both)).toBe(true);
  expect(sameRules(wide, both)).toBe(false);
});
