// Frames that a person took out, as masks of their own. Role: labels of other formats stay 0 or 1, and training code
// leaves these frames out. Limits: nothing is written where nothing is to be ignored.
import { toVector } from '../../shared/labels/intervals.ts';
import { csvText } from './csv.ts';
import { type ExportData, type ExportedFile, fileStems, textFile } from './data.ts';
import { writeNpy } from './npy.ts';

/** `ignore/ranges.csv` and, per video with such frames, `ignore/<video>.npy`, uint8 `[N]`, 1 = leave out. */
export function writeIgnored({ videos }: ExportData): ExportedFile[] {
  const stems = fileStems(videos);
  if (!videos.some((video) => video.ignore?.length)) return [];
  const masks = videos.flatMap(({ ignore, frames }, v) =>
    ignore?.length
      ? [{ name: `ignore/${stems[v]}.npy`, bytes: writeNpy(toVector(ignore, frames), [frames], 'u1') }]
      : [],
  );
  const rows = videos.map(({ relPath, ignore }) =>
    (ignore ?? []).map(({ start, end }) => ({ video: relPath, start_frame: start, end_frame_excl: end })),
  );
  return [
    {
      ...textFile('ignore/ranges.csv', csvText(['video', 'start_frame', 'end_frame_excl'], rows)),
      convention: 'Frames from 0, end excluded, that a person took out: neither normal nor anomalous.',
    },
    ...masks,
  ];
}
