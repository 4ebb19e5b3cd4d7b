// A second modality beside the features of a video, such as sound beside pictures (methods.md 4.1: VGGish beside I3D).
// Role: brings the second vectors to the segments of the first ones and puts both into one vector per segment.
// Limits: pure; nothing is scaled, so that what was computed is what is trained on.
import { AppError } from '../../shared/errors.ts';

/** `[segments, crops, dim]`, C order. */
export interface Joinable {
  segments: number;
  crops: number;
  dim: number;
  data: Float32Array;
}

/** More vectors than this per segment, or fewer than one per so many segments, are those of another video. */
const FARTHEST = 16;

/**
 * The second modality with `segments` vectors per crop. Both cover the same video from its start to its end:
 * - as many: as they are;
 * - one more or one fewer, which is how extractors differ at the end: the last one is dropped, or repeated;
 * - fewer: interpolated linearly between the middles of the stretches they stand for, constant before the first middle
 *   and after the last;
 * - more: the mean of those under a segment, each with the share of it that lies there.
 * @param name how errors call the file
 * @throws AppError `bad_input` when there are more than 16 per segment, or fewer than one in 16 segments
 */
export function alignSegments(second: Joinable, segments: number, name: string): Joinable {
  const { segments: own, crops, dim, data } = second;
  if (own === segments) return second;
  if (own > FARTHEST * segments || segments > FARTHEST * own) {
    throw new AppError(
      'bad_input',
      `${name} has ${own} vectors where the video has ${segments} segments. That cannot be brought together: it takes between one vector per ${FARTHEST} segments and ${FARTHEST} per segment.`,
      { file: name, vectors: own, segments },
    );
  }
  const width = crops * dim;
  const out = new Float32Array(segments * width);
  for (let t = 0; t < segments; t++) {
    for (const [from, weight] of parts(t, segments, own)) {
      for (let d = 0; d < width; d++) out[t * width + d] += weight * data[from * width + d];
    }
  }
  return { segments, crops, dim, data: out };
}

/** Which of `own` vectors make segment t of `segments`, with weights that add up to 1. */
function parts(t: number, segments: number, own: number): [number, number][] {
  if (Math.abs(own - segments) === 1) return [[Math.min(t, own - 1), 1]];
  const perSegment = own / segments;
  if (perSegment < 1) {
    const at = Math.min(Math.max((t + 0.5) * perSegment - 0.5, 0), own - 1);
    const low = Math.floor(at);
    return at === low
      ? [[low, 1]]
      : [
          [low, 1 - (at - low)],
          [low + 1, at - low],
        ];
  }
  const [start, end] = [t * perSegment, (t + 1) * perSegment];
  const found: [number, number][] = [];
  for (let i = Math.floor(start); i < Math.min(own, Math.ceil(end)); i++) {
    const share = Math.min(end, i + 1) - Math.max(start, i);
    if (share > 0) found.push([i, share / perSegment]);
  }
  return found;
}

/**
 * First and second modality, one after the other in each vector: `[segments, crops, dim + second.dim]`. One crop of the
 * second serves all crops of the first.
 * @param name how errors call the second file
 * @throws AppError `bad_input` when crops or numbers of segments do not go together
 */
export function joinFeatures(first: Joinable, second: Joinable, name: string): Joinable {
  if (second.crops !== 1 && second.crops !== first.crops) {
    throw new AppError(
      'bad_input',
      `${name} has ${second.crops} crops and the features have ${first.crops}. The second kind needs one, or as many.`,
      { file: name, crops: second.crops },
    );
  }
  const aligned = alignSegments(second, first.segments, name);
  const { segments, crops } = first;
  const dim = first.dim + aligned.dim;
  const data = new Float32Array(segments * crops * dim);
  for (let t = 0; t < segments; t++) {
    for (let c = 0; c < crops; c++) {
      const at = (t * crops + c) * dim;
      const own = (t * crops + c) * first.dim;
      const other = (t * aligned.crops + (aligned.crops === 1 ? 0 : c)) * aligned.dim;
      data.set(first.data.subarray(own, own + first.dim), at);
      data.set(aligned.data.subarray(other, other + aligned.dim), at + first.dim);
    }
  }
  return { segments, crops, dim, data };
}
