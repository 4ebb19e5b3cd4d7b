// What a video under review is made of. Role: hooks that join frame table, scores and rule into a session and its events.
// Limits: draws nothing.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Run, VideoRow } from '../../../shared/contract/index.ts';
import { toErrorData } from '../../../shared/errors.ts';
import { sameRule } from '../../../shared/labels/events.ts';
import {
  type EventRules,
  type RuledVideo,
  type RuleScope,
  ruleOf,
  scopeOf,
  widerScope,
  withRule,
} from '../../../shared/labels/rules.ts';
import { smoothedBy } from '../../../shared/labels/smooth.ts';
import { type EventRule, SEGMENT_FRAMES, type Smoothing } from '../../../shared/labels/types.ts';
import { buildPyramid } from '../../canvas/pyramid.ts';
import { useClient } from '../../platform/context.tsx';
import { useCall } from '../../state/queries.ts';
import { type ScoreCurve, useCurves, useFrameTable } from './data.ts';
import { createRuleEditor, type RuleEditor } from './rule.ts';
import { createLive, createSession, type Live, type Session } from './session.ts';
import { nominalTable } from './time.ts';
import { useSettled } from './use-slow.ts';
import { editorNow } from './verdicts/reviewer.ts';
import { tell } from './word.ts';

/** A run beside the chosen one, with its scores of the open video and the rule that holds for it there. */
export interface OtherRun {
  run: Run;
  curve: ScoreCurve;
  rule: EventRule;
}
const NO_CURVES: readonly OtherRun[] = [];

/** Frame table and scores of a video, and the session over them once they are there. */
export function useOpenVideo(video: VideoRow, run: Run, runs: readonly Run[], perCamera: boolean) {
  const table = useFrameTable(video.id, video.path !== null && video.frames > 0);
  const runIds = useRunsWith(video, run, runs);
  const { pending, curves, problem } = useCurves(runIds, video.id, perCamera);
  const curve = curves.find((c) => c.runId === run.id) ?? null;
  const otherRuns = useMemo(() => {
    const others = runs.flatMap((r) => {
      const found = r.id === run.id ? undefined : curves.find((c) => c.runId === r.id);
      const rule = ruleOf(r)({ videoId: video.id, camera: video.camera });
      return found ? [{ run: r, curve: found, rule }] : [];
    });
    return others.length === 0 ? NO_CURVES : others;
  }, [runs, curves, run.id, video.id, video.camera]);

  // Without a frame table the count comes from the row, or for features alone from the segments.
  const waits = !table.data && (table.isPending || (pending && video.frames === 0));
  const nominal = table.data
    ? 0
    : video.frames > 0
      ? video.frames
      : (curves[0]?.scores.length ?? 0) * SEGMENT_FRAMES;
  const session = useMemo<Session | null>(() => {
    if (table.data) return createSession(video.id, table.data, true, true);
    if (waits) return null;
    const timed = video.fpsNum > 0;
    return createSession(video.id, nominalTable(nominal, video.fpsNum, video.fpsDen), false, timed);
  }, [table.data, waits, nominal, video.id, video.fpsNum, video.fpsDen]);
  useEffect(() => () => session?.player.dispose(), [session]);

  return {
    session,
    curve,
    /** The run's scores are on their way: what is selected now would be selected without its event. */
    scoring: curve === null && pending && problem === null && runIds.includes(run.id),
    otherRuns,
    problem: table.error ? toErrorData(table.error).message : problem,
  };
}

/** Ids of the runs that can have scores for a video: those over features that hold it. */
function useRunsWith(video: VideoRow, run: Run, runs: readonly Run[]): number[] {
  const sets = useCall('features.list', {}).data;
  return useMemo(() => {
    const holding = new Set(sets?.filter((set) => video.features.includes(set.name)).map((set) => set.id));
    return runs
      .filter((r) => (r.id === run.id ? video.score !== null : holding.has(r.featureSetId)))
      .map((r) => r.id);
  }, [sets, video.features, video.score, run.id, runs]);
}

export interface OpenRule {
  editor: RuleEditor;
  /** The rules of the run with what is changed on the screen, a moment after it rests. */
  rules: EventRules;
  /** What the rule that holds for the open video is of, as it is kept. */
  holds: RuleScope;
  /** Takes the rule that holds away, where it is of a camera or of the video: the wider one holds again. */
  reset(): void;
}

/** The rule of a video under change; saved a moment after the last change and when the page goes away. */
export function useRule(run: Run, { id: videoId, camera }: Pick<VideoRow, 'id' | 'camera'>): OpenRule {
  const client = useClient();
  const video = useMemo<RuledVideo>(() => ({ videoId, camera }), [videoId, camera]);
  // What was sent holds from then on, also in the next video, until the run is read again.
  const [sent, setSent] = useState<{ over: Run; rules: EventRules } | null>(null);
  const kept: EventRules = sent?.over === run ? sent.rules : run;
  const send = useCallback(
    async (rule: EventRule | null, scope: RuleScope) => {
      setSent((before) => ({
        over: run,
        rules: withRule(before?.over === run ? before.rules : run, scope, rule),
      }));
      try {
        await client.call('runs.setRule', { id: run.id, scope, rule, by: editorNow() });
      } catch (error) {
        setSent(null);
        throw error;
      }
    },
    [client, run],
  );
  const newest = useRef(send);
  useLayoutEffect(() => {
    newest.current = send;
  });
  const here = ruleOf(kept)(video);
  const holds = scopeOf(kept, video);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one editor for a run and a video; a newer rule of the engine is adopted below
  const editor = useMemo(
    () => createRuleEditor(here, (rule, scope) => newest.current(rule, scope), holds),
    [client, run.id, video],
  );
  useEffect(() => editor.adopt(here, scopeOf(kept, video)), [editor, here, kept, video]);
  useEffect(() => {
    const flush = () => void editor.flush();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [editor]);
  const { rule, scope } = useSettled(editor.store, 200);
  const rules = useMemo<EventRules>(() => {
    const { rule: wide, ownRules } = sameRule(rule, here) ? kept : withRule(kept, scope, rule);
    return { rule: wide, ownRules };
  }, [kept, here, rule, scope]);
  return {
    editor,
    rules,
    holds,
    reset() {
      void editor
        .flush()
        .then(() => {
          editor.keepFor(widerScope(kept, holds, video));
          return send(null, holds);
        })
        .catch((error: unknown) => tell(toErrorData(error).message));
    },
  };
}

/** Events of the open video under the rule as it is now; null without scores. */
export function useLive(session: Session | null, curve: ScoreCurve | null, editor: RuleEditor): Live | null {
  const live = useMemo(
    () => (session && curve ? createLive(curve.scores, session.frames, editor.store) : null),
    [session, curve, editor],
  );
  useEffect(() => live?.follow(), [live]);
  return live;
}

/** The curve as the thresholds of a rule see it: what the timeline draws. */
export function useEvened(curve: ScoreCurve | null, smooth: Smoothing | undefined): ScoreCurve | null {
  const { by, segments } = smooth ?? {};
  return useMemo(() => {
    if (!curve || !by || !segments) return curve;
    const scores = Float32Array.from(smoothedBy(curve.scores, { by, segments }));
    return { ...curve, scores, pyramid: buildPyramid(scores) };
  }, [curve, by, segments]);
}
