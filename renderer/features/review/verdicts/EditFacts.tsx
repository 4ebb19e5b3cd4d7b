// What is saved, and what can be undone. Role: the status line's first words; the notice when an edit did not reach the
// engine, with the ways on. Limits: shows the state of edits; see use-edits.ts.
import { Button as AriaButton } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ReviewState } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { Check, Clock, Undo, Warning } from '../../../components/icons.tsx';
import { count, plural } from '../../../format.ts';
import { keyOf } from '../keymap.ts';
import styles from './EditFacts.module.css';
import type { Edits } from './use-edits.ts';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export interface EditFactsProps {
  edits: Edits;
  state: ReviewState | null;
  onUndo(): void;
}

export function EditFacts({ edits, state, onUndo }: EditFactsProps) {
  const { pending, failed } = useStore(edits.store, (now) => now);
  const saved = state?.savedAt ?? null;
  return (
    <>
      <span
        className={styles.fact}
        data-state={failed ? 'failed' : pending > 0 ? 'pending' : 'saved'}
        data-testid="saved"
      >
        {failed ? <Warning size={12} /> : pending > 0 ? <Clock size={12} /> : <Check size={12} />}
        {failed
          ? `${plural(failed.waiting, 'edit')} not saved`
          : pending > 0
            ? 'Saving'
            : saved === null
              ? 'Nothing to save yet'
              : `Saved ${time.format(saved)}`}
      </span>
      {state && state.undo > 0 && (
        <AriaButton className={styles.undo} onPress={onUndo} data-testid="undo-fact">
          <Undo size={12} />
          {plural(state.undo, 'step')} to undo
          <small title={`${keyOf('undo')} undoes it`}>last: {state.last}</small>
        </AriaButton>
      )}
    </>
  );
}

/** Stands above the verdict while an edit is not saved. */
export function EditProblem({ edits }: { edits: Edits }) {
  const failed = useStore(edits.store, (now) => now.failed);
  if (!failed) return null;
  const rest = failed.waiting - 1;
  return (
    <div className={styles.problem} role="alert">
      <p>
        <Warning size={14} />
        <span>
          Not saved: {failed.error.message}
          {rest > 0 && ` ${count(rest)} more ${rest === 1 ? 'edit waits' : 'edits wait'} behind it.`}
        </span>
      </p>
      <div>
        <Button small variant="primary" kbd={keyOf('again')} onPress={edits.again}>
          Try again
        </Button>
        <Button small onPress={edits.leave}>
          {rest > 0 ? 'Give them up' : 'Give it up'}
        </Button>
      </div>
    </div>
  );
}
