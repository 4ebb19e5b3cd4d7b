// One video in the table: picture, facts, what the run says; or what is wrong with it and the way on.
// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed one by one, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows of the grid take the focus, their cells do not
import type { MouseEvent } from 'react';
import type { Job, Run, VideoRow } from '../../../shared/contract/index.ts';
import type { Progress } from '../../../shared/labels/progress.ts';
import { ruleOf } from '../../../shared/labels/rules.ts';
import { decodeSpark } from '../../../shared/labels/spark.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import type { Range } from '../../components/chart-math.ts';
import { cx } from '../../components/cx.ts';
import { Activity, Camera, Film, Folder, More, Trash } from '../../components/icons.tsx';
import { Menu } from '../../components/Menu.tsx';
import { Picture } from '../../components/Picture.tsx';
import { Spark } from '../../components/Spark.tsx';
import { Checkbox } from '../../components/Toggle.tsx';
import { baseName, clock, count, duration, fps, plural, score, when } from '../../format.ts';
import { isCopyOf } from '../../state/jobs.ts';
import { useAction } from '../../state/queries.ts';
import styles from './Library.module.css';
import { progressText, ReviewMark } from './Progress.tsx';

export interface VideoLineProps {
  video: VideoRow;
  index: number;
  run: Run | null;
  /** How far its review has come; null without scores. */
  progress: Progress | null;
  /** The score that stands beside it. */
  number: string | null;
  /** Scores at foot and top of the curves of all rows. */
  scale: Range;
  jobs: readonly Job[];
  isSelected: boolean;
  isActive: boolean;
  onToggle(): void;
  onClick(event: MouseEvent): void;
  onOpen(): void;
  onRemove(): void;
  onImportAgain(): void;
  onLocate(): void;
  onGroup(): void;
}

const PROBLEM = {
  damaged: 'Damaged',
  unsupported: 'Cannot be read',
  missing: 'File is gone',
  ready: '',
} as const;

