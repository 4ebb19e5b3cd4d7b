// The frame of every field: label above or beside, one line of help, warning or error below.
import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './Field.module.css';
import { Cross, Warning } from './icons.tsx';

export interface FieldProps {
  label: string;
  /** Keep the label for screen readers only. */
  hideLabel?: boolean;
  /** Label and control in one row. */
  beside?: boolean;
  /** Softer edge, for fields that are part of a tool bar. */
  soft?: boolean;
  hint?: ReactNode;
  warning?: string | null;
  error?: string | null;
}

export const fieldClass = ({ beside, soft, error, warning }: FieldProps): string =>
  cx(
    styles.field,
    beside && styles.beside,
    soft && styles.soft,
    error ? styles.invalid : warning && styles.warned,
  );

export function FieldLabel({ label, hideLabel }: FieldProps) {
  return <Label className={hideLabel ? 'sr-only' : styles.label}>{label}</Label>;
}

export function FieldHelp({ hint, warning, error }: FieldProps) {
  if (error) {
    return (
      <FieldError className={cx(styles.help, styles.error)}>
        <Cross size={12} />
        <span>{error}</span>
      </FieldError>
    );
  }
  if (!warning && !hint) return null;
  return (
    <Text slot="description" className={cx(styles.help, warning && styles.warning)}>
      {warning && <Warning size={12} />}
      <span>{warning ?? hint}</span>
    </Text>
  );
}
