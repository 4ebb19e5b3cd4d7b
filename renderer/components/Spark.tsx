// Scores over a whole video, small. Role: drawing in the ramp. Limits: values are maxima over equal parts.
import { useCallback } from 'react';
import type { Range } from './chart-math.ts';
import styles from './Spark.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

export interface SparkProps {
  /** Maxima over equal parts of the video, in [0, 1]. */
  values: readonly number[];
  /** Scores at the foot and the top, the same for all that are compared. */
  range: Range;
  /** Where events start; drawn as a line, and parts above it as model events at the foot. */
  threshold?: number | null;
  /** The same in words. */
  label: string;
}

const FOOT = 4;

/** Scores over a whole video in the ramp: height and colour carry the same number. */
export function Spark({ values, range, threshold = null, label }: SparkProps) {
  const { low, high } = range;
  const draw = useCallback(
    ({ context, width, height, palette }: Drawing) => {
      const top = height - FOOT - 2;
      const share = (value: number): number => Math.min(1, Math.max(0, (value - low) / (high - low)));
      const edge = (i: number) => Math.round((i * width) / values.length);
      context.fillStyle = palette.colour('line-soft');
      context.fillRect(0, height - FOOT, width, 3);
      values.forEach((value, i) => {
        const size = Math.max(1, Math.round(share(value) * (top - 2)));
        const wide = Math.max(1, edge(i + 1) - edge(i));
        context.fillStyle = palette.ramp(share(value));
        context.fillRect(edge(i), top - size, wide, size);
        if (threshold !== null && value >= threshold) {
          context.fillStyle = palette.colour('model-fill');
          context.fillRect(edge(i), height - FOOT, wide, 3);
        }
      });
      if (threshold !== null) {
        context.fillStyle = palette.alpha('threshold', 0.5);
        context.fillRect(0, Math.round(top - share(threshold) * (top - 2)), width, 1);
      }
    },
    [values, low, high, threshold],
  );
  return <canvas ref={useCanvas(draw)} className={styles.spark} role="img" aria-label={label} />;
}
