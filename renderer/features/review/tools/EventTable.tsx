// All events of the project as a table. Role: sort by any column, filter by text, go there. Limits: the chosen run's events
// under its rule, and what people said where it sees none; verdicts are given on the video.
// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed one by one, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows take the focus, and the buttons in the heads of columns
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { QueueItem, Run, VideoRow } from '../../../../shared/contract/index.ts';
import { Dialog } from '../../../components/Dialog.tsx';
import { ChevronDown, Search } from '../../../components/icons.tsx';
import { ErrorState, LoadingRows } from '../../../components/State.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { baseName, count, plural, score } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import { FIRST_SETTINGS } from '../queue/orders.ts';
import { VERDICT } from '../verdicts/layers.ts';
import { usePass } from '../verdicts/reviewer.ts';
import styles from './EventTable.module.css';

export interface EventTableProps {
  isOpen: boolean;
  onClose(): void;
  run: Run;
  videos: ReadonlyMap<number, VideoRow>;
  runNames: ReadonlyMap<number, string>;
  onGo(item: QueueItem): void;
  /** Scores beside the level of each camera, as in the queue. */
  perCamera: boolean;
}

interface Column {
  id: string;
  title: string;
  /** The title in full, where that is short. */
  help?: string;
  /** Text to the left; numbers to the right. */
  text?: true;
  value(item: QueueItem): string | number;
  show(item: QueueItem): string;
}

const ROW = 28;
/** Least widths of columns, what is between them and beside them. CSS pixels. */
const [VIDEO, TEXT, NUMBER, GAP, MARGIN] = [168, 72, 46, 8, 16];

export function EventTable(props: EventTableProps) {
  return (
    <Dialog
      title={`Events of ${props.run.name}`}
      isOpen={props.isOpen}
      onClose={props.onClose}
      width={1240}
      flush
    >
      {props.isOpen && <Table {...props} />}
    </Dialog>
  );
}

const number = (
  id: string,
  title: string,
  of: (item: QueueItem) => number | null,
  show: (n: number) => string,
  help?: string,
): Column => ({
  id,
  title,
  help,
  value: (item) => of(item) ?? -1,
  show: (item) => {
    const n = of(item);
    return n === null ? '' : show(n);
  },
});

const words = (id: string, title: string, of: (item: QueueItem) => string): Column => ({
  id,
  title,
  text: true,
  value: of,
  show: of,
});

const saidOf = ({ kind, verdict, by }: QueueItem): string => {
  if (kind === 'ignored') return 'Ignored';
  return verdict
    ? `${VERDICT[verdict]}${by === 'rule' ? ' by rule' : ''}`
    : kind === 'human'
      ? 'Changed'
      : '';
};

/** @param runOf the run whose event it is */
function columnsOf(
  runs: readonly string[],
  nameOf: (item: QueueItem) => string,
  runOf: (item: QueueItem) => string,
): Column[] {
  return [
    words('video', 'Video', nameOf),
    number('start', 'Start', (item) => item.start, count),
    number('end', 'End', (item) => item.end, count),
    number('length', 'Frames', (item) => item.end - item.start, count),
    ...runs.flatMap((name, i) => [
      number(`max ${i}`, name, (item) => item.scores[i] ?? null, score, `Highest score of ${name}`),
      number(`mean ${i}`, 'mean', (item) => item.means[i] ?? null, score, `Mean score of ${name}`),
    ]),
    number('spread', 'Spread', (item) => item.spread, score),
    words('verdict', 'Verdict', saidOf),
    words('class', 'Class', (item) => item.class ?? ''),
    words('reviewer', 'Reviewer', (item) => item.reviewer ?? ''),
    words('run', 'Run', runOf),
  ];
}

