// Counts over equal bins, several series side by side. Role: axes with round numbers, a colour and a name per series.
// Limits: all series share bins and axes; counts begin at 0.
import { useCallback } from 'react';
import { measure } from '../format.ts';
import type { ColourName } from '../styles/palette.ts';
import { niceTicks } from './chart-math.ts';
import styles from './LineChart.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

export interface Bars {
  name: string;
  /** Middle and count of each bin, in order of the middles. */
  bins: readonly (readonly [middle: number, count: number])[];
  colour: ColourName;
}

export interface BarChartProps {
  bars: readonly Bars[];
  /** What the bins divide, for example `score`. */
  xName: string;
  /** The same in words, for screen readers. */
  label: string;
}

const [LEFT, RIGHT, TOP, FOOT] = [44, 12, 26, 38];
const FONT = '11px "Inter Variable", sans-serif';

export function BarChart({ bars, xName, label }: BarChartProps) {
  const draw = useCallback((drawing: Drawing) => drawBars(drawing, bars, xName), [bars, xName]);
  return (
    <div className={styles.chart}>
      <canvas ref={useCanvas(draw)} role="img" aria-label={label} />
    </div>
  );
}

function drawBars(
  { context: c, width, height, palette }: Drawing,
  bars: readonly Bars[],
  xName: string,
): void {
  const bins = Math.max(0, ...bars.map((series) => series.bins.length));
  if (bins === 0) return;
  const middles = (bars.find((series) => series.bins.length === bins) ?? bars[0]).bins.map(([x]) => x);
  const step = bins > 1 ? middles[1] - middles[0] : 1;
  const [low, high] = [middles[0] - step / 2, middles[bins - 1] + step / 2];
  const [w, h] = [width - LEFT - RIGHT, height - TOP - FOOT];
  const most = Math.max(1, ...bars.flatMap((series) => series.bins.map(([, count]) => count)));
  const yTicks = niceTicks(0, most, Math.max(2, Math.round(h / 44)));
  const top = yTicks[yTicks.length - 1];
  c.font = FONT;
  c.textBaseline = 'middle';
  c.textAlign = 'right';
  for (const tick of yTicks) {
    const y = Math.round(TOP + (1 - tick / top) * h) + 0.5;
    c.fillStyle = palette.colour('line-soft');
    c.fillRect(LEFT, y - 0.5, w, 1);
    c.fillStyle = palette.colour('ink-3');
    c.fillText(measure(tick), LEFT - 8, y);
  }
  c.textAlign = 'center';
  for (const tick of niceTicks(low, high, Math.max(2, Math.round(w / 90)))) {
    if (tick < low || tick > high) continue;
    c.fillText(measure(tick), LEFT + ((tick - low) / (high - low)) * w, height - FOOT + 12);
  }
  c.fillText(xName, LEFT + w / 2, height - 8);

  const slot = w / bins;
  // Bars too thin to stand side by side are drawn through each other.
  const beside = (slot - 2) / bars.length >= 6;
  const wide = beside ? (slot - 2) / bars.length : slot;
  c.globalAlpha = beside || bars.length === 1 ? 1 : 0.7;
  for (const [index, series] of bars.entries()) {
    c.fillStyle = palette.colour(series.colour);
    for (const [middle, count] of series.bins) {
      const bin = Math.round((middle - middles[0]) / step);
      const tall = (count / top) * h;
      const x = LEFT + bin * slot + (beside ? 1 + index * wide : 0);
      c.fillRect(x, TOP + h - tall, Math.max(1, wide - 1), tall);
    }
  }
  c.globalAlpha = 1;
  c.textAlign = 'left';
  let x = LEFT;
  for (const series of bars) {
    c.fillStyle = palette.colour(series.colour);
    c.fillRect(x, 7, 10, 10);
    c.fillStyle = palette.colour('ink-2');
    c.fillText(series.name, x + 16, 12);
    x += c.measureText(series.name).width + 32;
  }
}
