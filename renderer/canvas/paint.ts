// Strokes of a timeline: bars, step curve, blocks, ruler, pictures. Role: each function draws one thing into one strip,
// from data and viewport. Limits: no state; a strip wider than its data or a zoom of hours costs the same.
import type { FrameRange } from '../../shared/labels/types.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import type { Palette } from '../styles/palette.ts';
import { type Extent, extentOf, type Pyramid } from './pyramid.ts';
import type { Tick } from './ticks.ts';
import { type Viewport, xOf } from './viewport.ts';

/** Where to draw, in CSS pixels; x begins at 0. */
export interface Strip {
  y: number;
  width: number;
  height: number;
}

/** A curve with one value per segment over a video of `frames` frames; the last value holds to the end. */
export interface Curve {
  pyramid: Pyramid;
  frames: number;
}

type Context = CanvasRenderingContext2D;

/**
 * Calls `draw(x0, x1, extent)` from left to right: once per visible segment while segments are at least a pixel wide,
 * else once per pixel column with the exact minimum and maximum of what lies under it. Edges are whole pixels.
 */
export function eachColumn(
  { pyramid, frames }: Curve,
  view: Viewport,
  width: number,
  draw: (x0: number, x1: number, extent: Extent) => void,
): void {
  const segments = pyramid.length;
  const perPixel = (view.to - view.from) / width / SEGMENT_FRAMES;
  const extent: Extent = { min: 0, max: 0 };
  if (segments === 0) return;
  if (perPixel <= 1) {
    const first = Math.min(Math.floor(view.from / SEGMENT_FRAMES), segments - 1);
    for (let k = first; k < segments && k * SEGMENT_FRAMES < view.to; k++) {
      const end = k === segments - 1 ? frames : (k + 1) * SEGMENT_FRAMES;
      extent.min = pyramid.min[0][k];
      extent.max = extent.min;
      draw(Math.round(xOf(view, k * SEGMENT_FRAMES, width)), Math.round(xOf(view, end, width)), extent);
    }
    return;
  }
  const start = view.from / SEGMENT_FRAMES;
  for (let x = 0; x < width; x++) {
    const a = Math.min(Math.floor(start + x * perPixel), segments - 1);
    // Each segment lies in one column; the last column also takes the one that the edge cuts.
    const edge = start + (x + 1) * perPixel;
    const b = Math.max(a + 1, Math.min(x === width - 1 ? Math.ceil(edge) : Math.floor(edge), segments));
    draw(x, x + 1, extentOf(pyramid, a, b, extent));
  }
}

/** Bars whose height and colour both carry the score. */
export function paintBars(c: Context, strip: Strip, curve: Curve, view: Viewport, palette: Palette): void {
  const base = strip.y + strip.height;
  eachColumn(curve, view, strip.width, (x0, x1, { max }) => {
    const height = Math.max(1, Math.round(Math.min(Math.max(max, 0), 1) * (strip.height - 2)));
    c.fillStyle = palette.ramp(max);
    c.fillRect(x0, base - height, Math.max(1, x1 - x0 - (x1 - x0 > 8 ? 1 : 0)), height);
  });
}

/** Height of a score in a strip, at the middle of a pixel. */
export const yOf = (strip: Strip, score: number): number =>
  strip.y + Math.round((1 - Math.min(Math.max(score, 0), 1)) * (strip.height - 1)) + 0.5;

/** The step curve of the chosen run: soft ramp below, line in ink; far out, a band from minimum to maximum. */
export function paintCurve(c: Context, strip: Strip, curve: Curve, view: Viewport, palette: Palette): void {
  const base = strip.y + strip.height;
  c.save();
  c.globalAlpha = 0.5;
  eachColumn(curve, view, strip.width, (x0, x1, { max }) => {
    c.fillStyle = palette.ramp(max);
    const y = yOf(strip, max);
    c.fillRect(x0, y, x1 - x0, base - y);
  });
  c.restore();
  c.beginPath();
  eachColumn(curve, view, strip.width, (x0, x1, { min, max }) => {
    c.lineTo(x0, yOf(strip, max));
    if (min < max) c.lineTo(x0, yOf(strip, min));
    c.lineTo(x1, yOf(strip, min));
  });
  c.strokeStyle = palette.colour('ink');
  c.lineWidth = 1.5;
  c.lineJoin = 'round';
  c.stroke();
}

/** Horizontal line at a score: solid for on, dashed for off. */
export function paintThreshold(
  c: Context,
  strip: Strip,
  score: number,
  dashed: boolean,
  palette: Palette,
): void {
  const y = yOf(strip, score);
  c.save();
  c.strokeStyle = palette.colour('threshold');
  c.lineWidth = 1;
  c.setLineDash(dashed ? [4, 3] : []);
  c.beginPath();
  c.moveTo(0, y);
  c.lineTo(strip.width, y);
  c.stroke();
  c.restore();
}

