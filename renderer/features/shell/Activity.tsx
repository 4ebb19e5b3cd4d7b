// What the engine does now, in the title bar, and all jobs of the project behind it.
import { Button as PlainButton } from 'react-aria-components';
import type { Job } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Activity as ActivityIcon } from '../../components/icons.tsx';
import { Popover } from '../../components/Menu.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { duration, percent, when } from '../../format.ts';
import {
  activeJobs,
  canResume,
  isActive,
  JOB_KIND,
  JOB_STATE,
  progressText,
  shareOf,
  useJobs,
} from '../../state/jobs.ts';
import { useAction } from '../../state/queries.ts';
import styles from './Shell.module.css';

const SHOWN_ENDED = 20;

export function Activity() {
  const jobs = useJobs();
  const active = activeJobs(jobs);
  const now = active[0];
  const ended = jobs.filter((job) => !isActive(job)).toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  if (jobs.length === 0) return null;
  return (
    <Popover
      label="Jobs"
      trigger={
        <PlainButton
          className={styles.activity}
          aria-label={now ? `${now.title}: ${progressText(now)}. Show jobs` : 'Jobs'}
        >
          {now ? (
            <>
              <span className={styles.activityTitle}>
                {now.runId === null ? JOB_KIND[now.kind] : now.title}
              </span>
              <span className={styles.activityBar}>
                <ProgressBar label={now.title} value={shareOf(now)} />
              </span>
              <span className={styles.percent}>
                {now.total > 0 ? `${percent(now.done, now.total)} %` : ''}
              </span>
              {active.length > 1 && <Badge>+{active.length - 1}</Badge>}
            </>
          ) : (
            <ActivityIcon />
          )}
        </PlainButton>
      }
    >
      <div className={styles.jobs}>
        <h2 className={styles.jobsHead}>Jobs</h2>
        {active.length === 0 && (
          <p className={styles.quietNote}>
            Nothing is running. One job runs at a time, the others wait for their turn.
          </p>
        )}
        {[...active, ...ended.slice(0, SHOWN_ENDED)].map((job) => (
          <JobEntry key={job.id} job={job} />
        ))}
      </div>
    </Popover>
  );
}

function JobEntry({ job }: { job: Job }) {
  const cancel = useAction('jobs.cancel');
  const resume = useAction('jobs.resume');
  const active = isActive(job);
  const took =
    job.startedAt !== null && job.endedAt !== null ? duration((job.endedAt - job.startedAt) / 1000) : null;
  return (
    <section className={styles.job} aria-label={job.title}>
      <div className={styles.jobTitle}>
        <span title={job.title}>{job.title}</span>
        {job.state !== 'running' && (
          <Badge tone={job.state === 'failed' ? 'bad' : job.state === 'interrupted' ? 'warn' : 'neutral'}>
            {JOB_STATE[job.state]}
          </Badge>
        )}
      </div>
      {active ? (
        <Button small variant="quiet" isDisabled={cancel.pending} onPress={() => cancel.run({ id: job.id })}>
          {job.state === 'queued' ? 'Remove' : 'Stop'}
        </Button>
      ) : canResume(job) ? (
        <Button small isDisabled={resume.pending} onPress={() => resume.run({ id: job.id })}>
          Resume
        </Button>
      ) : (
        <span />
      )}
      {job.state === 'running' && (
        <div className={styles.jobBar}>
          <ProgressBar label={job.title} value={shareOf(job)} />
        </div>
      )}
      {job.error ? (
        <p className={styles.jobError} data-selectable="">
          {job.error.message}
        </p>
      ) : (
        <div className={styles.jobNote}>
          <span title={job.message}>{active ? job.message : took ? `Took ${took}` : ''}</span>
          <span>{active ? progressText(job) : job.endedAt !== null && when(job.endedAt)}</span>
        </div>
      )}
      <ErrorLine error={cancel.error ?? resume.error} />
    </section>
  );
}
