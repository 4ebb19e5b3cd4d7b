import { describe, expect, it } from 'vitest';
import { activeJobs, progressText, shareOf } from '../../../../renderer/state/jobs.ts';
import { pickRun } from '../../../../renderer/state/project.ts';
import { withJob } from '../../../../renderer/state/queries.ts';
import type { Job, Run } from '../../../../shared/contract/index.ts';

const job = (part: Partial<Job>): Job => ({
  id: 1,
  kind: 'import',
  title: 'Import',
  state: 'running',
  done: 0,
  total: 0,
  unit: 'videos',
  message: '',
  rate: 0,
  secondsLeft: null,
  runId: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  error: null,
  resumable: false,
  ...part,
});
const run = (part: Partial<Run>): Run => ({
  id: 1,
  name: 'c2fpl-01',
  method: 'c2fpl',
  state: 'done',
  featureSetId: 1,
  seed: 1,
  device: 'cpu',
  createdAt: 0,
  finishedAt: null,
  videos: 0,
  segments: 0,
  rule: { on: 0.5, off: 0.4, minFrames: 0, gapFrames: 0 },
  ownRules: [],
  metrics: null,
  jobId: null,
  ...part,
});

describe('jobs', () => {
  it('lists the running one first, then those that wait in the order of their turn', () => {
    const jobs = [
      job({ id: 5, state: 'queued' }),
      job({ id: 4, state: 'done' }),
      job({ id: 3, state: 'queued' }),
      job({ id: 2 }),
    ];
    expect(activeJobs(jobs).map(({ id }) => id)).toEqual([2, 3, 5]);
  });
  it('says only what is known', () => {
    expect(progressText(job({ state: 'queued' }))).toBe('Waiting for its turn');
    expect(progressText(job({}))).toBe('Starting');
    expect(progressText(job({ done: 62, total: 100, secondsLeft: 170 }))).toBe('62 %, about 3 min left');
    expect([shareOf(job({})), shareOf(job({ done: 3, total: 2 }))]).toEqual([null, 1]);
  });
  it('replaces a known job in its place and puts a new one first', () => {
    const jobs = [job({ id: 2 }), job({ id: 1 })];
    expect(withJob(jobs, job({ id: 1, state: 'done' })).map(({ id, state }) => [id, state])).toEqual([
      [2, 'running'],
      [1, 'done'],
    ]);
    expect(withJob(jobs, job({ id: 3 })).map(({ id }) => id)).toEqual([3, 2, 1]);
  });
});

describe('the run whose scores are shown', () => {
  const runs = [
    run({ id: 1, createdAt: 10 }),
    run({ id: 2, createdAt: 30, state: 'failed' }),
    run({ id: 3, createdAt: 20 }),
  ];
  it('is the chosen one while it has scores', () => {
    expect(pickRun(runs, 1)?.id).toBe(1);
    expect(pickRun(runs, 2)?.id).toBe(3);
  });
  it('is the newest finished one without a choice, and none without a finished run', () => {
    expect(pickRun(runs, null)?.id).toBe(3);
    expect(pickRun([run({ state: 'running' })], 1)).toBeNull();
  });
});
