// The visible part of a timeline: frames [from, to) as real numbers, and how zooming and panning change it.
// Role: pure geometry between frames and pixels. Limits: knows no canvas and no events.

export interface Viewport {
  readonly from: number;
  readonly to: number;
}

/** The closest zoom shows this many frames (or all of a shorter video). */
export const MIN_SPAN = 12;

/** The whole video of `frames` frames. */
export const wholeVideo = (frames: number): Viewport => ({ from: 0, to: Math.max(1, frames) });

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** Moves and shrinks a wish until it lies inside the video. */
export function clampViewport(wish: Viewport, frames: number): Viewport {
  const all = Math.max(1, frames);
  const span = clamp(wish.to - wish.from, Math.min(MIN_SPAN, all), all);
  const from = clamp(wish.from, 0, all - span);
  return { from, to: from + span };
}

/**
 * Zooms by `factor` (above 1 shows less) with frame `anchor` staying where it is on the screen.
 * At the limits of zoom the anchor still stays; at the ends of the video the view stays inside.
 */
export function zoomAt(view: Viewport, anchor: number, factor: number, frames: number): Viewport {
  const all = Math.max(1, frames);
  const span = clamp((view.to - view.from) / factor, Math.min(MIN_SPAN, all), all);
  const share = (anchor - view.from) / (view.to - view.from);
  return clampViewport({ from: anchor - share * span, to: anchor + (1 - share) * span }, frames);
}

export const panBy = (view: Viewport, delta: number, frames: number): Viewport =>
  clampViewport({ from: view.from + delta, to: view.to + delta }, frames);

/** The same zoom, moved so that `frame` is visible with a little room; the same object when it already is. */
export function reveal(view: Viewport, frame: number, frames: number): Viewport {
  const span = view.to - view.from;
  if (frame >= view.from && frame + 1 <= view.to) return view;
  const from = frame < view.from ? frame - 0.9 * span : frame - 0.1 * span;
  return clampViewport({ from, to: from + span }, frames);
}

/** A view around frames [start, end) that leaves as much again on either side, as a reviewer wants the run-up. */
export function around(start: number, end: number, frames: number): Viewport {
  const length = Math.max(end - start, 16);
  return clampViewport({ from: start - 1.5 * length, to: end + 1.5 * length }, frames);
}

/** Pixel of the left edge of `frame` in a strip `width` pixels wide. */
export const xOf = (view: Viewport, frame: number, width: number): number =>
  ((frame - view.from) / (view.to - view.from)) * width;

/** The frame under pixel `x`, an integer inside the video. */
export const frameUnder = (view: Viewport, x: number, width: number, frames: number): number =>
  clamp(Math.floor(view.from + (x / width) * (view.to - view.from)), 0, Math.max(0, frames - 1));
