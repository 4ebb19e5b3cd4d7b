// Strokes of a timeline: bars, step curve, blocks, ruler, pictures. Role: each function draws one thing into one strip,
// from data and viewport. What follows the scores is written into a raster, in device pixels; text, pictures and single lines
// go to the canvas over it, in CSS pixels. Limits: no state; a strip wider than its data or a zoom of hours costs the same.
import type { LengthEffects } from '../../shared/labels/events.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import type { Palette } from '../styles/palette.ts';
import { type Extent, extentOf, type Pyramid } from './pyramid.ts';
import { coverRect, paintCovered, paintRect, type Raster, type Rgba } from './raster.ts';
import type { Tick } from './ticks.ts';
import { type Viewport, xOf } from './viewport.ts';

/** Where to draw, in pixels; x begins at 0. */
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
export function paintBars(
  raster: Raster,
  strip: Strip,
  curve: Curve,
  view: Viewport,
  palette: Palette,
): void {
  const base = strip.y + strip.height;
  eachColumn(curve, view, strip.width, (x0, x1, { max }) => {
    const height = Math.max(1, Math.round(Math.min(Math.max(max, 0), 1) * (strip.height - 2)));
    const gap = x1 - x0 > 8 ? 1 : 0;
    paintRect(raster, x0, base - height, Math.max(x0 + 1, x1 - gap), base, palette.rampRgba(max));
  });
}

/** Height of a score in a strip, at the middle of a pixel. */
export const yOf = (strip: Strip, score: number): number =>
  strip.y + Math.round((1 - Math.min(Math.max(score, 0), 1)) * (strip.height - 1)) + 0.5;

/** Width of a curve's line, CSS pixels. */
const LINE = 1.5;

/**
 * The step curve of the chosen run: soft ramp below, line in ink; far out, a band from minimum to maximum.
 * @param ratio device pixels of a CSS pixel
 */
export function paintCurve(
  raster: Raster,
  strip: Strip,
  curve: Curve,
  view: Viewport,
  palette: Palette,
  ratio: number,
): void {
  const base = strip.y + strip.height;
  const half = (LINE * ratio) / 2;
  let last: number | null = null;
  eachColumn(curve, view, strip.width, (x0, x1, { min, max }) => {
    const [top, foot] = [yOf(strip, max), yOf(strip, min)];
    paintRect(raster, x0, Math.floor(top), x1, base, palette.rampRgba(max, 0.5));
    // Up or down from the step before to this one's maximum, down to its minimum, and along it.
    const [from, to] = [Math.min(last ?? top, top), Math.max(last ?? foot, foot)];
    coverRect(raster, x0 - half, from - half, x0 + half, to + half);
    coverRect(raster, x0, foot - half, x1, foot + half);
    last = foot;
  });
  paintCovered(raster, strip.y, base, palette.rgba('ink'));
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

/** Model events behind and under the curve: a wash over the lane and a bar at its foot, `foot` pixels high. */
export function paintEvents(
  raster: Raster,
  strip: Strip,
  events: readonly FrameRange[],
  view: Viewport,
  palette: Palette,
  foot: number,
): void {
  const base = strip.y + strip.height;
  const [wash, bar] = [palette.rgba('model-fill', 0.15), palette.rgba('model-fill')];
  eachRange(events, view, strip.width, (x0, x1) => {
    paintRect(raster, x0, strip.y, x1, base - foot, wash);
    paintRect(raster, x0, base - foot, x1, base, bar);
  });
}

/** Hatching of closed gaps, and the dashed frame of what is too short. CSS pixels. */
const HATCH = 6;

/** Which gaps a rule closes (hatched) and what is too short for an event (a dashed frame with a wash). */
export function paintLengths(
  c: Context,
  strip: Strip,
  { closed, dropped }: LengthEffects,
  view: Viewport,
  palette: Palette,
): void {
  const foot = strip.y + strip.height;
  c.save();
  c.strokeStyle = palette.colour('accent');
  c.lineWidth = 1.5;
  eachRange(closed, view, strip.width, (x0, x1) => {
    const [left, right] = [Math.max(0, x0), Math.min(strip.width, x1)];
    c.fillStyle = palette.alpha('accent', 0.18);
    c.fillRect(left, strip.y, right - left, strip.height);
    c.save();
    c.beginPath();
    c.rect(left, strip.y, right - left, strip.height);
    c.clip();
    c.beginPath();
    // Aligned to the lane, so that nothing crawls while a gap grows.
    for (let x = left - strip.height - ((left - strip.height) % HATCH); x < right; x += HATCH) {
      c.moveTo(x, foot);
      c.lineTo(x + strip.height, strip.y);
    }
    c.stroke();
    c.restore();
  });
  c.lineWidth = 1;
  c.setLineDash([3, 2]);
  c.strokeStyle = palette.colour('ink-2');
  c.fillStyle = palette.alpha('bg-app', 0.5);
  eachRange(dropped, view, strip.width, (x0, x1) => {
    const [left, right] = [Math.max(-2, x0), Math.min(strip.width + 2, x1)];
    c.fillRect(left, strip.y, right - left, strip.height);
    c.strokeRect(left + 0.5, strip.y + 0.5, Math.max(1, right - left - 1), strip.height - 1);
  });
  c.restore();
}

/** Ranges as plain blocks over the whole height of a strip. */
export function paintRanges(
  raster: Raster,
  strip: Strip,
  ranges: readonly FrameRange[],
  view: Viewport,
  colour: Rgba,
): void {
  const base = strip.y + strip.height;
  eachRange(ranges, view, strip.width, (x0, x1) => paintRect(raster, x0, strip.y, x1, base, colour));
}

/** Scores as colour alone, for the strip that shows the whole video. */
export function paintHeat(
  raster: Raster,
  strip: Strip,
  curve: Curve,
  view: Viewport,
  palette: Palette,
): void {
  eachColumn(curve, view, strip.width, (x0, x1, { max }) =>
    paintRect(raster, x0, strip.y, x1, strip.y + strip.height, palette.rampRgba(max)),
  );
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
    const x = Math.round(xOf(view, tick.frame, strip.width));
    const height = tick.major ? 12 : 5;
    c.fillStyle = palette.colour(tick.major ? 'line-strong' : 'line');
    c.fillRect(x, base - height, 1, height);
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
