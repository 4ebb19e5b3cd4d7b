// Small marks: a badge states a fact, a chip switches one. Role: tones by who says it. Limits: no icons of their own.
import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import styles from './Badge.module.css';
import { cx } from './cx.ts';

export type Tone = 'neutral' | 'human' | 'rule' | 'model' | 'warn' | 'bad' | 'accent';

/** A small fact in the colour of who says it. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={cx(styles.badge, tone !== 'neutral' && styles[tone])}>{children}</span>;
}

export interface ChipProps {
  children: ReactNode;
  selected: boolean;
  onChange(selected: boolean): void;
}

/** A switch in the form of a word, for filters and classes. */
export function Chip({ children, selected, onChange }: ChipProps) {
  return (
    <ToggleButton className={styles.chip} isSelected={selected} onChange={onChange}>
      {children}
    </ToggleButton>
  );
}
