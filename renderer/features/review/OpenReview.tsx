// A run and a video under review. Role: joins data, player, rule and keys, and hands each part of the page what it shows.
// Limits: nothing here changes per frame; what does is written by the parts past React.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { QueueItem, ReviewClass, Run, VideoRow } from '../../../shared/contract/index.ts';
import { toErrorData } from '../../../shared/errors.ts';
import type { ScoredEvent } from '../../../shared/labels/events.ts';
import { frameAt, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import { around, reveal, wholeVideo, zoomAt } from '../../canvas/viewport.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { Check, Clock, Eye, Redo, Sliders, Undo, Warning } from '../../components/icons.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../../components/State.tsx';
import { baseName, count, plural } from '../../format.ts';
import { useClient } from '../../platform/context.tsx';
import { setFull, useFull } from '../../state/full.ts';
import { isCopyOf, useJobs } from '../../state/jobs.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { openKeySheet } from '../../state/sheet.ts';
import { InStatusBar } from '../../state/status.tsx';
import { copiesByThemselves, loopContext, overlay, smartPlayback, snapping } from './choices.ts';
import { prefetchVideo, type ScoreCurve, useCurves, useFrameTable, useLabels } from './data.ts';
import { boundaries, boundaryFrom } from './events/order.ts';
import { GoToFrame } from './GoToFrame.tsx';
import { PastNotice } from './history/PastNotice.tsx';
import { Inspector } from './Inspector.tsx';
import { keyOf, type ReviewActions } from './keymap.ts';
import styles from './OpenReview.module.css';
import { takeTarget, usePlace } from './place.ts';
import { smartPace } from './player/pace.ts';
import { nextSpeed } from './player/player.ts';
import { watchedStore, watchedText } from './player/watched.ts';
import { filtersOn, NO_FILTER } from './queue/orders.ts';
import { QueueNotice } from './queue/QueueNotice.tsx';
import { QueuePanel } from './queue/QueuePanel.tsx';
import { nextOpen, type QueueView, sameItem, useQueue } from './queue/use-queue.ts';
import { createRuleEditor, type RuleState } from './rule.ts';
import { createLive, createSession, eventAt, type Live, peakOf, type Session } from './session.ts';
import { nominalTable, secondsTo } from './time.ts';
import { eventName } from './timeline/EventTwins.tsx';
import { cycleConsensus } from './timeline/lanes.ts';
import { rangeBetween } from './timeline/snap.ts';
import { Timeline } from './timeline/Timeline.tsx';
import { type Like, LooksLike } from './tools/LooksLike.tsx';
import { ReviewTools } from './tools/ReviewTools.tsx';
import { SecondNotice } from './tools/SecondNotice.tsx';
import { useReviewKeys } from './use-review-keys.ts';
import { useRested, useSlow } from './use-slow.ts';
import { ClassDialog } from './verdicts/ClassDialog.tsx';
import { EditFacts, EditProblem } from './verdicts/EditFacts.tsx';
import { reviewLayers } from './verdicts/layers.ts';
import { NoteDialog } from './verdicts/NoteDialog.tsx';
import { usePass } from './verdicts/reviewer.ts';
import { useReviewWork, type WorkAction } from './verdicts/use-review-work.ts';
import { Viewer } from './viewer/Viewer.tsx';

export interface OpenReviewProps {
  run: Run;
  /** All finished runs. */
  runs: readonly Run[];
  videos: readonly VideoRow[];
  video: VideoRow;
  onOpenVideo(videoId: number): void;
  onChooseRun(runId: number): void;
}

const NO_CLASSES: readonly ReviewClass[] = [];
const NO_CURVES: readonly { run: Run; curve: ScoreCurve }[] = [];
const NO_EVENTS = { getState: () => null, subscribe: () => () => {} };
/** An event narrower than this share of the view is zoomed to when one goes there. */
const TOO_SMALL = 0.03;

export function OpenReview({ run, runs, videos, video, onOpenVideo, onChooseRun }: OpenReviewProps) {
  const { session, curve, otherRuns, problem } = useOpenVideo(video, run, runs);
  const { editor, state } = useRule(run);
  const live = useLive(session, curve, editor);
  const slow = useSlow(live?.store ?? NO_EVENTS, (now) => now);
  const anchor = useStore(session?.timeline ?? NO_ANCHOR, (now) => now.anchor);
  const marked = useStore(session?.timeline ?? NO_ANCHOR, (now) => now.marked);
  const labels = useLabels(run.id, video.id, curve && session ? session.frames : 0);
  const truth = useCall('truth.get', { videoId: video.id }).data ?? null;
  const classes = useCall('review.classes', {}).data ?? NO_CLASSES;
  const runNames = useMemo(() => new Map(runs.map((r) => [r.id, r.name])), [runs]);

  const rule = useRested(state.rule, 200);
  const queue = useQueue(run, rule);
  const events = slow?.events ?? NO_MODEL_EVENTS;
  const selected = eventAt(events, anchor);

  const pick = useCallback(
    (frame: number) => {
      const event = eventAt(live?.store.getState().events ?? [], frame)?.event;
      session?.timeline.setState({ anchor: event && curve ? peakOf(curve.scores, event) : null });
    },
    [session, live, curve],
  );
  const select = useCallback(
    (frame: number) => {
      if (!session) return;
      pick(frame);
      session.player.shuttle(0);
      session.player.seek(frame);
      const event = eventAt(live?.store.getState().events ?? [], frame)?.event;
      const { view } = session.timeline.getState();
      if (!event) session.timeline.setState({ view: reveal(view, frame, session.frames) });
      else {
        const length = event.end - event.start;
        const inside = event.start >= view.from && Math.min(event.end, event.start + 64) <= view.to;
        if (!inside || length < TOO_SMALL * (view.to - view.from)) {
          session.timeline.setState({ view: around(event.start, event.end, session.frames) });
        }
      }
    },
    [session, live, pick],
  );
  const goTo = useCallback(
    (to: FrameRange & { videoId: number }): void => {
      if (to.videoId === video.id) select(to.start);
      else {
        usePlace.setState({ target: { videoId: to.videoId, frame: to.start } });
        onOpenVideo(to.videoId);
      }
    },
    [video.id, select, onOpenVideo],
  );
  const work = useReviewWork({
    run,
    videoId: video.id,
    session,
    queue,
    machine: selected,
    events,
    go: goTo,
  });
  const { subject } = work;
  useComeBack(queue, session !== null && (curve === null || live !== null), video.id, work.open);

  // Where to begin in a video that was opened for one of its events.
  useEffect(() => {
    if (!session || (curve && !live)) return;
    const frame = takeTarget(session.videoId);
    if (frame !== null) select(frame);
  }, [session, curve, live, select]);

  const repeated = marked ?? subject?.range ?? null;
  useRepeat(session, repeated);
  const queries = useQueryClient();
  const ahead = nextOpen(queue.items, work.current, (item) => queue.saidOf(item).by !== 'human')?.videoId;
  useEffect(() => {
    if (ahead !== undefined && ahead !== video.id) prefetchVideo(queries, run.id, ahead);
  }, [queries, run.id, ahead, video.id]);

  const [like, setLike] = useState<Like | null>(null);
  const [past, setPast] = useState<number | null>(null);
  const then = usePastLayers(past, video.id);
  const layers = then ?? work.layers;
  const byId = useMemo(() => new Map(videos.map((v) => [v.id, v])), [videos]);
  const full = useFull((state) => state.on);
  useEffect(() => () => setFull(false), []);
  usePace(session, curve, live);
  usePlayableAhead(videos.find((other) => other.id === ahead));
  const [goToFrame, setGoToFrame] = useState(false);
  const [threshold, setThreshold] = useState(false);
  const index = videos.findIndex((v) => v.id === video.id);
  const stepVideo = (by: 1 | -1): void => {
    const next = videos[index + by];
    if (next) onOpenVideo(next.id);
  };
  const nextRun = (): void => {
    const here = [run.id, ...otherRuns.map((other) => other.run.id)].sort((a, b) => a - b);
    const next = here[(here.indexOf(run.id) + 1) % here.length];
    if (next !== run.id) onChooseRun(next);
  };
  const actions: ReviewActions = {
    ...playerActions(session, live, truth),
    ...work.actions,
    nextVideo: () => stepVideo(1),
    previousVideo: () => stepVideo(-1),
    nextRun,
    loop: () => {
      if (!session) return;
      const { loop } = session.player.store.getState();
      session.player.setLoop(loop || !repeated ? null : withContext(repeated, session));
    },
    threshold: () => setThreshold((open) => !open),
    goTo: () => setGoToFrame(true),
    sheet: openKeySheet,
    full: () => setFull(!full),
  };
  useReviewKeys(actions);

  const counts = (
    <>
      {plural(events.length, 'event')} in this video, {plural(queue.queue?.total ?? 0, 'event')} in all{' '}
      {plural(videos.length, 'video')}
    </>
  );
  return (
    <div className={styles.review} data-full={full || undefined}>
      <QueuePanel
        view={queue}
        videos={videos}
        current={work.current}
        runNames={runNames}
        onSelect={work.open}
        tools={
          <>
            <IconButton
              small
              label={work.state?.last ? `Undo: ${work.state.last}` : 'Nothing to undo'}
              kbd={keyOf('undo')}
              icon={<Undo size={14} />}
              isDisabled={!work.state?.undo}
              onPress={work.actions.undo}
            />
            <IconButton
              small
              label={work.state?.next ? `Redo: ${work.state.next}` : 'Nothing to do again'}
              kbd={keyOf('redo')}
              icon={<Redo size={14} />}
              isDisabled={!work.state?.redo}
              onPress={work.actions.redo}
            />
            <ReviewTools
              run={run}
              runs={runs}
              videos={videos}
              runNames={runNames}
              queue={queue}
              like={like}
              onLike={setLike}
              onGo={goTo}
              onOpen={work.open}
              onPast={setPast}
            />
          </>
        }
        notice={<QueueNotice queue={queue} />}
        instead={insteadOfQueue(queue, () => setThreshold(true))}
      />
      <main className={styles.work} aria-label="Review">
        <div className={styles.upper}>
          <Viewer
            video={video}
            session={session}
            index={index}
            videos={videos.length}
            runs={runs}
            run={run}
            onChooseRun={onChooseRun}
            onStep={stepVideo}
            curve={curve}
            live={live}
            layers={layers}
            onFull={actions.full}
            problem={
              problem && (
                <ErrorState title="Data of this video cannot be shown" error={{ message: problem }} />
              )
            }
          />
          {session && (
            <Inspector
              session={session}
              run={run}
              rule={slow?.rule ?? state.rule}
              curve={curve}
              otherRuns={otherRuns}
              subject={subject}
              total={events.length}
              classes={classes}
              actions={work.verdict}
              problem={
                <>
                  <EditProblem edits={work.edits} />
                  <SecondNotice />
                  <PastNotice at={past} onBack={() => setPast(null)} />
                </>
              }
            >
              {subject && (subject.row === null || subject.row.kind === 'event') && (
                <LooksLike
                  runId={run.id}
                  videoId={video.id}
                  subject={subject}
                  videos={byId}
                  reviewed={(queue.queue?.human ?? 0) > 0 || (work.state?.undo ?? 0) > 0}
                  onApply={setLike}
                />
              )}
            </Inspector>
          )}
        </div>
        {session && (
          <Timeline
            session={session}
            video={video}
            run={run}
            curve={curve}
            otherRuns={otherRuns}
            labels={labels}
            truth={truth}
            layers={layers}
            edit={past === null ? work.edit : null}
            live={live}
            slow={slow}
            rules={editor}
            actions={actions}
            threshold={{
              rules: editor,
              state,
              isOpen: threshold,
              onOpenChange: setThreshold,
              secondsPerFrame: session.timed
                ? secondsTo(session.table, session.frames) / session.frames
                : null,
              counts,
            }}
            onSelect={(frame) => {
              work.picked(frame);
              select(frame);
            }}
            onPick={(frame) => {
              work.picked(frame);
              pick(frame);
            }}
            onChooseRun={onChooseRun}
          />
        )}
      </main>
      <p className="sr-only" role="status">
        {work.said} {selected && eventName(selected.event, selected.index, events.length)}
      </p>
      {session && <GoToFrame session={session} isOpen={goToFrame} onClose={() => setGoToFrame(false)} />}
      <ClassDialog
        isOpen={work.dialog === 'class'}
        onClose={work.closeDialog}
        classes={classes}
        chosen={subject?.row?.class ?? null}
        onChoose={work.verdict.setClass}
        onChange={(next, renamed) => work.saveClasses({ type: 'classes', classes: next, renamed })}
      />
      <NoteDialog
        of={
          work.dialog === 'note' && subject
            ? `Frames ${count(subject.range.start)} to ${count(subject.range.end)} of ${baseName(video.relPath)}`
            : null
        }
        text={subject?.row?.note ?? ''}
        onClose={work.closeDialog}
        onSave={work.saveNote}
      />
      <InStatusBar>
        <EditFacts edits={work.edits} state={work.state} onUndo={work.actions.undo} />
        <RuleFact state={state} />
        <Covered />
      </InStatusBar>
    </div>
  );
}

const NOTHING = { anchor: null, marked: null };
const NO_ANCHOR = {
  getState: () => NOTHING,
  getInitialState: () => NOTHING,
  subscribe: () => () => {},
};
const NO_MODEL_EVENTS: readonly ScoredEvent[] = [];

/** Frame table and scores of a video, and the session over them once they are there. */
function useOpenVideo(video: VideoRow, run: Run, runs: readonly Run[]) {
  const table = useFrameTable(video.id, video.path !== null && video.frames > 0);
  const runIds = useRunsWith(video, run, runs);
  const { pending, curves, problem } = useCurves(runIds, video.id);
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

  return { session, curve, otherRuns, problem: table.error ? toErrorData(table.error).message : problem };
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
function useRule(run: Run): { editor: ReturnType<typeof createRuleEditor>; state: RuleState } {
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
  return { editor, state: useSlow(editor.store, (now) => now) };
}

function useLive(
  session: Session | null,
  curve: ScoreCurve | null,
  editor: ReturnType<typeof createRuleEditor>,
): Live | null {
  const live = useMemo(
    () => (session && curve ? createLive(curve.scores, session.frames, editor.store) : null),
    [session, curve, editor],
  );
  useEffect(() => live?.follow(), [live]);
  return live;
}

/** A range with the chosen seconds of context on either side. */
function withContext({ start, end }: FrameRange, { table, frames, timed }: Session): FrameRange {
  const seconds = loopContext.get();
  if (seconds === 0) return { start, end };
  if (!timed) {
    const context = Math.round(seconds * 25);
    return { start: Math.max(0, start - context), end: Math.min(frames, end + context) };
  }
  return {
    start: frameAt(table, timeOfFrame(table, start) - seconds),
    end: Math.min(frames, frameAt(table, timeOfFrame(table, end) + seconds) + 1),
  };
}

/** What is repeated follows the selected event and the marked stretch, also when their edges move. */
function useRepeat(session: Session | null, range: FrameRange | null): void {
  const start = range?.start ?? null;
  const end = range?.end ?? null;
  const context = loopContext.use((state) => state.value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another context is another range
  useEffect(() => {
    if (!session?.player.store.getState().loop) return;
    session.player.setLoop(start === null || end === null ? null : withContext({ start, end }, session));
  }, [session, start, end, context]);
}

/** Smart playback knows where events are, as the rule makes them now. */
function usePace(session: Session | null, curve: ScoreCurve | null, live: Live | null): void {
  const smart = smartPlayback.use((state) => state.value);
  useEffect(() => session?.player.setSmart(smart), [session, smart]);
  useEffect(() => {
    if (!session || !curve || !live) return;
    const { table, frames, timed } = session;
    // Two seconds: at sixteen times the speed that is an eighth of a second to slow down in.
    const perSecond = timed ? frames / Math.max(1e-3, secondsTo(table, frames)) : 25;
    const follow = () => {
      const { events, rule } = live.store.getState();
      const context = Math.max(32, Math.round(2 * perSecond));
      session.player.setPace(smartPace({ scores: curve.scores, events, rule, context }));
    };
    follow();
    const stop = live.store.subscribe(follow);
    return () => {
      stop();
      session.player.setPace(null);
    };
  }, [session, curve, live]);
}

/** The playable copy of the video that comes next is made while one looks at this one. */
function usePlayableAhead(next: VideoRow | undefined): void {
  const wanted = copiesByThemselves.use((state) => state.value);
  const jobs = useJobs();
  const { run } = useAction('videos.proxy');
  const asked = useRef(new Set<number>());
  const missing =
    wanted &&
    next?.playable === 'needs_proxy' &&
    next.state === 'ready' &&
    !jobs.some((job) => isCopyOf(job, next));
  const id = missing ? next.id : null;
  useEffect(() => {
    if (id === null || asked.current.has(id)) return;
    asked.current.add(id);
    run({ id });
  }, [id, run]);
}

type PlayerAction = Exclude<
  keyof ReviewActions,
  WorkAction | 'nextVideo' | 'previousVideo' | 'nextRun' | 'loop' | 'full' | 'threshold' | 'goTo' | 'sheet'
>;

/** What needs only the open video; nothing while it loads. */
function playerActions(
  session: Session | null,
  live: Live | null,
  truth: readonly { start: number; end: number }[] | null,
): Record<PlayerAction, () => void> {
  const player = session?.player;
  const frame = () => player?.store.getState().frame ?? 0;
  const second = (by: 1 | -1) => {
    if (!session) return;
    const to = frameAt(session.table, timeOfFrame(session.table, frame()) + by);
    player?.step(to === frame() ? by : to - frame());
  };
  const boundary = (by: 1 | -1) => {
    const edges = boundaries([...(live?.store.getState().events ?? []), ...(truth ?? [])]);
    const to = boundaryFrom(edges, frame(), by);
    if (to !== null) player?.step(to - frame());
  };
  const zoom = (factor: number) => {
    if (!session) return;
    const { view } = session.timeline.getState();
    const visible = frame() >= view.from && frame() < view.to;
    const anchor = visible ? frame() + 0.5 : (view.from + view.to) / 2;
    session.timeline.setState({ view: zoomAt(view, anchor, factor, session.frames) });
  };
  const mark = (edge: 'start' | 'end') => {
    if (!session) return;
    const { marked } = session.timeline.getState();
    const here = frame();
    const far = marked && (edge === 'start' ? marked.end - 1 : marked.start);
    const keeps = far !== null && (edge === 'start' ? far >= here : far <= here);
    const other = keeps ? far : here;
    session.timeline.setState({ marked: rangeBetween(here, other, session.frames, snapping.get()) });
  };
  const shuttle = (direction: 1 | -1) => player?.shuttle(nextSpeed(player.store.getState().speed, direction));
  return {
    toggle: () => player?.toggle(),
    stop: () => player?.shuttle(0),
    faster: () => shuttle(1),
    slower: () => shuttle(-1),
    frameForward: () => player?.step(1),
    frameBack: () => player?.step(-1),
    segmentForward: () => player?.step(SEGMENT_FRAMES),
    segmentBack: () => player?.step(-SEGMENT_FRAMES),
    secondForward: () => second(1),
    secondBack: () => second(-1),
    boundaryForward: () => boundary(1),
    boundaryBack: () => boundary(-1),
    first: () => player?.step(-frame()),
    last: () => player?.step((session?.frames ?? 1) - 1 - frame()),
    zoomIn: () => zoom(1.6),
    zoomOut: () => zoom(1 / 1.6),
    fit: () => session?.timeline.setState({ view: wholeVideo(session.frames) }),
    markIn: () => mark('start'),
    markOut: () => mark('end'),
    unmark: () => session?.timeline.setState({ marked: null }),
    snap: () => snapping.set(!snapping.get()),
    consensus: cycleConsensus,
    smart: () => smartPlayback.set(!smartPlayback.get()),
    overlay: () => overlay.set({ ...overlay.get(), on: !overlay.get().on }),
  };
}

function insteadOfQueue(view: QueueView, onThreshold: () => void) {
  if (view.error && !view.queue) {
    return <ErrorState title="Events cannot be listed" error={view.error} onRetry={view.refresh} />;
  }
  if (!view.queue) return <LoadingRows label="Events are loading" height={57} />;
  if (view.items.length > 0) return null;
  if (filtersOn(view.settings.filter) > 0) {
    return (
      <EmptyState
        title="No event fits the filter"
        actions={<Button onPress={() => view.change({ filter: NO_FILTER })}>Show all</Button>}
      >
        {plural(view.queue.human + view.queue.rule + view.queue.open, 'event')} of this run are left out.
      </EmptyState>
    );
  }
  if (view.settings.budgetMinutes !== null && view.queue.total > 0) {
    return (
      <EmptyState
        title="The budget is too short"
        actions={<Button onPress={() => view.change({ budgetMinutes: null })}>No budget</Button>}
      >
        Not even the first event fits into {plural(view.settings.budgetMinutes, 'minute')}.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No events under this rule"
      actions={
        <Button icon={<Sliders size={14} />} onPress={onThreshold}>
          Change the threshold
        </Button>
      }
    >
      No video of this run reaches the upper threshold for long enough. Lower it, or shorten the shortest
      event.
    </EmptyState>
  );
}

/** How much footage playback covered in how much time, once there is something to say. */
function Covered() {
  const text = useSlow(watchedStore, watchedText);
  return (
    text && (
      <span
        className={styles.fact}
        data-testid="watched"
        title="Footage that was played, and how long that took"
      >
        <Eye size={12} />
        {text}
      </span>
    )
  );
}

/** The lanes of people as they were right after a row of the log; null: as they are. */
function usePastLayers(at: number | null, videoId: number) {
  const pass = usePass();
  const rows = useCall('review.rowsAt', { at: at ?? 0, videoId, pass }, { enabled: at !== null }).data;
  return useMemo(() => (at === null || !rows ? null : reviewLayers(rows, [], [])), [at, rows]);
}

/** Once after the page was opened: back to the item at which the person stopped. */
function useComeBack(
  queue: QueueView,
  ready: boolean,
  videoId: number,
  open: (item: QueueItem) => void,
): void {
  const { remembered, items } = queue;
  useEffect(() => {
    if (!ready || items.length === 0 || usePlace.getState().cameBack) return;
    usePlace.setState({ cameBack: true });
    const { target, explicit } = usePlace.getState();
    if (target !== null || remembered === null || (explicit && remembered.videoId !== videoId)) return;
    const item = items.find((other) => sameItem(other, remembered));
    if (item) open(item);
  }, [ready, items, remembered, videoId, open]);
}

function RuleFact({ state: { saved } }: { state: RuleState }) {
  const Icon = saved === 'saved' ? Check : saved === 'pending' ? Clock : Warning;
  return (
    <span className={styles.fact} data-state={saved} data-testid="rule-saved">
      <Icon size={12} />
      {saved === 'saved' ? 'Rule saved' : saved === 'pending' ? 'Saving the rule' : 'The rule is not saved'}
    </span>
  );
}
