// Who said what, and the labels as they were. Role: the log as a list with a slider through time, page by page; rows of any
// point; the open video's timeline as of then. Limits: going back to a point is RestorePoint.tsx.
import { type ReactNode, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { HumanEvent, LogEntry, VideoRow } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { cx } from '../../../components/cx.ts';
import { Dialog } from '../../../components/Dialog.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../../../components/State.tsx';
import { baseName, count, plural } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import { SIGN } from '../verdicts/layers.ts';
import styles from './HistoryDialog.module.css';
import { RestorePoint } from './RestorePoint.tsx';
import { useLog } from './use-log.ts';

export interface HistoryDialogProps {
  isOpen: boolean;
  onClose(): void;
  run: { id: number; name: string };
  videos: ReadonlyMap<number, VideoRow>;
  /** Shows list and timeline as of a row of the log. */
  onShow(at: number): void;
}

const time = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

export function HistoryDialog(props: HistoryDialogProps) {
  return (
    <Dialog title="History" isOpen={props.isOpen} onClose={props.onClose} width={860} flush>
      {props.isOpen && <History {...props} />}
    </Dialog>
  );
}

function History({ onClose, run, videos, onShow }: HistoryDialogProps) {
  const log = useLog();
  const [chosen, setChosen] = useState<number | null>(null);
  if (log.error)
    return <ErrorState title="The log cannot be read" error={log.error} onRetry={() => void log.refetch()} />;
  if (!log.data) return <LoadingRows label="The log is loading" height={40} />;
  const entries = log.data.pages.flat();
  if (entries.length === 0) {
    return (
      <EmptyState title="Nobody has said anything yet">
        Every verdict and every edit stands here, with who and when.
      </EmptyState>
    );
  }
  const older = (): void => {
    if (log.hasNextPage && !log.isFetchingNextPage) void log.fetchNextPage();
  };
  const index = Math.max(
    0,
    entries.findIndex((entry) => entry.id === chosen),
  );
  const entry = entries[index];
  return (
    <div className={styles.all}>
      <div className={styles.slider}>
        <span>{time.format(entries[entries.length - 1].at)}</span>
        <input
          type="range"
          aria-label="Point in time"
          aria-valuetext={`${entry.name}, ${time.format(entry.at)}`}
          min={0}
          max={entries.length - 1}
          value={entries.length - 1 - index}
          onChange={(event) => {
            const place = Number(event.currentTarget.value);
            setChosen(entries[entries.length - 1 - place].id);
            // At its left end the slider goes on into what is older.
            if (place === 0) older();
          }}
        />
        <span>{time.format(entries[0].at)}</span>
      </div>
      <ol className={styles.log} aria-label="What was done, newest first">
        {entries.map((one) => (
          <li key={one.id}>
            <AriaButton
              className={cx(styles.entry, one.id === entry.id && styles.current)}
              aria-current={one.id === entry.id}
              onPress={() => setChosen(one.id)}
            >
              <span className={styles.name}>{one.name}</span>
              <span className={styles.who}>
                {one.actor}
                {one.pass === 2 && ', second review'} · {time.format(one.at)}
              </span>
            </AriaButton>
          </li>
        ))}
        {log.hasNextPage && (
          <li>
            <Button small isDisabled={log.isFetchingNextPage} onPress={older}>
              Older
            </Button>
          </li>
        )}
      </ol>
      <Point entry={entry} videos={videos}>
        <RestorePoint
          entry={entry}
          runId={run.id}
          onShow={() => {
            onShow(entry.id);
            onClose();
          }}
          onDone={onClose}
        />
      </Point>
    </div>
  );
}

function Point({
  entry,
  videos,
  children,
}: {
  entry: LogEntry;
  videos: ReadonlyMap<number, VideoRow>;
  /** What can be done with it. */
  children: ReactNode;
}) {
  const rows = useCall('review.rowsAt', { at: entry.id, pass: entry.pass ?? 1 }, { keepPrevious: true }).data;
  const counts = (verdict: HumanEvent['verdict']) =>
    count(rows?.filter((row) => row.kind === 'event' && row.verdict === verdict).length ?? 0);
  return (
    <section className={styles.point} aria-label="As of then">
      <h3>{entry.name}</h3>
      <p className={styles.who}>
        {entry.actor}, {time.format(entry.at)}, row {count(entry.id)} of the log
      </p>
      <RowChange label="Before" rows={entry.before} videos={videos} />
      <RowChange label="After" rows={entry.after} videos={videos} />
      {rows && (
        <p className={styles.sum} data-testid="as-of">
          As of then: {plural(rows.length, 'row')} of people, {counts('accepted')} accepted,{' '}
          {counts('rejected')} rejected, {counts('unsure')} unsure.
        </p>
      )}
      {children}
      <p className={styles.hint}>
        From a terminal: <code>zerolabel review restore {entry.id}</code>,{' '}
        <code>zerolabel export --labels in-use --at {entry.id}</code>
      </p>
    </section>
  );
}

function RowChange({
  label,
  rows,
  videos,
}: {
  label: string;
  rows: readonly HumanEvent[];
  videos: ReadonlyMap<number, VideoRow>;
}) {
  if (rows.length === 0) return null;
  return (
    <dl className={styles.rows}>
      <dt>{label}</dt>
      {rows.slice(0, 8).map((row) => (
        <dd key={row.id}>
          {row.verdict && `${SIGN[row.verdict]} `}
          {count(row.start)} to {count(row.end)} of{' '}
          {baseName(videos.get(row.videoId)?.relPath ?? 'a removed video')}
          {row.class && `, ${row.class}`}
          {row.kind !== 'event' && `, ${row.kind}`}
          {row.note && `, “${row.note}”`}
        </dd>
      ))}
      {rows.length > 8 && <dd>and {count(rows.length - 8)} more</dd>}
    </dl>
  );
}
