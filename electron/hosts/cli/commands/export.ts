// `export`: labels to files, or what they would be.
import type {
  ExportFormat,
  ExportOptions,
  ExportPreview,
  LabelSource,
} from '../../../../shared/contract/index.ts';
import type { Engine } from '../../../api/engine.ts';
import { type Io, usageError } from '../io.ts';
import { findLayer, findRun } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration } from '../text.ts';

export interface ExportCommandOptions extends ProjectOptions {
  run?: string;
  labels: 'run' | 'in-use' | 'truth' | 'layer';
  layer?: string;
  formats: ExportFormat[];
  out?: string;
  /** Row of the review's log: labels in use as they were right after it. */
  at?: number;
  dryRun?: boolean;
  base: ExportOptions['ucfBase'];
  extension: 'mp4' | 'none';
  overflow: ExportOptions['overflow'];
  part: ExportOptions['part'];
  tail: ExportOptions['tail'];
  gtType: ExportOptions['gtType'];
  xdClasses?: boolean;
  ubnormalStyle: ExportOptions['ubnormalStyle'];
  codes?: boolean;
  probabilities: ExportOptions['probabilities'];
}

/** Which labels are meant, and what they are called. */
async function sourceOf(
  engine: Engine,
  { labels, run, layer, at }: ExportCommandOptions,
): Promise<{ source: LabelSource; name: string; run: { id: number; name: string } | null }> {
  if (at !== undefined && labels !== 'in-use')
    throw usageError('Only labels in use have a history: add --labels in-use.');
  if (layer !== undefined || labels === 'layer') {
    if (layer === undefined) throw usageError('Say which imported labels are meant: --layer NAME.');
    const found = await findLayer(engine, layer);
    return { source: { kind: 'layer', id: found.id }, name: found.name, run: null };
  }
  if (labels === 'truth') return { source: { kind: 'truth' }, name: 'ground truth', run: null };
  const found = await findRun(engine, run);
  const own = { id: found.id, name: found.name };
  const source: LabelSource =
    labels === 'in-use'
      ? { kind: 'inUse', runId: own.id, layers: ['human', 'rule', 'model'], ...(at !== undefined && { at }) }
      : { kind: 'run', runId: own.id };
  return { source, name: own.name, run: own };
}

function conventions(options: ExportCommandOptions): ExportOptions {
  return {
    ucfBase: options.base,
    ucfExtension: options.extension === 'mp4' ? '.mp4' : '',
    overflow: options.overflow,
    part: options.part,
    tail: options.tail,
    gtType: options.gtType,
    xdClasses: options.xdClasses ?? false,
    ubnormalStyle: options.ubnormalStyle,
    probabilities: options.probabilities,
    names: options.codes ? 'codes' : 'own',
  };
}

const off = (frames: number, early: string, late: string): string =>
  frames === 0 ? 'exact' : `${Math.abs(frames)} ${frames < 0 ? early : late}`;

/** A preview as text: first lines, how readers take them, what is lost. */
function previewText(format: ExportFormat, preview: ExportPreview): string[] {
  if (preview.refusal !== null) return [`${format}: ${preview.refusal}`];
  const { files, shown, event, readBack } = preview;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const lines = [`${format}: ${counted(files.length, 'file')}, ${count(bytes)} bytes.`];
  if (preview.convention !== null) lines.push(`  ${preview.convention}`);
  if (shown) {
    lines.push(`  ${shown.name}, ${shown.kind === 'text' ? counted(shown.totalLines, 'line') : 'array'}:`);
    // Blanks at the end of a line count in some formats; a mark shows where it ends.
    lines.push(...shown.lines.slice(0, 5).map((line) => `    ${line}${/ $/.test(line) ? '¶' : ''}`));
  }
  if (event) {
    lines.push(`  ${event.video}, frames ${event.start} to ${event.end} (end excluded), as readers take it:`);
    const vector = (edge: { labels: number[] }) => edge.labels.join('');
    const width = Math.max(...event.readers.map((reader) => reader.name.length), 'Labels'.length);
    lines.push(`    ${'Labels'.padEnd(width)}  ${vector(event.truth.start)} … ${vector(event.truth.end)}`);
    for (const reader of event.readers) {
      const how =
        reader.startOff === null || reader.endOff === null
          ? 'does not see it'
          : reader.startOff === 0 && reader.endOff === 0
            ? 'exact'
            : `start ${off(reader.startOff, 'early', 'late')}, end ${off(reader.endOff, 'early', 'late')}`;
      lines.push(
        `    ${reader.name.padEnd(width)}  ${vector(reader.start)} … ${vector(reader.end)}  ${how}; ${reader.counts}`,
      );
    }
  }
  if (readBack)
    lines.push(
      readBack.same
        ? `  Reads back the same, ${counted(readBack.videos, 'video')}.`
        : `  Reads back otherwise: ${readBack.differing.slice(0, 5).join(', ')}.`,
    );
  lines.push(...preview.notes.map((note) => `  ${note}`));
  return lines;
}

/** Writes labels in the wanted formats; with `--dry-run` says what would be written. */
export function exportLabels(io: Io, options: ExportCommandOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const { source, name, run: scored } = await sourceOf(engine, options);
    const chosen = conventions(options);
    if (options.dryRun) {
      const previews = [];
      for (const format of options.formats)
        previews.push({
          format,
          preview: await engine.call('exports.preview', { labels: source, format, options: chosen }),
        });
      io.result(
        {
          labels: source,
          options: chosen,
          formats: previews.map(({ format, preview }) => ({ format, ...preview })),
        },
        [
          ...previews.flatMap(({ format, preview }) => previewText(format, preview)),
          'Nothing was written.',
        ].join('\n'),
      );
      return;
    }
    const grant = options.out === undefined ? null : (await engine.grant(options.out)).grant;
    const started = performance.now();
    const { folder, files, notes } = await engine.call('exports.write', {
      labels: source,
      formats: options.formats,
      options: chosen,
      grant,
    });
    const seconds = (performance.now() - started) / 1000;
    io.result(
      { labels: source, run: scored, options: chosen, folder, files, notes },
      [
        `${counted(files.length, 'file')} of ${name} in ${folder}, written in ${duration(seconds)}:`,
        ...files.map((f) => `  ${f.name} (${count(f.bytes)} bytes)`),
        ...notes,
      ].join('\n'),
    );
  });
}
