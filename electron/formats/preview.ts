// An export of one format before it is written. Role: its files, the first lines of one of them, how readers take it,
// what it could not hold. Limits: makes everything in memory and writes nothing.
import type { ExportPreview, LabelCounts } from '../../shared/contract/entities.ts';
import type { ExportFormat, ExportOptions } from '../../shared/contract/formats.ts';
import { AppError } from '../../shared/errors.ts';
import { type ExportData, type ExportedFile, fileFacts, layerOf } from './data.ts';
import { dryRun } from './dry-run.ts';
import { formatFiles } from './export.ts';
import { readNpy } from './npy.ts';
import { HOLDS, type ReadBack, readBack } from './round-trip.ts';

/** Lines and characters of a line that are shown. */
const LINES = 200;
const CHARACTERS = 400;

function shown(files: readonly ExportedFile[]): ExportPreview['shown'] {
  // A text with something in it says more than an array.
  const text = files.find(({ name, bytes }) => /\.(?!npy|parquet)\w+$/.test(name) && bytes.length > 0);
  const file = text ?? files.find(({ stored }) => !stored) ?? files[0];
  if (!file) return null;
  if (text) {
    const lines = new TextDecoder().decode(file.bytes).split('\n');
    if (lines.at(-1) === '') lines.pop();
    const first = lines.slice(0, LINES).map((line) => line.slice(0, CHARACTERS));
    return { name: file.name, kind: 'text', lines: first, totalLines: lines.length };
  }
  if (!file.name.endsWith('.npy')) return null;
  const { shape, dtype } = readNpy(file.bytes, file.name);
  return { name: file.name, kind: 'facts', lines: [`${dtype} (${shape.join(', ')})`], totalLines: 1 };
}

/** A sentence for videos that read back otherwise although no note says so. */
function readBackNotes(back: ReadBack | null): string[] {
  if (!back || back.same) return [];
  const names = back.differing.slice(0, 5).join(', ');
  const more = back.differing.length > 5 ? ` and ${back.differing.length - 5} more` : '';
  return [`Reads back otherwise than it was written, see the other notes: ${names}${more}.`];
}

/** What a format never holds, as words that follow "not in it". */
function lacksOf(format: ExportFormat): string[] {
  const holds = HOLDS[format];
  if (!holds) return [];
  return [
    ...(holds.apart ? [] : ['edges between events that touch']),
    ...(holds.class ? [] : ['classes of events']),
    ...(holds.score === 'no' ? ['scores'] : holds.score === 'two' ? ['more than two digits of scores'] : []),
    ...(holds.layer ? [] : ['who says so']),
    ...(holds.normal ? [] : ['videos without events']),
  ];
}

/** Which line of the shown text names a video: with its whole path, its stem or its name. */
function lineOf(lines: readonly string[], video: string): number | null {
  const name = video.replace(/^.*\//, '');
  for (const wanted of [video, video.replace(/\.[^.]*$/, ''), name, name.replace(/\.[^.]*$/, '')]) {
    const at = lines.findIndex((line) => line.includes(wanted));
    if (at >= 0) return at + 1;
  }
  return null;
}

export async function previewExport(
  data: ExportData,
  format: ExportFormat,
  options: ExportOptions,
): Promise<ExportPreview> {
  let files: ExportedFile[];
  try {
    files = formatFiles(data, format, options);
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'unsupported' && error.code !== 'conflict'))
      throw error;
    return {
      files: [],
      shown: null,
      convention: null,
      event: null,
      readBack: null,
      notes: [],
      lacks: lacksOf(format),
      refusal: error.message,
    };
  }
  const back = await readBack(data, format, files, options);
  const event = await dryRun(data, format, files, options);
  const first = shown(files);
  return {
    files: files.map((file) => ({ name: file.name, bytes: fileFacts(file).bytes })),
    shown: first,
    convention: files.find(({ convention }) => convention)?.convention ?? null,
    event: event && { ...event, line: first?.kind === 'text' ? lineOf(first.lines, event.video) : null },
    readBack: back && { ...back, differing: back.differing.slice(0, 100) },
    lacks: lacksOf(format),
    notes: [...new Set([...files.flatMap(({ notes }) => notes ?? []), ...readBackNotes(back)])],
    refusal: null,
  };
}

/** How many labels there are, for the page that chooses among them. */
export function countLabels({ videos }: ExportData): LabelCounts {
  const events = { human: 0, rule: 0, model: 0, truth: 0, imported: 0 };
  for (const video of videos) for (const event of video.events) events[layerOf(event)]++;
  const many = videos.filter((video) => video.events.length > 2);
  return {
    videos: videos.length,
    normalVideos: videos.filter((video) => video.events.length === 0).length,
    events,
    ignoredRanges: videos.reduce((sum, { ignore }) => sum + (ignore?.length ?? 0), 0),
    beyondTwo: { videos: many.length, events: many.reduce((sum, v) => sum + v.events.length - 2, 0) },
    timed: videos.filter(({ secondsAt, size }) => secondsAt && size).length,
  };
}
