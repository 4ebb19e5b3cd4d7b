// Lines over epochs or steps. Role: axes with round numbers, one dash and colour per line, its name at its end.
// Limits: all lines share both axes; put lines of other sizes into a chart of their own.
import { useCallback } from 'react';
import { measure } from '../format.ts';
import type { ColourName } from '../styles/palette.ts';
import { niceTicks, thin } from './chart-math.ts';
import styles from './LineChart.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

export interface Line {
  name: string;
  /** In order of x. */
  points: readonly (readonly [x: number, y: number])[];
  colour: ColourName;
  dash?: readonly number[];
}

export interface LineChartProps {
  lines: readonly Line[];
  /** What x counts, for example `epoch`. */
  xName: string;
  /** The same in words, for screen readers. */
  label: string;
}

const [LEFT, RIGHT, TOP, FOOT] = [44, 12, 10, 24];
const FONT = '11px "Inter Variable", sans-serif';

export function LineChart({ lines, xName, label }: LineChartProps) {
  const draw = useCallback((drawing: Drawing) => drawLines(drawing, lines, xName), [lines, xName]);
  return (
    <div className={styles.chart}>
      <canvas ref={useCanvas(draw)} role="img" aria-label={label} />
    </div>
  );
}

function drawLines(
  { context: c, width, height, palette }: Drawing,
  lines: readonly Line[],
  xName: string,
): void {
  const all = lines.flatMap((line) => line.points);
  if (all.length === 0) return;
  c.font = FONT;
  const names = lines.length > 1 ? Math.max(...lines.map((line) => c.measureText(line.name).width)) + 12 : 0;
  const [w, h] = [width - LEFT - RIGHT - names, height - TOP - FOOT];
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [xLow, xHigh] = [Math.min(...minMax(xs)), Math.max(...minMax(xs))];
  const yTicks = niceTicks(...minMax(ys), Math.max(2, Math.round(h / 44)));
  const [yLow, yHigh] = [yTicks[0], yTicks[yTicks.length - 1]];
  const toX = (x: number): number => LEFT + (xHigh > xLow ? (x - xLow) / (xHigh - xLow) : 0.5) * w;
  const toY = (y: number): number => TOP + (1 - (y - yLow) / (yHigh - yLow)) * h;

  c.textBaseline = 'middle';
  c.textAlign = 'right';
  for (const tick of yTicks) {
    const y = Math.round(toY(tick)) + 0.5;
    c.fillStyle = palette.colour('line-soft');
    c.fillRect(LEFT, y - 0.5, w, 1);
    c.fillStyle = palette.colour('ink-3');
    c.fillText(measure(tick), LEFT - 8, y);
  }
  c.textAlign = 'center';
  const whole = niceTicks(xLow, xHigh, Math.max(2, Math.round(w / 90))).filter(
    (x) => x >= xLow && x <= xHigh && Number.isInteger(x),
  );
  for (const tick of whole) c.fillText(measure(tick, 6), toX(tick), height - FOOT + 12);
  c.textAlign = 'left';
  c.fillText(
    xName,
    LEFT + w + 8 - (names ? 0 : c.measureText(xName).width + 8),
    height - FOOT + (names ? 12 : -8),
  );

  const ends: { name: string; y: number; colour: string }[] = [];
  for (const line of lines) {
    if (line.points.length === 0) continue;
    const points = thin(line.points, Math.max(8, w * 2));
    c.beginPath();
    for (const [x, y] of points) c.lineTo(toX(x), toY(y));
    c.setLineDash([...(line.dash ?? [])]);
    c.strokeStyle = palette.colour(line.colour);
    c.lineWidth = 1.75;
    c.lineJoin = 'round';
    c.stroke();
    c.setLineDash([]);
    const [x, y] = points[points.length - 1];
    c.beginPath();
    c.arc(toX(x), toY(y), 3, 0, 7);
    c.fillStyle = palette.colour(line.colour);
    c.fill();
    ends.push({ name: line.name, y: toY(y), colour: palette.colour(line.colour) });
  }
  if (names === 0) return;
  // Names beside the ends, pushed apart where lines end close together.
  ends.sort((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  for (const end of ends) {
    last = Math.max(end.y, last + 14);
    c.fillStyle = end.colour;
    c.fillText(end.name, LEFT + w + 8, last);
  }
}

function minMax(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
