// From timestamps to a frame table, and what follows from one: rate, regularity. Role: pure arithmetic.
// Limits: knows no file; which frames are presented is found out in probe.ts.
import type { FrameTable } from '../../shared/labels/frame-table.ts';
import type { Ratio } from './ffmpeg.ts';

/** A presented frame; `pts` `null` when the file does not say when. */
export interface PresentedFrame {
  pts: number | null;
  /** Ticks, 0 when unknown. */
  duration: number;
  key: boolean;
}

/** Middle value of the intervals between neighbours; 0 when there is none. */
function medianInterval(pts: Float64Array): number {
  if (pts.length < 2) return 0;
  const intervals = Float64Array.from({ length: pts.length - 1 }, (_, i) => pts[i + 1] - pts[i]).sort();
  return intervals[intervals.length >> 1];
}

/**
 * Builds the table of frames given in presentation order. Times that are missing or do not ascend are moved to just
 * after the frame before (a nominal interval when missing, one tick when not ascending).
 *
 * @param nominal frames a second as the container says; used where frames have no time of their own
 * @returns the table, and how many times had to be moved
 */
export function buildFrameTable(
  frames: PresentedFrame[],
  timeBase: Ratio,
  nominal: Ratio | null,
): { table: FrameTable; moved: number } {
  const step = nominal
    ? Math.max(1, Math.round((nominal.den * timeBase.den) / (nominal.num * timeBase.num)))
    : 1;
  const pts = new Float64Array(frames.length);
  const key = new Uint8Array(frames.length);
  let moved = 0;
  for (let i = 0; i < frames.length; i++) {
    const before = i === 0 ? Number.NEGATIVE_INFINITY : pts[i - 1];
    const given = frames[i].pts;
    pts[i] =
      given !== null && given > before ? given : i === 0 ? 0 : given === null ? before + step : before + 1;
    if (pts[i] !== given) moved++;
    key[i] = Number(frames[i].key);
  }
  const last = frames.length - 1;
  const endPts = last < 0 ? 0 : pts[last] + (frames[last].duration || medianInterval(pts) || step);
  return { table: { pts, key, endPts, timeBaseNum: timeBase.num, timeBaseDen: timeBase.den }, moved };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** The fraction in lowest terms. */
export function reduced({ num, den }: Ratio): Ratio {
  const common = divisor(Math.abs(num), den);
  return common === 0 ? { num, den } : { num: num / common, den: den / common };
}

/**
 * Whether intervals differ by more than rounding to ticks explains. One tick of difference is rounding, unless the tick
 * is about as long as a frame (AVI counts frames): then it is a frame left out.
 */
export function isVariableRate(table: FrameTable): boolean {
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (let i = 1; i < table.pts.length; i++) {
    const interval = table.pts[i] - table.pts[i - 1];
    shortest = Math.min(shortest, interval);
    longest = Math.max(longest, interval);
  }
  const spread = longest - shortest;
  return table.pts.length > 2 && (spread > 1 || (spread === 1 && shortest <= 2));
}

/**
 * Average frames a second, exact: (n - 1) / (last - first). When the container's nominal rate explains the same times
 * to within a tick (Matroska rounds to milliseconds) and the rate is constant, that one, for it is what was meant.
 */
export function averageRate(table: FrameTable, nominal: Ratio | null): Ratio {
  const n = table.pts.length;
  if (n === 0) return nominal ?? { num: 0, den: 1 };
  const intervals = n === 1 ? 1 : n - 1;
  const ticks = n === 1 ? table.endPts - table.pts[0] : table.pts[n - 1] - table.pts[0];
  if (nominal && nominal.num > 0 && !isVariableRate(table)) {
    const expected = (intervals * nominal.den * table.timeBaseDen) / (nominal.num * table.timeBaseNum);
    if (Math.abs(expected - ticks) <= 1 || n === 1) return reduced(nominal);
  }
  return reduced({ num: intervals * table.timeBaseDen, den: ticks * table.timeBaseNum });
}

/**
 * Whether a player that is sent to the middle of each frame's interval shows that frame. Chromium goes by the duration
 * stored with a frame, not by when the next one starts. Files of variable rate often store other durations (Matroska a
 * common one, MP4 with B-frames those of the storage order); frames are then skipped or shown for their neighbours.
 */
export function showsEveryFrame(frames: PresentedFrame[]): boolean {
  for (let k = 0; k + 1 < frames.length; k++) {
    const { pts, duration } = frames[k];
    const next = frames[k + 1].pts;
    const afterNext = frames[k + 2]?.pts ?? null;
    if (pts === null || next === null) return false;
    if (duration === 0) continue; // not stored: the player looks at the next frame
    if (pts + duration <= (pts + next) / 2) return false;
    if (afterNext !== null && pts + duration > (next + afterNext) / 2) return false;
  }
  return true;
}
