// How good labels are: estimated from random samples that people reviewed, and measured where ground truth exists.
// Role: which run and threshold are looked at, the numbers, curves and tables of both. Limits: every number comes from
// the engine with its count; verdicts that were not drawn at random never enter an estimate, and the page says so.
import { useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { EvaluationReport, QualityReport, Run } from '../../../shared/contract/index.ts';
import { sameRule } from '../../../shared/labels/events.ts';
import type { EventRule } from '../../../shared/labels/types.ts';
import { Button } from '../../components/Button.tsx';
import { Activity } from '../../components/icons.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Select } from '../../components/Select.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../../components/State.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { type PlotLine, UnitPlot } from '../../components/UnitPlot.tsx';
import { count, plural, score } from '../../format.ts';
import { useRunChoice } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { InStatusBar } from '../../state/status.tsx';
import { reviewPath } from '../review/place.ts';
import { METHOD_NAME, ruleProblem } from '../runs/runs.ts';
import { COMPARED, type Protocol, useEvaluations } from './data.ts';
import { Interval } from './Interval.tsx';
import { Probabilities } from './Probabilities.tsx';
import styles from './Quality.module.css';
import { RunsTable } from './RunsTable.tsx';
import { Tables } from './Tables.tsx';
import { TruthButton } from './TruthButton.tsx';
import { WhatIf } from './WhatIf.tsx';
import { lackingText, overThresholds, rangeText, sampledCurve, three } from './words.ts';

/** Units of a sample that "Review a sample" draws. */
const SAMPLE = 60;

export function QualityScreen({ runId }: { runId: number | null }) {
  const [, go] = useLocation();
  const { runs, run: chosen, choose } = useRunChoice();
  const done = runs.filter((run) => run.state === 'done');
  const run = done.find((r) => r.id === runId) ?? chosen;
  if (!run) {
    return (
      <EmptyState
        icon={<Activity size={20} />}
        title="There are no scores to judge yet"
        actions={
          <Button variant="primary" onPress={() => go('/runs/new')}>
            New run
          </Button>
        }
      >
        A finished run can be judged by ground truth, or by a random sample of its events that a person
        reviews.
      </EmptyState>
    );
  }
  return (
    <OpenQuality
      key={run.id}
      run={run}
      runs={done}
      onChoose={(id) => {
        choose(id);
        go(`/quality/${id}`);
      }}
    />
  );
}

interface OpenProps {
  run: Run;
  runs: readonly Run[];
  onChoose(runId: number): void;
}

function OpenQuality({ run, runs, onChoose }: OpenProps) {
  const [, go] = useLocation();
  const [rule, setRule] = useState<EventRule>(run.rule);
  const [protocol, setProtocol] = useState<Protocol>({ protocol: 'trimmed', tail: 'pad_last' });
  const [compared, setCompared] = useState<number[]>([]);
  useEffect(() => setRule(run.rule), [run.rule]);
  const asked = useDeferredValue(ruleProblem(rule) === null ? rule : run.rule);
  const now = useCall('quality.estimate', { runId: run.id, curve: true });
  const then = useCall(
    'quality.estimate',
    { runId: run.id, rule: asked },
    { enabled: !sameRule(asked, run.rule), keepPrevious: true },
  );
  const queries = useQueryClient();
  const place = useAction('review.setPlace', () => {
    void queries.invalidateQueries({ queryKey: ['review.place'] });
    go(reviewPath(run.id, null));
  });
  const review = (): void =>
    place.run({
      place: {
        runId: run.id,
        settings: { order: 'random', sample: SAMPLE, probeShare: 0.5 },
        current: null,
      },
    });
  const reports = useEvaluations([run.id, ...compared], protocol);
  const [evaluation] = reports;
  if (now.error && !now.data)
    return (
      <ErrorState title="Quality cannot be shown" error={now.error} onRetry={() => void now.refetch()} />
    );
  if (!now.data) return <LoadingRows label="Estimating" />;
  const report = now.data;
  const preview = sameRule(asked, run.rule) ? null : (then.data ?? null);
  return (
    <div className={styles.quality}>
      <main className={styles.centre} data-region="main" aria-label="Quality">
        <header className={styles.head}>
          <h1>Quality</h1>
          <span className={styles.push} />
          <Select
            label="Scores"
            hideLabel
            value={String(run.id)}
            onChange={(id) => onChoose(Number(id))}
            choices={runs.map((r) => ({ value: String(r.id), label: r.name, note: METHOD_NAME[r.method] }))}
          />
          {evaluation && (
            <>
              <Segments
                label="Protocol"
                value={protocol.protocol}
                onChange={(next) => setProtocol({ ...protocol, protocol: next })}
                options={[
                  { value: 'trimmed', label: 'Trimmed' },
                  { value: 'official', label: 'Official' },
                ]}
              />
              {protocol.protocol === 'official' && (
                <Select
                  label="Labels behind the end of a video"
                  hideLabel
                  value={protocol.tail}
                  onChange={(tail) => setProtocol({ ...protocol, tail })}
                  choices={[
                    { value: 'pad_last', label: 'Last label goes on', note: 'pad_last' },
                    { value: 'zeros', label: 'Normal behind the end', note: 'zeros' },
                    { value: 'cut', label: 'Common frames only', note: 'cut' },
                  ]}
                />
              )}
            </>
          )}
        </header>
        <Numbers report={report} evaluation={evaluation} />
        {nothingToDraw(report, evaluation) ? (
          <Panel className={styles.plot}>
            <NoSample report={report} onReview={review} />
          </Panel>
        ) : (
          <div className={styles.plots}>
            <LeftPlot report={report} reports={reports} preview={preview} />
            <PrecisionRecall report={report} reports={reports} preview={preview} />
          </div>
        )}
        <Tables quality={report} evaluation={evaluation} protocol={protocol} compared={compared} />
      </main>
      <aside className={styles.side} aria-label="What if" data-region="details">
        <WhatIf run={run} rule={rule} onChange={setRule} now={report} then={preview} onReview={review} />
        <Needed report={report} />
        <RunsTable
          run={run}
          runs={runs}
          compared={compared}
          onCompare={setCompared}
          reports={reports}
          onChoose={onChoose}
        />
        <Probabilities run={run} />
      </aside>
      <InStatusBar>
        <span>
          Only verdicts drawn by sampling enter the estimates; queue-ordered and rule verdicts never do
        </span>
      </InStatusBar>
    </div>
  );
}

function Numbers({ report, evaluation }: { report: QualityReport; evaluation: EvaluationReport | null }) {
  const { at, samples } = report;
  return (
    <Panel className={styles.numbers}>
      {(
        [
          ['Precision, estimated', at.precision],
          ['Recall, estimated', at.recall],
        ] as const
      ).map(([name, outcome]) => (
        <div key={name}>
          <span>{name}</span>
          {outcome.known ? (
            <p>
              <b>{score(outcome.value)}</b>
              <small>{rangeText(outcome)}</small>
            </p>
          ) : (
            <p className={styles.lackingNumber}>{lackingText(outcome)}</p>
          )}
          <Interval outcome={outcome} />
        </div>
      ))}
      {evaluation ? (
        <div>
          <span>Frame AUC, {plural(evaluation.all.videos, 'video')} with ground truth</span>
          <p>
            <b>{three(evaluation.all.microAuc)}</b>
            <small>
              AP {three(evaluation.all.stepAp)}, PR area {three(evaluation.all.trapezoidPrAuc)}
            </small>
          </p>
          <small>
            Macro {three(evaluation.all.macroAuc)}; abnormal videos only{' '}
            {three(evaluation.abnormalOnly?.microAuc ?? null)}; false alarms{' '}
            {three(evaluation.all.falseAlarmRate)} of normal frames
          </small>
        </div>
      ) : (
        <div>
          <span>Ground truth</span>
          <p className={styles.lackingNumber}>
            None for these videos. It is used to measure, never to train.
          </p>
          <TruthButton />
        </div>
      )}
      <div>
        <span>Behind the estimate</span>
        <p>
          <b>{count(samples.decided)}</b>
          <small>{samples.decided === 1 ? 'sampled review' : 'sampled reviews'}</small>
        </p>
        <small>
          {count(samples.otherVerdicts)} other {samples.otherVerdicts === 1 ? 'verdict' : 'verdicts'} and{' '}
          {count(samples.byRule)} by rule not used
          {samples.unsure > 0 && `; ${count(samples.unsure)} unsure`}
          {samples.unusable > 0 &&
            `; ${plural(samples.unusable, 'draw')} not usable: what they were drawn from is not known`}
        </small>
      </div>
    </Panel>
  );
}

interface PlotProps {
  report: QualityReport;
  /** Of the run first, then of those it is compared with. */
  reports: readonly (EvaluationReport | null)[];
  preview: QualityReport | null;
}

/** Curves of the compared runs, the chosen one last and heaviest. */
function curvesOf(reports: readonly (EvaluationReport | null)[], which: 'roc' | 'pr'): PlotLine[] {
  const [own, ...others] = reports;
  return [
    ...others.flatMap((other, i): PlotLine[] =>
      other?.curves ? [{ points: other.curves[which], ...COMPARED[i % COMPARED.length] }] : [],
    ),
    ...(own?.curves ? [{ points: own.curves[which], colour: 'ink' as const, width: 2.25 }] : []),
  ];
}

function LeftPlot({ report, reports, preview }: PlotProps) {
  const [own] = reports;
  return own?.curves ? (
    <Roc reports={reports} own={own} />
  ) : (
    <OverThresholds report={report} preview={preview} />
  );
}

function Roc({ reports, own }: { reports: PlotProps['reports']; own: EvaluationReport }) {
  const lines = useMemo(() => curvesOf(reports, 'roc'), [reports]);
  const { falseAlarmRate, recall } = own.all;
  const marks =
    falseAlarmRate === null || recall === null
      ? []
      : [{ at: [falseAlarmRate, recall] as const, text: `on ${score(own.rule.on)}` }];
  return (
    <Panel className={styles.plot}>
      <h2>
        ROC <small>frames, pooled</small>
      </h2>
      <UnitPlot
        xName="False positive rate"
        yName="True positive rate"
        diagonal
        lines={lines}
        marks={marks}
        label={`ROC curve, area ${three(own.all.microAuc)}`}
      />
    </Panel>
  );
}

function OverThresholds({ report, preview }: { report: QualityReport; preview: QualityReport | null }) {
  const { lines, bands } = useMemo(() => {
    const precision = overThresholds(report.curve, 'precision');
    const recall = overThresholds(report.curve, 'recall');
    return {
      lines: [
        { points: precision.line, colour: 'human' as const, width: 2.25 },
        { points: recall.line, colour: 'ink' as const, dash: [6, 3], width: 1.75 },
      ],
      bands: [
        { upper: precision.upper, lower: precision.lower, colour: 'human-fill' as const },
        { upper: recall.upper, lower: recall.lower, colour: 'ink-3' as const },
      ],
    };
  }, [report.curve]);
  const marks = [report, ...(preview ? [preview] : [])].flatMap(({ at }) =>
    at.precision.known
      ? [{ at: [Math.min(1, Math.max(0, at.on)), at.precision.value] as const, text: `on ${score(at.on)}` }]
      : [],
  );
  return (
    <Panel className={styles.plot}>
      <h2>
        Over the threshold <small>precision solid, recall dashed, 90 % bands from sampled reviews</small>
      </h2>
      {lines[0].points.length + lines[1].points.length === 0 ? null : (
        <UnitPlot
          xName="Threshold"
          yName="Share"
          lines={lines}
          bands={bands}
          marks={marks}
          label="Estimated precision and recall over the threshold"
        />
      )}
    </Panel>
  );
}

/** Whether neither ground truth nor a sample gives a curve. */
const nothingToDraw = (report: QualityReport, evaluation: EvaluationReport | null): boolean =>
  !evaluation?.curves && report.curve.every(({ precision, recall }) => !precision.known && !recall.known);

function NoSample({ report, onReview }: { report: QualityReport; onReview(): void }) {
  const { precision } = report.at;
  return (
    <div className={styles.noSample}>
      <p>{precision.known ? 'Not enough data' : lackingText(precision)}</p>
      <p>
        A sample draws events and stretches below the threshold at random, with known probabilities. With 20
        of each looked at, precision and recall appear here with their intervals, for this threshold and all
        others. Verdicts in any other order never count.
      </p>
      <p>
        <Button onPress={onReview}>Review a sample</Button>
      </p>
    </div>
  );
}

function PrecisionRecall({ report, reports, preview }: PlotProps) {
  const [own] = reports;
  const sampled = useMemo(() => sampledCurve(report.curve), [report.curve]);
  const lines = useMemo(
    (): PlotLine[] => [
      ...curvesOf(reports, 'pr'),
      ...(sampled.line.length > 0
        ? [{ points: sampled.line, colour: 'human' as const, dash: [1, 3], width: 2 }]
        : []),
    ],
    [reports, sampled],
  );
  const marks = [report, ...(preview ? [preview] : [])].flatMap(({ at }) =>
    at.precision.known && at.recall.known
      ? [{ at: [at.recall.value, at.precision.value] as const, text: `on ${score(at.on)}` }]
      : [],
  );
  return (
    <Panel className={styles.plot}>
      <h2>
        Precision and recall
        <small>
          {sampled.line.length > 0 ? 'band: 90 % from sampled reviews' : own ? 'frames, pooled' : ''}
        </small>
      </h2>
      {lines.length === 0 ? (
        <p className={styles.quiet}>Recall needs 20 reviewed probes from below the threshold as well.</p>
      ) : (
        <UnitPlot
          xName="Recall"
          yName="Precision"
          lines={lines}
          bands={sampled.line.length > 1 ? [{ ...sampled, colour: 'human-fill' }] : []}
          marks={marks}
          label={`Precision over recall${own ? `, average precision ${three(own.all.stepAp)}` : ''}`}
        />
      )}
    </Panel>
  );
}

function Needed({ report }: { report: QualityReport }) {
  const { needed, at } = report;
  const rows = [
    ['Precision', needed.precision, at.precision],
    ['Recall', needed.recall, at.recall],
  ] as const;
  if (rows.every(([, more]) => more === null)) return null;
  return (
    <section className={styles.needed}>
      <h3>For intervals {score(needed.width)} wide</h3>
      {rows.map(([name, more, outcome]) => (
        <p key={name}>
          <span>{name}</span>
          <span>
            {more === null
              ? lackingText(outcome.known ? { known: false, reason: 'few', n: 0, needed: 20 } : outcome)
              : more === 0
                ? 'narrow enough'
                : more >= needed.left
                  ? `all ${count(more)} that are left`
                  : `about ${plural(more, 'more review')}`}
          </span>
        </p>
      ))}
    </section>
  );
}
