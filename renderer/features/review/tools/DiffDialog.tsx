// A run beside an earlier one. Role: new, moved, gone, and verdicts the run contradicts; the way to queue just these.
// Limits: nothing of what people said changes by a new run.
import { useState } from 'react';
import type { Run } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { Facts } from '../../../components/Panel.tsx';
import { Select } from '../../../components/Select.tsx';
import { ErrorLine } from '../../../components/State.tsx';
import { count, plural } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import { usePass } from '../verdicts/reviewer.ts';
import styles from './DiffDialog.module.css';

export interface DiffDialogProps {
  isOpen: boolean;
  onClose(): void;
  run: Run;
  runs: readonly Run[];
  /** Queues what changed against a run. */
  onQueue(against: number): void;
}

export function DiffDialog(props: DiffDialogProps) {
  return (
    <Dialog
      title={`What ${props.run.name} changes`}
      isOpen={props.isOpen}
      onClose={props.onClose}
      width={440}
    >
      {props.isOpen && <Diff {...props} />}
    </Dialog>
  );
}

function Diff({ onClose, run, runs, onQueue }: DiffDialogProps) {
  // The second reviewer's own verdicts alone: how many of the first's it contradicts would tell of them.
  const pass = usePass();
  const others = runs.filter((other) => other.id !== run.id);
  const [chosen, setChosen] = useState<number | null>(
    (
      others.find((other) => other.id < run.id && other.method === run.method) ??
      others.find((other) => other.id < run.id) ??
      others[0]
    )?.id ?? null,
  );
  const found = useCall(
    'review.diff',
    { runId: run.id, against: chosen ?? run.id, pass },
    { enabled: chosen !== null, keepPrevious: true },
  );
  if (chosen === null) return <p>There is no other finished run to compare with.</p>;
  const data = found.data;
  const any = data ? data.new + data.moved + data.gone + data.contradictions : 0;
  return (
    <div className={styles.all}>
      <Select
        label="Against"
        value={String(chosen)}
        choices={others.map((other) => ({ value: String(other.id), label: other.name }))}
        onChange={(id) => setChosen(Number(id))}
      />
      {found.error && <ErrorLine error={found.error} />}
      {data && (
        <>
          <Facts
            facts={[
              ['New', plural(data.new, 'event')],
              ['Moved', plural(data.moved, 'event')],
              ['Gone', plural(data.gone, 'event')],
              ['The same', plural(data.same, 'event')],
            ]}
          />
          <p
            className={styles.against}
            data-some={data.contradictions > 0 || undefined}
            data-testid="contradictions"
          >
            {data.contradictions === 0
              ? 'It contradicts none of your verdicts.'
              : `It contradicts ${plural(data.contradictions, 'of your verdicts', 'of your verdicts')}: rejected and seen again, or accepted and not seen.`}
          </p>
        </>
      )}
      <div className={styles.foot}>
        <Button onPress={onClose}>Close</Button>
        <Button
          variant="primary"
          isDisabled={any === 0}
          onPress={() => {
            onQueue(chosen);
            onClose();
          }}
        >
          Queue just these{any > 0 ? ` (${count(any)})` : ''}
        </Button>
      </div>
    </div>
  );
}
