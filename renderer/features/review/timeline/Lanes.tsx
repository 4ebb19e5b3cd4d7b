// The rows of the timeline: names on the left, canvases on the right, and over them the elements that keyboard and
// screen readers use. Role: structure and labels. Limits: draws nothing itself; see mount.ts.
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { Run } from '../../../../shared/contract/index.ts';
import { segmentOfFrame } from '../../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { cx } from '../../../components/cx.ts';
import { count, duration, fps, plural, score } from '../../../format.ts';
import { useResolvedTheme } from '../../../state/theme.ts';
import type { JointCurve, ScoreCurve } from '../data.ts';
import { keyOf } from '../keymap.ts';
import type { OtherRun } from '../open-video.ts';
import type { RuleEditor } from '../rule.ts';
import type { EdgeEdit, Live, LiveState, Session } from '../session.ts';
import { secondsBetween, secondsTo, timeText } from '../time.ts';
import { slowly, useSlow } from '../use-slow.ts';
import { EdgeHandles } from './EdgeHandles.tsx';
import { EventTwins } from './EventTwins.tsx';
import { ExplainPanel } from './ExplainPanel.tsx';
import { type GestureInputs, listenGestures } from './gestures.ts';
import { HoverPreview } from './HoverPreview.tsx';
import styles from './Lanes.module.css';
import { LayerTwins } from './LayerTwins.tsx';
import { LengthHandle } from './LengthHandle.tsx';
import { CONSENSUS_NAMES, CONSENSUS_SHORT, cycleConsensus, lanes, useFirstRun } from './lanes.ts';
import type { Layer } from './layers.ts';
import { type Layout, MOST_RUNS, type Row } from './layout.ts';
import { type Mounted, mountTimeline } from './mount.ts';
import { PlayheadTwin } from './PlayheadTwin.tsx';
import type { Scene } from './scene.ts';
import { stretchAt } from './stretch.ts';
import { ThresholdHandle } from './ThresholdHandle.tsx';
import twins from './Twins.module.css';

export interface LanesProps {
  session: Session;
  scene: Scene;
  layout: Layout;
  /** The chosen run, null before there is one. */
  run: Run | null;
  curve: ScoreCurve | null;
  /** Other runs whose lanes are shown. */
  otherRuns: readonly OtherRun[];
  /** Index of the first of them that has room. */
  firstRun: number;
  consensus: JointCurve | null;
  uncertainty: JointCurve | null;
  layers: readonly Layer[];
  edit: EdgeEdit | null;
  live: Live | null;
  /** The same as it rested last. */
  slow: LiveState | null;
  rules: RuleEditor | null;
  /** What the rule would give, for whoever moves a threshold. */
  outlook: ReactNode;
  fpsNum: number;
  fpsDen: number;
  vfr: boolean;
  /** Goes to the event at a frame. */
  onSelect(frame: number): void;
  /** Only marks it as selected. */
  onPick(frame: number): void;
  /** The person's row that is selected, null for none. */
  selectedRow: number | null;
  /** Selects a person's row. @param goes to its first frame, too */
  onChoose(rowId: number, goes: boolean): void;
  onChooseRun(runId: number): void;
  perCamera: boolean;
  /** The event whose runs are explained; null for none. */
  explained: FrameRange | null;
  /** Explains a stretch, or closes what is explained. */
  onExplain(range: FrameRange | null): void;
  /** Receives the function that draws the pictures again. */
  onMounted(mounted: Mounted | null): void;
}

