import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberProblem, numberText, parseNumber } from '../../../../renderer/components/number.ts';

it('reads numbers as people write them and refuses the rest', () => {
  expect(['12', '.5', '5e-4', '1,382', ' -3.0 ', '+2'].map(parseNumber)).toEqual([
    12, 0.5, 5e-4, 1382, -3, 2,
  ]);
  expect(['', '.', 'e4', '1e', '0x10', '1 2', 'Infinity', '1,5', '1e999'].map(parseNumber)).toEqual(
    Array(9).fill(null),
  );
});

it('reads back what it writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseNumber(numberText(value))).toBe(value === 0 ? 0 : value);
    }),
  );
});

it('says what is wrong and the way out', () => {
  expect(numberProblem(3, { min: 1, max: 5, integer: true })).toBeNull();
  expect(numberProblem(2.5, { integer: true })).toMatch(/whole/);
  expect(numberProblem(0, { min: 1 })).toBe('Use at least 1.');
  expect(numberProblem(9, { max: 5e-4 })).toBe('Use at most 5e-4.');
  expect(numberProblem(Number.NaN, {})).toMatch(/Not a number/);
  expect(numberProblem(null, {})).toMatch(/Not a number/);
});
