// One run. Role: what it does now, its learning curves, its events under the thresholds, its metrics, and what made it.
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Job, Run, RunDetail } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { BarChart } from '../../components/BarChart.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { Activity, Again, Info, More, Pencil, Stop, Trash, Upload } from '../../components/icons.tsx';
import { LineChart } from '../../components/LineChart.tsx';
import { Menu } from '../../components/Menu.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { Select } from '../../components/Select.tsx';
import { ErrorLine, ErrorState, LoadingRows } from '../../components/State.tsx';
import { count, duration, left, measure, plural } from '../../format.ts';
import { canResume, shareOf } from '../../state/jobs.ts';
import { useRunChoice } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { MetricsPanel } from './MetricsPanel.tsx';
import { RemoveRunDialog, RenameRunDialog } from './RunDialogs.tsx';
import { RunFacts } from './RunFacts.tsx';
import styles from './Runs.module.css';
import {
  chartInWords,
  chartsOf,
  histogramInWords,
  histogramsOf,
  METHOD_NAME,
  RUN_STATE,
  shortName,
  xNameOf,
} from './runs.ts';
import { ScoreMapsPanel } from './ScoreMapsPanel.tsx';
import { ThresholdPanel } from './ThresholdPanel.tsx';

export function RunPage({ run, job }: { run: Run; job: Job | null }) {
  const [, go] = useLocation();
  const { data: detail, error, refetch } = useCall('runs.get', { id: run.id });
  const { choose } = useRunChoice();
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null);
  const cancel = useAction('jobs.cancel');
  const resume = useAction('jobs.resume');
  const { word, tone } = RUN_STATE[run.state];
  const working = run.state === 'running' || run.state === 'queued';
  return (
    <>
      <main className={styles.centre} data-region="main" aria-label={`Run ${run.name}`}>
        <div className={styles.page}>
          <header className={styles.head}>
            <div className={styles.headText}>
              <h1>
                <span>{run.name}</span>
                <Badge tone={tone}>{word}</Badge>
              </h1>
              <p>
                {METHOD_NAME[run.method]} on {plural(run.segments, 'segment')} of{' '}
                {plural(run.videos, 'video')}
              </p>
            </div>
            {job && <Times job={job} />}
            {working && job && (
              <Button
                variant="danger"
                icon={<Stop size={14} />}
                isDisabled={cancel.pending}
                onPress={() => cancel.run({ id: job.id })}
              >
                {run.state === 'running' ? 'Stop' : 'Remove from queue'}
              </Button>
            )}
            {!working && run.state !== 'done' && job && canResume(job) && (
              <Button
                variant="primary"
                icon={<Again size={14} />}
                isDisabled={resume.pending}
                onPress={() => resume.run({ id: job.id })}
              >
                Resume
              </Button>
            )}
            {run.state === 'done' && (
              <>
                <Button icon={<Upload size={14} />} onPress={() => go(`/export/${run.id}`)}>
                  Export…
                </Button>
                <Button
                  variant="primary"
                  icon={<Activity size={14} />}
                  onPress={() => {
                    choose(run.id);
                    go(`/review/${run.id}`);
                  }}
                >
                  Review
                </Button>
              </>
            )}
            <Menu
              label="More about this run"
              placement="bottom end"
              trigger={<IconButton label="More" icon={<More />} />}
              entries={[
                { id: 'rename', label: 'Rename…', icon: <Pencil />, onAction: () => setDialog('rename') },
                {
                  id: 'remove',
                  label: 'Remove this run…',
                  icon: <Trash />,
                  danger: true,
                  disabled: working,
                  onAction: () => setDialog('remove'),
                },
              ]}
            />
          </header>
          <ErrorLine
            error={cancel.error ?? resume.error ?? (run.state === 'failed' ? (job?.error ?? null) : null)}
          />
          {working && job && (
            <Panel className={styles.progress}>
              <ProgressBar label={job.title} value={shareOf(job)} thick />
              <div className={styles.progressText}>
                <span>
                  {run.state === 'queued'
                    ? 'Waiting for its turn; one job runs at a time'
                    : job.message || 'Starting'}
                </span>
                <span>
                  {job.total > 0 &&
                    `${count(Math.floor(job.done))} of ${count(Math.ceil(job.total))} ${job.unit}`}
                  {job.rate > 0 && ` · ${measure(job.rate)} per second`}
                </span>
              </div>
            </Panel>
          )}
          {error && !detail ? (
            <ErrorState title="This run cannot be read" error={error} onRetry={() => void refetch()} />
          ) : !detail ? (
            <LoadingRows label="Reading the run" />
          ) : (
            <>
              <div className={cx(styles.grid, (detail.curve.length > 0 || working) && styles.grow)}>
                <CurvePanel detail={detail} />
                <NotesPanel detail={detail} />
              </div>
              <ScoreMapsPanel run={run} />
              {run.state === 'done' && (
                <div className={cx(styles.grid, styles.grow)}>
                  <ThresholdPanel run={run} />
                  <MetricsPanel run={run} />
                </div>
              )}
            </>
          )}
        </div>
      </main>
      <aside className={cx(styles.side, styles.details)} aria-label="Details" data-region="details">
        {detail && <RunFacts detail={detail} />}
      </aside>
      {dialog === 'rename' && <RenameRunDialog run={run} onClose={() => setDialog(null)} />}
      {dialog === 'remove' && (
        <RemoveRunDialog run={run} onClose={() => setDialog(null)} onRemoved={() => go('/runs')} />
      )}
    </>
  );
}

