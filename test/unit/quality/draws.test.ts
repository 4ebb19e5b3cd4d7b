import { describe, expect, test } from 'vitest';
import {
  countingUnits,
  type DrawnUnit,
  type RandomDraw,
  sampledUnits,
} from '../../../shared/quality/draws.ts';

const unit = (said: DrawnUnit['said'], more: Partial<DrawnUnit> = {}): DrawnUnit => ({
  videoId: 1,
  first: 0,
  end: 1,
  stratum: 0,
  stratumUnits: 100,
  said,
  ...more,
});
const yes = Uint8Array.of(1);

describe('how much of a draw counts', () => {
  test('a beginning that was looked at, with a few left out', () => {
    const looked = (marks: string) =>
      countingUnits([...marks].map((mark) => unit(mark === '.' ? 'open' : mark === 'u' ? 'unsure' : yes)));
    expect(looked('')).toBe(0);
    expect(looked('xxxx')).toBe(4);
    expect(looked('xxuxx.....')).toBe(5);
    expect(looked('xxxxxxxxx.xx..')).toBe(12); // 11 of 12
    expect(looked('xxxx.xx')).toBe(4); // 6 of 7 are less than nine tenths
  });

  test('units reached in another order do not: those with high scores, or those after a gap', () => {
    const queueOrder = Array.from({ length: 100 }, (_, i) => unit(i % 5 === 3 ? yes : 'open'));
    expect(countingUnits(queueOrder)).toBe(0);
    const later = [
      ...Array.from({ length: 10 }, () => unit('open')),
      ...Array.from({ length: 50 }, () => unit(yes)),
    ];
    expect(countingUnits(later)).toBe(0);
  });
});

const everywhere = () => true;
const drawOf = (
  id: number,
  units: DrawnUnit[],
  population: number,
  covers = everywhere as RandomDraw['covers'],
) => ({
  id,
  units,
  population,
  covers,
});

describe('sampled units', () => {
  test('probabilities are those of the part that counts', () => {
    const units = [
      unit(yes, { stratum: 0, stratumUnits: 10 }),
      unit(yes, { stratum: 1, stratumUnits: 4 }),
      unit('unsure', { stratum: 0, stratumUnits: 10 }),
      unit('open', { stratum: 1, stratumUnits: 4 }),
    ];
    const sampled = sampledUnits([drawOf(7, units, 14)], () => 1);
    expect(sampled).toMatchObject({ draws: 1, drawn: 3, decided: 2, unsure: 1 });
    expect(sampled.units.map(({ cell, probability }) => [cell, probability])).toEqual([
      ['7/0', 0.2],
      ['7/1', 0.25],
      ['7/0', 0.2],
    ]);
    expect(sampled.units[2].segments).toBeNull();
  });

  test('segments belong to draws by their sampling rates, and the parts sum to 1', () => {
    const a = drawOf(1, [unit(yes), unit(yes)], 20); // rate .1
    const b = drawOf(2, [unit(yes), unit(yes), unit(yes)], 10); // rate .3
    const only = drawOf(3, [unit(yes)], 10, () => false);
    const { units } = sampledUnits([a, b, only], () => 1);
    const parts = units.map((u) => u.segments!.parts[0]);
    expect(parts[0]).toBeCloseTo(0.25, 12);
    expect(parts[2]).toBeCloseTo(0.75, 12);
  });

  test('segments that the judged run does not hold are left out', () => {
    const wide = unit(Uint8Array.of(1, 0, 1), { end: 3 });
    const { units } = sampledUnits([drawOf(1, [wide], 5)], (_, k) => (k === 1 ? null : k));
    expect(units[0].segments).toEqual({ scores: [0, 2], anomalous: [1, 1], parts: [1, 1] });
  });
});
