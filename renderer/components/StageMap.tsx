// Values of one video after each stage of a training, one strip per stage, so that one sees what changes.
// Role: drawing in the ramp, with marks under what was labelled. Limits: knows no runs; all strips have one length.
import { useCallback } from 'react';
import styles from './StageMap.module.css';
import { type Drawing, useCanvas } from './useCanvas.ts';

export interface Strip {
  stage: number;
  /** In [0, 1], one per segment. */
  values: readonly number[];
  /** 1 where a segment was labelled; as many as `values`, or none. */
  marks: readonly number[];
}

export interface StageMapProps {
  strips: readonly Strip[];
  /** The same in words. */
  label: string;
}

const [STRIP, GAP, MARK, LEFT] = [13, 3, 3, 20];

export function StageMap({ strips, label }: StageMapProps) {
  const draw = useCallback(
    ({ context: c, width, palette }: Drawing) => {
      c.font = '11px "Inter Variable", sans-serif';
      c.textBaseline = 'middle';
      for (const [row, { stage, values, marks }] of strips.entries()) {
        const top = row * (STRIP + GAP);
        const edge = (i: number): number => LEFT + Math.round((i * (width - LEFT)) / values.length);
        c.fillStyle = palette.colour('ink-3');
        c.textAlign = 'right';
        c.fillText(String(stage), LEFT - 8, top + STRIP / 2 + 1);
        for (const [i, value] of values.entries()) {
          c.fillStyle = palette.ramp(value);
          c.fillRect(edge(i), top, Math.max(1, edge(i + 1) - edge(i)), STRIP - MARK - 1);
          if (marks[i] !== 1) continue;
          c.fillStyle = palette.colour('model-fill');
          c.fillRect(edge(i), top + STRIP - MARK, Math.max(1, edge(i + 1) - edge(i)), MARK);
        }
      }
    },
    [strips],
  );
  // Strips have a fixed height: rows of the grid stand for them.
  return (
    <div className={styles.map}>
      {strips.map(({ stage }) => (
        <span key={stage} className={styles.row} />
      ))}
      <canvas ref={useCanvas(draw)} role="img" aria-label={label} />
    </div>
  );
}
