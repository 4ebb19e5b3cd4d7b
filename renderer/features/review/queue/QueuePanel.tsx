// The queue: what to look at next, across all videos. Role: order, budget, filters, virtual rows with what was said.
// Limits: shows and selects; verdicts are given in the inspector or by key.
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react';
import {
  type QueueItem,
  type ReviewClass,
  resourceUrl,
  type VideoRow,
} from '../../../../shared/contract/index.ts';
import { Badge } from '../../../components/Badge.tsx';
import { IconButton } from '../../../components/Button.tsx';
import { cx } from '../../../components/cx.ts';
import { Again, Check, Cross, Film, Help, Minus, Probe, Sort } from '../../../components/icons.tsx';
import { Kbd } from '../../../components/Kbd.tsx';
import { thumbnailAt } from '../../../components/Picture.tsx';
import { Select } from '../../../components/Select.tsx';
import { count, duration, plural, score } from '../../../format.ts';
import { useCommands } from '../../../state/commands.ts';
import { useCall } from '../../../state/queries.ts';
import { classColour } from '../../../styles/palette.ts';
import { keyOf, type PanelState } from '../keymap.ts';
import { timecode } from '../time.ts';
import { type ClassColours, coloursOf } from '../verdicts/layers.ts';
import { BudgetLine } from './BudgetLine.tsx';
import { FilterButton } from './FilterButton.tsx';
import { ORDERS } from './orders.ts';
import styles from './QueuePanel.module.css';
import { isOpen, type QueueView, type Said } from './use-queue.ts';

const ROW = 57;
const NO_CLASSES: readonly ReviewClass[] = [];

/** Names of one camera differ at their end: of a long one the middle is left out. */
const TAIL = 9;

export interface QueuePanelProps {
  view: QueueView;
  videos: readonly VideoRow[];
  /** Names of videos by path, so that they are told from each other. */
  videoNames: ReadonlyMap<string, string>;
  /** Index of the open item, -1 for none. */
  current: number;
  runNames: ReadonlyMap<number, string>;
  onSelect(item: QueueItem): void;
  /** Panels that a key opens too. */
  panel(name: 'filter' | 'order' | 'budget'): PanelState;
  /** Buttons at the right end of the head. */
  tools: ReactNode;
  /** Above the list: what stands in the way of the chosen order. */
  notice: ReactNode;
  /** Instead of the list: loading, failed, or nothing to show. */
  instead: ReactNode;
}

const frameSeconds = (video: VideoRow): number =>
  video.frames > 0 && video.durationSeconds > 0 ? video.durationSeconds / video.frames : 0;

