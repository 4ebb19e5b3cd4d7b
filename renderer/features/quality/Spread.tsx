// How scores are spread over normal and over anomalous frames. Role: two histograms over each other with the threshold.
import { useCallback } from 'react';
import type { EvaluationReport } from '../../../shared/contract/index.ts';
import { type Drawing, useCanvas } from '../../components/useCanvas.ts';
import { score } from '../../format.ts';
import styles from './Quality.module.css';

const FOOT = 18;

export function Spread({ histogram, on }: { histogram: EvaluationReport['histogram']; on: number }) {
  const draw = useCallback(
    ({ context: c, width, height, palette }: Drawing) => {
      const { low, high, normal, anomalous } = histogram;
      const most = Math.max(1e-9, ...normal, ...anomalous);
      const [h, n] = [height - FOOT - 6, normal.length];
      const edge = (i: number) => Math.round((i * width) / n);
      const top = (share: number) => 6 + h - Math.round(Math.sqrt(share / most) * h);
      c.fillStyle = palette.colour('bg-active');
      normal.forEach((share, i) => {
        if (share > 0)
          c.fillRect(edge(i), top(share), Math.max(1, edge(i + 1) - edge(i) - 1), 6 + h - top(share));
      });
      c.strokeStyle = palette.colour('truth');
      c.lineWidth = 1.5;
      c.beginPath();
      c.moveTo(0, 6 + h);
      anomalous.forEach((share, i) => {
        c.lineTo(edge(i), top(share));
        c.lineTo(edge(i + 1), top(share));
      });
      c.lineTo(width, 6 + h);
      c.stroke();
      const x = Math.round(((on - low) / (high - low || 1)) * (width - 1)) + 0.5;
      c.strokeStyle = palette.colour('threshold');
      c.lineWidth = 1;
      c.beginPath();
      c.moveTo(x, 0);
      c.lineTo(x, 6 + h);
      c.stroke();
      c.font = '11px "Inter Variable", sans-serif';
      c.fillStyle = palette.colour('ink-3');
      c.textBaseline = 'alphabetic';
      c.textAlign = 'left';
      c.fillText(low === 0 ? '0' : score(low), 0, height - 4);
      c.textAlign = 'right';
      c.fillText(high === 1 ? '1' : score(high), width, height - 4);
      c.textAlign = 'center';
      c.fillText('score; height is the root of the share', width / 2, height - 4);
    },
    [histogram, on],
  );
  return (
    <div className={styles.spread}>
      <canvas
        ref={useCanvas(draw)}
        role="img"
        aria-label={`Spread of scores over normal and anomalous frames, threshold ${score(on)}`}
      />
    </div>
  );
}
