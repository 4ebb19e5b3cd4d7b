// `videos` and `relink`: what is in a project, in which groups, and where its files are.
import { matchesGlob } from 'node:path/posix';
import type { VideoRow } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { Io } from '../io.ts';
import { findRun } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, table } from '../text.ts';

export interface VideosOptions extends ProjectOptions {
  run?: string;
  perCamera: boolean;
  sort: 'name' | 'events' | 'highest' | 'mean' | 'length';
  /** A name; false after `--no-camera`; true when neither was given. */
  camera: string | boolean;
  cameraFromFolder: boolean;
  tag?: string[];
  untag?: string[];
}

const BY: Record<VideosOptions['sort'], (a: VideoRow, b: VideoRow) => number> = {
  name: () => 0, // as they come
  events: (a, b) => (b.score?.events ?? -1) - (a.score?.events ?? -1),
  highest: (a, b) => (b.score?.max ?? -1) - (a.score?.max ?? -1),
  mean: (a, b) => (b.score?.mean ?? -1) - (a.score?.mean ?? -1),
  length: (a, b) => b.durationSeconds - a.durationSeconds,
};

const folderOf = (relPath: string): string => relPath.split('/').slice(0, -1).join('/');

/** Lists videos, after changing their cameras and tags where that is asked for. */
export function listVideos(io: Io, options: VideosOptions, patterns: string[]): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = options.run === undefined ? null : await findRun(engine, options.run);
    await engine.call('videos.check', {});
    const wanted = ({ relPath }: VideoRow) =>
      patterns.length === 0 ||
      patterns.some((pattern) => relPath.startsWith(pattern) || matchesGlob(relPath, pattern));
    const list = async () =>
      (await engine.call('videos.list', { runId: run?.id ?? null, perCamera: options.perCamera })).filter(
        wanted,
      );
    let videos = await list();
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
    videos = (await list()).sort(BY[options.sort]);
    const rows = videos.map((video) => [
      video.relPath,
      video.state,
      count(video.frames),
      video.durationSeconds > 0 ? duration(video.durationSeconds) : '-',
      video.camera ?? '-',
      video.tags.join(' ') || '-',
      ...(run
        ? [video.score ? count(video.score.events) : '-', video.score ? video.score.max.toFixed(3) : '-']
        : []),
    ]);
    const head = [
      'video',
      'state',
      'frames',
      'length',
      'camera',
      'tags',
      ...(run ? ['events', 'highest'] : []),
    ];
    io.result(
      { videos: videos.map(({ score, ...video }) => ({ ...video, score: score && withoutSpark(score) })) },
      videos.length === 0 ? 'No videos yet.' : table([head, ...rows], [2, 3, 6, 7]),
    );
  });
}

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
