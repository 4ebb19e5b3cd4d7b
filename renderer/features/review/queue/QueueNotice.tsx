// What stands in the way of the chosen order. Role: a sentence and the way out. Limits: none while the order holds.
import { Button } from '../../../components/Button.tsx';
import styles from './QueueNotice.module.css';
import type { QueueView } from './use-queue.ts';

export function QueueNotice({ queue }: { queue: QueueView }) {
  const { error, settings } = queue;
  const needs = queue.queue?.needs ?? null;
  if (error && queue.queue) return <p className={styles.notice}>{error.message}</p>;
  if (settings.filter.against !== null) {
    return (
      <p className={styles.notice} role="status">
        Only what changed against an earlier run, and what contradicts verdicts.{' '}
        <Button small onPress={() => queue.change({ filter: { ...settings.filter, against: null } })}>
          Show all
        </Button>
      </p>
    );
  }
  if (needs === null) return null;
  return (
    <p className={styles.notice} role="status">
      {needs === 'runs'
        ? 'Methods can disagree once a second run is finished. Until then the highest scores come first.'
        : needs === 'verdicts'
          ? 'Novelty is the distance to what was reviewed. Decide on a few events first; until then the highest scores come first.'
          : 'Events have to be compared by their features first.'}
    </p>
  );
}
