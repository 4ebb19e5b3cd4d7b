// Numbers in text fields. Role: reading, writing and checking; no React.

export interface NumberRange {
  min?: number;
  max?: number;
  integer?: boolean;
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
export function numberProblem(value: number | null, { min, max, integer }: NumberRange): string | null {
  if (value === null || Number.isNaN(value)) return 'Not a number. Write it like 12, .5 or 5e-4.';
  if (integer && !Number.isInteger(value)) return 'Only whole numbers fit here.';
  if (min !== undefined && value < min) return `Use at least ${numberText(min)}.`;
  if (max !== undefined && value > max) return `Use at most ${numberText(max)}.`;
  return null;
}
