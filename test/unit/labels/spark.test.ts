// Sparklines as text: maxima survive, nothing needs escaping in JSON.
import { expect, it } from 'vitest';
import { decodeSpark, encodeSpark } from '../../../shared/labels/spark.ts';

it('keeps the maxima of equal parts to one level in 56', () => {
  const scores = Float32Array.from({ length: 640 }, (_, k) => (k % 10 === 3 ? k / 640 : 0.001));
  const values = decodeSpark(encodeSpark(scores));
  expect(values).toHaveLength(64);
  for (const [part, value] of values.entries())
    expect(Math.abs(value - (10 * part + 3) / 640)).toBeLessThanOrEqual(0.5 / 56 + 1e-6);
});

it('takes short videos, no video, and values outside of the scale', () => {
  expect(encodeSpark(new Float32Array(0))).toBe('');
  expect(decodeSpark(encodeSpark(Float32Array.of(-1, 0, 1, 7)))).toEqual([0, 0, 1, 1]);
  const text = encodeSpark(Float32Array.from({ length: 57 }, (_, i) => i / 56));
  expect(JSON.stringify(text)).toHaveLength(text.length + 2);
});
