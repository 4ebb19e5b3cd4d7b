// The timeline shows labels of an earlier time. Role: says so, and leads back. Limits: none while it shows today's.
import { Button } from '../../../components/Button.tsx';
import { History } from '../../../components/icons.tsx';
import { count } from '../../../format.ts';
import styles from './PastNotice.module.css';

export function PastNotice({ at, onBack }: { at: number | null; onBack(): void }) {
  if (at === null) return null;
  return (
    <div className={styles.notice} role="status">
      <History size={14} />
      <span>Verdicts as of row {count(at)} of the log</span>
      <Button small onPress={onBack}>
        Back to now
      </Button>
    </div>
  );
}
