// Going back to a copy of the database. Role: which copies there are, and the one that is taken. Limits: the engine makes
// the copies, and keeps the database that is replaced.
import { useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import type { Backup, Input, Project } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { ErrorLine, LoadingRows } from '../../components/State.tsx';
import { bytes, when } from '../../format.ts';
import { useAction, useCall } from '../../state/queries.ts';
import styles from './Restore.module.css';

export interface RestoreDialogProps {
  /** What the project is called where the dialog was asked for. */
  name: string;
  of: Input<'projects.backups'>['of'];
  onClose(): void;
  onRestored(project: Project): void;
}

export function RestoreDialog({ name, of, onClose, onRestored }: RestoreDialogProps) {
  const { data: backups, error } = useCall('projects.backups', { of });
  const [chosen, setChosen] = useState<number | null>(null);
  const restore = useAction('projects.restore', (project) => {
    onClose();
    onRestored(project);
  });
  const at = chosen ?? backups?.[0]?.at ?? null;
  return (
    <Dialog
      title={`Restore a backup of ${name}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={at === null || restore.pending}
            onPress={() => at !== null && restore.run({ of, at })}
          >
            Restore and open
          </Button>
        </>
      }
    >
      {backups ? (
        <Choices backups={backups} chosen={at} onChoose={setChosen} />
      ) : (
        !error && <LoadingRows rows={2} height={32} label="Looking for backups" />
      )}
      <p className={styles.note}>
        Labels, runs and reviews go back to what they were then. The database of now stays in the project
        folder under another name; videos, features and exports are not touched.
      </p>
      <ErrorLine error={error ?? restore.error} />
    </Dialog>
  );
}

function Choices({
  backups,
  chosen,
  onChoose,
}: {
  backups: readonly Backup[];
  chosen: number | null;
  onChoose(at: number): void;
}) {
  if (backups.length === 0) {
    return <p>There is none yet. One is made when a project is closed, at most once a day.</p>;
  }
  return (
    <RadioGroup
      aria-label="Backups, newest first"
      className={styles.list}
      value={String(chosen)}
      onChange={(value) => onChoose(Number(value))}
    >
      {backups.map(({ at, bytes: size }, i) => (
        <Radio key={at} value={String(at)} className={styles.row}>
          <i className={styles.dot} />
          <span>{when(at)}</span>
          {i === 0 && <small>newest</small>}
          <span className={styles.size}>{bytes(size)}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
