// Frame-level ground truth as the official evaluations of the data sets build it (methods.md 0.3 and 5).
// Role: one 0/1 vector over all videos, each style with its own length and tail. Limits: takes ranges and masks, not
// files; the readers of the formats give them.
import { AppError } from '../../shared/errors.ts';
import { padLast } from '../../shared/labels/expand.ts';
import { toVector } from '../../shared/labels/intervals.ts';
import { segmentCount } from '../../shared/labels/segments.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../shared/labels/types.ts';

export interface GtVideo {
  name: string;
  /** n. */
  frames: number;
  /** T of the features. */
  segments: number;
  /** 0-based, half-open ranges, in the base that the style names; they may end behind the video. */
  events: readonly FrameRange[];
}

/**
 * What becomes of the frames after the last whole segment (formats.md 3.3): `drop`: floor(n / 16) segments, they are left
 * out; `pad_last`: ceil(n / 16), the label of the last frame is repeated; `xd`: floor((n - 1) / 16), one frame is dropped
 * first, then the remainder.
 */
export type TailPolicy = 'drop' | 'pad_last' | 'xd';

/** The policies in words. */
export const TAIL_MEANING: Record<TailPolicy, string> = {
  drop: 'floor(n / 16) segments, frames after the last whole one are left out',
  pad_last: 'ceil(n / 16) segments, the label of the last frame is repeated',
  xd: 'floor((n - 1) / 16) segments, one frame is dropped first, then the remainder',
};

/** Segments of an n-frame video under a policy. */
export function tailSegments(frames: number, policy: TailPolicy): number {
  if (policy === 'pad_last') return segmentCount(frames);
  return Math.max(0, Math.floor((policy === 'xd' ? frames - 1 : frames) / SEGMENT_FRAMES));
}

/** Frame labels `[n]` cut or continued to `16 * tailSegments(n)` values. */
export function withTail(labels: Uint8Array, policy: TailPolicy): Uint8Array {
  return padLast(labels, SEGMENT_FRAMES * tailSegments(labels.length, policy));
}

/**
 * The styles, by the evaluation that reads them: `rtfm_ucf` (ranges of base `py_incl`), `vadclip_ucf` and `cunet_ucf`
 * (`py_half`), `pad_last` (ShanghaiTech's masks), `xd`, `ubnormal_joint` (1 = anomalous) and `ubnormal_stgnf`
 * (1 = normal, the last frame of a track counts as normal).
 */
export type GtStyle =
  | 'rtfm_ucf'
  | 'vadclip_ucf'
  | 'cunet_ucf'
  | 'pad_last'
  | 'xd'
  | 'ubnormal_joint'
  | 'ubnormal_stgnf';

/** Ones inside the events over all 16T frames of the features. */
function overSegments({ events, segments }: GtVideo): Uint8Array {
  return toVector(events, SEGMENT_FRAMES * segments);
}

/** Labels of the n frames, continued with the last one or cut to 16T. */
function continued({ events, frames, segments }: GtVideo): Uint8Array {
  return padLast(toVector(events, frames), SEGMENT_FRAMES * segments);
}

const VALUES: Record<GtStyle, (video: GtVideo) => Uint8Array> = {
  rtfm_ucf: overSegments,
  vadclip_ucf: overSegments,
  cunet_ucf: (video) => {
    const whole = withTail(toVector(video.events, video.frames), 'drop');
    const out = new Uint8Array(SEGMENT_FRAMES * video.segments);
    out.set(whole.subarray(0, out.length));
    return out;
  },
  pad_last: continued,
  xd: ({ events, frames }) => withTail(toVector(events, frames), 'xd'),
  ubnormal_joint: continued,
  ubnormal_stgnf: ({ events, frames }) => {
    const exclusive = events.map(({ start, end }) => ({ start, end: end - 1 }));
    return toVector(exclusive, frames).map((anomalous) => 1 - anomalous);
  },
};

/** Vectors one after the other; video v owns `[offsets[v], offsets[v + 1])`. */
export interface Concatenated {
  values: Uint8Array;
  /** `[V + 1]`. */
  offsets: number[];
}

/** Joins the vectors of the videos. */
export function concatenate(parts: readonly Uint8Array[]): Concatenated {
  const offsets = [0];
  for (const part of parts) offsets.push(offsets[offsets.length - 1] + part.length);
  const values = new Uint8Array(offsets[parts.length]);
  for (const [v, part] of parts.entries()) values.set(part, offsets[v]);
  return { values, offsets };
}

/** The ground truth of the videos in their order, 0 and 1. */
export function buildGt(style: GtStyle, videos: readonly GtVideo[]): Concatenated {
  return concatenate(videos.map(VALUES[style]));
}

/**
 * Gives each video the events of the annotation that has exactly its name.
 * @param absent what a video without annotation is: `normal`, or an error.
 * @throws AppError `not_found` naming the video.
 */
export function withEvents<V extends { name: string }>(
  videos: readonly V[],
  rows: readonly { name: string; events: readonly FrameRange[] }[],
  absent: 'normal' | 'error',
): (V & { events: readonly FrameRange[] })[] {
  const byName = new Map(rows.map((row) => [row.name, row.events]));
  return videos.map((video) => {
    const events = byName.get(video.name) ?? (absent === 'normal' ? [] : null);
    if (events) return { ...video, events };
    throw new AppError('not_found', `The annotations have no row for "${video.name}". Add one.`, {
      video: video.name,
    });
  });
}