function Table({ onClose, run, videos, runNames, onGo, perCamera }: EventTableProps) {
  const pass = usePass();
  const all = useCall('review.queue', {
    runId: run.id,
    pass,
    settings: { ...FIRST_SETTINGS, order: 'time', probeShare: 0, perCamera },
    people: true,
    limit: 100_000,
  });
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<{ id: string; down: boolean } | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const names = useMemo(
    () => all.data?.runs.map((id) => runNames.get(id) ?? `Run ${id}`) ?? [],
    [all.data, runNames],
  );
  const columns = useMemo(
    () =>
      columnsOf(
        names,
        (item) => baseName(videos.get(item.videoId)?.relPath ?? ''),
        ({ runId }) => (runId === null ? 'drawn' : (runNames.get(runId) ?? 'a removed run')),
      ),
    [names, videos, runNames],
  );
  const items = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const found = (all.data?.items ?? []).filter(
      (item) =>
        wanted === '' ||
        columns.some((column) => column.text && column.show(item).toLowerCase().includes(wanted)),
    );
    const column = sort && columns.find(({ id }) => id === sort.id);
    if (!column || !sort) return found;
    const by = sort.down ? -1 : 1;
    return found.toSorted((a, b) => {
      const [x, y] = [column.value(a), column.value(b)];
      return (
        by * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
      );
    });
  }, [all.data, columns, search, sort]);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  if (all.error)
    return (
      <ErrorState title="Events cannot be listed" error={all.error} onRetry={() => void all.refetch()} />
    );
  if (!all.data) return <LoadingRows label="Events are loading" height={ROW} />;
  const grid = {
    gridTemplateColumns: columns
      .map(({ id, text }) =>
        id === 'video'
          ? `minmax(${VIDEO}px, 3fr)`
          : text
            ? `minmax(${TEXT}px, 1.4fr)`
            : `minmax(${NUMBER}px, 1fr)`,
      )
      .join(' '),
  };
  const least = columns.reduce(
    (sum, { id, text }) => sum + (id === 'video' ? VIDEO : text ? TEXT : NUMBER) + GAP,
    2 * MARGIN,
  );
  return (
    <div className={styles.all}>
      <div className={styles.tools}>
        <TextField
          label="Find"
          hideLabel
          icon={<Search size={14} />}
          placeholder="video, verdict, class, reviewer"
          value={search}
          onChange={setSearch}
        />
        <span>{plural(items.length, 'event')}</span>
      </div>
      <div
        role="table"
        aria-label="Events"
        aria-rowcount={items.length + 1}
        className={styles.table}
        style={{ '--least': `${least}px` } as React.CSSProperties}
      >
        <div role="row" className={styles.head} style={grid}>
          {columns.map(({ id, title, help, text }) => (
            <span
              key={id}
              role="columnheader"
              title={help}
              className={text ? undefined : styles.number}
              aria-sort={sort?.id === id ? (sort.down ? 'descending' : 'ascending') : 'none'}
            >
              <AriaButton
                className={styles.sort}
                onPress={() =>
                  setSort(
                    sort?.id === id
                      ? sort.down === !text
                        ? { id, down: !sort.down }
                        : null
                      : { id, down: !text },
                  )
                }
              >
                {title}
                {sort?.id === id && (
                  <i data-up={!sort.down || undefined}>
                    <ChevronDown size={12} />
                  </i>
                )}
              </AriaButton>
            </span>
          ))}
        </div>
        <div ref={scroller} className={styles.rows}>
          <div className={styles.body} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const item = items[index];
              return (
                <div
                  key={index}
                  role="row"
                  tabIndex={0}
                  aria-rowindex={index + 2}
                  className={styles.row}
                  style={{ ...grid, transform: `translateY(${start}px)` }}
                  onClick={() => {
                    onGo(item);
                    onClose();
                  }}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter') return;
                    onGo(item);
                    onClose();
                  }}
                >
                  {columns.map((column) => (
                    <span key={column.id} role="cell" className={column.text ? undefined : styles.number}>
                      {column.show(item)}
                    </span>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}
