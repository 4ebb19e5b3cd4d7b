// What a rule would give, beside its slider: events, the time to review them, precision and recall as far as samples tell.
// Role: words over the engine's estimate. Limits: asked for while somebody looks at it; the threshold has come to rest.
import type { QualityOutcome, Run } from '../../../../shared/contract/index.ts';
import { secondsToReview } from '../../../../shared/labels/progress.ts';
import type { EventRules } from '../../../../shared/labels/rules.ts';
import { count, duration, plural, score } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import { lackingText, rangeText } from '../../quality/words.ts';
import { usePass } from '../verdicts/reviewer.ts';
import styles from './RuleOutlook.module.css';

export interface RuleOutlookProps {
  run: Run;
  rules: EventRules;
  /** How many times faster than the footage the person reviews. */
  speed: number;
  /** Only what there is room for on the timeline. */
  short?: boolean;
}

const known = (name: string, outcome: QualityOutcome): string =>
  outcome.known
    ? `${name} ${score(outcome.value)} (${rangeText(outcome)})`
    : `${name}: ${lackingText(outcome)}`;

export function RuleOutlook({ run, rules, speed, short }: RuleOutlookProps) {
  const { rule, ownRules } = rules;
  const blind = usePass() === 2;
  const { data, isPlaceholderData, error } = useCall(
    'quality.estimate',
    { runId: run.id, rule, ownRules: [...ownRules] },
    { keepPrevious: true },
  );
  if (error) return <span className={styles.lines}>{error.message}</span>;
  if (!data) return null;
  const { at, samples } = data;
  const { precision, recall } = at;
  return (
    <span className={styles.lines} data-testid="rule-outlook" aria-busy={isPlaceholderData}>
      <span>
        {plural(at.events, 'event')} in all {plural(run.videos, 'video')},{' '}
        {duration(secondsToReview(at.seconds, speed, at.events))} to review
        {speed !== 1 && ` at ${speed}×`}
      </span>
      {/* What the first review found is nothing for the second reviewer's eyes. */}
      {!blind && (
        <>
          {precision.known || recall.known ? (
            <>
              <span>{known('Precision', precision)}</span>
              <span>{known('Recall', recall)}</span>
            </>
          ) : (
            <span>{known('Precision and recall', precision)}</span>
          )}
          {!short && (
            <small>
              {precision.known
                ? `With 90 % intervals, from ${count(precision.n)} verdicts on events drawn at random.`
                : 'The order Random sample and probes draw at random.'}
              {samples.otherVerdicts > 0 &&
                ` ${plural(samples.otherVerdicts, 'other verdict')} ${samples.otherVerdicts === 1 ? 'does' : 'do'} not count: nobody knows how likely one came to look there.`}
            </small>
          )}
        </>
      )}
    </span>
  );
}
