// The table of videos. Role: virtual rows of a grid with one focused row, selection and keys.
// Limits: order and filter come from outside; a row is never taller than 56 px.
// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed one by one, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows of the grid take the focus, their cells do not
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { Button as PlainButton } from 'react-aria-components';
import type { Job, Run, VideoRow } from '../../../shared/contract/index.ts';
import { scoreRange } from '../../components/chart-math.ts';
import { cx } from '../../components/cx.ts';
import { Camera, ChevronDown, Folder } from '../../components/icons.tsx';
import { Checkbox } from '../../components/Toggle.tsx';
import { plural, score as scoreText } from '../../format.ts';
import styles from './Library.module.css';
import { type Known, linesOf, type Order, progressOf, type Shown } from './rows.ts';
import { useChoosing } from './use-choosing.ts';
import { VideoLine } from './VideoLine.tsx';

const ROW = 56;
const GROUP = 32;

export interface VideoTableProps {
  videos: readonly VideoRow[];
  run: Run | null;
  known: Known;
  /** The score that stands beside each video. */
  number: Shown;
  jobs: readonly Job[];
  order: Order;
  onOrder(order: Order): void;
  selected: ReadonlySet<number>;
  onSelect(selected: ReadonlySet<number>): void;
  onOpen(video: VideoRow): void;
  onRemove(videos: readonly VideoRow[]): void;
  onImportAgain(): void;
  onLocate(): void;
  onGroup(videos: readonly VideoRow[]): void;
}

export function VideoTable(props: VideoTableProps) {
  const {
    videos,
    run,
    known,
    number,
    jobs,
    order,
    onOrder,
    selected,
    onSelect,
    onOpen,
    onRemove,
    onImportAgain,
  } = props;
  const lines = useMemo(() => linesOf(videos, order), [videos, order]);
  const lineOfIndex = useMemo(
    () => lines.flatMap((line, at) => (line.kind === 'video' ? [at] : [])),
    [lines],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (lines[at].kind === 'group' ? GROUP : ROW),
    getItemKey: (at) => {
      const line = lines[at];
      return line.kind === 'group' ? `group ${line.name}` : line.video.id;
    },
    overscan: 6,
  });
  const { current, toggle, onKey, onClick } = useChoosing({
    videos,
    selected,
    onSelect,
    onOpen,
    scroller,
    scrollTo: (index) => virtual.scrollToIndex(lineOfIndex[index]),
    steps() {
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
      return { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    },
  });
  const scale = useMemo(
    () =>
      scoreRange(
        videos.flatMap(({ score }) => (score ? [score.max, score.mean] : [])),
        run ? [run.rule.on] : [],
      ),
    [videos, run],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines have other heights
  useEffect(() => {
    virtual.measure();
  }, [lines, virtual]);
  const all = selected.size > 0 && videos.every((video) => selected.has(video.id));

  return (
    <div
      role="grid"
      aria-label="Videos"
      aria-rowcount={videos.length + 1}
      aria-multiselectable="true"
      style={{ display: 'contents' }}
    >
      <div role="row" className={styles.head} aria-rowindex={1} tabIndex={-1}>
        <span role="columnheader">
          <Checkbox
            label="Select all"
            isSelected={all}
            isIndeterminate={!all && selected.size > 0}
            onChange={(on) => onSelect(new Set(on ? videos.map((video) => video.id) : []))}
          />
        </span>
        <span role="columnheader">Picture</span>
        <SortHead label="Video" by="name" order={order} onOrder={onOrder} />
        <SortHead label="Events" by="events" order={order} onOrder={onOrder} right />
        <SortHead label="Reviewed" by="left" order={order} onOrder={onOrder} />
        <span role="columnheader" title={run ? `Scores of ${run.name}` : undefined}>
          {run ? `Scores, ${scoreText(scale.low)} to ${scoreText(scale.high)}` : 'Scores'}
        </span>
        <SortHead
          label={number.label}
          by={number.by}
          title={number.title}
          order={order}
          onOrder={onOrder}
          right
        />
        <span role="columnheader">Features</span>
        <SortHead label="Imported" by="newest" order={order} onOrder={onOrder} />
        <span role="columnheader">
          <span className="sr-only">More</span>
        </span>
      </div>
      <div className={styles.rows} ref={scroller} role="rowgroup" onKeyDown={onKey}>
        <div className={styles.canvas} style={{ height: virtual.getTotalSize() }} role="presentation">
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return (
              <div
                key={item.key}
                className={styles.line}
                style={{ transform: `translateY(${item.start}px)` }}
                role="presentation"
              >
                {line.kind === 'group' ? (
                  <div className={styles.group}>
                    {order === 'camera' ? <Camera size={14} /> : <Folder size={14} />}
                    {line.name}
                    <small>
                      {plural(line.videos, 'video')}
                      {run && ` · ${plural(line.events, 'event')}`}
                    </small>
                  </div>
                ) : (
                  <VideoLine
                    video={line.video}
                    index={line.index}
                    run={run}
                    progress={progressOf(line.video, known)}
                    number={number.text(line.video)}
                    scale={scale}
                    jobs={jobs}
                    isSelected={selected.has(line.video.id)}
                    isActive={line.index === current}
                    onToggle={() => toggle(line.index)}
                    onClick={(event) => onClick(event, line.index)}
                    onOpen={() => onOpen(line.video)}
                    onRemove={() =>
                      onRemove(
                        selected.has(line.video.id)
                          ? videos.filter((video) => selected.has(video.id))
                          : [line.video],
                      )
                    }
                    onImportAgain={onImportAgain}
                    onLocate={props.onLocate}
                    onGroup={() =>
                      props.onGroup(
                        selected.has(line.video.id)
                          ? videos.filter((video) => selected.has(video.id))
                          : [line.video],
                      )
                    }
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface SortHeadProps {
  label: string;
  by: Order;
  title?: string;
  order: Order;
  onOrder(order: Order): void;
  right?: boolean;
}

function SortHead({ label, by, title, order, onOrder, right }: SortHeadProps) {
  const on = by === order;
  return (
    <span
      role="columnheader"
      aria-sort={on ? (by === 'name' ? 'ascending' : 'descending') : 'none'}
      className={cx(right && styles.right)}
      title={title}
    >
      <PlainButton className={cx(styles.sort, on && styles.sorted)} onPress={() => onOrder(by)}>
        {label}
        {on && <ChevronDown size={12} />}
      </PlainButton>
    </span>
  );
}
