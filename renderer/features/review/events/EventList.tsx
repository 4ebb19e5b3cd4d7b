// All events of the run across videos, as a list to go through. Role: order, counts, virtual rows, the current one.
// Limits: shows and selects; the events come from the rule.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useId, useMemo, useRef } from 'react';
import { type ModelEvent, resourceUrl, type VideoRow } from '../../../../shared/contract/index.ts';
import { cx } from '../../../components/cx.ts';
import { Film, Sort } from '../../../components/icons.tsx';
import { Kbd } from '../../../components/Kbd.tsx';
import { thumbnailAt } from '../../../components/Picture.tsx';
import { Select } from '../../../components/Select.tsx';
import { baseName, count, duration, plural, score } from '../../../format.ts';
import { keyOf } from '../keymap.ts';
import { timecode } from '../time.ts';
import styles from './EventList.module.css';
import { type EventOrder, ORDERS } from './order.ts';

const ROW = 57;

export interface EventListProps {
  events: readonly ModelEvent[];
  videos: readonly VideoRow[];
  current: number;
  order: EventOrder;
  onOrder(order: EventOrder): void;
  onSelect(event: ModelEvent): void;
  /** Instead of the list: loading, failed, or nothing to show. */
  instead: ReactNode;
}

/** Mean seconds of a frame, for videos that are not open; 0 where nothing says. */
const frameSeconds = (video: VideoRow): number =>
  video.frames > 0 && video.durationSeconds > 0
    ? video.durationSeconds / video.frames
    : video.fpsNum > 0
      ? video.fpsDen / video.fpsNum
      : 0;

/** How long events are together: in time where it is known, else in frames. */
function sumText(events: readonly ModelEvent[], videos: ReadonlyMap<number, VideoRow>): string {
  let [frames, seconds] = [0, 0];
  for (const event of events) {
    const length = event.end - event.start;
    frames += length;
    seconds += length * frameSeconds(videos.get(event.videoId) ?? NO_VIDEO);
  }
  return seconds > 0 ? duration(seconds) : plural(frames, 'frame');
}

export function EventList({ events, videos, current, order, onOrder, onSelect, instead }: EventListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const byId = useMemo(() => new Map(videos.map((video) => [video.id, video])), [videos]);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const { scrollToIndex } = rows;
  useEffect(() => {
    if (current >= 0) scrollToIndex(current, { align: 'auto' });
  }, [current, scrollToIndex]);

  const sum = useMemo(() => sumText(events, byId), [events, byId]);
  const withEvents = useMemo(() => new Set(events.map((e) => e.videoId)).size, [events]);
  const step = (by: number): void => {
    const next = events[Math.min(Math.max(current + by, 0), events.length - 1)];
    if (next) onSelect(next);
  };

  return (
    <aside className={styles.list} aria-label="Events of this run" data-region="events">
      <div className={styles.top}>
        <div className={styles.title}>
          <h2>Events</h2>
          <span className={styles.position} data-testid="event-count">
            {current >= 0 ? `${count(current + 1)} of ${count(events.length)}` : count(events.length)}
          </span>
        </div>
        <Select
          label="Order"
          hideLabel
          soft
          icon={<Sort size={14} />}
          value={order}
          choices={ORDERS}
          onChange={onOrder}
        />
        <p className={styles.sum}>
          {sum} in {plural(withEvents, 'video')} of {count(videos.length)}
        </p>
      </div>
      {instead ? (
        <div className={styles.rows}>{instead}</div>
      ) : (
        <div
          ref={scroller}
          className={styles.rows}
          role="listbox"
          tabIndex={0}
          aria-label="Events"
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          onKeyDown={(event) => {
            const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (by === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            step(by);
          }}
        >
          <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map(({ index, start }) => (
              <EventItem
                key={index}
                id={`${listId}-${index}`}
                event={events[index]}
                video={byId.get(events[index].videoId) ?? NO_VIDEO}
                index={index}
                total={events.length}
                isCurrent={index === current}
                top={start}
                onSelect={onSelect}
              />
            ))}
          </div>
        </div>
      )}
      <div className={styles.keys}>
        <span>
          <Kbd>{keyOf('nextEvent')}</Kbd> next
        </span>
        <span>
          <Kbd>{keyOf('previousEvent')}</Kbd> back
        </span>
        <span>
          <Kbd>{keyOf('sheet')}</Kbd> keys
        </span>
      </div>
    </aside>
  );
}

/** Stands in for a video that the list does not have yet. */
const NO_VIDEO = {
  id: 0,
  relPath: '',
  frames: 0,
  thumbnails: 0,
  durationSeconds: 0,
  fpsNum: 0,
  fpsDen: 1,
} as VideoRow;

interface EventItemProps {
  id: string;
  event: ModelEvent;
  video: VideoRow;
  index: number;
  total: number;
  isCurrent: boolean;
  top: number;
  onSelect(event: ModelEvent): void;
}

function EventItem({ id, event, video, index, total, isCurrent, top, onSelect }: EventItemProps) {
  // A mean says little about where a frame lies in a video of variable rate: there the frame number is shown.
  const perFrame = video.vfr ? 0 : frameSeconds(video);
  const middle = (event.start + event.end) / 2 / Math.max(1, video.frames);
  const level = Math.min(5, Math.floor(Math.min(Math.max(event.max, 0), 1) * 6));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box handles the keys of its options
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      aria-posinset={index + 1}
      aria-setsize={total}
      className={cx(styles.item, isCurrent && styles.current)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(event)}
    >
      <span className={styles.thumb}>
        {video.thumbnails > 0 ? (
          <img
            src={resourceUrl.thumbnail(video.id, thumbnailAt(middle, video.thumbnails))}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
          />
        ) : (
          <Film size={14} />
        )}
      </span>
      <span className={styles.text}>
        <span className={styles.name} title={video.relPath}>
          {baseName(video.relPath)}
        </span>
        <span className={styles.meta}>
          <span>{perFrame > 0 ? timecode(event.start * perFrame, 1) : `frame ${count(event.start)}`}</span>
          <span>
            {perFrame > 0
              ? duration((event.end - event.start) * perFrame)
              : plural(event.end - event.start, 'frame')}
          </span>
        </span>
        <span className={styles.bar} aria-hidden="true">
          <i style={{ width: `${100 * Math.min(1, event.max)}%`, background: `var(--score-${level})` }} />
          <u style={{ left: `${100 * Math.min(1, event.mean)}%` }} />
        </span>
      </span>
      <span className={styles.score}>{score(event.max)}</span>
    </div>
  );
}
