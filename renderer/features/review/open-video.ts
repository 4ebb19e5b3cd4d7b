// What a video under review is made of. Role: hooks that join frame table, scores and rule into a session and its events.
// Limits: draws nothing.
import { useEffect, useMemo } from 'react';
import type { Run, VideoRow } from '../../../shared/contract/index.ts';
import { toErrorData } from '../../../shared/errors.ts';
import { smoothedBy } from '../../../shared/labels/smooth.ts';
import { SEGMENT_FRAMES, type Smoothing } from '../../../shared/labels/types.ts';
import { buildPyramid } from '../../canvas/pyramid.ts';
import { useClient } from '../../platform/context.tsx';
import { useCall } from '../../state/queries.ts';
import { type ScoreCurve, useCurves, useFrameTable } from './data.ts';
import { createRuleEditor, type RuleEditor } from './rule.ts';
import { createLive, createSession, type Live, type Session } from './session.ts';
import { nominalTable } from './time.ts';

const NO_CURVES: readonly { run: Run; curve: ScoreCurve }[] = [];

/** Frame table and scores of a video, and the session over them once they are there. */
export function useOpenVideo(video: VideoRow, run: Run, runs: readonly Run[], perCamera: boolean) {
  const table = useFrameTable(video.id, video.path !== null && video.frames > 0);
  const runIds = useRunsWith(video, run, runs);
  const { pending, curves, problem } = useCurves(runIds, video.id, perCamera);
  const curve = curves.find((c) => c.runId === run.id) ?? null;
  const otherRuns = useMemo(() => {
    const others = runs.flatMap((r) => {
      const found = r.id === run.id ? undefined : curves.find((c) => c.runId === r.id);
      return found ? [{ run: r, curve: found }] : [];
    });
    return others.length === 0 ? NO_CURVES : others;
  }, [runs, curves, run.id]);

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

/** The run's rule under change; saved a moment after the last change and when the page goes away. */
export function useRule(run: Run): RuleEditor {
  const client = useClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one editor for a run; a newer rule of the engine is adopted below
  const editor = useMemo(
    () => createRuleEditor(run.rule, (rule) => client.call('runs.setRule', { id: run.id, rule })),
    [client, run.id],
  );
  useEffect(() => editor.adopt(run.rule), [editor, run.rule]);
  useEffect(() => {
    const flush = () => void editor.flush();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [editor]);
  return editor;
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
