// How a prediction is written, for page and command line alike. Role: ranges as short texts, rounded to what one can know.
// Limits: predicts nothing.
import type { Estimate, EstimateRange } from './contract/entities.ts';

interface Unit {
  /** From this value on. */
  from: number;
  size: number;
  name: string;
}

const TIMES: readonly Unit[] = [
  { from: 5400, size: 3600, name: 'h' },
  { from: 90, size: 60, name: 'min' },
  { from: 0, size: 1, name: 's' },
];
const SIZES: readonly Unit[] = [
  { from: 1e9, size: 1e9, name: 'GB' },
  { from: 0, size: 1e6, name: 'MB' },
];

/** Two digits. */
const rounded = (value: number): string =>
  (value >= 10 ? Math.round(value) : Number(value.toFixed(1))).toLocaleString('en-US');

function one(value: number, units: readonly Unit[]): string {
  const { size, name } = units.find(({ from }) => value >= from) ?? units[units.length - 1];
  return `${rounded(value / size)} ${name}`;
}

/** `40 – 60 s`, `50 s – 2 min`, `12 s` where both ends read the same. */
function range(low: number, high: number, units: readonly Unit[]): string {
  const [from, to] = [one(low, units), one(high, units)];
  if (from === to) return from;
  const [number, unit] = from.split(' ');
  return `${to.endsWith(` ${unit}`) ? number : from} – ${to}`;
}

export const rangeOfSeconds = ({ low, high }: EstimateRange): string => range(low, high, TIMES);
export const rangeOfBytes = ({ low, high }: EstimateRange): string => range(low, high, SIZES);
/** `48 s`, `3.5 min`, `2.1 h`. */
export const spokenSeconds = (seconds: number): string => one(seconds, TIMES);

/** `310 MB`, `1.3 GB`: powers of 1000. */
export const spokenBytes = (bytes: number): string => one(bytes, SIZES);

/** `1,240`, `at most 12,000`, `none`. */
export function rangeOfSteps({ least, most }: Estimate['steps']): string {
  if (most === 0) return 'none';
  const text = most.toLocaleString('en-US');
  return least < most ? `at most ${text}` : text;
}
