// Pseudo-labels as C2FPL's training code reads them (formats.md 3.3).
// Role: one flat label vector over all segments, and where each video begins and ends in it. Limits: as many rows per
// video as its features have, so that labels and features stay in step.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { writeNpy } from './npy.ts';

/** `c2fpl/labels.npy` float32 `[M]`, `c2fpl/nalist.npy` int64 `[V, 2]` (rows [from, to)), `c2fpl/videos.txt`, one path per line. */
export function writeC2fpl({ videos }: ExportData): ExportedFile[] {
  const labels = new Float32Array(videos.reduce((sum, video) => sum + video.labels.length, 0));
  const ranges = new BigInt64Array(2 * videos.length);
  let offset = 0;
  for (const [v, video] of videos.entries()) {
    labels.set(video.labels, offset);
    ranges[2 * v] = BigInt(offset);
    offset += video.labels.length;
    ranges[2 * v + 1] = BigInt(offset);
  }
  return [
    { name: 'c2fpl/labels.npy', bytes: writeNpy(labels, [labels.length], 'f4') },
    { name: 'c2fpl/nalist.npy', bytes: writeNpy(ranges, [videos.length, 2], 'i8') },
    textFile('c2fpl/videos.txt', videos.map((video) => `${video.relPath}\n`).join('')),
  ];
}
