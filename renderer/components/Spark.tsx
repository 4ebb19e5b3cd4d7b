import { useCallback } from 'react';
import styles from './Spark.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

export interface SparkProps {
  /** Maxima over equal parts of the video, in [0, 1]. */
  values: readonly number[];
  /** Where events start; drawn as a line, and parts above it as model events at the foot. */
  threshold?: number | null;
  /** The same in words. */
  label: string;
}

const FOOT = 4;

/** Scores over a whole video in the ramp: height and colour carry the same number. */
export function Spark({ values, threshold = null, label }: SparkProps) {
  const draw = useCallback(
    ({ context, width, height, palette }: Drawing) => {
      const top = height - FOOT - 2;
      const edge = (i: number) => Math.round((i * width) / values.length);
      context.fillStyle = palette.colour('line-soft');
      context.fillRect(0, height - FOOT, width, 3);
      values.forEach((value, i) => {
        const size = Math.max(1, Math.round(Math.min(1, value) * (top - 2)));
        const wide = Math.max(1, edge(i + 1) - edge(i));
        context.fillStyle = palette.ramp(value);
        context.fillRect(edge(i), top - size, wide, size);
        if (threshold !== null && value >= threshold) {
          context.fillStyle = palette.colour('model-fill');
          context.fillRect(edge(i), height - FOOT, wide, 3);
        }
      });
      if (threshold !== null) {
        context.fillStyle = palette.alpha('threshold', 0.5);
        context.fillRect(0, Math.round(top - Math.min(1, threshold) * (top - 2)), width, 1);
      }
    },
    [values, threshold],
  );
  return <canvas ref={useCanvas(draw)} className={styles.spark} role="img" aria-label={label} />;
}
