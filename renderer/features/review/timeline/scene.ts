// The two layers of the timeline. Role: `drawStill` paints scores, labels, events, ruler and pictures; `drawMoving`
// paints playhead, pointer and selection. Limits: state comes in, pixels go out; who draws when is the caller's.
import type { LengthEffects } from '../../../../shared/labels/events.ts';
import { type FrameTable, timeOfFrame } from '../../../../shared/labels/frame-table.ts';
import type { EventRule, FrameRange } from '../../../../shared/labels/types.ts';
import {
  type Curve,
  paintBars,
  paintCurve,
  paintEvents,
  paintHeat,
  paintLengths,
  paintPictures,
  paintRanges,
  paintRuler,
  paintThreshold,
  type Strip,
} from '../../../canvas/paint.ts';
import { type Block, paintBlocks } from '../../../canvas/paint-layer.ts';
import { clearRows, createRaster, paintRect, type Raster } from '../../../canvas/raster.ts';
import type { Surface } from '../../../canvas/surface.ts';
import { ticksOf } from '../../../canvas/ticks.ts';
import { type Viewport, wholeVideo, xOf } from '../../../canvas/viewport.ts';
import { count } from '../../../format.ts';
import type { Palette } from '../../../styles/palette.ts';
import { rulerDigits, timeText } from '../time.ts';
import type { Layout, Row } from './layout.ts';
import type { Pictures } from './pictures.ts';

/** What a timeline shows; changes only when data arrives. */
export interface Scene {
  table: FrameTable;
  frames: number;
  timed: boolean;
  /** The chosen run's scores; null when it does not have this video. */
  curve: Curve | null;
  /** Scores of other runs by run id. */
  others: ReadonlyMap<number, Curve>;
  labels: readonly FrameRange[] | null;
  /** All runs together; null with fewer than two. One half is the threshold. */
  consensus: Curve | null;
  uncertainty: Curve | null;
  /** Blocks of each layer by its id. */
  layers: ReadonlyMap<string, readonly Block[]>;
  /** Ground truth for the strip at the foot; null when not known. */
  truth: readonly FrameRange[] | null;
  pictures: Pictures | null;
}

/** Pixels a labelled mark of the ruler needs: the longest `1,234,567 1:02:03`. */
const MAJOR_GAP = 96;

/** What the lower layer shows at a moment. */
export interface Still {
  view: Viewport;
  rule: EventRule | null;
  events: readonly FrameRange[];
  /** What the lengths of the rule do, while one of them is in a person's hand. */
  effects: LengthEffects | null;
  /** Whether pictures that are not there yet are asked for: not in the middle of a gesture. */
  asks: boolean;
}

const stripOf = (row: Row, width: number): Strip => ({ y: row.y, width, height: row.height });

/** Pixels of the lower layer, kept between two drawings: a lane whose data and view are the same stays as it is. */
export interface StillPixels {
  raster: Raster | null;
  /** What each row was drawn from. */
  drawn: (readonly unknown[])[];
}
export const noPixels = (): StillPixels => ({ raster: null, drawn: [] });

export function drawStill(
  { context: c, width, height, ratio }: Surface,
  kept: StillPixels,
  layout: Layout,
  scene: Scene,
  still: Still,
  palette: Palette,
  font: string,
): void {
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (kept.raster?.width !== pixelWidth || kept.raster.height !== pixelHeight) {
    kept.raster = createRaster(pixelWidth, pixelHeight);
    kept.drawn = [];
  }
  const { raster } = kept;
  for (const [i, row] of layout.rows.entries()) {
    const y = Math.round(row.y * ratio);
    const strip = { y, width: pixelWidth, height: Math.round((row.y + row.height) * ratio) - y };
    const from = pixelsOf(row, scene, still);
    if (kept.drawn[i]?.length === from.length && from.every((part, k) => part === kept.drawn[i][k])) continue;
    kept.drawn[i] = from;
    clearRows(raster, strip.y, strip.y + strip.height);
    drawPixels(raster, row, strip, scene, still, palette, ratio);
  }
  if (raster.image) c.putImageData(raster.image, 0, 0);
  for (const row of layout.rows) {
    c.save();
    c.beginPath();
    c.rect(0, row.y, width, row.height);
    c.clip();
    drawOver(c, row, stripOf(row, width), scene, still, palette, font);
    c.restore();
  }
}

const NOTHING: readonly unknown[] = [];

