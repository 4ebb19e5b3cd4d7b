import { describe, expect, test } from 'vitest';
import {
  changeText,
  lackingText,
  outcomeWords,
  perHour,
  sampledCurve,
  signed,
  three,
} from '../../../../renderer/features/quality/words.ts';
import type { QualityOutcome, WhatIfPoint } from '../../../../shared/contract/index.ts';

const known = (value: number, low: number, high: number): QualityOutcome => ({
  known: true,
  value,
  low,
  high,
  n: 118,
  effective: 90,
});
const few = (n: number): QualityOutcome => ({ known: false, reason: 'few', n, needed: 20 - n });

describe('words of the quality screen', () => {
  test('measures, differences and rates', () => {
    expect([three(0.9144), three(1), three(null)]).toEqual(['.914', '1.000', '–']);
    expect([signed(-157, String), signed(0.004, (n) => n.toFixed(2)), signed(6, String)]).toEqual([
      '−157',
      '0',
      '+6',
    ]);
    expect([perHour(0.61), perHour(1234.2), perHour(null)]).toEqual(['0.6', '1,234', '–']);
  });

  test('estimates say what is behind them, or what is missing', () => {
    expect(outcomeWords(known(0.86, 0.81, 0.9))).toBe(
      '.86, 90 % interval .81 to .90, from 118 sampled reviews',
    );
    expect(outcomeWords(few(0))).toBe('Not enough data, 20 sampled reviews are needed');
    expect(outcomeWords(few(12))).toBe('Not enough data, 8 more sampled reviews are needed');
    expect(lackingText({ known: false, reason: 'uncovered', n: 40, needed: 0 })).toContain(
      'No sample was drawn',
    );
    expect(changeText(known(0.86, 0, 1), known(0.92, 0, 1))).toBe('+.06');
    expect(changeText(known(0.86, 0, 1), few(3))).toBe('');
  });

  test('curves hold only points where both measures are known', () => {
    const point = (precision: QualityOutcome, recall: QualityOutcome) =>
      ({ precision, recall }) as WhatIfPoint;
    expect(
      sampledCurve([point(known(0.5, 0.4, 0.6), known(0.9, 0.8, 1)), point(known(0.7, 0.6, 0.8), few(2))]),
    ).toEqual({ line: [[0.9, 0.5]], upper: [[0.9, 0.6]], lower: [[0.9, 0.4]] });
  });
});
