// A field for a number. Role: draft text, range, arrow keys. Limits: number.ts reads and checks.
import { type ReactNode, useState } from 'react';
import styles from './Field.module.css';
import type { FieldProps } from './FieldLayout.tsx';
import { type NumberRange, numberProblem, numberText, parseNumber } from './number.ts';
import { TextField } from './TextField.tsx';

export interface NumberFieldProps extends FieldProps, NumberRange {
  value: number;
  /** Called with every text that is a number, in range or not; `problem` says which. */
  onChange(value: number): void;
  /** Step of the arrow keys; with Shift ten times as much. */
  step?: number;
  unit?: string;
  /** Significant digits to show while the number is not edited; its value keeps them all. */
  digits?: number;
  /** After the number, instead of a unit. */
  end?: ReactNode;
  isDisabled?: boolean;
  autoFocus?: boolean;
}

/** A number with range and arrow keys. The text stays as typed while the field has focus. */
export function NumberField({
  value,
  onChange,
  min,
  max,
  integer,
  step,
  unit,
  end,
  digits,
  error,
  ...rest
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = digits === undefined || Number.isNaN(value) ? value : Number(value.toPrecision(digits));
  const text = draft ?? numberText(shown);
  const problem = numberProblem(parseNumber(text), { min, max, integer });
  const change = (next: string): void => {
    setDraft(next);
    const parsed = parseNumber(next);
    onChange(parsed ?? Number.NaN);
  };
  return (
    <TextField
      {...rest}
      value={text}
      onChange={change}
      error={problem ?? error}
      inputMode={integer ? 'numeric' : 'decimal'}
      end={end ?? (unit && <span className={styles.unit}>{unit}</span>)}
      onBlur={() => {
        if (parseNumber(text) !== null) setDraft(null);
      }}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
        const parsed = parseNumber(text);
        if (by === 0 || parsed === null) return;
        event.preventDefault();
        const size = (step ?? (integer ? 1 : 0.01)) * (event.shiftKey ? 10 : 1);
        const next = Math.min(
          max ?? Infinity,
          Math.max(min ?? -Infinity, Number((parsed + by * size).toPrecision(12))),
        );
        setDraft(null);
        onChange(next);
      }}
    />
  );
}