/** What the pixels of a row depend on. */
function pixelsOf(row: Row, scene: Scene, { view, events }: Still): readonly unknown[] {
  switch (row.kind) {
    case 'curve':
      return [scene.curve, events, view];
    case 'labels':
      return [scene.labels, view];
    case 'run':
      return [scene.others.get(row.runId ?? -1), view];
    case 'consensus':
      return [scene.consensus, view];
    case 'uncertainty':
      return [scene.uncertainty, view];
    case 'overview':
      return [scene.curve, scene.truth, events];
    default:
      return NOTHING;
  }
}

/** The dense part of a row, in device pixels. */
function drawPixels(
  raster: Raster,
  row: Row,
  strip: Strip,
  scene: Scene,
  { view, events }: Still,
  palette: Palette,
  ratio: number,
): void {
  const px = (css: number) => Math.round(css * ratio);
  switch (row.kind) {
    case 'curve':
      if (!scene.curve) break;
      paintEvents(raster, strip, events, view, palette, px(4));
      paintCurve(raster, strip, scene.curve, view, palette, ratio);
      break;
    case 'labels': {
      const middle = { ...strip, y: strip.y + px(4), height: strip.height - px(8) };
      if (scene.labels) paintRanges(raster, middle, scene.labels, view, palette.rgba('model-fill'));
      break;
    }
    case 'run': {
      const curve = row.runId === null ? undefined : scene.others.get(row.runId);
      if (curve) paintBars(raster, strip, curve, view, palette);
      break;
    }
    case 'consensus':
      if (scene.consensus) paintCurve(raster, strip, scene.consensus, view, palette, ratio);
      break;
    case 'uncertainty':
      if (scene.uncertainty) paintBars(raster, strip, scene.uncertainty, view, palette);
      break;
    case 'overview': {
      const all = wholeVideo(scene.frames);
      const foot = strip.y + strip.height;
      const heat = { ...strip, y: strip.y + px(5), height: strip.height - px(13) };
      paintRect(raster, 0, heat.y, strip.width, heat.y + heat.height, palette.rgba('line-soft'));
      if (scene.curve) paintHeat(raster, heat, scene.curve, all, palette);
      const marks = { ...strip, y: foot - px(6), height: px(2) };
      paintRanges(raster, marks, events, all, palette.rgba('model-fill'));
      const known = { ...strip, y: foot - px(3), height: px(1) };
      if (scene.truth) paintRanges(raster, known, scene.truth, all, palette.rgba('truth'));
      break;
    }
    default:
  }
}

/** What lies over the pixels of a row: text, pictures, blocks, single lines. CSS pixels. */
function drawOver(
  c: CanvasRenderingContext2D,
  row: Row,
  strip: Strip,
  scene: Scene,
  { view, rule, effects, asks }: Still,
  palette: Palette,
  font: string,
): void {
  switch (row.kind) {
    case 'ruler':
      drawRuler(c, strip, scene, view, palette, font);
      break;
    case 'pictures': {
      const { pictures } = scene;
      if (!pictures) break;
      paintPictures(c, strip, view, pictures.aspect, (frame, near) => pictures.at(frame, near, asks));
      break;
    }
    case 'curve':
      if (!scene.curve || !rule) break;
      paintThreshold(c, strip, rule.on, false, palette);
      paintThreshold(c, strip, rule.off, true, palette);
      if (effects) paintLengths(c, strip, effects, view, palette);
      break;
    case 'consensus':
      if (scene.consensus) paintThreshold(c, strip, 0.5, true, palette);
      break;
    case 'layer': {
      const blocks = row.layerId === null ? undefined : scene.layers.get(row.layerId);
      if (blocks) paintBlocks(c, strip, blocks, view, palette, font);
      break;
    }
    case 'overview': {
      const all = wholeVideo(scene.frames);
      const x0 = xOf(all, view.from, strip.width);
      const x1 = xOf(all, view.to, strip.width);
      c.strokeStyle = palette.colour('ink');
      c.lineWidth = 1.5;
      c.beginPath();
      c.roundRect(x0 + 0.75, strip.y + 1.75, Math.max(6, x1 - x0 - 1.5), strip.height - 3.5, 3);
      c.stroke();
      break;
    }
    default:
  }
}

