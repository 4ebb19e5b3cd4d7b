// Convolution along time and the non-local block against sums written out here.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { conv1d, nonLocal } from '../../../electron/nets/temporal.ts';

const device = await openDevice('cpu', { threads: 1 });
afterAll(() => device.dispose());
const random = createRandom(3);
const uniform = (length: number) => random.fillUniform(new Float32Array(length), -1, 1);

describe.each([
  { taps: 1, dilation: 1, length: 4 },
  { taps: 3, dilation: 1, length: 5 },
  { taps: 3, dilation: 4, length: 6 },
  { taps: 5, dilation: 2, length: 3 },
  { taps: 3, dilation: 2, length: 1 },
])('$taps taps, dilation $dilation, $length samples', ({ taps, dilation, length }) => {
  const [samples, inputs, outputs] = [2, 3, 4];
  const x = uniform(samples * length * inputs);
  const w = uniform(outputs * inputs * taps);
  /** Calls `at` for every product of the layer: output index, input index, weight index. */
  function products(at: (y: number, x: number, w: number) => void): void {
    for (let n = 0; n < samples; n++)
      for (let t = 0; t < length; t++)
        for (let o = 0; o < outputs; o++)
          for (let i = 0; i < inputs; i++)
            for (let j = 0; j < taps; j++) {
              const from = t + (j - (taps - 1) / 2) * dilation;
              if (from < 0 || from >= length) continue;
              at(
                (n * length + t) * outputs + o,
                (n * length + from) * inputs + i,
                (o * inputs + i) * taps + j,
              );
            }
  }

  test('values and gradients', async () => {
    const specs = {
      x: { shape: [samples, length, inputs] },
      w: { shape: [outputs, inputs, taps] },
      dy: { shape: [samples * length, outputs] },
    };
    const dy = uniform(samples * length * outputs);
    const step = await device.compile(
      {
        name: 'convolution',
        variables: {},
        inputs: specs,
        run(_, given) {
          const { gradients, extras } = differentiate({ x: given.x, w: given.w }, (p) => {
            const y = conv1d(p.x, p.w, dilation);
            return { loss: tf.sum(tf.mul(y, given.dy)), extras: { y } };
          });
          return { outputs: { ...extras, dx: gradients.x, dw: gradients.w } };
        },
      },
      device.variables({}),
    );
    const got = await step.run({ x, w, dy });
    await step.dispose();
    const y = new Float64Array(dy.length);
    const dx = new Float64Array(x.length);
    const dw = new Float64Array(w.length);
    products((iy, ix, iw) => {
      y[iy] += x[ix] * w[iw];
      dx[ix] += dy[iy] * w[iw];
      dw[iw] += dy[iy] * x[ix];
    });
    for (const [name, expected] of Object.entries({ y, dx, dw }))
      expect([...got[name]], name).toEqual([...expected].map((v) => expect.closeTo(v, 5)));
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
