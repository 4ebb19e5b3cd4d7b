// The videos as pictures. Role: virtual rows of cards with one focused card, selection and keys as in the table.
// Limits: order and filter come from outside; what needs words to be told is in the table.
// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed one by one, which list elements do not allow
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Run, VideoRow } from '../../../shared/contract/index.ts';
import { type Progress, reviewStateOf } from '../../../shared/labels/progress.ts';
import { Badge } from '../../components/Badge.tsx';
import { Picture } from '../../components/Picture.tsx';
import { Checkbox } from '../../components/Toggle.tsx';
import { baseName, plural, score } from '../../format.ts';
import { progressText, ReviewMark } from './Progress.tsx';
import { type Known, progressOf, type Shown } from './rows.ts';
import { useChoosing } from './use-choosing.ts';
import styles from './VideoGrid.module.css';

const CARD = 196;
const GAP = 12;
const FOOT = 72;

export interface VideoGridProps {
  videos: readonly VideoRow[];
  run: Run | null;
  known: Known;
  /** The score that stands beside each video. */
  number: Shown;
  selected: ReadonlySet<number>;
  onSelect(selected: ReadonlySet<number>): void;
  onOpen(video: VideoRow): void;
}

export function VideoGrid({ videos, run, known, number, selected, onSelect, onOpen }: VideoGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const columns = Math.max(1, Math.floor((width - GAP) / (CARD + GAP)));
  const card = Math.max(120, (width - GAP) / columns - GAP);
  const height = Math.round((card * 9) / 16) + FOOT + GAP;
  const rows = useVirtualizer({
    count: Math.ceil(videos.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 2,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: cards of another size lie elsewhere
  useEffect(() => rows.measure(), [height, columns]);

  const { current, toggle, onKey, onClick } = useChoosing({
    videos,
    selected,
    onSelect,
    onOpen,
    scroller,
    scrollTo: (index) => rows.scrollToIndex(Math.floor(index / columns)),
    steps() {
      const page = columns * Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height));
      return {
        ArrowRight: 1,
        ArrowLeft: -1,
        ArrowDown: columns,
        ArrowUp: -columns,
        PageDown: page,
        PageUp: -page,
      };
    },
  });

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label="Videos"
      aria-multiselectable="true"
      tabIndex={-1}
      onKeyDown={onKey}
    >
      <div className={styles.canvas} style={{ height: rows.getTotalSize() + GAP }}>
        {rows.getVirtualItems().map((row) =>
          videos.slice(row.index * columns, (row.index + 1) * columns).map((video, column) => {
            const index = row.index * columns + column;
            const isSelected = selected.has(video.id);
            const progress = progressOf(video, known);
            const figure = number.text(video);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys of its cards
              <div
                key={video.id}
                role="option"
                aria-selected={isSelected}
                aria-posinset={index + 1}
                aria-setsize={videos.length}
                aria-label={nameOf(video, run, progress)}
                tabIndex={index === current ? 0 : -1}
                data-index={index}
                className={styles.card}
                style={{
                  width: card,
                  height: height - GAP,
                  transform: `translate(${GAP + column * (card + GAP)}px, ${GAP + row.start}px)`,
                }}
                onClick={(event) => {
                  if (!(event.target instanceof Element && event.target.closest('[data-own-click]')))
                    onClick(event, index);
                }}
                onDoubleClick={() => onOpen(video)}
              >
                <div className={styles.picture}>
                  <Picture
                    videoId={video.id}
                    thumbnails={video.thumbnails}
                    seconds={video.durationSeconds > 0 ? video.durationSeconds : undefined}
                    problem={video.state === 'ready' ? null : video.state === 'missing' ? 'warn' : 'bad'}
                  />
                  <span className={styles.box} data-own-click="">
                    <Checkbox
                      label={`Select ${video.relPath}`}
                      isSelected={isSelected}
                      onChange={() => toggle(index)}
                    />
                  </span>
                </div>
                <div className={styles.text}>
                  <span title={video.relPath}>{baseName(video.relPath)}</span>
                  <small>
                    {video.state !== 'ready' ? (
                      <Badge tone={video.state === 'missing' ? 'warn' : 'bad'}>
                        {video.state === 'missing' ? 'File is gone' : 'Damaged'}
                      </Badge>
                    ) : video.score ? (
                      plural(video.score.events, 'event')
                    ) : (
                      'no scores'
                    )}
                    {figure !== null && <b title={number.title}>{figure}</b>}
                  </small>
                </div>
                {progress && reviewStateOf(progress) && (
                  <div className={styles.review}>
                    <ReviewMark progress={progress} />
                  </div>
                )}
              </div>
            );
          }),
        )}
      </div>
    </div>
  );
}

function nameOf(video: VideoRow, run: Run | null, progress: Progress | null): string {
  const parts = [baseName(video.relPath)];
  if (video.state !== 'ready') parts.push(video.state === 'missing' ? 'File is gone' : 'Damaged');
  if (run && video.score)
    parts.push(plural(video.score.events, 'event'), `highest score ${score(video.score.max)}`);
  if (progress && progress.events > 0) parts.push(progressText(progress));
  return parts.join(', ');
}
