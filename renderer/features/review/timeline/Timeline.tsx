// The lower part of the review: transport and lanes. Role: puts data of the open video together into a scene.
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type Run, resourceUrl, type VideoRow } from '../../../../shared/contract/index.ts';
import { consensusOf, uncertaintyOf, type Voice } from '../../../../shared/labels/consensus.ts';
import { ruleOf } from '../../../../shared/labels/rules.ts';
import type { EventRule, FrameRange } from '../../../../shared/labels/types.ts';
import { buildPyramid } from '../../../canvas/pyramid.ts';
import { useProject } from '../../../state/project.ts';
import { useCall } from '../../../state/queries.ts';
import type { JointCurve, ScoreCurve } from '../data.ts';
import type { PanelState, ReviewActions } from '../keymap.ts';
import type { OtherRun } from '../open-video.ts';
import { canPlay } from '../playback.ts';
import { createGrabber } from '../player/grabber.ts';
import { watchRest } from '../player/rest.ts';
import type { RuleEditor } from '../rule.ts';
import type { EdgeEdit, Live, LiveState, Session } from '../session.ts';
import { usePass } from '../verdicts/reviewer.ts';
import { Lanes } from './Lanes.tsx';
import { LanesMenu } from './LanesMenu.tsx';
import { firstOf, lanes, runKey, useFirstRun } from './lanes.ts';
import { blocksOf, type Layer, truthLayer } from './layers.ts';
import { layoutOf } from './layout.ts';
import type { Mounted } from './mount.ts';
import { createPictures } from './pictures.ts';
import { StepsMenu } from './StepsMenu.tsx';
import type { Scene } from './scene.ts';
import type { ThresholdProps } from './ThresholdButton.tsx';
import styles from './Timeline.module.css';
import { Transport } from './Transport.tsx';

export interface TimelineProps {
  session: Session;
  video: VideoRow;
  run: Run | null;
  curve: ScoreCurve | null;
  otherRuns: readonly OtherRun[];
  labels: readonly FrameRange[] | null;
  truth: readonly FrameRange[] | null;
  /** What people and rules say; ground truth is added here. */
  layers: readonly Layer[];
  /** The event whose edges can be moved, null when there is none or it is not to be changed. */
  edit: EdgeEdit | null;
  live: Live | null;
  slow: LiveState | null;
  rules: RuleEditor | null;
  /** What the rule would give, for whoever moves a threshold. */
  outlook: ReactNode;
  actions: ReviewActions;
  threshold: ThresholdProps | null;
  /** Runs with scores for this video in the order of their keys. */
  order: readonly number[];
  panel(name: 'lanes' | 'steps'): PanelState;
  onSelect(frame: number): void;
  onPick(frame: number): void;
  /** The person's row that is selected, null for none. */
  selectedRow: number | null;
  /** Selects a person's row. @param goes to its first frame, too */
  onChoose(rowId: number, goes: boolean): void;
  onChooseRun(runId: number): void;
  /** Whether scores are beside the level of each camera. */
  perCamera: boolean;
  /** The event whose runs are explained; null for none. */
  explained: FrameRange | null;
  onExplain(range: FrameRange | null): void;
}

const NO_CURVES: readonly OtherRun[] = [];

function subscribeResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