export function QueuePanel({
  view,
  videos,
  videoNames,
  current,
  runNames,
  onSelect,
  panel,
  tools,
  notice,
  instead,
}: QueuePanelProps) {
  const { items, settings, change, saidOf } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const classes = useCall('review.classes', {}).data ?? NO_CLASSES;
  const colours = useMemo(() => coloursOf(classes), [classes]);
  const byId = useMemo(() => new Map(videos.map((video) => [video.id, video])), [videos]);
  const nameOf = (videoId: number): string => videoNames.get(byId.get(videoId)?.relPath ?? '') ?? 'Video';
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const { scrollToIndex } = rows;
  useEffect(() => {
    if (current >= 0) scrollToIndex(current, { align: 'auto' });
  }, [current, scrollToIndex]);

  const step = (by: number): void => {
    const next = items[Math.min(Math.max(current + by, 0), items.length - 1)];
    if (next) onSelect(next);
  };
  useCommands(
    'orders',
    ORDERS.map(({ value, label }) => ({
      id: `order-${value}`,
      text: `Order: ${label}`,
      kbd: '',
      run: () => change({ order: value }),
    })),
  );
  const runs = view.queue?.runs;
  const names = useMemo(() => runs?.map((id) => runNames.get(id) ?? `Run ${id}`) ?? [], [runs, runNames]);
  // Rows are the same whatever a press on them does now: they are drawn again only when they look different.
  const onPress = useRef(onSelect);
  useLayoutEffect(() => {
    onPress.current = onSelect;
  });
  const press = useCallback((item: QueueItem) => onPress.current(item), []);

  return (
    <aside className={styles.list} aria-label="Review queue" data-region="events">
      <div className={styles.top}>
        <div className={styles.title}>
          <h2>Queue</h2>
          <span className={styles.position} data-testid="event-count">
            {current >= 0 ? `${count(current + 1)} of ${count(items.length)}` : count(items.length)}
          </span>
          <span className={styles.tools}>
            <IconButton
              small
              label="Order anew, with what was decided since"
              icon={<Again size={14} />}
              isDisabled={view.busy}
              onPress={view.refresh}
            />
            <FilterButton view={view} videos={videos} {...panel('filter')} />
            {tools}
          </span>
        </div>
        <Select
          label="Order"
          hideLabel
          soft
          icon={<Sort size={14} />}
          value={settings.order}
          choices={ORDERS}
          {...panel('order')}
          onChange={(order) => change({ order })}
        />
        <BudgetLine view={view} panel={panel('budget')} />
        {notice}
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
          aria-busy={view.busy}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          onKeyDown={(event) => {
            const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (by === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            step(by);
          }}
        >
          <div className={styles.all} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => (
              <QueueRow
                key={index}
                id={`${listId}-${index}`}
                item={items[index]}
                said={saidOf(items[index])}
                colours={colours}
                video={byId.get(items[index].videoId) ?? null}
                name={nameOf(items[index].videoId)}
                runs={names}
                index={index}
                total={items.length}
                isCurrent={index === current}
                top={start}
                onSelect={press}
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
          <Kbd>{keyOf('skip')}</Kbd> skip
        </span>
        <span>
          <Kbd>{keyOf('sheet')}</Kbd> keys
        </span>
      </div>
    </aside>
  );
}

interface QueueRowProps {
  id: string;
  item: QueueItem;
  said: Said;
  colours: ClassColours;
  video: VideoRow | null;
  /** Of the video, so that it is told from others. */
  name: string;
  /** Names behind the bars. */
  runs: readonly string[];
  index: number;
  total: number;
  isCurrent: boolean;
  top: number;
  onSelect(item: QueueItem): void;
}

/** What stands at an event that nobody has to decide on. */
const IGNORED = <Minus size={12} />;
const SIGNS = { accepted: <Check size={12} />, rejected: <Cross size={12} />, unsure: <Help size={12} /> };
const WORDS = { accepted: 'accepted', rejected: 'rejected', unsure: 'unsure' };
export const WHY = { new: 'New', moved: 'Moved', gone: 'Gone', contradiction: 'Contradicts' } as const;

const levelOf = (value: number): number => Math.min(5, Math.floor(Math.min(Math.max(value, 0), 1) * 6));

const QueueRow = memo(function QueueRow({
  id,
  item,
  said,
  colours,
  video,
  name,
  runs,
  index,
  total,
  isCurrent,
  top,
  onSelect,
}: QueueRowProps) {
  // A mean says little about where a frame lies in a video of variable rate: there the frame number is shown.
  const perFrame = video && !video.vfr ? frameSeconds(video) : 0;
  const colour = said.class === null ? undefined : colours.get(said.class);
  const middle = (item.start + item.end) / 2 / Math.max(1, video?.frames ?? 1);
  // A score would tell the reviewer of a probe what the machine thinks.
  const hidden = item.kind === 'probe' && isOpen(said);
  const what = [
    hidden ? 'Probe, score hidden' : `highest ${score(item.max)}`,
    said.verdict && `${WORDS[said.verdict]}${said.by === 'rule' ? ' by rule' : ''}`,
    said.by === 'ignored' && 'ignored',
    said.class,
  ].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box handles the keys of its options
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-label={`${name}, frame ${count(item.start)}, ${what.join(', ')}`}
      className={cx(styles.item, isCurrent && styles.current, !isOpen(said) && styles.decided)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(item)}
    >
      <span className={styles.thumb}>
        {video && video.thumbnails > 0 ? (
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
        {said.verdict && (
          <i className={styles.sign} data-verdict={said.verdict} data-by={said.by}>
            {SIGNS[said.verdict]}
          </i>
        )}
        {said.by === 'ignored' && (
          <i className={styles.sign} title="Ignored: no verdict is needed">
            {IGNORED}
          </i>
        )}
      </span>
      <span className={styles.text}>
        <span className={styles.name} title={video?.relPath}>
          <span>{name.slice(0, -TAIL)}</span>
          <span>{name.slice(-TAIL)}</span>
        </span>
        <span className={styles.meta}>
          <span>{perFrame > 0 ? timecode(item.start * perFrame, 1) : `frame ${count(item.start)}`}</span>
          {/* Beside its badge a probe has no room for both. */}
          {!(item.kind === 'probe' && said.class) && (
            <span>
              {perFrame > 0
                ? duration((item.end - item.start) * perFrame)
                : plural(item.end - item.start, 'frame')}
            </span>
          )}
          {said.class && (
            <span
              className={styles.class}
              style={{ '--class': colour === undefined ? 'var(--human)' : `var(--${classColour(colour)})` }}
            >
              {said.class}
            </span>
          )}
        </span>
        {hidden ? (
          <span className={styles.hidden}>score hidden</span>
        ) : (
          <span
            className={styles.bars}
            aria-hidden="true"
            title={item.scores.map((s, i) => `${runs[i]} ${s === null ? 'none' : score(s)}`).join(' · ')}
          >
            {item.scores.map((value, i) => (
              <i
                key={runs[i]}
                style={{
                  height: `${value === null ? 8 : Math.max(12, 100 * Math.min(1, value))}%`,
                  background: value === null ? 'var(--line)' : `var(--score-${levelOf(value)})`,
                }}
              />
            ))}
          </span>
        )}
      </span>
      <span className={styles.end}>
        {item.kind === 'probe' ? (
          <Badge tone="accent">
            <Probe size={12} />
            Probe
          </Badge>
        ) : item.why ? (
          <Badge tone={item.why === 'contradiction' ? 'warn' : 'neutral'}>{WHY[item.why]}</Badge>
        ) : (
          score(item.max)
        )}
      </span>
    </div>
  );
});
