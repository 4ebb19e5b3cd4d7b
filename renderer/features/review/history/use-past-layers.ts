// The review as it was. Role: rows of people and of rules right after a row of the log, for lanes and list.
// Limits: shows; an edit is made now, and leads back to now.
import { useMemo } from 'react';
import type { HumanEvent, ReviewClass, ReviewRule, RuleEvent } from '../../../../shared/contract/index.ts';
import { useCall } from '../../../state/queries.ts';
import type { Layer } from '../timeline/layers.ts';
import { reviewLayers } from '../verdicts/layers.ts';
import { usePass } from '../verdicts/reviewer.ts';

const NO_CLASSES: readonly ReviewClass[] = [];
const NO_RULES: readonly ReviewRule[] = [];

export interface Past {
  rows: readonly HumanEvent[];
  ruleEvents: readonly RuleEvent[];
}

/** What was said, right after row `at` of the log; null: as it is now, or while it is read. */
export function usePast(at: number | null, runId: number): Past | null {
  const pass = usePass();
  const on = { enabled: at !== null };
  const rows = useCall('review.rowsAt', { at: at ?? 0, pass }, on).data;
  const ruleEvents = useCall('review.ruleEvents', { runId, at: at ?? 0 }, on).data;
  return useMemo(
    // The second reviewer does not see what rules of the first review said, then or now.
    () => (at === null || !rows || !ruleEvents ? null : { rows, ruleEvents: pass === 2 ? [] : ruleEvents }),
    [at, rows, ruleEvents, pass],
  );
}

/** The lanes of people and rules in one video, as they were then. */
export function usePastLayers(past: Past | null, videoId: number): readonly Layer[] | null {
  const classes = useCall('review.classes', {}).data ?? NO_CLASSES;
  const rules = useCall('review.rules', {}).data ?? NO_RULES;
  return useMemo(() => {
    if (!past) return null;
    const here = <T extends { videoId: number }>(all: readonly T[]) =>
      all.filter((one) => one.videoId === videoId);
    return reviewLayers(here(past.rows), here(past.ruleEvents), rules, classes);
  }, [past, videoId, rules, classes]);
}
