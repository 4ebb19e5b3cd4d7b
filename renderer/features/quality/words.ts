// Estimates and measures in words. Role: pure text for the quality screen.
import type { QualityOutcome, WhatIfPoint } from '../../../shared/contract/index.ts';
import { count, score } from '../../format.ts';

/** A measure with three digits: `.914`, `1.000`; a dash where it is not defined. */
export const three = (value: number | null): string =>
  value === null ? '–' : value.toFixed(3).replace(/^(-?)0\./, '$1.');

/** `.81 to .90`. */
export const rangeText = ({ low, high }: { low: number; high: number }): string =>
  `${score(low)} to ${score(high)}`;

/** Why there is no estimate, in a few words. */
export function lackingText(outcome: Extract<QualityOutcome, { known: false }>): string {
  if (outcome.reason === 'none') return 'Nothing anomalous was found in the samples';
  if (outcome.reason === 'uncovered') return 'No sample was drawn from a part of these segments';
  return outcome.n === 0
    ? 'Not enough data, 20 sampled reviews are needed'
    : `Not enough data, ${count(outcome.needed)} more sampled reviews are needed`;
}

/** The same where there is no room: `18 samples`. */
export const shortLacking = (outcome: Extract<QualityOutcome, { known: false }>): string =>
  outcome.reason === 'none'
    ? 'none found'
    : outcome.reason === 'uncovered'
      ? 'not drawn'
      : `${outcome.needed} to go`;

/** An estimate for screen readers. */
export const outcomeWords = (outcome: QualityOutcome): string =>
  outcome.known
    ? `${score(outcome.value)}, 90 % interval ${rangeText(outcome)}, from ${count(outcome.n)} sampled reviews`
    : lackingText(outcome);

/** `+.06`, `−.12`, `0`; empty where one of both is not known. */
export function changeText(before: QualityOutcome, then: QualityOutcome): string {
  if (!before.known || !then.known) return '';
  return signed(then.value - before.value, (n) => score(n));
}

/** A difference with its sign, a real minus and no sign for nothing. */
export function signed(value: number, write: (size: number) => string): string {
  const text = write(Math.abs(value));
  if (/^[0.]*$/.test(text)) return '0';
  return value > 0 ? `+${text}` : `−${text}`;
}

/** `0.6`, `12`; a dash where it is not known. */
export const perHour = (value: number | null): string =>
  value === null ? '–' : value >= 9.95 ? count(Math.round(value)) : value.toFixed(1);

type Point = readonly [number, number];

/** Recall against precision over the thresholds, where both are known, with the interval of the precision. */
export function sampledCurve(curve: readonly WhatIfPoint[]): {
  line: Point[];
  upper: Point[];
  lower: Point[];
} {
  const out = { line: [] as Point[], upper: [] as Point[], lower: [] as Point[] };
  for (const { precision, recall } of curve) {
    if (!precision.known || !recall.known) continue;
    out.line.push([recall.value, precision.value]);
    out.upper.push([recall.value, precision.high]);
    out.lower.push([recall.value, precision.low]);
  }
  return out;
}

/** One measure over the thresholds where it is known, with its interval. */
export function overThresholds(
  curve: readonly WhatIfPoint[],
  what: 'precision' | 'recall',
): { line: Point[]; upper: Point[]; lower: Point[] } {
  const out = { line: [] as Point[], upper: [] as Point[], lower: [] as Point[] };
  for (const point of curve) {
    const outcome = point[what];
    if (!outcome.known) continue;
    out.line.push([point.on, outcome.value]);
    out.upper.push([point.on, outcome.high]);
    out.lower.push([point.on, outcome.low]);
  }
  return out;
}
