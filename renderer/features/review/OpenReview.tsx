// A run and a video under review. Role: joins data, player, rule and keys, and hands each part of the page what it shows.
// Limits: nothing here changes per frame; what does is written by the parts past React.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ReviewClass, Run, VideoRow } from '../../../shared/contract/index.ts';
import type { ScoredEvent } from '../../../shared/labels/events.ts';
import { overlap } from '../../../shared/labels/intervals.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { around, reveal } from '../../canvas/viewport.ts';
import { IconButton } from '../../components/Button.tsx';
import { Redo, Undo } from '../../components/icons.tsx';
import { ErrorState } from '../../components/State.tsx';
import { baseName, count, plural, tellingNames } from '../../format.ts';
import { setFull, useFull } from '../../state/full.ts';
import { useProject } from '../../state/project.ts';
import { useCall } from '../../state/queries.ts';
import { openKeySheet } from '../../state/sheet.ts';
import { InStatusBar } from '../../state/status.tsx';
import { type Ahead, useAhead, useMakeReady } from './ahead.ts';
import { afterPlayed, playbackRate, playsNext } from './choices.ts';
import { useLabels } from './data.ts';
import { boundaries } from './events/order.ts';
import { GoToFrame } from './GoToFrame.tsx';
import { PastNotice } from './history/PastNotice.tsx';
import { usePast, usePastLayers } from './history/use-past-layers.ts';
import { Inspector } from './Inspector.tsx';
import { keyOf, type PanelAction, type PanelState, type ReviewActions } from './keymap.ts';
import styles from './OpenReview.module.css';
import { useEvened, useLive, useOpenVideo, useRule } from './open-video.ts';
import { aimAt, restThere, takeTarget } from './place.ts';
import {
  playOnceThere,
  useHasPicture,
  useNewest,
  usePace,
  usePlayableAhead,
  useRate,
  useRepeat,
  withContext,
} from './playback.ts';
import { playerActions } from './player-actions.ts';
import { insteadOfQueue } from './queue/InsteadOfQueue.tsx';
import { QueueNotice } from './queue/QueueNotice.tsx';
import { QueuePanel } from './queue/QueuePanel.tsx';
import { useComeBack } from './queue/use-come-back.ts';
import { isOpen, nextOpen, type QueueView, useQueue } from './queue/use-queue.ts';
import { Covered, RuleFact } from './StatusFacts.tsx';
import { eventAt, peakOf } from './session.ts';
import { secondsTo } from './time.ts';
import { eventName } from './timeline/EventTwins.tsx';
import { laneActions } from './timeline/lane-actions.ts';
import { RuleOutlook } from './timeline/RuleOutlook.tsx';
import { stretchAt } from './timeline/stretch.ts';
import { Timeline } from './timeline/Timeline.tsx';
import { useImportedLayers } from './timeline/use-imported.ts';
import { type Like, LooksLike } from './tools/LooksLike.tsx';
import { ReviewTools } from './tools/ReviewTools.tsx';
import { SecondNotice } from './tools/SecondNotice.tsx';
import { type Tool, toolActions } from './tools/tool-actions.ts';
import { useReviewKeys } from './use-review-keys.ts';
import { useSettled, useSlow } from './use-slow.ts';
import { ClassDialog } from './verdicts/ClassDialog.tsx';
import { EditFacts, EditProblem } from './verdicts/EditFacts.tsx';
import { NoteDialog } from './verdicts/NoteDialog.tsx';
import { usePass } from './verdicts/reviewer.ts';
import { useReviewWork } from './verdicts/use-review-work.ts';
import { titleOf } from './verdicts/VerdictPanel.tsx';
import { Viewer } from './viewer/Viewer.tsx';
import { tell } from './word.ts';

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
/** So many events are made ready while one looks at the one before them. */
const MOST_AHEAD = 2;

function eventsAhead(
  items: QueueView['items'],
  current: number,
  saidOf: QueueView['saidOf'],
  videos: ReadonlyMap<number, VideoRow>,
): Ahead[] {
  const found: Ahead[] = [];
  let from = current;
  while (found.length < MOST_AHEAD) {
    const item = nextOpen(items, from, (other) => isOpen(saidOf(other)));
    const video = item && videos.get(item.videoId);
    if (!item || !video) break;
    found.push({ item, video });
    from = items.indexOf(item);
  }
  return found;
}

