// The arithmetic of CU-Net between its networks: choosing, averaging, soft and hard labels, drawing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../electron/compute/random.ts';
import { writeContext } from '../../../electron/methods/cu/context.ts';
import { reliableClips } from '../../../electron/methods/cu/reliable.ts';
import {
  expectedCount,
  hardLabels,
  histogramOf,
  targetsOf,
} from '../../../electron/methods/cu/soft-labels.ts';
import { passStatistics } from '../../../electron/methods/cu/uncertainty.ts';
import { drawEvenly, epochsFor } from '../../../electron/methods/epochs.ts';

const labelling = (values: number[]) => ({
  label: Float32Array.from(values),
  uncertainty: new Float32Array(values.length),
});
const rounded = (values: ArrayLike<number>) => Array.from(values, (x) => Math.round(x * 1000) / 1000);

describe('uncertainty', () => {
  test('crops are averaged inside a pass, then mean and population variance over passes', () => {
    const statistics = passStatistics(2);
    statistics.add([0, 1, 0.4, 0.6], 2); // clips (0 + .4)/2 = .2 and (1 + .6)/2 = .8
    statistics.add([0.4], 1, 0);
    statistics.add([0.8], 1, 1);
    const { mean, variance } = statistics.result(2);
    expect(rounded(mean)).toEqual([0.3, 0.8]);
    expect(rounded(variance)).toEqual([0.01, 0]);
  });
});

describe('reliable clips', () => {
  test('the least uncertain share of each video, at least one, ties by position', () => {
    const { counts, order, mask } = reliableClips([3, 1, 2, 1, 5, 9], [0, 4, 4, 5, 6], 0.5);
    expect([...counts]).toEqual([2, 0, 1, 1]);
    expect([...order]).toEqual([1, 3, 4, 5]);
    expect([...mask]).toEqual([0, 1, 0, 1, 1, 1]);
  });

  test('nothing that is left out is more certain than what is kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (uncertainty, ratio) => {
          const { counts, mask } = reliableClips(uncertainty, [0, uncertainty.length], ratio);
          const of = (kept: number) => uncertainty.filter((_, i) => mask[i] === kept);
          expect(of(1)).toHaveLength(counts[0]);
          expect(Math.max(...of(1))).toBeLessThanOrEqual(Math.min(Number.POSITIVE_INFINITY, ...of(0)));
        },
      ),
    );
  });
});

test('context: the clip, then the mean of those before it', () => {
  const video = { data: Float32Array.of(1, 2, 3, 6, 11), crops: 1, dim: 1 };
  const pairs = [0, 1, 2, 3, 4].map((t) => {
    const target = new Float32Array(3);
    writeContext(video, t, 0, 2, target, 1);
    return [target[1], target[2]];
  });
  expect(pairs).toEqual([
    [1, 1],
    [2, 1],
    [3, 1.5],
    [6, 2.5],
    [11, 4.5],
  ]);
});

describe('soft labels', () => {
  const owners = { labels: [1, 0, null] as const, offsets: [0, 3, 5, 6] };
  const found = labelling([0.1, 0.95, 0.6, 0.7, 0.2, 0.65]);

  test('normal videos have target 0 unless generated labels are wanted', () => {
    const plain = { rescaleLabels: false } as const;
    expect(rounded(targetsOf(found, owners, { ...plain, normalTargets: 'zero' }))).toEqual([
      0.1, 0.95, 0.6, 0, 0, 0.65,
    ]);
    expect(targetsOf(found, owners, { ...plain, normalTargets: 'generated' })).toEqual(found.label);
  });

  test('stretched labels of an anomalous video reach 0 and 1; a constant one stays', () => {
    const values = [0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3, 0.4];
    const one = { labels: [1] as const, offsets: [0, 10] };
    const options = { normalTargets: 'zero', rescaleLabels: true } as const;
    const stretched = targetsOf(labelling(values), one, options);
    expect([stretched[0], stretched[9]]).toEqual([0, 1]);
    expect([...stretched]).toEqual([...stretched].sort((a, b) => a - b));
    const constant = labelling(Array(10).fill(0.25));
    expect(rounded(targetsOf(constant, one, options))).toEqual(Array(10).fill(0.25));
  });

  test('hard labels: so many of the highest in anomalous videos, none in normal ones', () => {
    expect(expectedCount(found, owners)).toBeCloseTo(1.65, 5);
    expect([...hardLabels(found, owners, 1.65)]).toEqual([0, 1, 1, 0, 0, 1]);
    expect([...hardLabels(found, owners, 1)]).toEqual([0, 1, 0, 0, 0, 0]);
    expect([...hardLabels(found, owners, 0.2)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(histogramOf(found, owners)).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 1]);
  });
});

describe('epochs', () => {
  test('everything is drawn before anything comes again', () => {
    const drawn = [...drawEvenly([7, 8, 9], 8, createRandom(1))];
    for (const at of [0, 3]) expect(drawn.slice(at, at + 3).sort()).toEqual([7, 8, 9]);
    expect(new Set(drawn.slice(6)).size).toBe(2);
  });

  test('as set, or at least so many and enough steps', () => {
    expect([epochsFor(7, 3, 100, 400), epochsFor(0, 3, 100, 400), epochsFor(0, 30, 100, 400)]).toEqual([
      7, 134, 100,
    ]);
  });
});
