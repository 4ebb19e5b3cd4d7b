import { expect, test } from 'vitest';
import { allZeros, pytorchDefault, xavierNormal, xavierUniform } from '../../../electron/compute/init.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { detectorParameterCount, initDetector } from '../../../electron/nets/detector.ts';

const deviation = (data: Float32Array): number =>
  Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);

test('weights have the bounds and spreads of methods.md 0.6', () => {
  const random = createRandom(1);
  // 200 outputs of 100 inputs, kernel of 3: fan-in 300, fan-out 600.
  const shape = [200, 100, 3];
  const cases: [Float32Array, number, number][] = [
    [xavierUniform(shape, random).data, Math.sqrt(6 / 900), Math.sqrt(2 / 900)],
    [pytorchDefault(shape, 300, random).data, 1 / Math.sqrt(300), 1 / Math.sqrt(900)],
    [xavierNormal(shape, random).data, Number.POSITIVE_INFINITY, Math.sqrt(2 / 900)],
  ];
  for (const [data, bound, spread] of cases) {
    expect(data.length).toBe(60_000);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(deviation(data) / spread).toBeCloseTo(1, 1);
  }
  expect(allZeros({ a: { shape: [2, 2] } })).toEqual({ a: { shape: [2, 2], data: new Float32Array(4) } });
});

test('the detector has the published number of parameters and starts without biases', () => {
  const real = { dim: 2048, hidden1: 512, hidden2: 32 };
  expect(detectorParameterCount({ ...real, attention: 'off' })).toBe(1_065_537);
  expect(detectorParameterCount({ ...real, attention: 'feature' })).toBe(2_131_041);
  const values = initDetector({ dim: 4, hidden1: 3, hidden2: 2, attention: 'off' }, createRandom(1));
  expect(values['fc1.bias']).toEqual({ shape: [3], data: new Float32Array(3) });
  expect(values['fc1.weight']!.shape).toEqual([3, 4]);
});