function drawRuler(
  c: CanvasRenderingContext2D,
  strip: Strip,
  scene: Scene,
  view: Viewport,
  palette: Palette,
  font: string,
): void {
  const ticks = ticksOf(view, strip.width, scene.frames, MAJOR_GAP);
  const majors = ticks.filter((tick) => tick.major);
  const step =
    majors.length > 1
      ? timeOfFrame(scene.table, majors[1].frame) - timeOfFrame(scene.table, majors[0].frame)
      : timeOfFrame(scene.table, Math.ceil(view.to)) - timeOfFrame(scene.table, Math.floor(view.from));
  const digits = rulerDigits(step);
  const text = (frame: number) => ({
    frame: count(frame),
    time: timeText(scene, frame, digits),
  });
  paintRuler(c, strip, ticks, view, text, palette, font);
}

export interface Moving {
  view: Viewport;
  frame: number;
  hover: number | null;
  selected: FrameRange | null;
  /** The stretch between in and out, or the edges that are being moved. */
  marked: FrameRange | null;
}

export function drawMoving(
  { context: c, width }: Surface,
  layout: Layout,
  scene: Scene,
  { view, frame, hover, selected, marked }: Moving,
  palette: Palette,
  font: string,
): void {
  const overview = layout.rows[layout.rows.length - 1];
  const lanesEnd = overview.y - 1;
  if (selected) drawSelection(c, width, layout, view, selected, palette);
  if (marked) drawMarked(c, width, layout, view, marked, palette);
  if (hover !== null) {
    c.fillStyle = palette.alpha('ink', 0.35);
    c.fillRect(Math.round(xOf(view, hover + 0.5, width)), 0, 1, lanesEnd);
  }
  const x = Math.round(xOf(view, frame + 0.5, width));
  if (x >= 0 && x <= width) {
    c.fillStyle = palette.colour('halo');
    c.fillRect(x - 1, 18, 3, lanesEnd - 18);
    c.fillStyle = palette.colour('playhead');
    c.fillRect(x, 18, 1, lanesEnd - 18);
    const text = count(frame);
    c.font = `600 11px ${font}`;
    const plate = c.measureText(text).width + 12;
    const left = Math.min(Math.max(x - plate / 2, 0), width - plate);
    c.beginPath();
    c.roundRect(left, 1, plate, 18, 3);
    c.fill();
    c.fillStyle = palette.colour('bg-app');
    c.textBaseline = 'middle';
    c.textAlign = 'left';
    c.fillText(text, left + 6, 10.5);
  }
  c.fillStyle = palette.colour('halo');
  const dot = Math.round(xOf(wholeVideo(scene.frames), frame + 0.5, width));
  c.fillRect(dot - 1, overview.y + 2, 3, overview.height - 4);
  c.fillStyle = palette.colour('playhead');
  c.fillRect(dot, overview.y + 2, 1, overview.height - 4);
}

/** In and out: a light wash between two dashed edges, so that it is not taken for an event. */
function drawMarked(
  c: CanvasRenderingContext2D,
  width: number,
  layout: Layout,
  view: Viewport,
  { start, end }: FrameRange,
  palette: Palette,
): void {
  const foot = layout.rows[layout.rows.length - 1].y - 1;
  const [x0, x1] = [xOf(view, start, width), xOf(view, end, width)].map(Math.round);
  if (x1 < 0 || x0 > width) return;
  c.fillStyle = palette.alpha('accent', 0.14);
  c.fillRect(x0, 0, Math.max(1, x1 - x0), foot);
  c.save();
  c.strokeStyle = palette.colour('accent');
  c.setLineDash([4, 3]);
  c.beginPath();
  for (const x of [x0 + 0.5, x1 - 0.5]) {
    c.moveTo(x, 0);
    c.lineTo(x, foot);
  }
  c.stroke();
  c.restore();
}

/** Two edges with handles through all lanes; no tint, so that score colours stay true. */
function drawSelection(
  c: CanvasRenderingContext2D,
  width: number,
  layout: Layout,
  view: Viewport,
  { start, end }: FrameRange,
  palette: Palette,
): void {
  const curve = layout.rows.find((row) => row.kind === 'curve');
  const overview = layout.rows[layout.rows.length - 1];
  if (!curve) return;
  c.fillStyle = palette.colour('accent');
  for (const frame of [start, end]) {
    const x = Math.round(xOf(view, frame, width));
    if (x < -4 || x > width + 4) continue;
    c.fillRect(frame === start ? x : x - 1, curve.y, 1, overview.y - 1 - curve.y);
    c.beginPath();
    c.roundRect(x - 3.5, curve.y + curve.height / 2 - 13, 7, 26, 2);
    c.fill();
  }
}
