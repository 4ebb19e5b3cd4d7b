// All files of an export. Role: joins the writers and adds the manifest. Limits: writes nothing to disk.
import type { ExportFormat } from '../../shared/contract/entities.ts';
import { writeC2fpl } from './c2fpl.ts';
import { writeCsv } from './csv.ts';
import type { ExportData, ExportedFile } from './data.ts';
import { writeFrameNpy } from './frame-npy.ts';
import { writeGtNpy } from './gt-npy.ts';
import { writeJsonl } from './jsonl.ts';
import { writeManifest } from './manifest.ts';
import {
  writeMsadTable,
  writeRtfm,
  writeShanghaiTech,
  writeUbnormal,
  writeUcf,
  writeUcfVideoList,
  writeXdAnnotations,
} from './vad.ts';

const writers: Record<ExportFormat, (data: ExportData) => ExportedFile[]> = {
  csv: writeCsv,
  jsonl: writeJsonl,
  frame_npy: writeFrameNpy,
  gt_npy: writeGtNpy,
  c2fpl: writeC2fpl,
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
