// `detections`: boxes and poses into a project, with a report of which video got what.
import type { DetectionReport } from '../../../../shared/contract/index.ts';
import type { Io } from '../io.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, table } from '../text.ts';

export interface DetectionOptions extends ProjectOptions {
  below?: string;
  firstFrame?: '0' | '1';
}

/** More lines than these of what did not fit are only counted. */
const SHOWN = 10;

function some(lines: readonly string[]): string[] {
  return lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more.`];
}

function reportText({ matched, unmatched, problems, notes, without }: DetectionReport): string {
  const rows = matched.map((m) => [
    m.relPath,
    m.kind,
    count(m.objects),
    count(m.frames),
    m.tracks > 0 ? count(m.tracks) : '-',
    m.file,
  ]);
  return [
    table([['video', 'kind', 'objects', 'frames', 'tracks', 'file'], ...rows], [2, 3, 4]),
    ...some(unmatched.map(({ key, file, why }) => `Not used: ${key} in ${file}. ${why}`)),
    ...some(problems),
    ...some(notes.map((note) => `Note: ${note}`)),
    ...without
      .filter(({ videos }) => videos > 0)
      .map(({ kind, videos }) => `Without ${kind}: ${counted(videos, 'video')}.`),
  ].join('\n');
}

export function importDetections(io: Io, options: DetectionOptions, paths: string[]): Promise<void> {
  return withProject(io, options, async ({ engine, job }) => {
    if (paths.length === 0) {
      const kinds = await engine.call('detections.list', {});
      const rows = kinds.map((k) => [
        k.kind,
        count(k.videos),
        count(k.empty),
        count(k.objects),
        count(k.without),
      ]);
      const header = ['kind', 'videos', 'with none seen', 'objects', 'videos without'];
      io.result({ detections: kinds }, table([header, ...rows], [1, 2, 3, 4]));
      return;
    }
    const grants = await Promise.all(paths.map(async (path) => (await engine.grant(path)).grant));
    const { jobId } = await engine.call('detections.import', {
      grants,
      below: options.below ?? null,
      firstFrame: options.firstFrame === undefined ? null : options.firstFrame === '1' ? 1 : 0,
    });
    await job(jobId);
    const report = await engine.call('detections.report', { jobId });
    if (report) io.result({ report }, reportText(report));
  });
}
