// One concatenated label vector for RTFM-style evaluation code (formats.md 3.3).
// Role: 16 values per segment and video, in the order of the videos, with an index beside it; frames to ignore lie in a
// mask of the same layout. Limits: the lengths follow the tail policy, not the features; see rtfm in vad.ts for those.
import type { ExportOptions } from '../../shared/contract/formats.ts';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { TAIL_MEANING } from './gt-build.ts';
import { writeConcatenatedGt } from './rtfm-lists.ts';

/** `gt.npy` (`<f8` or `<f4`, 1 = anomalous), `gt_index.csv`, and `gt_ignore.npy` where there is anything to ignore. */
export function writeGtNpy({ videos }: ExportData, { tail, gtType }: ExportOptions): ExportedFile[] {
  const vector = (of: (video: ExportData['videos'][number]) => ExportData['videos'][number]['ignore']) =>
    writeConcatenatedGt(
      videos.map((video) => ({ name: video.relPath, frames: video.frames, events: of(video) ?? [] })),
      tail,
      gtType,
    );
  const { npy, index, notes } = vector((video) => video.events.map(({ start, end }) => ({ start, end })));
  const convention = `1 = anomalous, 16 values per segment, videos in the order of gt_index.csv; tail policy ${tail}: ${TAIL_MEANING[tail]}.`;
  const files: ExportedFile[] = [
    { name: 'gt.npy', bytes: npy, notes, convention },
    textFile('gt_index.csv', index),
  ];
  if (videos.some((video) => video.ignore?.length)) {
    files.push({
      name: 'gt_ignore.npy',
      bytes: vector((video) => video.ignore).npy,
      convention: 'As gt.npy; 1 = a person took the frame out, it is neither normal nor anomalous.',
    });
  }
  return files;
}
