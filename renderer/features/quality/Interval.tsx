// An estimate on a track from 0 to 1: bar for the 90 % interval, tick for the value. Role: drawing of one number.
import type { QualityOutcome } from '../../../shared/contract/index.ts';
import styles from './Quality.module.css';
import { outcomeWords } from './words.ts';

export function Interval({ outcome }: { outcome: QualityOutcome }) {
  const at = (value: number) => `${(100 * value).toFixed(2)}%`;
  return (
    <svg className={styles.interval} role="img" aria-label={outcomeWords(outcome)}>
      <rect className={styles.track} x="0" y="6" width="100%" height="2" />
      {outcome.known && (
        <>
          <rect
            className={styles.reach}
            x={at(outcome.low)}
            y="5"
            width={at(Math.max(0.004, outcome.high - outcome.low))}
            height="4"
            rx="2"
          />
          <rect
            className={styles.tick}
            x={at(Math.min(0.99, outcome.value))}
            y="1"
            width="3"
            height="12"
            rx="1"
          />
        </>
      )}
    </svg>
  );
}
