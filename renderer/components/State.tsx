// What stands in for content: empty (what to do first), failed (what happened and the way out), loading (the layout as lines).
import type { CSSProperties, ReactNode } from 'react';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import { Again, Warning } from './icons.tsx';
import styles from './State.module.css';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  /** Buttons, the primary one first. */
  actions?: ReactNode;
}

export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      {icon}
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  title: string;
  error: { message: string };
  onRetry?(): void;
  actions?: ReactNode;
}

/** A whole screen or panel that could not be loaded. */
export function ErrorState({ title, error, onRetry, actions }: ErrorStateProps) {
  return (
    <div className={cx(styles.state, styles.bad)} role="alert">
      <Warning size={20} />
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text} data-selectable="">
        {error.message}
      </p>
      <div className={styles.actions}>
        {onRetry && (
          <Button icon={<Again size={14} />} onPress={onRetry}>
            Try again
          </Button>
        )}
        {actions}
      </div>
    </div>
  );
}

/** An action that failed, told where it was asked for. */
export function ErrorLine({ error, children }: { error: { message: string } | null; children?: ReactNode }) {
  if (!error) return null;
  return (
    <div className={styles.line} role="alert">
      <Warning />
      <span data-selectable="">{error.message}</span>
      {children}
    </div>
  );
}

/** Rows to come, drawn as lines of the height the real ones will have. */
export function LoadingRows({
  rows = 6,
  height = 56,
  label,
}: {
  rows?: number;
  height?: number;
  label: string;
}) {
  return (
    <div
      className={styles.rows}
      role="status"
      aria-label={label}
      style={{ '--loading-row': `${height}px` } as CSSProperties}
    >
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity
        <div className={styles.row} key={i} aria-hidden="true">
          <i style={{ width: 72 }} />
          <i style={{ width: `${28 - ((i * 7) % 12)}%` }} />
          <i style={{ flex: 1, maxWidth: 240 }} />
        </div>
      ))}
    </div>
  );
}
