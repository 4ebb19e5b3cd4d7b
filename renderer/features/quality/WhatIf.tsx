// Another threshold, before it is kept. Role: slider over the spread of scores, the four numbers of a rule, and what
// would change. Limits: estimates come from the engine; nothing is kept until asked for.
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import type { QualityReport, Run, WhatIfPoint } from '../../../shared/contract/index.ts';
import { sameRule } from '../../../shared/labels/events.ts';
import { decodeSpark } from '../../../shared/labels/spark.ts';
import type { EventRule } from '../../../shared/labels/types.ts';
import { Button } from '../../components/Button.tsx';
import { scoreRange } from '../../components/chart-math.ts';
import { Histogram } from '../../components/Histogram.tsx';
import { Warning } from '../../components/icons.tsx';
import { Section } from '../../components/Panel.tsx';
import { RuleFields } from '../../components/RuleFields.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { count, duration, plural, score } from '../../format.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { ownRulesText, ruleProblem } from '../runs/runs.ts';
import styles from './Quality.module.css';
import { changeText, lackingText, rangeText, shortLacking, signed } from './words.ts';

export interface WhatIfProps {
  run: Run;
  rule: EventRule;
  onChange(rule: EventRule): void;
  /** Under the rule of the run, and under the one on the screen; null while on the way. */
  now: QualityReport | null;
  then: QualityReport | null;
  onReview(): void;
}

export function WhatIf({ run, rule, onChange, now, then, onReview }: WhatIfProps) {
  const videos = useCall('videos.list', { runId: run.id }).data ?? [];
  const keep = useAction('runs.setRule');
  const parts = videos.flatMap((video) => decodeSpark(video.score?.spark ?? ''));
  const range = scoreRange(parts, [run.rule.on, run.rule.off]);
  const problem = ruleProblem(rule);
  const changed = !sameRule(rule, run.rule);
  /** The lower threshold goes along at the same distance. */
  const move = (on: number): void =>
    onChange({ ...rule, on, off: Math.max(0, Number((on - Math.max(0, rule.on - rule.off)).toFixed(3))) });
  return (
    <Section
      title={<span className={styles.sideTitle}>What if</span>}
      aux={
        changed && (
          <Button small variant="quiet" onPress={() => onChange(run.rule)}>
            Back to {score(run.rule.on)}
          </Button>
        )
      }
    >
      <Slider
        className={styles.slider}
        aria-label="Threshold"
        minValue={range.low}
        maxValue={range.high}
        step={0.01}
        value={rule.on}
        onChange={move}
      >
        <SliderTrack className={styles.sliderTrack}>
          <Histogram
            values={parts}
            range={range}
            on={rule.on}
            off={rule.off}
            label={`Spread of ${count(parts.length)} score maxima`}
          />
          <SliderThumb className={styles.thumb} />
        </SliderTrack>
      </Slider>
      <div className={styles.ruleFields}>
        <RuleFields
          rule={rule}
          onChange={({ on, ...part }) => (on === undefined ? onChange({ ...rule, ...part }) : move(on))}
        />
      </div>
      {run.ownRules.length > 0 && <p>{ownRulesText(run.ownRules)} These stay as they are.</p>}
      {problem && <p className={styles.problem}>{problem}</p>}
      {now && <Changes now={now.at} then={then?.at ?? now.at} changed={changed} videos={run.videos} />}
      {changed && then && then.acceptedBelow > (now?.acceptedBelow ?? 0) && (
        <p className={styles.caution}>
          <Warning size={14} />
          <span>
            {plural(then.acceptedBelow, 'event')} you accepted {then.acceptedBelow === 1 ? 'lies' : 'lie'}{' '}
            below this threshold. They stay in the human layer.
          </span>
        </p>
      )}
      <ErrorLine error={keep.error} />
      <div className={styles.twoButtons}>
        <Button
          fill
          variant={changed ? 'primary' : 'normal'}
          isDisabled={!changed || problem !== null || keep.pending}
          onPress={() => keep.run({ id: run.id, rule })}
        >
          {changed ? `Use ${score(rule.on)}` : `In use: ${score(rule.on)}`}
        </Button>
        <Button fill onPress={onReview}>
          Review a sample
        </Button>
      </div>
    </Section>
  );
}

function Changes({
  now,
  then,
  changed,
  videos,
}: {
  now: WhatIfPoint;
  then: WhatIfPoint;
  changed: boolean;
  videos: number;
}) {
  const estimates = [
    ['Precision', now.precision, then.precision],
    ['Recall', now.recall, then.recall],
  ] as const;
  return (
    <table className={styles.changes}>
      <thead>
        <tr>
          <th scope="col">{plural(videos, 'video')}</th>
          <th scope="col">now, {score(now.on)}</th>
          {changed && <th scope="col">then, {score(then.on)}</th>}
          {changed && <th scope="col">change</th>}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Events</th>
          <td>{count(now.events)}</td>
          {changed && <td className={styles.strong}>{count(then.events)}</td>}
          {changed && <td>{signed(then.events - now.events, count)}</td>}
        </tr>
        <tr>
          <th scope="row">To watch</th>
          <td>{duration(now.seconds)}</td>
          {changed && <td className={styles.strong}>{duration(then.seconds)}</td>}
          {changed && <td>{signed(then.seconds - now.seconds, duration)}</td>}
        </tr>
        {estimates.map(([name, before, after]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {[before, ...(changed ? [after] : [])].map((outcome, i) =>
              outcome.known ? (
                <td key={i === 0 ? 'now' : 'then'} className={i === 1 ? styles.strong : undefined}>
                  {score(outcome.value)}
                  <small>{rangeText(outcome)}</small>
                </td>
              ) : (
                <td key={i === 0 ? 'now' : 'then'} title={lackingText(outcome)}>
                  –<small>{shortLacking(outcome)}</small>
                </td>
              ),
            )}
            {changed && <td>{changeText(before, after)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
