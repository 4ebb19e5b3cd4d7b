// The event rule of a run, a camera or a video changed by a person. Role: one step to undo, with its words. Limits: what
// is written is store/run-rules.ts; which rule holds for a video is shared/labels/rules.ts.
import { basename } from 'node:path/posix';
import type { ParsedInput, ReviewChange } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { sameRule } from '../../../shared/labels/events.ts';
import { type RuleScope, ruleAtScope } from '../../../shared/labels/rules.ts';
import type { EventRule } from '../../../shared/labels/types.ts';
import type { Store } from '../../store/store.ts';
import { reviewerOf } from './reviewer.ts';

const two = (score: number): string => score.toFixed(2).replace(/^0/, '');

/** What became different, in words: `on .62, off .50`. */
function words(before: EventRule | null, after: EventRule): string {
  // The page keeps thousandths, where a rule comes with all digits of a quantile: that is no change to speak of.
  const is = (key: 'on' | 'off' | 'minFrames' | 'gapFrames') =>
    before === null || Math.abs(before[key] - after[key]) > 5.01e-4;
  const { smooth } = after;
  const smoothed = JSON.stringify(before?.smooth) !== JSON.stringify(smooth);
  return [
    smoothed && (smooth ? `${smooth.by} over ${smooth.segments} segments` : 'scores as they are'),
    is('on') && `on ${two(after.on)}`,
    is('off') && `off ${two(after.off)}`,
    is('minFrames') && `events of at least ${after.minFrames} frames`,
    is('gapFrames') && `gaps under ${after.gapFrames} frames closed`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** @throws AppError `not_found` for a video, `bad_input` for a camera that is not in the project */
function nameOf(store: Store, scope: RuleScope): string {
  switch (scope.kind) {
    case 'run':
      return 'all videos';
    case 'video':
      return basename(store.videos.get(scope.videoId).relPath);
    case 'camera':
      return `camera ${scope.camera}`;
  }
}

/** @throws AppError `bad_input` for a camera without videos: a rule that holds for nothing is a slip of the pen */
function refuseUnknown(store: Store, scope: RuleScope): void {
  if (scope.kind !== 'camera') return;
  if (store.videos.list().some(({ camera }) => camera === scope.camera)) return;
  throw new AppError(
    'bad_input',
    `No video is of a camera called "${scope.camera}". The library says which video is of which camera.`,
  );
}

/**
 * Keeps a rule, or takes that of a camera or video away; null when that changes nothing.
 * @throws AppError `bad_input` for an impossible rule or an unknown camera, `not_found` for an unknown run or video
 */
export function setRule(
  store: Store,
  { id, scope, rule, by }: ParsedInput<'runs.setRule'>,
): ReviewChange | null {
  if (rule === null && scope.kind === 'run')
    throw new AppError('bad_input', 'A run always has a rule. Take away that of a camera or a video.');
  if (rule && rule.off > rule.on)
    throw new AppError('bad_input', 'The off threshold must not be above the on threshold.');
  const run = store.runs.get(id);
  const name = nameOf(store, scope);
  const before = ruleAtScope(run, scope);
  if (before === null ? rule === null : rule !== null && sameRule(before, rule)) return null;
  if (rule) refuseUnknown(store, scope);
  return store.review.commit({
    name:
      rule === null
        ? `No rule of its own for ${name} (${run.name})`
        : `Rule for ${name}: ${words(before, rule)} (${run.name})`,
    reviewer: reviewerOf(store, by),
    pass: by.pass,
    action: 'review.threshold',
    changes: [{ what: 'threshold', runId: id, scope, before, after: rule }],
  });
}
