// How far the review of one video has come, in a word and a bar. Role: the same in table and pictures. Limits: verdicts by
// rule have a part of their own, because nobody looked.
import { type Progress, reviewStateOf } from '../../../shared/labels/progress.ts';
import { Badge } from '../../components/Badge.tsx';
import { Check } from '../../components/icons.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { count, percent, plural } from '../../format.ts';
import styles from './Progress.module.css';

/** `2 of 5 events decided, 1 by rule, 40 % watched`. */
export function progressText({ events, decided, rule, ignored, watched }: Progress): string {
  return [
    events > 0 && `${count(decided)} of ${plural(events, 'event')} decided`,
    ignored > 0 && `${count(ignored)} ignored`,
    rule > 0 && `${count(rule)} by rule alone`,
    watched > 0 && `${percent(watched, 1)} % of the frames looked at`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function ReviewMark({ progress }: { progress: Progress | null }) {
  const state = progress && reviewStateOf(progress);
  if (!progress || !state) return <span className={styles.none}>–</span>;
  const { events, decided, ignored, rule } = progress;
  const whole = Math.max(1, events);
  return (
    <span className={styles.mark} title={progressText(progress)} data-review={state}>
      {state === 'done' ? (
        <span>
          <Badge tone="human">
            <Check size={12} />
            Reviewed
          </Badge>
        </span>
      ) : events === 0 ? (
        <span>{percent(progress.watched, 1)} % watched</span>
      ) : (
        <>
          <span>
            {count(decided + ignored)} of {count(events)}
          </span>
          <ProgressBar
            label="Decided"
            shares={[
              { tone: 'human', share: (decided + ignored) / whole },
              { tone: 'rule', share: rule / whole },
            ]}
          />
        </>
      )}
    </span>
  );
}
