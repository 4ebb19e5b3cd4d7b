// `import`, `extract`, `features`: what goes into a project.
import type { ExtractorName, VideoRow } from '../../../../shared/contract/index.ts';
import { findSomeVideos } from '../../../media/files.ts';
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

export interface ImportOptions extends ProjectOptions {
  acceptDamaged?: boolean;
}

export async function importVideos(io: Io, options: ImportOptions, paths: string[]): Promise<void> {
  await findSomeVideos(paths); // before a project is made for nothing
  return withProject(
    io,
    options,
    async ({ engine, job }) => {
      const grants = await Promise.all(paths.map(async (path) => (await engine.grant(path)).grant));
      await job((await engine.call('videos.import', { grants, acceptDamaged: options.acceptDamaged })).jobId);
      const rows = await engine.call('videos.list', {});
      const { videos, frames, seconds, problems } = summaryOf(rows);
      const damaged = rows.filter((video) => video.state === 'damaged' && video.frames > 0).length;
      const folder = engine.pathOf('project', null);
      io.result(
        { project: folder, videos, frames, seconds, problems },
        [
          `${folder} holds ${counted(videos, 'video')}, ${count(frames)} frames, ${duration(seconds)} of footage.`,
          ...problems.map((p) => `${p.video} (${p.state}): ${p.problem}`),
          ...(damaged > 0
            ? [
                `Damaged videos are left out. "zerolabel import --accept-damaged" uses what can be read of ${damaged === 1 ? 'it' : 'them'}.`,
              ]
            : []),
        ].join('\n'),
      );
    },
    true,
  );
}

export function extractFeatures(
  io: Io,
  options: ProjectOptions & { extractor: ExtractorName; threads?: number },
): Promise<void> {
  return withProject(io, options, async ({ engine, job }) => {
    const { extractor, threads } = options;
    const ended = await job((await engine.call('features.extract', { extractor, threads })).jobId);
    const set = await findFeatureSet(engine, extractor);
    const seconds =
      ended.startedAt !== null && ended.endedAt !== null ? (ended.endedAt - ended.startedAt) / 1000 : 0;
    const without = (await engine.call('videos.list', {})).filter(
      (video) => video.path !== null && !video.features.includes(extractor),
    );
    const { problems } = summaryOf(without);
    io.result(
      { features: set, seconds, problems },
      `${set.name}: ${counted(set.videos, 'video')}, ${count(set.segments)} segments of ${set.crops} x ${set.dim} numbers, in ${duration(seconds)}.` +
        (without.length > 0 ? `\nWithout features: ${counted(without.length, 'video')}.` : '') +
        problems.map((p) => `\n${p.video} (${p.state}): ${p.problem}`).join(''),
    );
  });
}

export function importFeatures(
  io: Io,
  options: ProjectOptions & { name: string; shares?: boolean; beside?: string; float16: boolean },
  paths: string[],
): Promise<void> {
  if (paths.length === 0) return listFeatures(io, options);
  return withProject(
    io,
    options,
    async ({ engine, job }) => {
      const grants = await Promise.all(paths.map(async (path) => (await engine.grant(path)).grant));
      const { name, float16, shares } = options;
      const segmentation = shares ? 'shares' : 'frames';
      const beside = options.beside === undefined ? null : (await findFeatureSet(engine, options.beside)).id;
      const input = { grants, name, segmentation, float16, beside } as const;
      await job((await engine.call('features.import', input)).jobId);
      const set = await findFeatureSet(engine, name);
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
