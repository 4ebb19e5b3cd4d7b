// `import`, `extract`, `features`: what goes into a project.
import type { ExtractorName, VideoRow } from '../../../../shared/contract/index.ts';
import type { Io } from '../io.ts';
import { findFeatureSet } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, table } from '../text.ts';

function summaryOf(videos: readonly VideoRow[]) {
  const footage = videos.filter((video) => video.path !== null);
  return {
    videos: videos.length,
    frames: videos.reduce((sum, video) => sum + video.frames, 0),
    seconds: footage.reduce((sum, video) => sum + video.durationSeconds, 0),
    problems: videos
      .filter((video) => video.problem !== null)
      .map(({ relPath, state, problem }) => ({ video: relPath, state, problem })),
  };
}

export function importVideos(io: Io, options: ProjectOptions, paths: string[]): Promise<void> {
  return withProject(
    io,
    options,
    async ({ engine, job }) => {
      const grants = await Promise.all(paths.map(async (path) => (await engine.grant(path)).grant));
      await job((await engine.call('videos.import', { grants })).jobId);
      const { videos, frames, seconds, problems } = summaryOf(await engine.call('videos.list', {}));
      const folder = engine.pathOf('project', null);
      io.result(
        { project: folder, videos, frames, seconds, problems },
        [
          `${folder} holds ${counted(videos, 'video')}, ${count(frames)} frames, ${duration(seconds)} of footage.`,
          ...problems.map((p) => `${p.video} (${p.state}): ${p.problem}`),
        ].join('\n'),
      );
    },
    true,
  );
}

export function extractFeatures(
  io: Io,
  options: ProjectOptions & { extractor: ExtractorName },
): Promise<void> {
  return withProject(io, options, async ({ engine, job }) => {
    const { extractor } = options;
    const ended = await job((await engine.call('features.extract', { extractor })).jobId);
    const set = await findFeatureSet(engine, extractor);
    const seconds =
      ended.startedAt !== null && ended.endedAt !== null ? (ended.endedAt - ended.startedAt) / 1000 : 0;
    io.result(
      { features: set, seconds },
      `${set.name}: ${counted(set.videos, 'video')}, ${count(set.segments)} segments of ${set.crops} x ${set.dim} numbers, in ${duration(seconds)}.` +
        (set.missing > 0
          ? `\n${counted(set.missing, 'video')} could not be read; "zerolabel import" says why.`
          : ''),
    );
  });
}

export function importFeatures(
  io: Io,
  options: ProjectOptions & { name: string },
  paths: string[],
): Promise<void> {
  if (paths.length === 0) return listFeatures(io, options);
  return withProject(
    io,
    options,
    async ({ engine, job }) => {
      const grants = await Promise.all(paths.map(async (path) => (await engine.grant(path)).grant));
      await job((await engine.call('features.import', { grants, name: options.name })).jobId);
      const set = await findFeatureSet(engine, options.name);
      io.result(
        { features: set },
        `${set.name}: ${counted(set.videos, 'video')}, ${count(set.segments)} segments of ${set.crops} x ${set.dim} numbers.`,
      );
    },
    true,
  );
}

function listFeatures(io: Io, options: ProjectOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const sets = await engine.call('features.list', {});
    const rows = sets.map((s) => [
      s.name,
      s.extractor,
      `${s.crops} x ${s.dim}`,
      count(s.videos),
      count(s.segments),
      count(s.missing),
    ]);
    const text = table(
      [['name', 'extractor', 'crops x dim', 'videos', 'segments', 'missing'], ...rows],
      [3, 4, 5],
    );
    io.result({ features: sets }, sets.length === 0 ? 'No features yet.' : text);
  });
}
