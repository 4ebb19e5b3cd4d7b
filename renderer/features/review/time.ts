// Times of frames as people read them. Role: text from a frame table, never from a frame rate. Limits: no DOM.
import { type FrameTable, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import { duration, plural } from '../../format.ts';

/** `2:18.200`, `1:02:03.040`; `digits` after the point, cut and not rounded, so that a frame never shows the next one's time. */
export function timecode(seconds: number, digits = 3): string {
  // Ticks are not decimal: 0.28 s may arrive as 0.27999999.
  const units = Math.floor(Math.max(0, seconds) * 10 ** digits + 1e-6);
  const scale = 10 ** digits;
  const whole = Math.floor(units / scale);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const fraction = digits === 0 ? '' : `.${String(units % scale).padStart(digits, '0')}`;
  return `${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}${fraction}`;
}

/** Seconds from the first frame to frame n; n = count gives the length of the video. */
export const secondsTo = (table: FrameTable, n: number): number =>
  timeOfFrame(table, n) - timeOfFrame(table, 0);

/** Length of frames [start, end) in seconds. */
export const secondsBetween = (table: FrameTable, start: number, end: number): number =>
  timeOfFrame(table, end) - timeOfFrame(table, start);

/** What knows the times of a video's frames; not `timed` when nobody knows them, as for features alone. */
export interface Clock {
  readonly table: FrameTable;
  readonly frames: number;
  readonly timed: boolean;
}

/** Time of frame n as text; empty when it is not known. */
export const timeText = ({ table, timed }: Clock, n: number, digits = 3): string =>
  timed ? timecode(secondsTo(table, n), digits) : '';

/** Length of frames [start, end): in time, or in frames when times are not known. */
export const lengthText = ({ table, timed }: Clock, start: number, end: number): string =>
  timed ? duration(secondsBetween(table, start, end)) : plural(end - start, 'frame');

/** Times on a ruler whose labelled marks are `step` seconds apart: as many digits as tell the marks apart. */
export const rulerDigits = (step: number): number => (step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3);

/** Ticks of a frame in a nominal table: look-ups have half a tick of slack, which has to be small beside a frame. */
const TICKS = 1000;

/**
 * A frame table from a nominal rate, for a video without one (known only by its features, or damaged at import).
 * What is computed from it is approximate and shown as such.
 */
export function nominalTable(frames: number, fpsNum: number, fpsDen: number): FrameTable {
  const known = fpsNum > 0 && fpsDen > 0;
  const n = Math.max(1, frames);
  return {
    pts: Float64Array.from({ length: n }, (_, i) => i * TICKS),
    timeBaseNum: known ? fpsDen : 1,
    timeBaseDen: (known ? fpsNum : 25) * TICKS,
    endPts: n * TICKS,
    key: new Uint8Array(n),
  };
}
