// One concatenated label vector for RTFM-style evaluation code (formats.md 3.3).
// Role: 16 values per segment and video, in the order of the videos, with an index beside it. Limits: tail policy
// `pad_last` only: ceil(N / 16) segments, the label of the last frame is repeated.
import { padLast } from '../../shared/labels/expand.ts';
import { toVector } from '../../shared/labels/intervals.ts';
import { segmentCount } from '../../shared/labels/segments.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { csvText } from './csv.ts';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { writeNpy } from './npy.ts';

/** `gt.npy` (`<f8`, 1 = anomalous under the rule) and `gt_index.csv`. */
export function writeGtNpy({ videos }: ExportData): ExportedFile[] {
  const segments = videos.map((video) => segmentCount(video.frames));
  const gt = new Float64Array(SEGMENT_FRAMES * segments.reduce((a, b) => a + b, 0));
  let offset = 0;
  const rows = videos.map((video, v) => {
    const length = SEGMENT_FRAMES * segments[v];
    gt.set(padLast(toVector(video.events, video.frames), length), offset);
    const row = {
      video: video.relPath,
      start_offset: offset,
      end_offset: offset + length,
      n_segments: segments[v],
      n_frames: video.frames,
    };
    offset += length;
    return row;
  });
  const columns = ['video', 'start_offset', 'end_offset', 'n_segments', 'n_frames'];
  return [
    { name: 'gt.npy', bytes: writeNpy(gt, [gt.length], 'f8') },
    textFile('gt_index.csv', csvText(columns, [rows])),
  ];
}
