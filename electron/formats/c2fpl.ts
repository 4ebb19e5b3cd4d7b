// Pseudo-labels as C2FPL's training code reads them, out and in (formats.md 3.3).
// Role: one flat label vector over all segments, and where each video begins and ends in it; scores and uncertainty lie
// beside it in the same order. Limits: as many rows per video as its features have, so that labels and features stay in
// step.
import { AppError } from '../../shared/errors.ts';
import { fromVector } from '../../shared/labels/intervals.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { decodeText, linesOf } from './lines.ts';
import { readNpy, writeNpy } from './npy.ts';
import { frameEvent, type ReadVideo, type SourceFile } from './read.ts';

/** The segments of all videos one after the other. */
function joined(
  videos: ExportData['videos'],
  of: (video: ExportData['videos'][number]) => ArrayLike<number>,
) {
  const out = new Float32Array(videos.reduce((sum, video) => sum + video.labels.length, 0));
  let offset = 0;
  for (const video of videos) {
    out.set(Array.from(of(video)), offset);
    offset += video.labels.length;
  }
  return out;
}

/**
 * `c2fpl/labels.npy` float32 `[M]`, `c2fpl/nalist.npy` int64 `[V, 2]` (rows [from, to)), `c2fpl/videos.txt`, one path per
 * line; `c2fpl/soft_labels.npy` float32 `[M]`, the scores, and `c2fpl/uncertainty.npy` where the method gives it.
 */
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
  /** A vector that every video has a part of, or none. */
  const soft = (name: string, of: (video: (typeof videos)[number]) => Float32Array | null | undefined) =>
    videos.length > 0 && videos.every((video) => of(video)?.length === video.labels.length)
      ? [
          {
            name: `c2fpl/${name}.npy`,
            bytes: writeNpy(
              joined(videos, (video) => of(video) ?? []),
              [labels.length],
              'f4',
            ),
          },
        ]
      : [];
  return [
    { name: 'c2fpl/labels.npy', bytes: writeNpy(labels, [labels.length], 'f4') },
    { name: 'c2fpl/nalist.npy', bytes: writeNpy(ranges, [videos.length, 2], 'i8') },
    textFile('c2fpl/videos.txt', videos.map((video) => `${video.relPath}\n`).join('')),
    ...soft('soft_labels', (video) => video.scores),
    ...soft('uncertainty', (video) => video.uncertainty),
  ];
}

/**
 * Reads a pool: which segments of which video are labelled, and their scores where there are any. The last segment of a
 * video goes on to its end.
 * @throws AppError `bad_input` when the files do not fit each other.
 */
export function readC2fpl(
  labels: SourceFile,
  ranges: SourceFile,
  names: SourceFile,
  soft: SourceFile | null,
): ReadVideo[] {
  const wrong = (file: string, sentence: string) =>
    new AppError('bad_input', `${file}: ${sentence}`, { file });
  const { data: flat, shape } = readNpy(labels.bytes, labels.name);
  const values = Float64Array.from(flat, Number);
  const bad = values.findIndex((value) => value !== 0 && value !== 1);
  if (shape.filter((n) => n !== 1).length > 1)
    throw wrong(labels.name, 'labels are one vector over all segments.');
  if (bad >= 0) throw wrong(labels.name, `it holds ${values[bad]} at ${bad}; labels are 0 and 1.`);
  const list = readNpy(ranges.bytes, ranges.name);
  if (list.shape.length !== 2 || list.shape[1] !== 2)
    throw wrong(
      ranges.name,
      'it must hold two numbers per video: its first segment and the one after its last.',
    );
  const edges = Array.from(list.data, Number);
  const paths = linesOf(decodeText(names.name, names.bytes)).map((line) => line.text);
  if (paths.length !== list.shape[0])
    throw wrong(names.name, `it names ${paths.length} videos, ${ranges.name} has ${list.shape[0]}.`);
  const scores = soft && Float32Array.from(readNpy(soft.bytes, soft.name).data, Number);
  if (soft && scores?.length !== values.length)
    throw wrong(soft.name, `it has ${scores?.length} values for ${values.length} labels.`);
  return paths.map((key, v) => {
    const [from, to] = edges.slice(2 * v, 2 * v + 2);
    if (!(from >= 0 && to >= from && to <= values.length))
      throw wrong(ranges.name, `row ${v + 1} is no range of the ${values.length} segments.`);
    const events = fromVector(values.subarray(from, to)).map(({ start, end }) =>
      frameEvent(SEGMENT_FRAMES * start, end === to - from ? null : SEGMENT_FRAMES * end),
    );
    return { key, frames: null, events, scores: scores ? scores.slice(from, to) : null, file: labels.name };
  });
}
