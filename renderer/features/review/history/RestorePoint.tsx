// The way back to a point of the log. Role: what restoring it would change, asked once more before it is done; the export
// of the labels as they were. Limits: one step like any other, which undo takes back; thresholds stay.
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { LogEntry, SinceThen } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { History, Upload } from '../../../components/icons.tsx';
import { ErrorLine } from '../../../components/State.tsx';
import { plural } from '../../../format.ts';
import { useAction, useCall } from '../../../state/queries.ts';
import { editorNow } from '../verdicts/reviewer.ts';
import styles from './HistoryDialog.module.css';

export interface RestorePointProps {
  entry: LogEntry;
  runId: number;
  /** Shows list and timeline as of then. */
  onShow(): void;
  /** It was restored. */
  onDone(): void;
}

export function RestorePoint({ entry, runId, onShow, onDone }: RestorePointProps) {
  const [, go] = useLocation();
  const [asked, setAsked] = useState<number | null>(null);
  const first = entry.pass !== 2;
  const since = useCall('review.since', { at: entry.id }, { enabled: first }).data;
  const edit = useAction('review.edit', onDone);
  const same = since !== undefined && restoreText(since) === '';
  if (asked === entry.id && since && !same) {
    return (
      <div className={styles.ask} role="alert">
        <p>
          Restoring this point changes what counts now: {restoreText(since)}. It is one step, and undo takes
          it back.
        </p>
        <ErrorLine error={edit.error} />
        <div className={styles.buttons}>
          <Button onPress={() => setAsked(null)}>Leave it</Button>
          <Button
            variant="primary"
            isDisabled={edit.pending}
            onPress={() => edit.run({ by: editorNow(), edit: { type: 'restore', at: entry.id } })}
          >
            Restore this point
          </Button>
        </div>
      </div>
    );
  }
  return (
    <>
      <div className={styles.buttons}>
        <Button onPress={onShow}>Show verdicts as of then</Button>
        {first && (
          <>
            <Button
              icon={<History size={14} />}
              isDisabled={since === undefined || same}
              onPress={() => setAsked(entry.id)}
            >
              Restore…
            </Button>
            <Button icon={<Upload size={14} />} onPress={() => go(`/export/${runId}/${entry.id}`)}>
              Export as of then…
            </Button>
          </>
        )}
      </div>
      {same && <p className={styles.hint}>The review is now what it was then.</p>}
    </>
  );
}

/** `2 rows come back, 1 becomes what it was`; '' where nothing differs. */
export function restoreText({ back, changed, gone, videos, rules, classes }: SinceThen): string {
  const rows = [
    back > 0 && `${plural(back, 'row comes', 'rows come')} back`,
    changed > 0 && `${plural(changed, 'row becomes what it was', 'rows become what they were')}`,
    gone > 0 && `${plural(gone, 'row goes', 'rows go')}`,
  ].filter((part) => part !== false);
  return [
    ...rows,
    ...(rows.length > 0 ? [`in ${plural(videos, 'video')}`] : []),
    ...(rules > 0 ? [`${plural(rules, 'bulk verdict')} ${rules === 1 ? 'goes' : 'go'} on or off`] : []),
    ...(classes ? ['the list of classes becomes what it was'] : []),
  ].join(', ');
}
