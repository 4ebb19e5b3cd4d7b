// How far two reviewers agree. Role: Cohen's kappa over segments and temporal IoU of what they accepted, and where they
// differ. Limits: two passes over the same videos; who is right is for people to say.
import type { HumanEvent } from '../contract/review.ts';
import { frameCount, intersect, normalize, overlap, subtract, toVector } from './intervals.ts';
import { type FrameRange, SEGMENT_FRAMES } from './types.ts';

export interface ReviewedVideo {
  frames: number;
  /** Human rows of the first and of the second pass. */
  first: readonly HumanEvent[];
  second: readonly HumanEvent[];
}

export interface Agreement {
  /** Segments compared: those of all given videos. */
  segments: number;
  /** (p_o - p_e) / (1 - p_e) over segments; null where both say the same of all, or nothing was compared. */
  kappa: number | null;
  /** Frames both accepted / frames either accepted; null when neither accepted any. */
  iou: number | null;
}

const accepted = (rows: readonly HumanEvent[]): FrameRange[] =>
  normalize(
    rows
      .filter((row) => row.kind === 'event' && row.verdict === 'accepted')
      .map(({ start, end }) => ({ start, end })),
  );

/** 1 for segments of which at least half the frames are inside. */
function segmentsIn(ranges: readonly FrameRange[], frames: number): Uint8Array {
  const inside = toVector(ranges, frames);
  return Uint8Array.from({ length: Math.ceil(frames / SEGMENT_FRAMES) }, (_, k) => {
    const end = Math.min((k + 1) * SEGMENT_FRAMES, frames);
    let count = 0;
    for (let f = k * SEGMENT_FRAMES; f < end; f++) count += inside[f];
    return 2 * count >= end - k * SEGMENT_FRAMES ? 1 : 0;
  });
}

/** Cohen's kappa over segments (accepted or not), and temporal IoU over frames. */
export function agreementOf(videos: readonly ReviewedVideo[]): Agreement {
  const table = [0, 0, 0, 0]; // neither, second only, first only, both
  let [both, either] = [0, 0];
  for (const { frames, first, second } of videos) {
    const [a, b] = [accepted(first), accepted(second)];
    const [x, y] = [segmentsIn(a, frames), segmentsIn(b, frames)];
    for (let k = 0; k < x.length; k++) table[2 * x[k] + y[k]]++;
    const common = frameCount(intersect(a, b));
    both += common;
    either += frameCount(a) + frameCount(b) - common;
  }
  const n = table[0] + table[1] + table[2] + table[3];
  const yes = [table[2] + table[3], table[1] + table[3]];
  const observed = (table[0] + table[3]) / n;
  const expected = (yes[0] * yes[1] + (n - yes[0]) * (n - yes[1])) / (n * n);
  return {
    segments: n,
    kappa: n === 0 || expected === 1 ? null : (observed - expected) / (1 - expected),
    iou: either === 0 ? null : both / either,
  };
}

export interface Difference extends FrameRange {
  /** `only_first`, `only_second`: one of the two accepted it. `edges`: both did, with other edges. */
  what: 'only_first' | 'only_second' | 'edges';
  first: HumanEvent | null;
  second: HumanEvent | null;
}

/** Stretches of one video that only one of two reviewers accepted, ascending. */
export function differencesOf({ first, second }: ReviewedVideo): Difference[] {
  const [a, b] = [accepted(first), accepted(second)];
  const most = (rows: readonly HumanEvent[], range: FrameRange): HumanEvent | null =>
    rows
      .filter((row) => row.kind === 'event' && overlap(row, range) > 0)
      .sort((x, y) => overlap(y, range) - overlap(x, range))[0] ?? null;
  const of = (
    mine: readonly FrameRange[],
    other: readonly FrameRange[],
    what: 'only_first' | 'only_second',
  ) =>
    subtract(mine, other).map((range): Difference => {
      const whole = mine.find((r) => overlap(r, range) > 0) ?? range;
      const edges = other.some((r) => overlap(r, whole) > 0);
      return {
        ...range,
        what: edges ? 'edges' : what,
        first: most(first, whole),
        second: most(second, whole),
      };
    });
  return [...of(a, b, 'only_first'), ...of(b, a, 'only_second')].sort((x, y) => x.start - y.start);
}
