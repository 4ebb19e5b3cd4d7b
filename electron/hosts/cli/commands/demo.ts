// `demo`: from video to labels in one command, with a table of what came out.
// Role: the whole way once: videos (drawn scenes, or a folder of the person's own), features, two runs, labels in
// SQLite, an export, and numbers. Limits: uses the same calls as every face.
import { existsSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Job, Run } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import { findSomeVideos } from '../../../media/files.ts';
import { shellQuery } from '../../../store/labels.ts';
import type { Io } from '../io.ts';
import { type Session, withEngine } from '../session.ts';
import { count, counted, duration, ratio, shellWord, table } from '../text.ts';

export interface DemoOptions {
  project?: string;
  videos?: string;
  gt?: string;
  gtKey?: string;
  seed: number;
}

/** The wanted folder, or with the next free number when something is there already. */
export function freshFolder(wanted: string): string {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    if (!existsSync(folder)) return folder;
  }
}

/** A path as one would type it here. */
function shortest(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below || '.';
}

/** Draws the sample scenes; import, features and both runs follow as jobs of their own. */
async function sampleJobs({ engine, job }: Session): Promise<void> {
  await job(engine.addSample());
  for (;;) {
    const next = (await engine.call('jobs.list', {})).filter((j) => j.endedAt === null).at(-1);
    if (!next) return;
    await job(next.id);
  }
}

async function ownJobs({ engine, job }: Session, options: DemoOptions, videos: string): Promise<void> {
  const { grant } = await engine.grant(videos);
  await job((await engine.call('videos.import', { grants: [grant] })).jobId);
  if (options.gt !== undefined) {
    const truth = await engine.grant(options.gt);
    await engine.call('truth.import', { grant: truth.grant, key: options.gtKey ?? null });
  }
  await job((await engine.call('features.extract', {})).jobId);
  const [set] = await engine.call('features.list', {});
  for (const method of ['motion', 'c2fpl'] as const) {
    const { jobId } = await engine.call('runs.create', { method, featureSetId: set.id, seed: options.seed });
    await job(jobId);
  }
}

const STAGES: Record<Job['kind'], string> = {
  sample: 'draw scenes',
  import: 'import',
  extract: 'features',
  features: 'features',
  train: 'train',
  proxy: 'playable copy',
  relink: 'locate files',
  detections: 'boxes and poses',
};

interface StageTime {
  stage: string;
  seconds: number;
}

async function stageTimes({ engine }: Session, runs: readonly Run[]): Promise<StageTime[]> {
  const jobs = (await engine.call('jobs.list', {})).toReversed();
  return jobs.flatMap((job) => {
    if (job.startedAt === null || job.endedAt === null) return [];
    const run = runs.find((r) => r.id === job.runId);
    return [
      {
        stage: run ? `train ${run.method}` : STAGES[job.kind],
        seconds: (job.endedAt - job.startedAt) / 1000,
      },
    ];
  });
}

/** The AUC of a run; null when nothing is known to compare with. */
async function aucOf({ engine }: Session, runId: number): Promise<number | null> {
  try {
    return (await engine.call('runs.evaluate', { id: runId })).microAuc;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null; // no ground truth
    throw error;
  }
}

export function demo(io: Io, options: DemoOptions): Promise<void> {
  return withEngine(io, async (session) => {
    const { engine } = session;
    if (options.videos !== undefined) await findSomeVideos([options.videos]); // before a project is made for nothing
    const folder = freshFolder(resolve(options.project ?? 'demo'));
    await engine.open(folder, { name: basename(folder) });
    io.note(`Demo project in ${folder}`);
    if (options.videos === undefined) await sampleJobs(session);
    else await ownJobs(session, options, options.videos);

    const videos = await engine.call('videos.list', {});
    const done = (await engine.call('runs.list', {})).filter((run) => run.state === 'done').reverse();
    const stages = await stageTimes(session, done);
    const runs = [];
    for (const run of done) {
      const events = await engine.call('runs.events', { id: run.id });
      const eventFrames = events.reduce((sum, event) => sum + event.end - event.start, 0);
      const { id, name, method, seed, device, segments } = run;
      runs.push({
        id,
        name,
        method,
        seed,
        device,
        segments,
        events: events.length,
        eventFrames,
        microAuc: await aucOf(session, id),
      });
    }
    const started = performance.now();
    const labelled = done.find((run) => run.method === 'c2fpl') ?? done[done.length - 1];
    const formats = ['csv', 'jsonl', 'frame_npy', 'gt_npy', 'c2fpl'] as const;
    const exported = await engine.call('exports.write', {
      labels: { kind: 'run', runId: labelled.id },
      formats: [...formats],
    });
    stages.push({ stage: 'export', seconds: (performance.now() - started) / 1000 });

    const shown = shellWord(shortest(folder));
    const open = `npm start -- ${shown}`;
    const query = `sqlite3 ${shellWord(join(shortest(folder), 'project.sqlite'))} "${shellQuery(labelled.id)}"`;
    const frames = videos.reduce((sum, video) => sum + video.frames, 0);
    const seconds = videos.reduce((sum, video) => sum + video.durationSeconds, 0);
    io.result(
      { project: folder, videos: videos.length, frames, seconds, runs, stages, exported, open },
      [
        `${counted(videos.length, 'video')}, ${count(frames)} frames, ${duration(seconds)} of footage`,
        '',
        table(
          [
            ['run', 'method', 'segments', 'events', 'event frames', 'frame-level AUC'],
            ...runs.map((r) => [
              r.name,
              r.method,
              count(r.segments),
              count(r.events),
              count(r.eventFrames),
              ratio(r.microAuc),
            ]),
          ],
          [2, 3, 4, 5],
        ),
        ...(options.videos === undefined
          ? [
              'The drawn scenes hold fast anomalies, which motion features see, and slow ones (loitering, a left object), which they do not.',
            ]
          : []),
        '',
        table([['stage', 'time'], ...stages.map((s) => [s.stage, duration(s.seconds)])], [1]),
        '',
        `Labels in SQLite:  ${query}`,
        `Labels as files:   ${exported.folder}`,
        `Look at it:        ${open}`,
      ].join('\n'),
    );
  });
}
