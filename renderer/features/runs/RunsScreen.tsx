// Runs of the project. Role: the list at the left, the chosen run in the middle.
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import type { Job, Run } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { Activity, Plus } from '../../components/icons.tsx';
import { Section } from '../../components/Panel.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../../components/State.tsx';
import { percent, plural, when } from '../../format.ts';
import { shareOf, useJobs } from '../../state/jobs.ts';
import { useRunChoice } from '../../state/project.ts';
import { useCall } from '../../state/queries.ts';
import { RunPage } from './RunPage.tsx';
import styles from './Runs.module.css';
import { jobOf, METHOD_NAME, RUN_STATE } from './runs.ts';

export function RunsScreen({ runId }: { runId: number | null }) {
  const [, go] = useLocation();
  const { data: runs, error, refetch } = useCall('runs.list', {});
  const { data: sets } = useCall('features.list', {});
  const jobs = useJobs();
  const newest = runs?.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id) ?? [];
  const shown = runId === null ? (newest[0] ?? null) : (newest.find((run) => run.id === runId) ?? null);
  // A finished run somebody goes to is the one whose scores library and review show from then on.
  const { choose } = useRunChoice();
  const opened = runId !== null && shown?.state === 'done' ? shown.id : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each run that is opened
  useEffect(() => {
    if (opened !== null) choose(opened);
  }, [opened]);
  const newRun = (
    <Button
      variant={newest.length === 0 ? 'primary' : 'normal'}
      icon={<Plus size={14} />}
      onPress={() => go('/runs/new')}
    >
      New run
    </Button>
  );
  const list = (
    <aside className={styles.side} aria-label="Runs" data-region="runs">
      <div className={styles.sideHead}>
        <h1>Runs</h1>
        {newest.length > 0 && newRun}
      </div>
      <RunGroup
        title="Running"
        runs={newest.filter((run) => run.state === 'running')}
        jobs={jobs}
        current={shown}
      />
      <RunGroup
        title="Waiting"
        runs={newest.filter((run) => run.state === 'queued').toReversed()}
        jobs={jobs}
        current={shown}
      />
      <RunGroup
        title="Ended"
        aux="newest first"
        runs={newest.filter((run) => run.state !== 'running' && run.state !== 'queued')}
        jobs={jobs}
        current={shown}
      />
    </aside>
  );
  const frame = (content: ReactNode): ReactNode => (
    <div className={styles.runs}>
      {list}
      <main className={styles.centre} data-region="main">
        <div className={styles.state}>{content}</div>
      </main>
    </div>
  );
  if (error && !runs)
    return frame(
      <ErrorState title="The runs cannot be listed" error={error} onRetry={() => void refetch()} />,
    );
  if (!runs) return frame(<LoadingRows label="Reading the runs" />);
  if (runs.length === 0) {
    const ready = (sets?.length ?? 0) > 0;
    return frame(
      <EmptyState
        icon={<Activity size={20} />}
        title="No run yet"
        actions={
          ready ? (
            newRun
          ) : (
            <Button variant="primary" onPress={() => go('/library')}>
              Go to the library
            </Button>
          )
        }
      >
        {ready
          ? 'A run trains a method on your features, without labels, and gives every segment a score.'
          : 'A run needs features. Import videos and extract features first, or import features computed elsewhere.'}
      </EmptyState>,
    );
  }
  if (!shown) {
    return frame(
      <EmptyState
        title="This run is not in the project"
        actions={<Button onPress={() => go('/runs')}>Show the newest run</Button>}
      >
        It may have been removed.
      </EmptyState>,
    );
  }
  return (
    <div className={cx(styles.runs, styles.withDetails)}>
      {list}
      <RunPage key={shown.id} run={shown} job={jobOf(shown, jobs)} />
    </div>
  );
}

interface RunGroupProps {
  title: string;
  aux?: string;
  runs: readonly Run[];
  jobs: readonly Job[];
  current: Run | null;
}

function RunGroup({ title, aux, runs, jobs, current }: RunGroupProps) {
  if (runs.length === 0) return null;
  return (
    <Section title={title} aux={aux}>
      {runs.map((run) => {
        const job = jobOf(run, jobs);
        const { word, tone } = RUN_STATE[run.state];
        return (
          <Link
            key={run.id}
            href={`/runs/${run.id}`}
            className={styles.entry}
            aria-current={run.id === current?.id ? 'page' : undefined}
          >
            <span className={styles.line}>
              <span className={styles.entryName}>{run.name}</span>
              <Badge>{METHOD_NAME[run.method]}</Badge>
              {run.state === 'running' && job ? (
                <span>{job.total > 0 ? `${percent(job.done, job.total)} %` : ''}</span>
              ) : run.state !== 'done' ? (
                <Badge tone={tone}>{word}</Badge>
              ) : null}
            </span>
            {run.state === 'running' && job && <ProgressBar label={run.name} value={shareOf(job)} />}
            <span className={styles.small}>
              <span>{run.state === 'running' && job ? job.message : plural(run.videos, 'video')}</span>
              <span>{run.state === 'running' ? '' : when(run.finishedAt ?? run.createdAt)}</span>
            </span>
          </Link>
        );
      })}
    </Section>
  );
}
