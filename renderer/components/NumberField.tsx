import { type ReactNode, useState } from 'react';
import styles from './Field.module.css';
import type { FieldProps } from './FieldLayout.tsx';
import { TextField } from './TextField.tsx';

export interface NumberFieldProps extends FieldProps {
  value: number;
  /** Called with every text that is a number, in range or not; `problem` says which. */
  onChange(value: number): void;
  min?: number;
  max?: number;
  integer?: boolean;
  /** Step of the arrow keys; with Shift ten times as much. */
  step?: number;
  unit?: string;
  /** After the number, instead of a unit. */
  end?: ReactNode;
  isDisabled?: boolean;
}

/** A number as one writes it in a field: plain, or `5e-4` when it is tiny. */
export function numberText(value: number): string {
  const plain = String(value);
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential().replace('e+', 'e') : plain;
}

/** The number in a text; thousands commas are fine, anything else is null. */
export function parseNumber(text: string): number | null {
  const bare = text.trim().replace(/(\d),(?=\d{3})/g, '$1');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare)) return null;
  const value = Number(bare);
  return Number.isFinite(value) ? value : null;
}

/** What is wrong with a value, with the way out, or null. */
export function numberProblem(
  value: number | null,
  { min, max, integer }: Pick<NumberFieldProps, 'min' | 'max' | 'integer'>,
): string | null {
  if (value === null || Number.isNaN(value)) return 'Not a number. Write it like 12, .5 or 5e-4.';
  if (integer && !Number.isInteger(value)) return 'Only whole numbers fit here.';
  if (min !== undefined && value < min) return `Use at least ${numberText(min)}.`;
  if (max !== undefined && value > max) return `Use at most ${numberText(max)}.`;
  return null;
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
  error,
  ...rest
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? numberText(value);
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
