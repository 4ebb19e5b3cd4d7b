// Who said what, and the labels as they were. Role: the log as a list with a slider through time; rows of any point; the
// open video's timeline as of then. Limits: looks back; going back is undo.
import { useState } from 'react';
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

export interface HistoryDialogProps {
  isOpen: boolean;
  onClose(): void;
  run: { id: number; name: string };
  videos: ReadonlyMap<number, VideoRow>;
  /** Shows list and timeline as of a row of the log. */
  onShow(at: number): void;
}

const PAGE = 200;
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

function History({ onClose, videos, onShow }: HistoryDialogProps) {
  const [limit, setLimit] = useState(PAGE);
  const log = useCall('review.log', { limit }, { keepPrevious: true });
  const [chosen, setChosen] = useState<number | null>(null);
  if (log.error)
    return <ErrorState title="The log cannot be read" error={log.error} onRetry={() => void log.refetch()} />;
  if (!log.data) return <LoadingRows label="The log is loading" height={40} />;
  const entries = log.data;
  if (entries.length === 0) {
    return (
      <EmptyState title="Nobody has said anything yet">
        Every verdict and every edit stands here, with who and when.
      </EmptyState>
    );
  }
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
          onChange={(event) => setChosen(entries[entries.length - 1 - Number(event.currentTarget.value)].id)}
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
        {entries.length === limit && limit < 1000 && (
          <li>
            <Button small onPress={() => setLimit(Math.min(1000, limit + PAGE))}>
              Older
            </Button>
          </li>
        )}
      </ol>
      <Point
        entry={entry}
        videos={videos}
        onShow={() => {
          onShow(entry.id);
          onClose();
        }}
      />
    </div>
  );
}

function Point({
  entry,
  videos,
  onShow,
}: {
  entry: LogEntry;
  videos: ReadonlyMap<number, VideoRow>;
  onShow(): void;
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
      <Button onPress={onShow}>Show verdicts as of then</Button>
      <p className={styles.hint}>
        To write the labels of then as files: <code>zerolabel export --labels in-use --at {entry.id}</code>
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
