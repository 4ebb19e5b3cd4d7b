// Calls that write labels to files, or show what would be written.
import { join } from 'node:path';
import type { ExportFormat, ExportOptions, LabelSource } from '../../shared/contract/index.ts';
import { artifactPath, writeFileAtomic } from '../files/atomic.ts';
import type { ExportData } from '../formats/data.ts';
import { exportFiles, withCodes } from '../formats/export.ts';
import { countLabels, previewExport } from '../formats/preview.ts';
import type { Store } from '../store/store.ts';
import type { Context, HandlersOf } from './context.ts';
import { withColumns } from './export-columns.ts';
import { exportData } from './export-data.ts';
import { writeFolder } from './export-folder.ts';

/** Formats with a column for everything that is known. */
const TABLES: readonly ExportFormat[] = ['csv', 'jsonl', 'parquet'];

export function exportHandlers(context: Context): HandlersOf<'exports'> {
  const completed = (
    data: ExportData,
    labels: LabelSource,
    formats: readonly ExportFormat[],
    options: ExportOptions,
  ): ExportData => {
    const project = context.opened();
    const tables = formats.some((format) => TABLES.includes(format));
    const known = tables
      ? withColumns(project, data, labels, options.probabilities, options.names === 'codes')
      : data;
    return formats.includes('pytorch') ? withFeatures(project.store, known, labels) : known;
  };
  return {
    'exports.write': async ({ labels, formats, options, grant }) => {
      const { store } = context.opened();
      const own = await exportData(store, labels);
      const { data, key } = options.names === 'codes' ? withCodes(own) : { data: own, key: null };
      const complete = completed(data, labels, formats, options);
      const written = await writeFolder(context, grant, data.title, exportFiles(complete, formats, options));
      const result = { ...written, notes: [...written.notes, ...shareNotes(store, labels)] };
      if (key === null) return result;
      // Beside the exports and not among them: whoever gets the folder must not get the key.
      const path = join(store.folder, 'export-keys', `${result.folder.replace(/^.*[\\/]/, '')}.csv`);
      await writeFileAtomic(path, key);
      const note = `Videos are named by codes; the key stays in the project: ${path}.`;
      return { ...result, notes: [...result.notes, note] };
    },
    'exports.preview': async ({ labels, format, options }) => {
      const { store } = context.opened();
      const own = await exportData(store, labels);
      const data = options.names === 'codes' ? withCodes(own).data : own;
      return previewExport(completed(data, labels, [format], options), format, options);
    },
    'exports.truth': () => ({ videos: context.opened().store.truth.all().length }),
    'exports.counts': async ({ labels }) => countLabels(await exportData(context.opened().store, labels)),
  };
}

/** The stored features of the run's videos beside its labels; without a run there are none that fit. */
function withFeatures(store: Store, data: ExportData, labels: LabelSource): ExportData {
  if (labels.kind !== 'run' && labels.kind !== 'inUse') return data;
  const { featureSetId } = store.runs.get(labels.runId);
  // Labels are per 16 frames; features that are shares of a video do not fit beside them.
  if (store.features.set(featureSetId).segmentation === 'shares') return data;
  const files = new Map(store.features.ofSet(featureSetId).map((file) => [file.videoId, file]));
  return {
    ...data,
    videos: data.videos.map((video) => {
      const file = files.get(video.id);
      if (!file) return video;
      const { sha256, bytes } = file;
      return { ...video, features: { path: artifactPath(store.artifactsFolder, sha256), bytes, sha256 } };
    }),
  };
}

/** What to know of labels whose run counts shares of a video (shared/labels/shares.ts). */
function shareNotes(store: Store, labels: LabelSource): string[] {
  if (labels.kind !== 'run' && labels.kind !== 'inUse') return [];
  const { featureSetId } = store.runs.get(labels.runId);
  if (store.features.set(featureSetId).segmentation !== 'shares') return [];
  return [
    'The features of this run are equal shares of each video. Segments in these files have 16 frames; each has the score of the share that holds its middle.',
  ];
}
