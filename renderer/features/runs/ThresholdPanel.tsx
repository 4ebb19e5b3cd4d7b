// From scores to events. Role: the four numbers of a rule, with what they give before they are kept.
import { useDeferredValue, useState } from 'react';
import type { Run } from '../../../shared/contract/index.ts';
import { sameRule } from '../../../shared/labels/events.ts';
import { decodeSpark } from '../../../shared/labels/spark.ts';
import { Button } from '../../components/Button.tsx';
import { scoreRange } from '../../components/chart-math.ts';
import { Histogram } from '../../components/Histogram.tsx';
import { Panel } from '../../components/Panel.tsx';
import { RuleFields } from '../../components/RuleFields.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { count, plural } from '../../format.ts';
import { useAction, useCall } from '../../state/queries.ts';
import styles from './Runs.module.css';
import { ownRulesText, ruleProblem, totalsOf } from './runs.ts';

export function ThresholdPanel({ run }: { run: Run }) {
  const [rule, setRule] = useState(run.rule);
  const problem = ruleProblem(rule);
  const changed = !sameRule(rule, run.rule);
  const asked = useDeferredValue(problem === null ? rule : run.rule);
  const preview = useCall('runs.events', { id: run.id, rule: asked }, { keepPrevious: true });
  const videos = useCall('videos.list', { runId: run.id }, { keepPrevious: true }).data ?? [];
  const keep = useAction('runs.setRule');
  const parts = videos.flatMap((video) => decodeSpark(video.score?.spark ?? ''));
  const totals = preview.data && totalsOf(preview.data);
  return (
    <Panel className={styles.panel}>
      <h2>
        Events <small>scores of all videos, thresholds and what they give</small>
      </h2>
      <div className={styles.fill}>
        <Histogram
          range={scoreRange(parts, [run.rule.on, run.rule.off])}
          values={parts}
          on={rule.on}
          off={rule.off}
          label={`Spread of ${count(parts.length)} score maxima, on ${rule.on}, off ${rule.off}`}
        />
      </div>
      <div className={styles.fields}>
        <RuleFields rule={rule} units onChange={(part) => setRule({ ...rule, ...part })} />
      </div>
      <ErrorLine error={keep.error ?? (preview.error && !preview.data ? preview.error : null)} />
      <div className={styles.actions}>
        <div className={styles.totals} role="status">
          {problem !== null ? (
            <span style={{ color: 'var(--bad)' }}>{problem}</span>
          ) : totals ? (
            <>
              <span>
                <b>{count(totals.events)}</b> {totals.events === 1 ? 'event' : 'events'}
              </span>
              <span>
                <b>{count(totals.frames)}</b> frames
              </span>
              <span>in {plural(totals.videos, 'video')}</span>
              {run.ownRules.length > 0 && <span>{ownRulesText(run.ownRules)}</span>}
            </>
          ) : null}
        </div>
        <span style={{ flex: 1 }} />
        {changed && (
          <>
            <Button small variant="quiet" onPress={() => setRule(run.rule)}>
              Undo
            </Button>
            <Button
              small
              isDisabled={problem !== null || keep.pending}
              onPress={() => keep.run({ id: run.id, rule })}
            >
              Keep these thresholds
            </Button>
          </>
        )}
      </div>
    </Panel>
  );
}
