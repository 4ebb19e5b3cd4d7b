// `videos` and `relink`: what is in a project, in which groups, and where its files are.
import { matchesGlob } from 'node:path/posix';
import type { Run, VideoRow } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import {
  leftOf,
  nobodySpoke,
  type Progress,
  type ReviewState,
  reviewStateOf,
} from '../../../../shared/labels/progress.ts';
import type { Engine } from '../../../api/engine.ts';
import type { Io } from '../io.ts';
import { findRun } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, table } from '../text.ts';

export interface VideosOptions extends ProjectOptions {
  run?: string;
  perCamera: boolean;
  sort: 'name' | 'events' | 'left' | 'highest' | 'mean' | 'disagree' | 'length';
  reviewed?: keyof typeof REVIEWED;
  /** A name; false after `--no-camera`; true when neither was given. */
  camera: string | boolean;
  cameraFromFolder: boolean;
  tag?: string[];
  untag?: string[];
}

/** A video with what the chosen run and the people who reviewed it say. */
interface Listed {
  video: VideoRow;
  progress: Progress | null;
  disagreement: number | null;
}

/** What is sorted by, largest first; what has no number comes last. */
const BY: Record<VideosOptions['sort'], ((one: Listed) => number | null) | null> = {
  name: null, // as they come
  events: ({ video }) => video.score?.events ?? null,
  left: ({ progress }) => progress && leftOf(progress),
  highest: ({ video }) => video.score?.max ?? null,
  mean: ({ video }) => video.score?.mean ?? null,
  disagree: (one) => one.disagreement,
  length: ({ video }) => video.durationSeconds,
};

/** States of the review in words. */
const REVIEWED = { no: 'untouched', partly: 'begun', yes: 'done' } as const;
const IN_WORDS: Record<ReviewState, string> = { untouched: 'no', begun: 'partly', done: 'yes' };

/** What people said about videos under a run, and how far the runs beside it are apart where that is asked for. */
async function facts(
  engine: Engine,
  run: Run | null,
  options: VideosOptions,
): Promise<(v: VideoRow) => Listed> {
  if (!run) return (video) => ({ video, progress: null, disagreement: null });
  const input = { runId: run.id, perCamera: options.perCamera };
  const said = new Map((await engine.call('review.progress', input)).map((row) => [row.videoId, row]));
  const compared = options.sort === 'disagree' ? (await engine.call('videos.compared', input)).videos : [];
  const apart = new Map(compared.map((row) => [row.videoId, row.disagreement]));
  return (video) => ({
    video,
    progress: video.score && (said.get(video.id) ?? nobodySpoke(video.score.events)),
    disagreement: apart.get(video.id) ?? null,
  });
}

const folderOf = (relPath: string): string => relPath.split('/').slice(0, -1).join('/');

/** Lists videos, after changing their cameras and tags where that is asked for. */
export function listVideos(io: Io, options: VideosOptions, patterns: string[]): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const scored = options.reviewed !== undefined || options.sort === 'left' || options.sort === 'disagree';
    const run = options.run === undefined && !scored ? null : await findRun(engine, options.run);
    await engine.call('videos.check', {});
    const wanted = ({ relPath }: VideoRow) =>
      patterns.length === 0 ||
      patterns.some((pattern) => relPath.startsWith(pattern) || matchesGlob(relPath, pattern));
    const list = async () =>
      (await engine.call('videos.list', { runId: run?.id ?? null, perCamera: options.perCamera })).filter(
        wanted,
      );
    const videos = await list();
    if (videos.length === 0 && patterns.length > 0)
      throw new AppError('not_found', `No video of the project fits ${patterns.join(', ')}.`);
    const ids = videos.map((video) => video.id);
    if (typeof options.camera === 'string')
      await engine.call('videos.setCamera', { ids, camera: options.camera });
    if (options.camera === false) await engine.call('videos.setCamera', { ids, camera: null });
    if (options.cameraFromFolder) {
      for (const [folder, members] of Map.groupBy(videos, (video) => folderOf(video.relPath))) {
        if (folder !== '')
          await engine.call('videos.setCamera', { ids: members.map((video) => video.id), camera: folder });
      }
    }
    if (options.tag || options.untag)
      await engine.call('videos.tag', { ids, add: options.tag ?? [], remove: options.untag ?? [] });
    const listed = (await list()).map(await facts(engine, run, options));
    const { reviewed } = options;
    const state = ({ progress }: Listed) => progress && reviewStateOf(progress);
    const shown = listed.filter((one) => reviewed === undefined || state(one) === REVIEWED[reviewed]);
    const by = BY[options.sort];
    if (by) shown.sort((a, b) => (by(b) ?? -1) - (by(a) ?? -1));
    const apart = options.sort === 'disagree';
    const rows = shown.map(({ video, progress, disagreement }) => [
      video.relPath,
      video.state,
      count(video.frames),
      video.durationSeconds > 0 ? duration(video.durationSeconds) : '-',
      video.camera ?? '-',
      video.tags.join(' ') || '-',
      ...(run
        ? [
            video.score ? count(video.score.events) : '-',
            progress && progress.events > 0 ? count(progress.decided + progress.ignored) : '-',
            video.score ? video.score.max.toFixed(3) : '-',
          ]
        : []),
      ...(apart ? [disagreement === null ? '-' : disagreement.toFixed(3)] : []),
    ]);
    const head = [
      'video',
      'state',
      'frames',
      'length',
      'camera',
      'tags',
      ...(run ? ['events', 'decided', 'highest'] : []),
      ...(apart ? ['differ'] : []),
    ];
    io.result(
      {
        videos: shown.map(({ video: { score, ...video }, progress, disagreement }) => {
          const how = progress && reviewStateOf(progress);
          return {
            ...video,
            score: score && withoutSpark(score),
            review: progress && {
              ...counts(progress),
              left: leftOf(progress),
              reviewed: how && IN_WORDS[how],
            },
            ...(apart && { disagreement }),
          };
        }),
      },
      listed.length === 0
        ? 'No videos yet.'
        : shown.length === 0
          ? 'No video has come so far.'
          : table([head, ...rows], [2, 3, 6, 7, 8, 9]),
    );
  });
}

const counts = ({ events, decided, rule, ignored, watched }: Progress): Progress => ({
  events,
  decided,
  rule,
  ignored,
  watched,
});

function withoutSpark({ spark: _, ...score }: NonNullable<VideoRow['score']>) {
  return score;
}

export function relinkVideos(io: Io, options: ProjectOptions, paths: string[]): Promise<void> {
  return withProject(io, options, async ({ engine, job }) => {
    const { missing } = await engine.call('videos.check', {});
    if (missing === 0) {
      io.result({ missing: 0, found: 0 }, 'The files of all videos are in their places.');
      return;
    }
    const grants = await Promise.all(paths.map(async (path) => (await engine.grant(path)).grant));
    await job((await engine.call('videos.relink', { grants })).jobId);
    io.result({ missing, found: missing }, `${counted(missing, 'missing file')} found.`);
  });
}
