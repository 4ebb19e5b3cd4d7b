// The picture and its head line. Role: which video, how exact its frames are, which run; the video element or what
// stands in for it. Limits: moving through the video is the player's.
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Run, VideoRow } from '../../../../shared/contract/index.ts';
import { Badge } from '../../../components/Badge.tsx';
import { IconButton } from '../../../components/Button.tsx';
import { ChevronLeft, ChevronRight, Eye, Film, Full, Warning } from '../../../components/icons.tsx';
import { Menu } from '../../../components/Menu.tsx';
import { Select } from '../../../components/Select.tsx';
import { Hint } from '../../../components/Tooltip.tsx';
import { count, fps, plural } from '../../../format.ts';
import { copiesByThemselves, OVERLAY_PARTS, overlay } from '../choices.ts';
import type { ScoreCurve } from '../data.ts';
import { keyOf } from '../keymap.ts';
import type { Live, Session } from '../session.ts';
import type { Layer } from '../timeline/layers.ts';
import { Word } from '../Word.tsx';
import { Overlay } from './Overlay.tsx';
import { Stage } from './Stage.tsx';
import styles from './Viewer.module.css';

export interface ViewerProps {
  video: VideoRow;
  /** Its name, so that it is told from others. */
  name: string;
  session: Session | null;
  /** Position of the video in the list, 0-based, and how many there are. */
  index: number;
  videos: number;
  runs: readonly Run[];
  run: Run | null;
  onChooseRun(runId: number): void;
  onStep(direction: 1 | -1): void;
  curve: ScoreCurve | null;
  live: Live | null;
  layers: readonly Layer[];
  onFull(): void;
  /** Shown over the picture while the frame table or scores cannot be had. */
  problem: ReactNode;
}

export function Viewer({
  video,
  name,
  session,
  index,
  videos,
  runs,
  run,
  onChooseRun,
  onStep,
  curve,
  live,
  layers,
  onFull,
  problem,
}: ViewerProps) {
  const shown = overlay.use((state) => state.value);
  const copies = copiesByThemselves.use((state) => state.value);
  return (
    <section className={styles.viewer} aria-label="Video" data-region="video">
      <header className={styles.head}>
        <span className={styles.switch}>
          <IconButton
            small
            label="Previous video"
            kbd={keyOf('previousVideo')}
            icon={<ChevronLeft size={14} />}
            isDisabled={index <= 0}
            onPress={() => onStep(-1)}
          />
          <IconButton
            small
            label="Next video"
            kbd={keyOf('nextVideo')}
            icon={<ChevronRight size={14} />}
            isDisabled={index >= videos - 1}
            onPress={() => onStep(1)}
          />
        </span>
        <h1 className={styles.name} title={video.relPath}>
          {name}
        </h1>
        {session && <Identity session={session} />}
        {video.vfr && (
          <Hint text="The time between frames varies in this video. Frames are found by their own times, so numbers stay exact.">
            <Badge>VFR</Badge>
          </Hint>
        )}
        <span className={styles.facts}>
          {plural(session?.frames ?? video.frames, 'frame')}
          {video.fpsNum > 0 && !video.vfr && ` · ${fps(video.fpsNum, video.fpsDen)} fps`}
        </span>
        <span className={styles.space} />
        <span className={styles.position}>
          {count(index + 1)} of {count(videos)}
        </span>
        <Menu
          label="Over the picture"
          placement="bottom end"
          trigger={<IconButton small label="Over the picture" on={shown.on} icon={<Eye size={14} />} />}
          entries={[
            {
              id: 'on',
              label: 'Show over the picture',
              checked: shown.on,
              kbd: keyOf('overlay'),
              onAction: () => overlay.set({ ...shown, on: !shown.on }),
            },
            'separator',
            ...OVERLAY_PARTS.map(([part, label]) => ({
              id: part,
              label,
              checked: shown[part],
              disabled: !shown.on,
              onAction: () => overlay.set({ ...shown, [part]: !shown[part] }),
            })),
            'separator',
            {
              id: 'copies',
              label: 'Playable copies by themselves',
              help: 'For files that the player cannot show; about the size of the original.',
              checked: copies,
              onAction: () => copiesByThemselves.set(!copies),
            },
          ]}
        />
        <IconButton
          small
          label="Large picture, whole screen"
          kbd={keyOf('full')}
          icon={<Full size={14} />}
          onPress={onFull}
        />
        {runs.length > 0 && (
          <div className={styles.runs}>
            <Select
              label="Run"
              hideLabel
              soft
              value={run ? String(run.id) : null}
              placeholder="Choose a run"
              choices={runs.map((r) => ({ value: String(r.id), label: r.name }))}
              onChange={(id) => onChooseRun(Number(id))}
            />
          </div>
        )}
      </header>
      <Stage key={video.id} video={video} session={session} problem={problem}>
        {session && (
          <Overlay video={video} session={session} run={run} curve={curve} live={live} layers={layers} />
        )}
      </Stage>
      <Word />
    </section>
  );
}

/** Whether the number below is the frame above: confirmed by the picture's own time, or not. */
function Identity({ session }: { session: Session }) {
  const identity = useStore(session.player.store, (state) => state.identity);
  if (identity === 'none') return null;
  return identity === 'exact' ? (
    <Hint text="The browser confirms each picture by its own time, which is looked up in the table of all frames.">
      <Badge>
        <Film size={12} />
        Exact
      </Badge>
    </Hint>
  ) : (
    <Hint text="The browser did not confirm this picture, or its time is not in the table of frames. It may be a neighbour of the frame that is named.">
      <Badge tone="warn">
        <Warning size={12} />
        Approximate
      </Badge>
    </Hint>
  );
}
