// All files of an export. Role: joins the writers and adds the manifest. Limits: writes nothing to disk.
import type { ExportFormat } from '../../shared/contract/entities.ts';
import { writeActivityNet } from './activitynet.ts';
import { writeC2fpl } from './c2fpl.ts';
import { writeChapters } from './chapters.ts';
import { writeCsv } from './csv.ts';
import { writeCvat } from './cvat.ts';
import type { ExportData, ExportedFile } from './data.ts';
import { writeDive } from './dive.ts';
import { writeElan } from './elan.ts';
import { writeFiftyOne } from './fiftyone.ts';
import { writeFrameNpy } from './frame-npy.ts';
import { writeGtNpy } from './gt-npy.ts';
import { writeJsonl } from './jsonl.ts';
import { writeLabelStudio } from './label-studio.ts';
import { writeLosslessCut } from './losslesscut.ts';
import { writeManifest } from './manifest.ts';
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

const writers: Record<ExportFormat, (data: ExportData) => ExportedFile[]> = {
  csv: writeCsv,
  jsonl: writeJsonl,
  frame_npy: writeFrameNpy,
  gt_npy: writeGtNpy,
  c2fpl: writeC2fpl,
  webvtt: writeWebVtt,
  srt: writeSrt,
  chapters: writeChapters,
  losslesscut: writeLosslessCut,
  label_studio: writeLabelStudio,
  cvat: writeCvat,
  dive: writeDive,
  viame: writeViame,
  via3: writeVia3,
  elan: writeElan,
  fiftyone: writeFiftyOne,
  activitynet: writeActivityNet,
  ucf: writeUcf,
  ucf_list: writeUcfVideoList,
  rtfm: writeRtfm,
  xd: writeXdAnnotations,
  shanghaitech: writeShanghaiTech,
  ubnormal: writeUbnormal,
  msad: writeMsadTable,
};

/** Files of the wanted formats, each format once, and `manifest.json` with their hashes as the last one. */
export function exportFiles(data: ExportData, formats: readonly ExportFormat[]): ExportedFile[] {
  const files = [...new Set(formats)].flatMap((format) => writers[format](data));
  return [...files, writeManifest(data, files)];
}