export function Lanes(props: LanesProps) {
  const { session, scene, layout, layers, edit, live, slow, rules, selectedRow, onMounted } = props;
  const { onSelect, onPick, onChoose, onExplain } = props;
  const why = useRef<HTMLButtonElement>(null);
  const explainAt = (frame: number): void =>
    onExplain(
      stretchAt(frame, live?.store.getState().events ?? [], props.consensus?.scores ?? null, session.frames),
    );
  const body = useRef<HTMLDivElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const moving = useRef<HTMLCanvasElement>(null);
  const theme = useResolvedTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme changes what the palette reads
  useEffect(() => {
    if (!body.current || !marks.current || !still.current || !moving.current) return;
    const elements = {
      body: body.current,
      marks: marks.current,
      still: still.current,
      moving: moving.current,
    };
    const mounted = mountTimeline(elements, session, scene, live, layout);
    onMounted(mounted);
    return () => {
      onMounted(null);
      mounted.dispose();
    };
  }, [session, scene, live, layout, theme, onMounted]);

  const now: GestureInputs = {
    layout,
    layers,
    live,
    rules,
    onPick,
    onExplain: explainAt,
    onChoose: (rowId) => onChoose(rowId, false),
  };
  const latest = useRef(now);
  useLayoutEffect(() => {
    latest.current = now;
  });
  // A page that draws itself anew in the middle of a drag, or gets another lane, must not end it.
  useEffect(
    () => (body.current ? listenGestures(body.current, session, () => latest.current) : undefined),
    [session],
  );

  const curveRow = layout.rows.find((row) => row.kind === 'curve');
  const whyRow = layout.rows.find((row) => row.kind === 'consensus') ?? curveRow;
  return (
    <div className={styles.lanes} style={{ height: layout.height }}>
      <div className={styles.labels}>
        {layout.rows.map((row) => (
          <div key={keyOfRow(row)} className={styles.row} style={{ top: row.y, height: row.height }}>
            <RowLabel row={row} {...props} />
          </div>
        ))}
      </div>
      <div className={styles.body} ref={body} data-cursor="scrub">
        {layout.rows.map((row) => (
          <div
            key={keyOfRow(row)}
            className={cx(styles.line, row.kind === 'pictures' && styles.stage)}
            style={{ top: row.y, height: row.height }}
          />
        ))}
        <div aria-hidden="true">
          <canvas ref={still} className={styles.canvas} />
          <canvas ref={moving} className={styles.canvas} />
        </div>
        {curveRow && slow && (
          <EventTwins row={curveRow} session={session} events={slow.events} onSelect={onSelect} />
        )}
        {layout.rows.map((row) => {
          const layer = row.kind === 'layer' && layers.find(({ id }) => id === row.layerId);
          return (
            layer && (
              <LayerTwins
                key={layer.id}
                row={row}
                session={session}
                layer={layer}
                selectedRow={selectedRow}
                onSelect={onSelect}
                onChoose={(rowId) => onChoose(rowId, true)}
              />
            )
          );
        })}
        <div ref={marks} className={twins.marks}>
          {curveRow && live && rules && (
            <>
              {(['on', 'off'] as const).map((kind) => (
                <ThresholdHandle
                  key={kind}
                  kind={kind}
                  row={curveRow}
                  session={session}
                  rules={rules}
                  live={live}
                  outlook={props.outlook}
                />
              ))}
              {(['minFrames', 'gapFrames'] as const).map((kind) => (
                <LengthHandle
                  key={kind}
                  kind={kind}
                  row={curveRow}
                  session={session}
                  rules={rules}
                  live={live}
                  outlook={props.outlook}
                />
              ))}
            </>
          )}
          {curveRow && <EdgeHandles session={session} row={curveRow} edit={edit} />}
          {whyRow && (
            <button
              ref={why}
              type="button"
              className={twins.why}
              style={{ top: whyRow.y, height: whyRow.height }}
              aria-label="Which runs fired at the playhead"
              aria-haspopup="dialog"
              onClick={() => explainAt(session.player.store.getState().frame)}
            />
          )}
          <PlayheadTwin session={session} height={layout.rows[0].height} />
        </div>
        <ExplainPanel
          session={session}
          range={props.explained}
          runId={props.run?.id ?? null}
          perCamera={props.perCamera}
          anchor={why}
          onClose={() => onExplain(null)}
          onGo={(frame) => session.player.seek(frame)}
        />
        <HoverPreview session={session} pictures={scene.pictures} bottom={layout.height + 44} />
      </div>
    </div>
  );
}

const keyOfRow = (row: Row): string => `${row.kind} ${row.runId ?? row.layerId ?? ''}`;