const NO_EVENTS = { getState: () => null, subscribe: () => () => {} };
/** An event narrower than this share of the view is zoomed to when one goes there. */
const TOO_SMALL = 0.03;

export function OpenReview({ run, runs, videos, video, onOpenVideo, onChooseRun }: OpenReviewProps) {
  const openRule = useRule(run, video);
  const { editor, rules } = openRule;
  const { rule } = useSettled(editor.store, 200);
  const [pastAt, setPast] = useState<number | null>(null);
  const past = usePast(pastAt, run.id);
  const queue = useQueue(run, rules, past);
  const { perCamera } = queue.settings;
  const { session, curve, scoring, otherRuns, problem } = useOpenVideo(video, run, runs, perCamera);
  const live = useLive(session, curve, editor);
  const drawn = useEvened(
    curve,
    useSlow(editor.store, (now) => now.rule.smooth),
  );
  // Text, lists and queue follow a threshold once it rests; curve, handles and counts do at once.
  const slow = useSettled(live?.store ?? NO_EVENTS, 150);
  const anchor = useStore(session?.timeline ?? NO_ANCHOR, (now) => now.anchor);
  const marked = useStore(session?.timeline ?? NO_ANCHOR, (now) => now.marked);
  const labels = useLabels(run.id, video.id, curve && session ? session.frames : 0);
  const truth = useCall('truth.get', { videoId: video.id }).data ?? null;
  const classes = useCall('review.classes', {}).data ?? NO_CLASSES;
  const runNames = useMemo(() => new Map(runs.map((r) => [r.id, r.name])), [runs]);

  const events = slow?.events ?? NO_MODEL_EVENTS;
  const selected = eventAt(events, anchor);

  const pick = useCallback(
    (frame: number | null) => {
      const event = eventAt(live?.store.getState().events ?? [], frame)?.event;
      session?.timeline.setState({ anchor: event && curve ? peakOf(curve.scores, event) : null });
    },
    [session, live, curve],
  );
  const hasPicture = useHasPicture(video);
  const arrival = useRef(() => {});
  /** On to the next event, once one has played to its end. */
  const goesOn = useRef(() => {});
  const select = useCallback(
    (frame: number, speed = 0, end: number | null = null) => {
      if (!session) return;
      arrival.current();
      pick(frame);
      session.player.shuttle(0);
      // An event that plays by itself plays with its context.
      const played = speed > 0 && end !== null ? withContext({ start: frame, end }, session) : null;
      session.player.seek(played?.start ?? frame);
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
      if (speed > 0) {
        arrival.current = playOnceThere(session.player, speed, hasPicture, () => {
          const then = afterPlayed.get();
          if (played && then !== 'on')
            session.player.setEnd(played.end, then === 'next' ? () => goesOn.current() : undefined);
        });
      }
    },
    [session, live, pick, hasPicture],
  );
  useEffect(() => () => void (session && arrival.current()), [session]);
  const byId = useMemo(() => new Map(videos.map((v) => [v.id, v])), [videos]);
  const makeReady = useMakeReady(run, otherRuns, perCamera);
  const ready = session !== null && !scoring && (curve === null || live !== null);
  const goTo = useCallback(
    (to: FrameRange & { videoId: number }, plays = false): void => {
      // One who plays goes on at that speed.
      const now = session?.player.store.getState().speed ?? 0;
      const speed = plays && playsNext.get() ? (now > 0 ? now : playbackRate.get()) : 0;
      if (to.videoId === video.id && ready) select(to.start, speed, to.end);
      else {
        // Also where the video is the one that is being opened: it begins there.
        aimAt(to.videoId, to.start, speed, to.end);
        if (to.videoId === video.id) return;
        // Files and data are on their way while the page is drawn anew.
        const there = byId.get(to.videoId);
        if (there) makeReady(there, to.start).catch(() => {});
        onOpenVideo(to.videoId);
      }
    },
    [session, video.id, ready, select, byId, makeReady, onOpenVideo],
  );
  const work = useReviewWork({
    run,
    videoId: video.id,
    session,
    queue,
    machine: selected,
    events,
    go: goTo,
    pick,
    rule: editor,
  });
  const { subject } = work;
  useEffect(() => {
    goesOn.current = work.actions.nextEvent;
  });
  useComeBack(queue, ready, video.id, work.open);

  // Where to begin in a video that was opened for one of its events.
  useEffect(() => {
    if (!session || !ready) return;
    const target = takeTarget(session.videoId);
    if (target !== null) select(target.frame, target.speed, target.end);
  }, [session, ready, select]);

  useRate(session);
  useRepeat(session, useNewest(marked, subject?.range ?? null));
  const [like, setLike] = useState<Like | null>(null);
  const said = usePastLayers(past, video.id) ?? work.layers;
  const imported = useImportedLayers(video.id);
  const layers = useMemo(() => [...said, ...imported], [said, imported]);
  // What is done is done now, and to be seen.
  const newest = work.state?.auditId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new row of the log leads back
  useEffect(() => setPast(null), [newest]);
  const videoNames = useMemo(() => tellingNames(videos.map((v) => v.relPath)), [videos]);
  const full = useFull((state) => state.on);
  useEffect(() => () => setFull(false), []);
  usePace(session, curve, live);
  const ahead = useMemo(
    () => eventsAhead(queue.items, work.current, queue.saidOf, byId),
    [queue.items, work.current, queue.saidOf, byId],
  );
  useAhead(session, makeReady, ahead);
  usePlayableAhead(ahead[0]?.video);
  const [goToFrame, setGoToFrame] = useState(false);
  const [open, setOpen] = useState<PanelAction | null>(null);
  const panel = (name: PanelAction): PanelState => ({
    isOpen: open === name,
    // The one that closes may tell so after another one was opened.
    onOpenChange: (on) => setOpen((now) => (on ? name : now === name ? null : now)),
  });
  const toggle = (name: PanelAction) => () => setOpen((now) => (now === name ? null : name));
  const [explained, setExplained] = useState<FrameRange | null>(null);
  /** What the runs say of a probe would tell the reviewer what the machine thinks. */
  const explain = (range: FrameRange | null): void => {
    const hidden = subject?.probe && subject.row?.verdict == null ? subject.range : null;
    if (range && hidden && overlap(range, hidden) > 0)
      tell('Hidden until the verdict: a probe measures what the threshold misses.');
    else setExplained(range);
  };
  const [tool, setTool] = useState<Tool | null>(null);
  const applyLike = useRef<(() => void) | null>(null);
  const tools = toolActions({
    open: setTool,
    pass: usePass(),
    runs: runs.length,
    applyLike: () => applyLike.current,
  });
  const index = videos.findIndex((v) => v.id === video.id);
  const stepVideo = (by: 1 | -1): void => {
    const next = videos[index + by];
    if (!next) return;
    aimAt(next.id, null);
    onOpenVideo(next.id);
  };
  /** Edges go on in the next video that has something in the queue. */
  const beyond = (by: 1 | -1): void => {
    const edges = Map.groupBy(queue.items, (item) => item.videoId);
    const rest = by === 1 ? videos.slice(index + 1) : videos.slice(0, index).reverse();
    const next = rest.find((other) => edges.has(other.id));
    const found = next && boundaries(edges.get(next.id) ?? []);
    if (!next || !found) return;
    const start = by === 1 ? found[0] : found[found.length - 1];
    goTo({ videoId: next.id, start, end: start + 1 });
  };
  const here = runs.flatMap(({ id }) =>
    id === run.id || otherRuns.some((other) => other.run.id === id) ? [id] : [],
  );
  const nextRun = (): void => {
    const next = here[(here.indexOf(run.id) + 1) % here.length];
    if (next !== run.id) onChooseRun(next);
  };
  const actions: ReviewActions = {
    ...playerActions(session, live, [...work.rows, ...(truth ?? [])], beyond),
    ...work.actions,
    stop: () => {
      arrival.current(); // nor does it begin by itself
      restThere();
      session?.player.shuttle(0);
    },
    nextVideo: () => stepVideo(1),
    previousVideo: () => stepVideo(-1),
    nextRun,
    ...tools,
    ...laneActions({
      projectId: useProject()?.id ?? '',
      runs: here,
      chosen: run.id,
      there: new Set([
        ...layers.map((layer) => layer.id),
        ...(truth ? ['truth'] : []),
        ...(labels ? ['labels'] : []),
        ...(otherRuns.length > 0 ? ['uncertainty'] : []),
        ...(hasPicture || video.thumbnails > 0 ? ['pictures'] : []),
      ]),
    }),
    threshold: toggle('threshold'),
    filter: toggle('filter'),
    order: toggle('order'),
    budget: toggle('budget'),
    lanes: toggle('lanes'),
    steps: toggle('steps'),
    explain: () => {
      if (here.length === 0 || !session) tell('No run has scores for this video.');
      else
        explain(
          subject?.range ?? stretchAt(session.player.store.getState().frame, events, null, session.frames),
        );
    },
    refresh: queue.refresh,
    goTo: () => setGoToFrame(true),
    sheet: openKeySheet,
    full: () => setFull(!full),
  };
  useReviewKeys(actions);

  const counts = <span>{plural(events.length, 'event')} in this video</span>;
  const outlook = (short: boolean) => (
    <RuleOutlook run={run} rules={rules} speed={queue.settings.reviewSpeed} short={short} />
  );
  return (
    <div className={styles.review} data-full={full || undefined}>
      <QueuePanel
        view={queue}
        videos={videos}
        videoNames={videoNames}
        panel={panel}
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
              tool={tool}
              onClose={() => setTool(null)}
              actions={tools}
              like={like}
              onLike={setLike}
              onGo={goTo}
              onOpen={work.open}
              onPast={setPast}
            />
          </>
        }
        notice={<QueueNotice queue={queue} />}
        instead={insteadOfQueue(queue, () => setOpen('threshold'))}
      />
      <main className={styles.work} aria-label="Review">
        <div className={styles.upper}>
          <Viewer
            video={video}
            name={videoNames.get(video.relPath) ?? baseName(video.relPath)}
            session={session}
            index={index}
            videos={videos.length}
            runs={runs}
            run={run}
            onChooseRun={onChooseRun}
            onStep={stepVideo}
            curve={curve}
            live={live}
            layers={said}
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
              rule={slow?.rule ?? rule}
              curve={curve}
              otherRuns={otherRuns}
              subject={subject}
              total={events.length}
              classes={classes}
              actions={work.verdict}
              onExplain={explain}
              problem={
                <>
                  <EditProblem edits={work.edits} />
                  <SecondNotice />
                  <PastNotice at={pastAt} onBack={() => setPast(null)} />
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
                  offer={applyLike}
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
            curve={drawn}
            otherRuns={otherRuns}
            labels={labels}
            truth={truth}
            layers={layers}
            edit={pastAt === null ? work.edit : null}
            live={live}
            slow={slow}
            rules={editor}
            outlook={outlook(true)}
            actions={actions}
            threshold={{
              open: openRule,
              video,
              ...panel('threshold'),
              secondsPerFrame: session.timed
                ? secondsTo(session.table, session.frames) / session.frames
                : null,
              counts,
              outlook: outlook(false),
            }}
            order={here}
            panel={panel}
            onSelect={(frame) => {
              work.picked(frame);
              select(frame);
            }}
            onPick={(frame) => {
              work.picked(frame);
              pick(frame);
            }}
            selectedRow={subject?.row?.id ?? null}
            onChoose={(rowId, goes) => {
              const row = work.rows.find(({ id }) => id === rowId);
              if (!row) return;
              if (goes) select(row.start);
              work.choose(rowId);
            }}
            onChooseRun={onChooseRun}
            perCamera={perCamera}
            explained={explained}
            onExplain={explain}
          />
        )}
      </main>
      <p className="sr-only" role="status">
        {work.said} {selected && eventName(selected.event, selected.index, events.length)}
        {subject &&
          !subject.machine &&
          `${titleOf(subject, events.length)}, frames ${count(subject.range.start)} to ${count(subject.range.end)}`}
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
        <RuleFact rules={editor} />
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
