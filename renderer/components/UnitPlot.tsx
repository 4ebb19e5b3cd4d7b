// Curves over shares: both axes from 0 to 1. Role: axes, lines, bands of uncertainty, marked points.
// Limits: draws what it is given; thinning curves is the engine's part.
import { useCallback } from 'react';
import type { ColourName } from '../styles/palette.ts';
import styles from './UnitPlot.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

type Point = readonly [x: number, y: number];

export interface PlotLine {
  points: readonly Point[];
  colour: ColourName;
  dash?: readonly number[];
  width?: number;
}

export interface PlotBand {
  /** Both in the same order of x. */
  upper: readonly Point[];
  lower: readonly Point[];
  colour: ColourName;
}

export interface PlotMark {
  at: Point;
  text: string;
}

export interface UnitPlotProps {
  xName: string;
  yName: string;
  lines: readonly PlotLine[];
  bands?: readonly PlotBand[];
  marks?: readonly PlotMark[];
  /** Dotted line from corner to corner, for what chance or a perfect match gives. */
  diagonal?: boolean;
  /** The same in words, for screen readers. */
  label: string;
}

const [LEFT, RIGHT, TOP, FOOT] = [42, 12, 8, 36];
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const FONT = '11px "Inter Variable", sans-serif';
const tickText = (tick: number): string => String(tick).replace(/^0\./, '.');

export function UnitPlot({ xName, yName, lines, bands, marks, diagonal, label }: UnitPlotProps) {
  const draw = useCallback(
    (drawing: Drawing) => {
      const area = axes(drawing, xName, yName);
      const { context: c, palette } = drawing;
      if (diagonal)
        stroke(drawing, area, {
          points: [
            [0, 0],
            [1, 1],
          ],
          colour: 'line-strong',
          dash: [2, 4],
          width: 1,
        });
      for (const band of bands ?? []) {
        c.beginPath();
        for (const [x, y] of band.upper) c.lineTo(area.x(x), area.y(y));
        for (const [x, y] of band.lower.toReversed()) c.lineTo(area.x(x), area.y(y));
        c.closePath();
        c.fillStyle = palette.alpha(band.colour, 0.22);
        c.fill();
      }
      for (const line of lines) stroke(drawing, area, line);
      for (const mark of marks ?? []) drawMark(drawing, area, mark);
    },
    [xName, yName, lines, bands, marks, diagonal],
  );
  return (
    <div className={styles.plot}>
      <canvas ref={useCanvas(draw)} role="img" aria-label={label} />
    </div>
  );
}

interface Area {
  x(value: number): number;
  y(value: number): number;
  right: number;
}

function axes({ context: c, width, height, palette }: Drawing, xName: string, yName: string): Area {
  const [w, h] = [width - LEFT - RIGHT, height - TOP - FOOT];
  const area = {
    x: (value: number) => LEFT + value * w,
    y: (value: number) => TOP + (1 - value) * h,
    right: LEFT + w,
  };
  c.font = FONT;
  c.textBaseline = 'middle';
  for (const tick of TICKS) {
    const [x, y] = [Math.round(area.x(tick)), Math.round(area.y(tick))];
    c.fillStyle = palette.colour('line-soft');
    c.fillRect(LEFT, y, w, 1);
    c.fillRect(x, TOP, 1, h);
    c.fillStyle = palette.colour('ink-3');
    c.textAlign = 'right';
    c.fillText(tickText(tick), LEFT - 7, y);
    c.textAlign = 'center';
    c.fillText(tickText(tick), x, TOP + h + 11);
  }
  c.fillStyle = palette.colour('ink-2');
  c.fillText(xName, LEFT + w / 2, height - 8);
  c.save();
  c.translate(8, TOP + h / 2);
  c.rotate(-Math.PI / 2);
  c.fillText(yName, 0, 0);
  c.restore();
  c.textAlign = 'left';
  return area;
}

function stroke({ context: c, palette }: Drawing, area: Area, line: PlotLine): void {
  if (line.points.length === 0) return;
  c.beginPath();
  for (const [x, y] of line.points) c.lineTo(area.x(x), area.y(y));
  c.setLineDash([...(line.dash ?? [])]);
  c.strokeStyle = palette.colour(line.colour);
  c.lineWidth = line.width ?? 1.5;
  c.lineJoin = 'round';
  c.stroke();
  c.setLineDash([]);
}

function drawMark({ context: c, palette }: Drawing, area: Area, { at, text }: PlotMark): void {
  const [x, y] = [area.x(at[0]), area.y(at[1])];
  c.beginPath();
  c.arc(x, y, 4.5, 0, 7);
  c.fillStyle = palette.colour('threshold');
  c.fill();
  c.strokeStyle = palette.colour('bg-panel');
  c.lineWidth = 1.5;
  c.stroke();
  const size = c.measureText(text).width;
  const left = x + 10 + size + 4 > area.right;
  const from = left ? x - 10 - size : x + 10;
  c.fillStyle = palette.alpha('bg-panel', 0.85);
  c.fillRect(from - 4, y - 1, size + 8, 16);
  c.fillStyle = palette.colour('ink');
  c.fillText(text, from, y + 7);
}
