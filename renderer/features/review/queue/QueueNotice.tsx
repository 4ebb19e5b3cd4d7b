// What stands in the way of the chosen order. Role: a sentence and the way out. Limits: none while the order holds.
import styles from './QueueNotice.module.css';
import type { QueueView } from './use-queue.ts';

export function QueueNotice({ queue }: { queue: QueueView }) {
  const needs = queue.queue?.needs ?? null;
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