function RowLabel({ row, ...props }: LanesProps & { row: Row }) {
  const { session, run, curve, otherRuns, firstRun, consensus, uncertainty, layers, live, onChooseRun } =
    props;
  const { fpsNum, fpsDen, vfr } = props;
  const how = lanes.use((state) => state.value.consensus);
  switch (row.kind) {
    case 'ruler':
      return (
        <>
          <span className={styles.meta}>Frames</span>
          <span className={styles.end}>
            {vfr ? 'variable rate' : fpsNum > 0 ? `${fps(fpsNum, fpsDen)} fps` : 'no rate'}
          </span>
        </>
      );
    case 'pictures':
      return <span className={styles.meta}>Picture</span>;
    case 'curve': {
      return (
        <div className={styles.chosen}>
          <div>
            <b title={run?.name}>{run?.name ?? 'No run'}</b>
            {curve && <ValueAt session={session} curve={curve} strong />}
          </div>
          {curve ? (
            live && <EventsNow session={session} live={live} />
          ) : (
            <div className={styles.meta}>No scores for this video</div>
          )}
        </div>
      );
    }
    case 'labels':
      return (
        <>
          <i className={styles.swatch} data-tone="model" />
          Pseudo-labels
        </>
      );
    case 'run': {
      const other = otherRuns.find((entry) => entry.run.id === row.runId);
      if (!other) return null;
      const at = otherRuns.indexOf(other);
      const left = otherRuns.length - firstRun - MOST_RUNS;
      return (
        <>
          <button
            type="button"
            className={styles.name}
            title={`${other.run.name}: show it large`}
            onClick={() => onChooseRun(other.run.id)}
          >
            {other.run.name}
          </button>
          {at === firstRun && firstRun > 0 && (
            <MoreRuns first={firstRun - 1} sign="↑" text={`${plural(firstRun, 'more run')} above`} />
          )}
          {at === firstRun + MOST_RUNS - 1 && left > 0 && (
            <MoreRuns first={firstRun + 1} sign="↓" text={`${plural(left, 'more run')} below`} />
          )}
          <ValueAt session={session} curve={other.curve} />
        </>
      );
    }
    case 'consensus':
      return (
        <>
          <button
            type="button"
            className={cx(styles.name, styles.joint)}
            title={`${CONSENSUS_NAMES[how]}. Scores of all runs on one scale, each run's threshold at one half. Click to put them together in another way; click the lane to see which runs fired (${keyOf('explain')}).`}
            onClick={cycleConsensus}
          >
            {CONSENSUS_SHORT[how]}
          </button>
          {consensus && <ValueAt session={session} curve={consensus} strong />}
        </>
      );
    case 'uncertainty':
      return (
        <>
          <span title="High where runs contradict each other, or none is sure.">Uncertainty</span>
          {uncertainty && <ValueAt session={session} curve={uncertainty} />}
        </>
      );
    case 'layer': {
      const layer = layers.find(({ id }) => id === row.layerId);
      return (
        layer && (
          <>
            <i className={styles.swatch} data-tone={layer.tone} />
            {layer.label}
            {layer.note && <span className={styles.end}>{layer.note}</span>}
          </>
        )
      );
    }
    case 'overview':
      return (
        <>
          <span className={styles.meta}>Overview</span>
          <span className={styles.end}>{timeText(session, session.frames, 0) || count(session.frames)}</span>
        </>
      );
    default:
      return row.kind satisfies never;
  }
}

/** Moves the lanes of runs by one, where not all have room. */
function MoreRuns({ first, sign, text }: { first: number; sign: string; text: string }) {
  return (
    <button
      type="button"
      className={styles.more}
      aria-label={text}
      title={`${text} (${keyOf('moreRuns')})`}
      onClick={() => useFirstRun.setState({ first })}
    >
      {sign}
      {text.split(' ')[0]}
    </button>
  );
}

/** How many events there are now, also while a threshold moves. */
function EventsNow({ session, live }: { session: Session; live: Live }) {
  const events = useSlow(live.store, (state) => state.events);
  return (
    <div className={styles.meta} data-testid="video-events">
      {plural(events.length, 'event')}
      <br />
      {shareText(session, events)}
    </div>
  );
}

/** How much of the video the events are: in time, or in frames where times are not known. */
function shareText({ table, frames, timed }: Session, events: LiveState['events']): string {
  if (timed) {
    const seconds = events.reduce((sum, e) => sum + secondsBetween(table, e.start, e.end), 0);
    return `${duration(seconds)} of ${duration(secondsTo(table, frames))}`;
  }
  return `${count(events.reduce((sum, e) => sum + e.end - e.start, 0))} of ${plural(frames, 'frame')}`;
}

/** The score at the playhead, written past React. */
function ValueAt({ session, curve, strong }: { session: Session; curve: JointCurve; strong?: boolean }) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      slowly(session.player.store, ({ frame }) => {
        const segment = segmentOfFrame(frame, curve.scores.length);
        if (ref.current) ref.current.textContent = score(curve.scores[segment]);
      }),
    [session, curve],
  );
  return (
    <span
      ref={ref}
      className={cx(styles.value, strong && styles.strong)}
      title={`Score at the playhead, of ${count(curve.scores.length)} segments`}
    />
  );
}