/** Index of the first of ascending, disjoint ranges that ends after `frame`. */
export function firstEndingAfter(ranges: readonly FrameRange[], frame: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle].end > frame) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Calls `draw(x0, x1)` for each visible range, at least a pixel wide, edges on whole pixels. */
export function eachRange(
  ranges: readonly FrameRange[],
  view: Viewport,
  width: number,
  draw: (x0: number, x1: number) => void,
): void {
  let covered = -1;
  for (let i = firstEndingAfter(ranges, view.from); i < ranges.length && ranges[i].start < view.to; i++) {
    const x0 = Math.round(xOf(view, ranges[i].start, width));
    const x1 = Math.max(x0 + 1, Math.round(xOf(view, ranges[i].end, width)));
    if (x1 <= covered) continue; // several ranges under one pixel
    covered = x1;
    draw(x0, x1);
  }
}

/** Model events behind and under the curve: a wash over the lane and a bar at its foot. */
export function paintEvents(
  c: Context,
  strip: Strip,
  events: readonly FrameRange[],
  view: Viewport,
  palette: Palette,
): void {
  eachRange(events, view, strip.width, (x0, x1) => {
    c.fillStyle = palette.alpha('model-fill', 0.15);
    c.fillRect(x0, strip.y, x1 - x0, strip.height);
    c.fillStyle = palette.colour('model-fill');
    c.fillRect(x0, strip.y + strip.height - 4, x1 - x0, 4);
  });
}

/** Segments with pseudo-label 1 as plain blocks. */
export function paintLabels(
  c: Context,
  strip: Strip,
  ranges: readonly FrameRange[],
  view: Viewport,
  palette: Palette,
): void {
  c.fillStyle = palette.colour('model-fill');
  eachRange(ranges, view, strip.width, (x0, x1) => c.fillRect(x0, strip.y + 4, x1 - x0, strip.height - 8));
}

/** Scores as colour alone, for the strip that shows the whole video. */
export function paintHeat(c: Context, strip: Strip, curve: Curve, view: Viewport, palette: Palette): void {
  eachColumn(curve, view, strip.width, (x0, x1, { max }) => {
    c.fillStyle = palette.ramp(max);
    c.fillRect(x0, strip.y, x1 - x0, strip.height);
  });
}

/** Marks of a ruler with frame number and time at the major ones. */
export function paintRuler(
  c: Context,
  strip: Strip,
  ticks: readonly Tick[],
  view: Viewport,
  text: (frame: number) => { frame: string; time: string },
  palette: Palette,
  font: string,
): void {
  const base = strip.y + strip.height;
  const middle = strip.y + strip.height / 2 - 1;
  c.font = `500 11px ${font}`;
  c.textBaseline = 'middle';
  for (const tick of ticks) {
    const x = Math.round(xOf(view, tick.frame, strip.width)) + 0.5;
    c.strokeStyle = palette.colour(tick.major ? 'line-strong' : 'line');
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x, tick.major ? base - 12 : base - 5);
    c.lineTo(x, base);
    c.stroke();
    if (!tick.major) continue;
    const label = text(tick.frame);
    const frameWidth = c.measureText(label.frame).width;
    const timeWidth = c.measureText(label.time).width;
    if (x + 4 + frameWidth + 5 + timeWidth > strip.width) continue;
    c.fillStyle = palette.colour('ink-2');
    c.fillText(label.frame, x + 4, middle);
    c.fillStyle = palette.colour('ink-3');
    c.fillText(label.time, x + 4 + frameWidth + 5, middle);
  }
}

/**
 * Pictures side by side, each near the frame under it; tiles are fixed to frames, so that they travel with the curve.
 * @param aspect width by height of a picture.
 * @param picture the picture for a frame, null while it loads; one of a frame up to `tolerance` away is good enough.
 */
export function paintPictures(
  c: Context,
  strip: Strip,
  view: Viewport,
  aspect: number,
  picture: (frame: number, tolerance: number) => CanvasImageSource | null,
): void {
  const tile = strip.height * aspect;
  const perPixel = (view.to - view.from) / strip.width;
  const tileFrames = tile * perPixel;
  for (let i = Math.floor(view.from / tileFrames); i * tileFrames < view.to; i++) {
    const image = picture((i + 0.5) * tileFrames, tileFrames / 2);
    const x = Math.round(xOf(view, i * tileFrames, strip.width));
    if (image) c.drawImage(image, x, strip.y, Math.ceil(tile) + 1, strip.height);
  }
}
