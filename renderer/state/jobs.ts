// Jobs as people see them. Role: the list of the open project, and words for kinds and states.
import type { Job, JobKind } from '../../shared/contract/index.ts';
import { left, percent } from '../format.ts';
import { useProject } from './project.ts';
import { useCall } from './queries.ts';

export function useJobs(): Job[] {
  return useCall('jobs.list', {}, { enabled: Boolean(useProject()) }).data ?? [];
}

export const isActive = (job: Job): boolean => job.state === 'running' || job.state === 'queued';

/** Whether a job makes the playable copy of a video; the newest jobs come first in lists. */
export const isCopyOf = (job: Job, video: { relPath: string }): boolean =>
  job.kind === 'proxy' && job.title === `Playable copy of ${video.relPath}`;

/** Jobs under way or waiting, the running one first, then in order of their turn. */
export function activeJobs(jobs: readonly Job[]): Job[] {
  return jobs
    .filter(isActive)
    .toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || a.id - b.id);
}

/** Whether a job that ended early can go on from its checkpoint. */
export const canResume = (job: Job): boolean =>
  job.resumable && (job.state === 'failed' || job.state === 'cancelled' || job.state === 'interrupted');

export const JOB_KIND: Record<JobKind, string> = {
  import: 'Import',
  extract: 'Features',
  features: 'Import of features',
  train: 'Training',
  proxy: 'Playable copy',
  relink: 'Locate files',
  sample: 'Sample',
  detections: 'Import of boxes and poses',
};

export const JOB_STATE: Record<Job['state'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
};

/** Share done in [0, 1], null while the size of the work is not known. */
export const shareOf = (job: Job): number | null =>
  job.total > 0 ? Math.min(1, job.done / job.total) : null;

/** `62 %, about 3 min left`; only what is known. */
export function progressText(job: Job): string {
  if (job.state === 'queued') return 'Waiting for its turn';
  const parts = [
    job.total > 0 ? `${percent(job.done, job.total)} %` : '',
    job.secondsLeft === null ? '' : left(job.secondsLeft),
  ].filter(Boolean);
  return parts.join(', ') || 'Starting';
}
