// The selected event. Role: its verdict, scores of every run there, facts of event, run and rule. Limits: shows; edits are
// sent by the review's actions.
import type { ReactNode } from 'react';
import type { ReviewClass, Run } from '../../../shared/contract/index.ts';
import { scoredOver } from '../../../shared/labels/events.ts';
import { firedIn } from '../../../shared/labels/fired.ts';
import { segmentOfFrame } from '../../../shared/labels/segments.ts';
import type { EventRule, FrameRange } from '../../../shared/labels/types.ts';
import { cx } from '../../components/cx.ts';
import { Check, Minus } from '../../components/icons.tsx';
import { Facts, Section } from '../../components/Panel.tsx';
import { smoothText } from '../../components/SmoothSelect.tsx';
import { count, plural, score } from '../../format.ts';
import type { ScoreCurve } from './data.ts';
import styles from './Inspector.module.css';
import { keyOf } from './keymap.ts';
import type { OtherRun } from './open-video.ts';
import type { Session } from './session.ts';
import { timeText } from './time.ts';
import type { Subject } from './verdicts/subject.ts';
import { type VerdictActions, VerdictPanel } from './verdicts/VerdictPanel.tsx';

export interface InspectorProps {
  session: Session;
  run: Run | null;
  rule: EventRule | null;
  curve: ScoreCurve | null;
  otherRuns: readonly OtherRun[];
  /** What is selected; null for nothing. */
  subject: Subject | null;
  /** Machine events of this video. */
  total: number;
  classes: readonly ReviewClass[];
  actions: VerdictActions;
  /** Says which runs fired in the event, and when. */
  onExplain(range: FrameRange): void;
  /** Stands above everything: an edit that is not saved. */
  problem: ReactNode;
  /** What is like this event, and who else said something about it. */
  children?: ReactNode;
}

export function Inspector({
  session,
  run,
  rule,
  curve,
  otherRuns,
  subject,
  total,
  classes,
  actions,
  onExplain,
  problem,
  children,
}: InspectorProps) {
  const range = subject?.range ?? null;
  // The scores of a probe would tell the reviewer what the machine thinks.
  const hidden = subject?.probe && subject.row?.verdict == null;
  return (
    <aside className={styles.inspector} aria-label="Event" data-region="inspector">
      <div>
        {problem}
        <div className={styles.head}>
          {subject ? (
            <VerdictPanel
              session={session}
              subject={subject}
              total={total}
              classes={classes}
              actions={actions}
            />
          ) : (
            <>
              <div className={styles.title}>
                <h2>No event selected</h2>
              </div>
              <p className={styles.hint}>
                {total > 0
                  ? `${plural(total, 'event')} in this video. Click one on the timeline, or press N.`
                  : 'This rule gives no event in this video.'}
              </p>
            </>
          )}
        </div>
      </div>
      <div className={styles.scroll}>
        {hidden && (
          <Section title="Scores">
            <p className={styles.hint}>
              Hidden until the verdict: a probe measures what the threshold misses.
            </p>
          </Section>
        )}
        {range && !hidden && curve && run && rule && (
          <Section
            title="Scores"
            aux={
              otherRuns.length > 0 && (
                <button
                  type="button"
                  className={styles.why}
                  aria-haspopup="dialog"
                  title={`Which runs fired, and when (${keyOf('explain')})`}
                  onClick={() => onExplain(range)}
                >
                  {agreement(range, curve, rule, otherRuns)}
                </button>
              )
            }
          >
            <RunScore
              name={run.name}
              on={rule.on}
              scores={curve.scores}
              event={range}
              frames={session.frames}
              chosen
            />
            {otherRuns.map((other) => (
              <RunScore
                key={other.run.id}
                name={other.run.name}
                on={other.rule.on}
                scores={other.curve.scores}
                event={range}
                frames={session.frames}
              />
            ))}
          </Section>
        )}
        {children}
        {range && curve && (
          <Section title="Event">
            <Facts
              facts={[
                ['Frames', `${count(range.start)} to ${count(range.end)}, end excluded`],
                [
                  'Time',
                  session.timed
                    ? `${timeText(session, range.start, 1)} to ${timeText(session, range.end, 1)}`
                    : null,
                ],
                [
                  'Segments',
                  `${count(segmentOfFrame(range.start, curve.scores.length))} to ${count(segmentOfFrame(range.end - 1, curve.scores.length) + 1)}`,
                ],
                ['Share of video', `${((100 * (range.end - range.start)) / session.frames).toFixed(1)} %`],
              ]}
            />
          </Section>
        )}
        {run && rule && (
          <Section title="Run">
            <Facts
              facts={[
                ['Run', `${run.name}, seed ${run.seed}`],
                ['Rule', `on ${score(rule.on)}, off ${score(rule.off)}`],
                ['Smoothing', rule.smooth ? smoothText(rule.smooth) : null],
                ['Shortest event', plural(rule.minFrames, 'frame')],
                ['Gaps closed under', plural(rule.gapFrames, 'frame')],
                ['Device', run.device || null],
                ['Frame AUC', run.metrics?.microAuc == null ? null : score(run.metrics.microAuc)],
              ]}
            />
          </Section>
        )}
      </div>
    </aside>
  );
}

function agreement(
  event: FrameRange,
  curve: ScoreCurve,
  rule: EventRule,
  others: InspectorProps['otherRuns'],
): string {
  const over = [
    scoredOver(curve.scores, event).mean >= rule.on,
    ...others.map((other) => scoredOver(other.curve.scores, event).mean >= other.rule.on),
  ];
  return `${over.filter(Boolean).length} of ${over.length} agree`;
}

interface RunScoreProps {
  name: string;
  /** The run's threshold. */
  on: number;
  scores: Float32Array;
  event: FrameRange;
  frames: number;
  chosen?: boolean;
}

/** Bar = highest, tick = mean over the event, mark = threshold, sign = whether the mean is above it. */
function RunScore({ name, on, scores, event, frames, chosen }: RunScoreProps) {
  const { max, mean } = scoredOver(scores, event);
  const share = (value: number) => `${100 * Math.min(Math.max(value, 0), 1)}%`;
  const level = Math.min(5, Math.floor(Math.min(Math.max(max, 0), 1) * 6));
  const above = mean >= on;
  const fired = firedIn(scores, on, event, frames).map((at) => `${count(at.start)} to ${count(at.end)}`);
  const when = fired.length === 0 ? 'reached nowhere here' : `reached in frames ${fired.join(', ')}`;
  return (
    <div className={cx(styles.run, chosen && styles.chosen)}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <span
        className={styles.track}
        role="img"
        aria-label={`highest ${score(max)}, mean ${score(mean)}, threshold ${score(on)}, ${when}`}
        title={`Highest ${score(max)}, mean ${score(mean)}, threshold ${score(on)}, ${when}`}
      >
        <i style={{ width: share(max), background: `var(--score-${level})` }} />
        <u style={{ left: share(mean) }} />
        <b style={{ left: share(on) }} />
      </span>
      <span className={styles.number}>{score(max)}</span>
      <span
        className={above ? styles.yes : styles.no}
        title={above ? 'The mean is above the threshold' : 'The mean is below the threshold'}
      >
        {above ? <Check size={12} /> : <Minus size={12} />}
      </span>
    </div>
  );
}
