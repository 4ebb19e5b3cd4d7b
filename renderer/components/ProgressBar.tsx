// A thin bar: progress, or shares side by side. Role: drawing and its value for screen readers. Limits: no text.
import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './ProgressBar.module.css';

export interface Share {
  tone: 'accent' | 'human' | 'rule' | 'model' | 'muted';
  /** In [0, 1] of the whole bar. */
  share: number;
}

export interface ProgressBarProps {
  label: string;
  /** In [0, 1]; null while unknown (the bar stays empty, nothing moves). */
  value?: number | null;
  /** Stacked parts instead of one value; never added up in words. */
  shares?: readonly Share[];
  tone?: Share['tone'];
  thick?: boolean;
}

export function ProgressBar({ label, value = null, shares, tone = 'accent', thick }: ProgressBarProps) {
  const parts = shares ?? (value === null ? [] : [{ tone, share: value }]);
  const total = parts.reduce((sum, part) => sum + part.share, 0);
  return (
    <AriaProgressBar
      className={styles.bar}
      aria-label={label}
      value={Math.round(total * 100)}
      isIndeterminate={value === null && shares === undefined}
    >
      <span className={cx(styles.track, thick && styles.thick)}>
        {parts.map((part) => (
          <i
            key={part.tone}
            className={cx(styles.fill, part.tone !== 'accent' && styles[part.tone])}
            style={{ width: `${100 * Math.min(1, Math.max(0, part.share))}%` }}
          />
        ))}
      </span>
    </AriaProgressBar>
  );
}
