// The lower part of the review: transport and lanes. Role: puts data of the open video together into a scene.
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Run, VideoRow } from '../../../../shared/contract/index.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import type { ScoreCurve } from '../data.ts';
import type { ReviewActions } from '../keymap.ts';
import type { RuleEditor } from '../rule.ts';
import type { Live, LiveState, Session } from '../session.ts';
import { Lanes } from './Lanes.tsx';
import { layoutOf } from './layout.ts';
import type { Mounted } from './mount.ts';
import { createPictures } from './pictures.ts';
import type { Scene } from './scene.ts';
import type { ThresholdProps } from './ThresholdButton.tsx';
import styles from './Timeline.module.css';
import { Transport } from './Transport.tsx';

export interface TimelineProps {
  session: Session;
  video: VideoRow;
  run: Run | null;
  curve: ScoreCurve | null;
  otherRuns: readonly { run: Run; curve: ScoreCurve }[];
  labels: readonly FrameRange[] | null;
  truth: readonly FrameRange[] | null;
  live: Live | null;
  slow: LiveState | null;
  rules: RuleEditor | null;
  actions: ReviewActions;
  threshold: ThresholdProps | null;
  onSelect(frame: number): void;
  onPick(frame: number): void;
  onChooseRun(runId: number): void;
}

function subscribeResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

export function Timeline(props: TimelineProps) {
  const { session, video, curve, otherRuns, labels, truth, actions, threshold } = props;
  const windowHeight = useSyncExternalStore(subscribeResize, () => window.innerHeight);
  const mounted = useRef<Mounted | null>(null);
  const onMounted = useCallback((next: Mounted | null) => {
    mounted.current = next;
  }, []);

  const { frames } = session;
  const { id, thumbnails, width, height } = video;
  const pictures = useMemo(() => {
    if (thumbnails === 0) return null;
    const aspect = width > 0 && height > 0 ? width / height : 16 / 9;
    return createPictures(id, thumbnails, frames, aspect, () => mounted.current?.refresh());
  }, [id, thumbnails, frames, width, height]);

  const scene = useMemo<Scene>(
    () => ({
      table: session.table,
      timed: session.timed,
      frames,
      curve: curve && { pyramid: curve.pyramid, frames },
      others: new Map(otherRuns.map((other) => [other.run.id, { pyramid: other.curve.pyramid, frames }])),
      labels,
      truth,
      pictures,
    }),
    [session, frames, curve, otherRuns, labels, truth, pictures],
  );
  const layout = useMemo(
    () =>
      layoutOf({
        windowHeight,
        pictures: pictures !== null,
        labels: labels !== null,
        runIds: otherRuns.map((other) => other.run.id),
        truth: truth !== null,
      }),
    [windowHeight, pictures, labels, otherRuns, truth],
  );
  return (
    <section className={styles.timeline} aria-label="Timeline" data-region="timeline">
      <Transport
        session={session}
        actions={actions}
        segments={curve?.scores.length ?? 0}
        threshold={threshold}
      />
      <Lanes
        {...props}
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