/** How long a job has taken, and what is left. */
function Times({ job }: { job: Job }) {
  const [now, setNow] = useState(Date.now);
  const running = job.state === 'running';
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  if (job.startedAt === null) return null;
  const seconds = Math.max(0, ((job.endedAt ?? now) - job.startedAt) / 1000);
  return (
    <div className={styles.times}>
      <b>{duration(running ? Math.floor(seconds) : seconds)}</b>
      <small>
        {running
          ? job.secondsLeft === null
            ? 'time left not known yet'
            : left(job.secondsLeft)
          : 'from start to end'}
      </small>
    </div>
  );
}

function CurvePanel({ detail }: { detail: RunDetail }) {
  const charts = chartsOf(detail.curve);
  const histograms = histogramsOf(detail.curve);
  const names = [...charts, ...histograms].map(({ name }) => name);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = names.find((name) => name === chosen) ?? names[0];
  const chart = charts.find(({ name }) => name === shown);
  const histogram = histograms.find(({ name }) => name === shown);
  const trains = detail.method !== 'motion' && detail.method !== 'rarity';
  return (
    <Panel className={styles.panel}>
      <h2>
        Learning curves
        {chart && <small>{plural(chart.lines[0].points.length, 'point')}</small>}
        {histogram && <small>histogram</small>}
        <span className={styles.push} />
        {names.length > 1 && (
          <Select
            label="Curve"
            hideLabel
            value={shown}
            onChange={setChosen}
            choices={[
              ...charts.map((one) => ({ value: one.name, label: shortName(one) })),
              ...histograms.map(({ name }) => ({ value: name, label: `Histogram: ${name}` })),
            ]}
          />
        )}
      </h2>
      {chart ? (
        <div className={styles.fill}>
          <LineChart
            key={chart.name}
            lines={chart.lines}
            xName={xNameOf(detail.method, chart)}
            label={chartInWords(chart, measure)}
          />
        </div>
      ) : histogram ? (
        <div className={styles.fill}>
          <BarChart
            key={histogram.name}
            bars={histogram.bars}
            xName={histogram.name}
            label={histogramInWords(histogram, measure)}
          />
        </div>
      ) : (
        <p className={styles.quiet}>
          {!trains
            ? detail.method === 'consensus'
              ? 'Nothing was learned here: the scores come from other runs, so there is no curve.'
              : 'This method has nothing to learn: it reads the scores off the features, so there is no curve.'
            : detail.state === 'running' || detail.state === 'queued'
              ? 'Curves appear soon after training has begun.'
              : 'No point was recorded.'}
        </p>
      )}
    </Panel>
  );
}

function NotesPanel({ detail }: { detail: RunDetail }) {
  return (
    <Panel className={styles.panel}>
      <h2>
        Notes <small>from the method</small>
      </h2>
      {detail.notes.length === 0 ? (
        <p className={styles.quiet}>
          {detail.state === 'done' ? 'Nothing out of the ordinary.' : 'Notes are written when the run ends.'}
        </p>
      ) : (
        <ul>
          {detail.notes.map((note) => (
            <li key={note} className={styles.note}>
              <Info size={14} />
              <span data-selectable="">{note}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
