// The job under way, above the list of videos. Role: what, how far, stop. Limits: one job; the title bar has them all.
import type { Job } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { plural } from '../../format.ts';
import { progressText, shareOf } from '../../state/jobs.ts';
import { useAction } from '../../state/queries.ts';
import styles from './Library.module.css';

/** The job under way, above the list it will change. */
export function JobNotice({ job, waiting }: { job: Job; waiting: number }) {
  const cancel = useAction('jobs.cancel');
  return (
    <div className={styles.notice}>
      <Panel className={styles.job}>
        <b>{job.title}</b>
        <ProgressBar label={job.title} value={shareOf(job)} />
        <span>{progressText(job)}</span>
        <Button small variant="quiet" isDisabled={cancel.pending} onPress={() => cancel.run({ id: job.id })}>
          Stop
        </Button>
        <small>
          {[job.message, waiting > 0 ? `${plural(waiting, 'more job')} waiting` : '']
            .filter(Boolean)
            .join(' · ') || ' '}
        </small>
      </Panel>
    </div>
  );
}
