// Blocks of a layer of labels. Role: each form can be told apart without colour: filled, outlined, dotted, hatched, dashed.
// Limits: no state; blocks too narrow for their text have none.
import type { FrameRange } from '../../shared/labels/types.ts';
import { type ColourName, classColour, type Palette } from '../styles/palette.ts';
import type { Strip } from './paint.ts';
import { type Viewport, xOf } from './viewport.ts';

export type BlockForm = 'filled' | 'outline' | 'dotted' | 'hatched' | 'dashed';
export type BlockTone = 'human' | 'rule' | 'truth' | 'accent' | 'model' | 'neutral';

export interface Block extends FrameRange {
  form: BlockForm;
  tone: BlockTone;
  text: string;
  /** Colour of its class, by number: a bar at its left. */
  mark?: number;
}

const FILL: Record<BlockTone, ColourName> = {
  human: 'human-fill',
  rule: 'rule-fill',
  truth: 'truth',
  accent: 'accent-fill',
  model: 'model-fill',
  neutral: 'line-strong',
};
const EDGE: Record<BlockTone, ColourName> = {
  human: 'human',
  rule: 'rule-fill',
  truth: 'truth',
  accent: 'accent',
  model: 'model-fill',
  neutral: 'ink-3',
};
/** Below this width a block is only a mark. */
const NARROW = 5;
const HATCH = 5;
const MARK = 4;

export function paintBlocks(
  c: CanvasRenderingContext2D,
  strip: Strip,
  blocks: readonly Block[],
  view: Viewport,
  palette: Palette,
  font: string,
): void {
  const y = strip.y + 2;
  const height = strip.height - 4;
  let marked = -1;
  for (const block of blocks) {
    if (block.end <= view.from || block.start >= view.to) continue;
    const x0 = Math.round(xOf(view, block.start, strip.width));
    const x1 = Math.max(x0 + 1, Math.round(xOf(view, block.end, strip.width)));
    const width = x1 - x0;
    const edge = palette.colour(EDGE[block.tone]);
    if (width < NARROW) {
      if (x1 <= marked) continue; // many under one pixel
      marked = x1;
      c.fillStyle = edge;
      c.fillRect(x0, y, width, height);
      continue;
    }
    c.save();
    c.beginPath();
    c.roundRect(x0 + 0.5, y + 0.5, width - 1, height - 1, 2);
    if (block.form === 'filled') {
      c.fillStyle = palette.colour(FILL[block.tone]);
      c.fill();
    } else {
      if (block.form === 'hatched') {
        c.clip();
        hatch(c, x0, y, width, height, edge);
        c.beginPath();
        c.roundRect(x0 + 0.5, y + 0.5, width - 1, height - 1, 2);
      }
      c.setLineDash(block.form === 'dotted' ? [1.5, 2.5] : block.form === 'dashed' ? [4, 3] : []);
      c.strokeStyle = edge;
      c.lineWidth = block.tone === 'truth' ? 1.5 : 1;
      c.stroke();
    }
    c.restore();
    const left = Math.max(x0, 0);
    const mark = block.mark === undefined ? 0 : MARK;
    if (block.mark !== undefined) {
      // Stays in view with the block, apart from its fill.
      c.fillStyle = palette.colour('bg-panel');
      c.fillRect(left + 1, y + 1, MARK + 1, height - 2);
      c.fillStyle = palette.colour(classColour(block.mark));
      c.fillRect(left + 1, y + 1, MARK, height - 2);
    }
    drawText(
      c,
      block,
      { x: left + mark, y, width: Math.min(x1, strip.width) - left - mark, height },
      palette,
      font,
    );
  }
}

function hatch(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  c.strokeStyle = colour;
  c.globalAlpha = 0.55;
  c.lineWidth = 1;
  c.beginPath();
  for (let at = x - height; at < x + width; at += HATCH) {
    c.moveTo(at, y + height);
    c.lineTo(at + height, y);
  }
  c.stroke();
  c.globalAlpha = 1;
}

function drawText(
  c: CanvasRenderingContext2D,
  block: Block,
  box: { x: number; y: number; width: number; height: number },
  palette: Palette,
  font: string,
): void {
  if (block.text === '' || box.width < 24) return;
  c.save();
  c.beginPath();
  c.rect(box.x, box.y, box.width - 3, box.height);
  c.clip();
  c.font = `500 10px ${font}`;
  c.textBaseline = 'middle';
  c.textAlign = 'left';
  if (block.form === 'hatched') {
    c.fillStyle = palette.colour('bg-panel');
    c.fillRect(box.x + 2, box.y + 1, c.measureText(block.text).width + 6, box.height - 2);
  }
  c.fillStyle =
    block.form === 'filled'
      ? block.tone === 'truth'
        ? palette.colour('bg-app')
        : palette.colour(block.tone === 'model' ? 'on-model' : 'on-human')
      : palette.colour(block.tone === 'neutral' ? 'ink-3' : EDGE[block.tone]);
  c.fillText(block.text, box.x + 5, box.y + box.height / 2 + 0.5);
  c.restore();
}
