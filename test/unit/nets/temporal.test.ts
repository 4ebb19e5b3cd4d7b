// Convolution along time and the non-local block against sums written out here.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { conv3, nonLocal, pointwise } from '../../../electron/nets/temporal.ts';

const device = await openDevice('cpu', { threads: 1 });
afterAll(() => device.dispose());
const random = createRandom(3);
const uniform = (length: number) => random.fillUniform(new Float32Array(length), -1, 1);

describe.each([
  { taps: 1, dilation: 1, length: 4 },
  { taps: 3, dilation: 1, length: 8 },
  { taps: 3, dilation: 1, length: 5 },
  { taps: 3, dilation: 2, length: 8 },
  { taps: 3, dilation: 4, length: 6 },
  { taps: 3, dilation: 2, length: 3 },
  { taps: 3, dilation: 4, length: 1 },
])('$taps taps, dilation $dilation, $length samples', ({ taps, dilation, length }) => {
  const [samples, inputs, outputs] = [2, 3, 4];
  const x = uniform(samples * length * inputs);
  const dy = uniform(samples * length * outputs);
  const names = Array.from({ length: taps }, (_, tap) => `w${tap}`);
  const weights = Object.fromEntries(names.map((name) => [name, uniform(outputs * inputs)]));
  /** Calls `at` for every product of the layer: output index, input index, name and index of the weight. */
  function products(at: (y: number, x: number, tap: string, w: number) => void): void {
    for (let n = 0; n < samples; n++)
      for (let t = 0; t < length; t++)
        for (let o = 0; o < outputs; o++)
          for (let i = 0; i < inputs; i++)
            for (const [j, tap] of names.entries()) {
              const from = t + (j - (taps - 1) / 2) * dilation;
              if (from < 0 || from >= length) continue;
              at((n * length + t) * outputs + o, (n * length + from) * inputs + i, tap, o * inputs + i);
            }
  }

  test('values and gradients', async () => {
    const specs = {
      x: { shape: [samples, length, inputs] },
      dy: { shape: [samples * length, outputs] },
      ...Object.fromEntries(names.map((name) => [name, { shape: [outputs, inputs] }])),
    };
    const step = await device.compile(
      {
        name: 'convolution',
        variables: {},
        inputs: specs,
        run(_, { dy: wanted, ...given }) {
          const { gradients, extras } = differentiate(given, ({ x: sequences, ...p }) => {
            const y =
              taps === 1 ? pointwise(sequences, p.w0) : conv3(sequences, [p.w0, p.w1, p.w2], dilation);
            return { loss: tf.sum(tf.mul(y, wanted)), extras: { y } };
          });
          return {
            outputs: {
              ...extras,
              ...Object.fromEntries(Object.entries(gradients).map(([name, g]) => [`d${name}`, g])),
            },
          };
        },
      },
      device.variables({}),
    );
    const got = await step.run({ x, dy, ...weights });
    await step.dispose();
    const expected: Record<string, Float64Array> = {
      y: new Float64Array(dy.length),
      dx: new Float64Array(x.length),
      ...Object.fromEntries(names.map((name) => [`d${name}`, new Float64Array(outputs * inputs)])),
    };
    products((iy, ix, tap, iw) => {
      expected.y[iy] += x[ix] * weights[tap][iw];
      expected.dx[ix] += dy[iy] * weights[tap][iw];
      expected[`d${tap}`][iw] += dy[iy] * x[ix];
    });
    for (const [name, values] of Object.entries(expected))
      expect([...got[name]], name).toEqual([...values].map((v) => expect.closeTo(v, 5)));
  });
});

test('the non-local block weighs all samples by theta times phi over the length', async () => {
  const one = (value: number, bias: number) => ({
    weight: tf.tensor3d([value], [1, 1, 1]),
    bias: tf.tensor1d([bias]),
  });
  const step = await device.compile(
    {
      name: 'non-local',
      variables: {},
      inputs: { x: { shape: [1, 2, 1] } },
      run: (_, { x }) => ({
        outputs: { y: nonLocal(x, { theta: one(2, 0), phi: one(1, 1), g: one(1, -1) }) },
      }),
    },
    device.variables({}),
  );
  const { y } = await step.run({ x: Float32Array.of(1, 3) });
  // theta 2, 6; phi 2, 4; g 0, 2: (2*4*2)/2 and (6*4*2)/2.
  expect([...y]).toEqual([8, 24]);
  await step.dispose();
});