export function VideoLine(props: VideoLineProps) {
  const {
    video,
    index,
    run,
    progress,
    number,
    scale,
    jobs,
    isSelected,
    isActive,
    onToggle,
    onClick,
    onOpen,
    onRemove,
    onImportAgain,
    onLocate,
    onGroup,
  } = props;
  const proxy = useAction('videos.proxy');
  const accept = useAction('videos.accept');
  const copying = proxy.pending || jobs.some((job) => isCopyOf(job, video));
  const trouble = video.state !== 'ready' && video.score === null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows
    <div
      role="row"
      className={styles.row}
      tabIndex={isActive ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-label={describe(video, progress)}
      data-index={index}
      onClick={onClick}
      onDoubleClick={onOpen}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the click from the row */}
      <span role="gridcell" onClick={(event) => event.stopPropagation()}>
        <Checkbox label={`Select ${video.relPath}`} isSelected={isSelected} onChange={onToggle} />
      </span>
      <span role="gridcell" className={styles.thumb}>
        <Picture
          videoId={video.id}
          thumbnails={video.thumbnails}
          seconds={video.durationSeconds > 0 ? video.durationSeconds : undefined}
          problem={video.state === 'ready' ? null : video.state === 'missing' ? 'warn' : 'bad'}
        />
      </span>
      <div role="gridcell" className={styles.what}>
        <span className={styles.name}>
          <span title={video.path ?? video.relPath}>{baseName(video.relPath)}</span>
          {video.vfr && <Badge tone="warn">VFR</Badge>}
          {video.state === 'ready' && video.problem && (
            <span title={video.problem}>
              <Badge tone="warn">Note</Badge>
            </span>
          )}
        </span>
        <span className={styles.small}>
          {video.camera && <span className={styles.camera}>{video.camera}</span>}
          {facts(video)}
          {video.tags.map((tag) => (
            <span key={tag} className={styles.tag}>
              <Badge>{tag}</Badge>
            </span>
          ))}
        </span>
      </div>
      <div role="gridcell" className={styles.number}>
        {video.score ? (
          <>
            <b>{count(video.score.events)}</b>
            <span className={styles.small}>
              {video.score.events > 0 ? duration(eventSeconds(video)) : ' '}
            </span>
          </>
        ) : (
          <span className={styles.none}>–</span>
        )}
      </div>
      <div role="gridcell">
        <ReviewMark progress={progress} />
      </div>
      {trouble ? (
        <div
          role="gridcell"
          className={cx(styles.trouble, video.state === 'missing' ? styles.warn : styles.bad)}
        >
          <div>
            <b>{PROBLEM[video.state]}</b>
            <p title={video.problem ?? undefined}>
              {video.problem ?? 'Nothing more is known.'} The original stays untouched.
            </p>
          </div>
          {video.state === 'damaged' && video.frames > 0 && (
            <Button small isDisabled={accept.pending} onPress={() => accept.run({ ids: [video.id] })}>
              Use {plural(video.frames, 'frame')}
            </Button>
          )}
          <Button small onPress={video.state === 'missing' ? onLocate : onImportAgain}>
            {video.state === 'missing' ? 'Locate…' : 'Import a good copy…'}
          </Button>
          <Button small variant="quiet" onPress={onRemove}>
            Remove
          </Button>
        </div>
      ) : (
        <>
          <div role="gridcell">
            {video.score ? (
              <Spark
                values={decodeSpark(video.score.spark)}
                range={scale}
                threshold={run ? ruleOf(run)({ videoId: video.id, camera: video.camera }).on : null}
                label={`Highest score ${score(video.score.max)}, ${plural(video.score.events, 'event')}`}
              />
            ) : (
              <span className={styles.none}>
                {video.features.length > 0 ? 'No scores yet' : 'No features yet'}
              </span>
            )}
          </div>
          <span role="gridcell" className={styles.number}>
            {number === null ? <span className={styles.none}>–</span> : <b>{number}</b>}
          </span>
          <span role="gridcell" className={styles.cell} title={video.features.join(', ')}>
            {video.playable === 'needs_proxy' ? (
              <Button small isDisabled={copying} onPress={() => proxy.run({ id: video.id })}>
                {copying ? 'Copying…' : 'Make copy'}
              </Button>
            ) : (
              video.features.join(', ') || <span className={styles.none}>–</span>
            )}
          </span>
          <span role="gridcell" className={cx(styles.cell, styles.none)}>
            {when(video.importedAt)}
          </span>
        </>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the click from the row */}
      <span role="gridcell" onClick={(event) => event.stopPropagation()}>
        <Menu
          label={`More about ${video.relPath}`}
          placement="bottom end"
          trigger={<IconButton small label="More" icon={<More />} />}
          entries={[
            {
              id: 'open',
              label: 'Review',
              icon: <Activity />,
              kbd: 'Enter',
              disabled: run === null || video.score === null,
              onAction: onOpen,
            },
            {
              id: 'proxy',
              label: 'Make a playable copy',
              icon: <Film />,
              disabled: video.playable !== 'needs_proxy' || copying,
              onAction: () => proxy.run({ id: video.id }),
            },
            { id: 'group', label: 'Camera and tags…', icon: <Camera />, onAction: onGroup },
            {
              id: 'locate',
              label: 'Locate the file…',
              icon: <Folder />,
              disabled: video.state !== 'missing',
              onAction: onLocate,
            },
            'separator',
            {
              id: 'remove',
              label: 'Remove from the project…',
              icon: <Trash />,
              kbd: 'Del',
              danger: true,
              onAction: onRemove,
            },
          ]}
        />
      </span>
    </div>
  );
}

const eventSeconds = (video: VideoRow): number =>
  ((video.score?.eventFrames ?? 0) * video.fpsDen) / Math.max(1, video.fpsNum);

/** `H.264 · 640×360 · 25 fps`, with what a browser makes of it. */
function facts(video: VideoRow): string {
  if (video.path === null) return `${count(video.frames)} frames, known by its features`;
  const copy =
    video.playable === 'proxy'
      ? ', playable copy'
      : video.playable === 'needs_proxy'
        ? ', needs a playable copy'
        : '';
  return [
    `${codecName(video.codec) || video.container}${copy}`,
    video.width > 0 ? `${video.width}×${video.height}` : '',
    video.fpsNum > 0 ? `${fps(video.fpsNum, video.fpsDen)} fps` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

const CODECS: Readonly<Record<string, string>> = {
  h264: 'H.264',
  hevc: 'HEVC',
  mpeg4: 'MPEG-4 part 2',
  mjpeg: 'Motion JPEG',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  msmpeg4v3: 'MS MPEG-4 v3',
  mpeg2video: 'MPEG-2',
};
export const codecName = (codec: string): string => CODECS[codec] ?? codec;

function describe(video: VideoRow, progress: Progress | null): string {
  const parts = [baseName(video.relPath), clock(video.durationSeconds)];
  if (video.state !== 'ready') parts.push(PROBLEM[video.state]);
  if (video.score) parts.push(plural(video.score.events, 'event'), `highest score ${score(video.score.max)}`);
  if (progress && progress.events > 0) parts.push(progressText(progress));
  return parts.join(', ');
}
