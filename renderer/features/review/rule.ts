// The event rule of a video while a person changes it. Role: the newest rule at once for everything that draws, saved for
// the run, the camera or the video a moment after the last change. Limits: one video; which rule holds for it and the events
// themselves are shared/labels'.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { sameRule } from '../../../shared/labels/events.ts';
import { isNarrower, RUN_SCOPE, type RuleScope, scopeKey } from '../../../shared/labels/rules.ts';
import type { EventRule } from '../../../shared/labels/types.ts';

export interface RuleState {
  rule: EventRule;
  /** What a change is kept for: what the rule that holds here is of, or something narrower. */
  scope: RuleScope;
  /** `pending` until the engine has it; `failed` keeps the change on the page and says why in `problem`. */
  saved: 'saved' | 'pending' | 'failed';
  problem: string | null;
}

export interface RuleEditor {
  readonly store: StoreApi<RuleState>;
  /** Changes part of the rule; the two thresholds keep their order, the one that moves pushes the other. */
  change(part: Partial<EventRule>): void;
  /** Takes over the engine's rule, and what it is of, unless a change of our own is on its way. */
  adopt(rule: EventRule, holds: RuleScope): void;
  /** From now on changes are kept for this scope; one that waits is kept for the scope it was made for. */
  keepFor(scope: RuleScope): void;
  /** While a handle is held nothing is saved, however long it rests: one drag is one step to undo. */
  hold(on: boolean): void;
  /** Saves a waiting change now. */
  flush(): Promise<void>;
}

const SAVE_AFTER_MS = 400;
const unit = (value: number) => Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 1000;
const frames = (value: number) => Math.max(0, Math.round(value));

/** The rule after a change: values in range, and `off` never above `on`. */
export function changedRule(rule: EventRule, part: Partial<EventRule>): EventRule {
  const next = { ...rule, ...part };
  const on = unit(next.on);
  const off = unit(next.off);
  return {
    on: part.off !== undefined && part.on === undefined ? Math.max(on, off) : on,
    off: part.on !== undefined ? Math.min(on, off) : off,
    minFrames: frames(next.minFrames),
    gapFrames: frames(next.gapFrames),
    ...(next.smooth && { smooth: next.smooth }),
  };
}

/** @param save stores a rule for a scope; rejects with a sentence for people. @param holds what the first rule is of */
export function createRuleEditor(
  initial: EventRule,
  save: (rule: EventRule, scope: RuleScope) => Promise<unknown>,
  holds: RuleScope = RUN_SCOPE,
): RuleEditor {
  const store = createStore<RuleState>(() => ({
    rule: initial,
    scope: holds,
    saved: 'saved',
    problem: null,
  }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held = false;
  const saveLater = () => {
    clearTimeout(timer);
    if (!held) timer = setTimeout(() => void flush(), SAVE_AFTER_MS);
  };

  async function flush(): Promise<void> {
    clearTimeout(timer);
    const { rule, scope, saved } = store.getState();
    if (saved === 'saved') return;
    try {
      await save(rule, scope);
      if (sameRule(store.getState().rule, rule)) store.setState({ saved: 'saved', problem: null });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (sameRule(store.getState().rule, rule)) store.setState({ saved: 'failed', problem });
    }
  }

  return {
    store,
    change(part) {
      const rule = changedRule(store.getState().rule, part);
      if (sameRule(rule, store.getState().rule)) return;
      store.setState({ rule, saved: 'pending', problem: null });
      saveLater();
    },
    hold(on) {
      held = on;
      if (store.getState().saved === 'pending') saveLater();
    },
    adopt(rule, of) {
      const now = store.getState();
      if (now.saved !== 'saved') return;
      const scope = isNarrower(of, now.scope) ? of : now.scope;
      const same = sameRule(rule, now.rule);
      if (same && scopeKey(scope) === scopeKey(now.scope)) return;
      store.setState({ rule: same ? now.rule : rule, scope });
    },
    keepFor(scope) {
      void flush();
      store.setState({ scope });
    },
    flush,
  };
}
