// Which event rule holds for which video: the run's, unless its camera or the video itself has one of its own.
// Role: the one place where this is decided, for engine, page and command line. Limits: nothing is stored; what a rule
// makes of scores is events.ts.
import { z } from 'zod';
import { sameRule } from './events.ts';
import { type EventRule, eventRule } from './types.ts';

/** What a rule holds for: all videos of the run in this project, those of one camera, or one video. */
export const ruleScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run') }),
  z.object({ kind: z.literal('camera'), camera: z.string().min(1) }),
  z.object({ kind: z.literal('video'), videoId: z.int().positive() }),
]);
export type RuleScope = z.infer<typeof ruleScope>;

/** A rule that is narrower than that of the run. */
export const ownRule = z.object({ scope: ruleScope, rule: eventRule });
export type OwnRule = z.infer<typeof ownRule>;

/** The rules of a run: its own, and those of cameras and videos, which come first where they hold. */
export interface EventRules {
  rule: EventRule;
  ownRules: readonly OwnRule[];
}

/** A video as rules know it. */
export interface RuledVideo {
  videoId: number;
  camera: string | null;
}

/** The rule that holds for a video. */
export type RuleOf = (video: RuledVideo) => EventRule;

export const RUN_SCOPE: RuleScope = { kind: 'run' };

/** Names a scope, the same for equal ones. */
export function scopeKey(scope: RuleScope): string {
  switch (scope.kind) {
    case 'run':
      return 'run';
    case 'camera':
      return `camera ${scope.camera}`;
    case 'video':
      return `video ${scope.videoId}`;
  }
}

/** The rules as a table by scope; a look-up each, because lists ask for ten thousand videos at once. */
function tableOf(ownRules: readonly OwnRule[]): ReadonlyMap<string, OwnRule> {
  return new Map(ownRules.map((own) => [scopeKey(own.scope), own]));
}

/** From the narrowest: what could hold for a video. */
const scopesOf = ({ videoId, camera }: RuledVideo): RuleScope[] => [
  { kind: 'video', videoId },
  ...(camera === null ? [] : [{ kind: 'camera', camera } as const]),
  RUN_SCOPE,
];

/** The rule for each video: the narrowest that exists. */
export function ruleOf({ rule, ownRules }: EventRules): RuleOf {
  if (ownRules.length === 0) return () => rule;
  const table = tableOf(ownRules);
  return ({ videoId, camera }) =>
    (table.get(`video ${videoId}`) ?? (camera === null ? undefined : table.get(`camera ${camera}`)))?.rule ??
    rule;
}

/** The scope whose rule holds for a video. */
export function scopeOf({ ownRules }: Pick<EventRules, 'ownRules'>, video: RuledVideo): RuleScope {
  const table = tableOf(ownRules);
  return scopesOf(video).find((scope) => table.has(scopeKey(scope))) ?? RUN_SCOPE;
}

/** The scope whose rule would hold for a video if it had none at this one, or narrower. */
export function widerScope(
  rules: Pick<EventRules, 'ownRules'>,
  scope: RuleScope,
  video: RuledVideo,
): RuleScope {
  if (scope.kind !== 'video') return RUN_SCOPE;
  return scopeOf(rules, { videoId: 0, camera: video.camera });
}

/** From the widest to the narrowest. */
export const SCOPES = ['run', 'camera', 'video'] as const satisfies readonly RuleScope['kind'][];

/** Whether a scope is narrower than another. */
export const isNarrower = (a: RuleScope, b: RuleScope): boolean =>
  SCOPES.indexOf(a.kind) > SCOPES.indexOf(b.kind);

/** The rule that is kept for exactly this scope; null where there is none. */
export function ruleAtScope({ rule, ownRules }: EventRules, scope: RuleScope): EventRule | null {
  if (scope.kind === 'run') return rule;
  return tableOf(ownRules).get(scopeKey(scope))?.rule ?? null;
}

/** Cameras first, each kind in an order that stays: as the store keeps them. */
function byScope({ scope: a }: OwnRule, { scope: b }: OwnRule): number {
  if (a.kind === 'camera' && b.kind === 'camera') return a.camera < b.camera ? -1 : 1;
  if (a.kind === 'video' && b.kind === 'video') return a.videoId - b.videoId;
  return a.kind === 'camera' ? -1 : 1;
}

/** The rules with another one for a scope. @param rule null takes that of a camera or video away; the run keeps its own */
export function withRule(rules: EventRules, scope: RuleScope, rule: EventRule | null): EventRules {
  if (scope.kind === 'run') return rule === null ? rules : { ...rules, rule };
  const key = scopeKey(scope);
  const others = rules.ownRules.filter((own) => scopeKey(own.scope) !== key);
  return { ...rules, ownRules: rule === null ? others : [...others, { scope, rule }].sort(byScope) };
}

/** Whether two sets of rules make the same events of any scores, and are written the same. */
export const sameRules = (a: EventRules, b: EventRules): boolean =>
  sameRule(a.rule, b.rule) &&
  (a.ownRules === b.ownRules ||
    (a.ownRules.length === b.ownRules.length &&
      a.ownRules.every(
        (own, i) =>
          scopeKey(own.scope) === scopeKey(b.ownRules[i].scope) && sameRule(own.rule, b.ownRules[i].rule),
      )));

/** How many cameras and videos have a rule of their own. */
export function ownCounts(ownRules: readonly OwnRule[]): { cameras: number; videos: number } {
  const cameras = ownRules.filter(({ scope }) => scope.kind === 'camera').length;
  return { cameras, videos: ownRules.length - cameras };
}