export function Timeline(props: TimelineProps) {
  const { session, video, run, curve, otherRuns, labels, truth, actions, threshold } = props;
  const windowHeight = useSyncExternalStore(subscribeResize, () => window.innerHeight);
  const mounted = useRef<Mounted | null>(null);
  const onMounted = useCallback((next: Mounted | null) => {
    mounted.current = next;
  }, []);
  const shown = lanes.use((state) => state.value);
  const projectId = useProject()?.id ?? '';
  const isHidden = (name: string) => shown.hidden.includes(name);

  const { frames } = session;
  const { id, thumbnails, width, height } = video;
  const plays = canPlay(video);
  const atRest = useRef(false);
  const pictures = useMemo(() => {
    if (thumbnails === 0 && !plays) return null;
    const { table, timed } = session;
    return createPictures({
      videoId: id,
      thumbnails,
      frames,
      aspect: width > 0 && height > 0 ? width / height : 16 / 9,
      openGrabber:
        plays && timed ? (onPicture) => createGrabber(resourceUrl.media(id), table, onPicture) : null,
      isIdle: () => atRest.current,
    });
  }, [session, id, thumbnails, plays, frames, width, height]);
  useEffect(() => {
    if (!pictures) return;
    const refresh = () => mounted.current?.refresh();
    const stopArrivals = pictures.onArrival(refresh);
    const stopRest = watchRest(session.player.store, (rests) => {
      atRest.current = rests;
      if (rests) refresh();
      else pictures.forget();
    });
    return () => {
      stopArrivals();
      stopRest();
    };
  }, [pictures, session]);
  useEffect(() => () => pictures?.dispose(), [pictures]);
  const hasPictures = pictures !== null && !isHidden('pictures');

  const own = useMemo(
    () => run && ruleOf(run)({ videoId: video.id, camera: video.camera }),
    [run, video.id, video.camera],
  );
  const voices = useVoices(own, curve, otherRuns);
  const weights = useWeights(video, run, otherRuns, voices !== null && shown.consensus === 'weighted');
  const consensus = useMemo(() => {
    if (!voices || shown.consensus === 'off') return null;
    const weighed = weights ? voices.map((voice, i) => ({ ...voice, weight: weights[i] })) : voices;
    return scoreCurve(consensusOf(weighed, shown.consensus));
  }, [voices, weights, shown.consensus]);
  const uncertainty = useMemo(() => (voices ? scoreCurve(uncertaintyOf(voices)) : null), [voices]);
  const allLayers = useMemo(
    () => (truth ? [...props.layers, truthLayer(truth)] : props.layers),
    [props.layers, truth],
  );
  const layers = useMemo(
    () => allLayers.filter((layer) => !shown.hidden.includes(layer.id)),
    [allLayers, shown.hidden],
  );
  const shownRuns = useMemo(() => {
    const visible = otherRuns.filter((other) => !shown.hiddenRuns.includes(runKey(projectId, other.run.id)));
    return visible.length === 0 ? NO_CURVES : visible;
  }, [otherRuns, shown.hiddenRuns, projectId]);

  const first = firstOf(
    useFirstRun((state) => state.first),
    shownRuns.length,
  );

  const scene = useMemo<Scene>(
    () => ({
      table: session.table,
      timed: session.timed,
      frames,
      curve: curve && { pyramid: curve.pyramid, frames },
      others: new Map(shownRuns.map((other) => [other.run.id, { pyramid: other.curve.pyramid, frames }])),
      labels,
      consensus: consensus && { pyramid: consensus.pyramid, frames },
      uncertainty: uncertainty && { pyramid: uncertainty.pyramid, frames },
      layers: new Map(layers.map((layer) => [layer.id, blocksOf(layer)])),
      truth,
      pictures,
    }),
    [session, frames, curve, shownRuns, labels, consensus, uncertainty, layers, truth, pictures],
  );
  const showsLabels = labels !== null && !isHidden('labels');
  const showsUncertainty = uncertainty !== null && !isHidden('uncertainty');
  const layout = useMemo(
    () =>
      layoutOf({
        windowHeight,
        pictures: hasPictures,
        labels: showsLabels,
        consensus: consensus !== null,
        uncertainty: showsUncertainty,
        runIds: shownRuns.slice(first).map((other) => other.run.id),
        layerIds: layers.map((layer) => layer.id),
      }),
    [windowHeight, hasPictures, showsLabels, consensus, showsUncertainty, shownRuns, first, layers],
  );
  return (
    <section className={styles.timeline} aria-label="Timeline" data-region="timeline">
      <Transport
        session={session}
        actions={actions}
        segments={curve?.scores.length ?? 0}
        threshold={threshold}
        steps={<StepsMenu panel={props.panel('steps')} />}
        lanes={
          <LanesMenu
            projectId={projectId}
            runs={otherRuns.map((other) => other.run)}
            joint={voices !== null}
            pictures={pictures !== null}
            labels={labels !== null}
            layers={allLayers}
            order={props.order}
            panel={props.panel('lanes')}
          />
        }
      />
      <Lanes
        {...props}
        otherRuns={shownRuns}
        firstRun={first}
        consensus={consensus}
        uncertainty={uncertainty}
        layers={layers}
        scene={scene}
        layout={layout}
        fpsNum={video.fpsNum}
        fpsDen={video.fpsDen}
        vfr={video.vfr}
        onMounted={onMounted}
      />
    </section>
  );
}

const scoreCurve = (scores: Float32Array): JointCurve => ({ scores, pyramid: buildPyramid(scores) });

/** All runs that have this video, at their saved thresholds; null with fewer than two. */
function useVoices(
  rule: EventRule | null,
  curve: ScoreCurve | null,
  otherRuns: readonly OtherRun[],
): readonly Voice[] | null {
  const on = rule?.on;
  return useMemo(() => {
    const own = curve && on !== undefined ? [{ scores: curve.scores, on }] : [];
    const all = [...own, ...otherRuns.map((other) => ({ scores: other.curve.scores, on: other.rule.on }))];
    return all.length < 2 ? null : all;
  }, [curve, on, otherRuns]);
}

/** How much each run counts, in the order of the voices; null while reviewed samples do not say, or nobody asks. */
function useWeights(
  { id, frames }: VideoRow,
  run: Run | null,
  otherRuns: readonly OtherRun[],
  asked: boolean,
): readonly number[] | null {
  const pass = usePass();
  const { data } = useCall(
    'quality.explain',
    { videoId: id, start: 0, end: Math.max(1, frames), pass },
    { enabled: asked && frames > 0, keepPrevious: true },
  );
  return useMemo(() => {
    if (!data || !asked) return null;
    const of = new Map(data.voices.map((voice) => [voice.runId, voice.weight]));
    const all = [...(run ? [run.id] : []), ...otherRuns.map((other) => other.run.id)].map((id) => of.get(id));
    const known = all.filter((weight) => weight != null);
    return known.length === all.length && known.some((weight) => weight > 0) ? known : null;
  }, [data, asked, run, otherRuns]);
}
