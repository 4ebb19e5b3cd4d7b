// One concatenated label vector for RTFM-style evaluation code (formats.md 3.3).
// Role: 16 values per segment and video, in the order of the videos, with an index beside it. Limits: tail policy
// `pad_last` only: ceil(N / 16) segments, the label of the last frame is repeated.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { writeConcatenatedGt } from './rtfm-lists.ts';

/** `gt.npy` (`<f8`, 1 = anomalous under the rule) and `gt_index.csv`. */
export function writeGtNpy({ videos }: ExportData): ExportedFile[] {
  const entries = videos.map(({ relPath, frames, events }) => ({ name: relPath, frames, events }));
  const { npy, index, notes } = writeConcatenatedGt(entries, 'pad_last');
  return [{ name: 'gt.npy', bytes: npy, notes }, textFile('gt_index.csv', index)];
}
