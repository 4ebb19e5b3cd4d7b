// How scores are spread, with both thresholds. Role: drawing. Limits: counts values, knows no runs.
import { useCallback } from 'react';
import { score } from '../format.ts';
import { binned, type Range } from './chart-math.ts';
import styles from './Histogram.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

export interface HistogramProps {
  values: readonly number[];
  /** Scores at the left and right edge. */
  range: Range;
  bins?: number;
  on: number;
  off: number;
  label: string;
}

const FOOT = 18;

/** How scores are spread, in the colours of the ramp, with both thresholds. */
export function Histogram({ values, range, bins = 40, on, off, label }: HistogramProps) {
  const { low, high } = range;
  const draw = useCallback(
    ({ context: c, width, height, palette }: Drawing) => {
      const share = (value: number): number => (value - low) / (high - low);
      const counts = binned(values, bins, { low, high });
      const most = Math.max(1, ...counts);
      const h = height - FOOT - 14;
      counts.forEach((n, i) => {
        const [from, to] = [Math.round((i * width) / bins), Math.round(((i + 1) * width) / bins)];
        const size = n === 0 ? 0 : Math.max(2, Math.round((n / most) * h));
        c.fillStyle = palette.ramp((i + 0.5) / bins);
        c.fillRect(from, 14 + h - size, Math.max(1, to - from - 1), size);
      });
      c.fillStyle = palette.colour('line-soft');
      c.fillRect(0, 14 + h, width, 1);
      c.font = '11px "Inter Variable", sans-serif';
      c.textBaseline = 'alphabetic';
      const placeOf = (at: number): number =>
        Math.round(Math.min(1, Math.max(0, share(at))) * (width - 1)) + 0.5;
      /** @param left where its text begins. */
      const mark = (at: number, text: string, dashed: boolean, left: number): void => {
        const x = placeOf(at);
        c.strokeStyle = palette.colour('threshold');
        c.setLineDash(dashed ? [3, 3] : []);
        c.beginPath();
        c.moveTo(x, 13);
        c.lineTo(x, 14 + h);
        c.stroke();
        c.setLineDash([]);
        c.fillStyle = palette.colour('threshold');
        c.textAlign = 'left';
        c.fillText(text, left, 10);
      };
      // "On" stands right of its line and "Off" left of its own, unless the edge is near; then one makes room for the other.
      const [onText, offText] = [`On ${score(on)}`, `Off ${score(off)}`];
      const [onWide, offWide] = [onText, offText].map((text) => c.measureText(text).width);
      const onLeft = placeOf(on) + 5 + onWide <= width ? placeOf(on) + 5 : placeOf(on) - 5 - onWide;
      const offLeft = Math.min(placeOf(off) - 5, onLeft - 8) - offWide;
      const room = Math.max(0, -offLeft);
      mark(on, onText, false, off < on ? onLeft + room : onLeft);
      if (off < on) mark(off, offText, true, offLeft + room);
      c.fillStyle = palette.colour('ink-3');
      c.textAlign = 'left';
      c.fillText(low === 0 ? '0' : score(low), 0, height - 4);
      c.textAlign = 'right';
      c.fillText(high === 1 ? '1' : score(high), width, height - 4);
      c.textAlign = 'center';
      c.fillText('score', width / 2, height - 4);
    },
    [values, low, high, bins, on, off],
  );
  return (
    <div className={styles.histogram}>
      <canvas ref={useCanvas(draw)} role="img" aria-label={label} />
    </div>
  );
}
