// The store at the size of a large data set: 1,900 videos, 1.6 million segments. Times are printed, not judged.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openProject } from '../../electron/store/open.ts';
import { resultFor, runningProject } from '../unit/store/project.ts';

it('stores and reads a run of 1.6 million segments', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-large-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = openProject(join(folder, 'project'), { create: { name: 'Large' } });
  const clock = (what: string, since: number) =>
    console.info(`${what}: ${Math.round(performance.now() - since)} ms`);

  const segments = Array.from({ length: 1900 }, (_, i) => 500 + ((i * 37) % 700));
  const total = segments.reduce((a, b) => a + b, 0);
  const { runId, jobId, videoIds } = await runningProject(store, segments);
  const result = resultFor(videoIds.map((videoId, i) => ({ videoId, segments: segments[i] })));

  let since = performance.now();
  store.runs.finish(runId, result);
  clock(`finish, ${total} segment rows`, since);
  expect(store.jobs.get(jobId).state).toBe('done');

  since = performance.now();
  const all = store.runs.allScores(runId);
  clock('all scores and labels', since);
  expect(all).toHaveLength(1900);
  expect(all.reduce((n, v) => n + v.scores.length, 0)).toBe(total);
  const last = all.find((v) => v.videoId === videoIds[1899]);
  expect(last?.scores).toEqual(result.videos[1899].scores);

  const file = join(store.folder, 'project.sqlite');
  since = performance.now();
  const db = new Database(file, { readonly: true });
  const counted = db.prepare('SELECT segments, anomalous_segments AS anomalous FROM run_summary').get();
  clock('run_summary', since);
  const anomalous = result.videos.reduce((n, v) => n + v.labels.reduce((a, b) => a + b, 0), 0);
  expect(counted).toEqual({ segments: total, anomalous });
  since = performance.now();
  const page = db
    .prepare('SELECT video, segment, score FROM pseudo_labels WHERE run_id = ? AND label = 1 LIMIT 1000')
    .all(runId);
  clock('1,000 rows of pseudo_labels', since);
  expect(page).toHaveLength(1000);
  db.close();

  since = performance.now();
  const backup = await store.backupIfDue();
  clock('backup', since);
  expect(statSync(backup as string).size).toBeGreaterThan(1_000_000);

  since = performance.now();
  store.close();
  clock('close', since);
  since = performance.now();
  const again = openProject(store.folder);
  clock('open', since);
  console.info(`database: ${Math.round(statSync(file).size / 1e6)} MB`);
  since = performance.now();
  again.runs.remove(runId);
  clock('remove the run', since);
  expect(again.runs.list()).toEqual([]);
  again.close();
});
