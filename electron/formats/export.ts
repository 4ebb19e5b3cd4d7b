// All files of an export. Role: joins the writers and adds the manifest. Limits: writes nothing to disk.
import { type ExportFormat, type ExportOptions, exportOptions } from '../../shared/contract/formats.ts';
import { writeActivityNet } from './activitynet.ts';
import { writeC2fpl } from './c2fpl.ts';
import { writeChapters } from './chapters.ts';
import { csvText, writeCsv } from './csv.ts';
import { writeCvat, writeCvatImages } from './cvat.ts';
import type { ExportData, ExportedFile } from './data.ts';
import { writeDive } from './dive.ts';
import { writeElan } from './elan.ts';
import { writeFiftyOne } from './fiftyone.ts';
import { writeFrameNpy } from './frame-npy.ts';
import { writeGtNpy } from './gt-npy.ts';
import { writeIgnored } from './ignored.ts';
import { writeJsonl } from './jsonl.ts';
import { writeLabelStudio } from './label-studio.ts';
import { writeLosslessCut } from './losslesscut.ts';
import { writeManifest } from './manifest.ts';
import { writeParquet } from './parquet.ts';
import { writePyTorch } from './pytorch.ts';
import { writeSrt } from './srt.ts';
import {
  writeMsadTable,
  writeRtfm,
  writeShanghaiTech,
  writeUbnormal,
  writeUcf,
  writeUcfVideoList,
  writeXdAnnotations,
} from './vad.ts';
import { writeVia3 } from './via3.ts';
import { writeViame } from './viame.ts';
import { writeWebVtt } from './webvtt.ts';
import { writeXAnyLabeling } from './x-anylabeling.ts';

const writers: Record<ExportFormat, (data: ExportData, options: ExportOptions) => ExportedFile[]> = {
  csv: writeCsv,
  jsonl: writeJsonl,
  parquet: writeParquet,
  frame_npy: writeFrameNpy,
  gt_npy: writeGtNpy,
  c2fpl: writeC2fpl,
  pytorch: writePyTorch,
  webvtt: writeWebVtt,
  srt: writeSrt,
  chapters: writeChapters,
  losslesscut: writeLosslessCut,
  label_studio: writeLabelStudio,
  cvat: writeCvat,
  cvat_images: writeCvatImages,
  dive: writeDive,
  viame: writeViame,
  via3: writeVia3,
  elan: writeElan,
  fiftyone: writeFiftyOne,
  activitynet: writeActivityNet,
  x_anylabeling: writeXAnyLabeling,
  ucf: writeUcf,
  ucf_list: writeUcfVideoList,
  rtfm: writeRtfm,
  xd: writeXdAnnotations,
  shanghaitech: writeShanghaiTech,
  ubnormal: writeUbnormal,
  msad: writeMsadTable,
};

/** The options nobody chose otherwise. */
export const DEFAULT_OPTIONS: ExportOptions = exportOptions.parse({});

/**
 * The files of one format, without the manifest.
 * @throws AppError `unsupported` when the conventions refuse the labels; `bad_input` for events outside of a video.
 */
export function formatFiles(
  data: ExportData,
  format: ExportFormat,
  options: ExportOptions = DEFAULT_OPTIONS,
): ExportedFile[] {
  return writers[format](data, options);
}

/**
 * Files of the wanted formats, each format once, ranges to ignore as masks of their own, and `manifest.json` with the
 * hashes of all of them as the last one.
 */
export function exportFiles(
  data: ExportData,
  formats: readonly ExportFormat[],
  options: ExportOptions = DEFAULT_OPTIONS,
): ExportedFile[] {
  const files = [...new Set(formats)].flatMap((format) => writers[format](data, options));
  files.push(...writeIgnored(data));
  return [...files, writeManifest(data, files, options)];
}

/**
 * The same labels with `video0001.mp4` and so on for names, and the key to them as CSV. The number is the video's own in
 * the project: it has the same code in every export. What a run noted goes without: notes name videos, and so does the list
 * of known labels.
 */
export function withCodes(data: ExportData): { data: ExportData; key: string } {
  const codes = data.videos.map(({ id, relPath }) => {
    const extension = /\.[A-Za-z0-9]{1,5}$/.exec(relPath)?.[0] ?? '';
    return `video${String(id).padStart(4, '0')}${extension}`;
  });
  const rows = data.videos.map(({ relPath }, v) => ({ code: codes[v], path: relPath }));
  const videos = data.videos.map((video, v) => ({ ...video, relPath: codes[v], fingerprint: null }));
  const run = data.run && { ...data.run, notes: [], provenance: withoutNames(data.run.provenance) };
  return { data: { ...data, run, videos }, key: csvText(['code', 'path'], [rows]) };
}

function withoutNames({ videoLabels: _, ...provenance }: Record<string, unknown>): Record<string, unknown> {
  return provenance;
}
