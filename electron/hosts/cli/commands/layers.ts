// `labels`: labels made elsewhere, read, matched and kept as layers.
import type { ImportFormat, ImportOptions, LabelReport } from '../../../../shared/contract/index.ts';
import type { Io } from '../io.ts';
import { findLayer } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, table } from '../text.ts';

export interface LabelsOptions extends ProjectOptions {
  format?: ImportFormat;
  as: 'layer' | 'truth';
  name?: string;
  base?: NonNullable<ImportOptions['ucfBase']>;
  list?: string;
  labelStudioBase: ImportOptions['labelStudioBase'];
  xdClasses?: boolean;
  dryRun?: boolean;
}

const SHOWN = 10;

function some(lines: readonly string[], what: string): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length > SHOWN ? [`  and ${count(lines.length - SHOWN)} more`] : [];
  return [`${what} (${count(lines.length)}):`, ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...rest];
}

function reportText(report: LabelReport, options: LabelsOptions): string {
  const stored =
    options.dryRun === true
      ? 'Nothing was stored.'
      : options.as === 'truth'
        ? 'Kept as ground truth.'
        : `Kept as the layer "${report.name}".`;
  const scored = report.videosWithScores > 0 ? `, ${count(report.videosWithScores)} with scores` : '';
  return [
    `${report.format}: ${counted(report.events, 'event')} in ${counted(report.videos, 'video')} (${count(report.normalVideos)} normal${scored}); ${counted(report.without, 'video')} of the project ${report.without === 1 ? 'is' : 'are'} not named.`,
    ...some(report.unmatched, 'Names that no video has'),
    ...some(
      report.ambiguous.map(({ key, videos }) => `${key}: ${videos.join(', ')}`),
      'Names that several videos have',
    ),
    ...some(
      report.refused.map(({ key, reason }) => `${key}: ${reason}`),
      'Not used',
    ),
    ...report.notes,
    stored,
  ].join('\n');
}

/** Reads labels and keeps them; without paths, lists the layers. */
export function labels(io: Io, options: LabelsOptions, paths: readonly string[]): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    if (paths.length === 0) {
      const layers = await engine.call('layers.list', {});
      const rows = layers.map((layer) => [
        layer.name,
        layer.format,
        count(layer.videos),
        count(layer.events),
        layer.source,
      ]);
      io.result(
        { layers },
        layers.length === 0
          ? 'No labels from elsewhere. Import some: zerolabel labels FILES'
          : table([['name', 'format', 'videos', 'events', 'from'], ...rows], [2, 3]),
      );
      return;
    }
    const grants = [];
    for (const path of paths) grants.push((await engine.grant(path)).grant);
    const report = await engine.call('layers.import', {
      grants,
      format: options.format ?? null,
      options: {
        ucfBase: options.base ?? null,
        list: options.list ?? null,
        labelStudioBase: options.labelStudioBase,
        xdClasses: options.xdClasses ?? false,
      },
      as: options.as,
      name: options.name ?? '',
      store: options.dryRun !== true,
    });
    io.result({ report }, reportText(report, options));
  });
}

/** Removes a layer; runs, reviews and ground truth stay as they are. */
export function removeLayer(io: Io, options: ProjectOptions, name: string): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const layer = await findLayer(engine, name);
    await engine.call('layers.remove', { id: layer.id });
    io.result(
      { removed: layer },
      `Removed the layer "${layer.name}" with ${counted(layer.events, 'event')}.`,
    );
  });
}
