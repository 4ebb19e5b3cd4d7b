// Bounds of score and length. Role: four fields of a filter, wherever events are chosen by them. Limits: an empty bound is
// the lowest or highest there is.
import type { QueueFilter } from '../../../../shared/contract/index.ts';
import { NumberField } from '../../../components/NumberField.tsx';
import styles from './FilterBounds.module.css';

type Bound = 'minScore' | 'maxScore' | 'minFrames' | 'maxFrames';

export interface FilterBoundsProps {
  filter: QueueFilter;
  onChange(part: Partial<QueueFilter>): void;
}

export function FilterBounds({ filter, onChange }: FilterBoundsProps) {
  const field = (label: string, key: Bound, none: number) => (
    <NumberField
      label={label}
      value={filter[key] ?? none}
      min={0}
      {...(key.endsWith('Score') ? { max: 1, step: 0.05 } : { integer: true, step: 16 })}
      onChange={(value) => {
        if (Number.isFinite(value)) onChange({ [key]: value === none ? null : value });
      }}
    />
  );
  return (
    <>
      <div className={styles.pair}>
        {field('Score from', 'minScore', 0)}
        {field('to', 'maxScore', 1)}
      </div>
      <div className={styles.pair}>
        {field('Frames from', 'minFrames', 0)}
        {field('to (0: any)', 'maxFrames', 0)}
      </div>
    </>
  );
}
