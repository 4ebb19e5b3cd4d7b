// Training steps on a device, the machine's ceiling, and what a device costs while nothing is asked of it.
import { setTimeout } from 'node:timers/promises';
import { matMul, mul, slice } from '@tensorflow/tfjs-core';
import type { ComputeDevice, Step } from '../../electron/compute/device.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { medianMs, type Report } from './report.ts';
import { timedSteps } from './steps.ts';

function random(length: number): Float32Array {
  return createRandom(1).fillUniform(new Float32Array(length), 0, 1);
}

/** A plain product of 2048 x 2048 matrices. */
export async function product(device: ComputeDevice, result: Report): Promise<void> {
  const n = 2048;
  const step: Step = {
    name: 'product',
    variables: { a: { shape: [n, n] }, b: { shape: [n, n] } },
    inputs: {},
    // The product stays on the device; one number comes back, so that transfer is not what is timed.
    run: ({ a, b }) => {
      const c = matMul(a, b);
      return { variables: { a: mul(c, 1 / n) }, outputs: { probe: slice(c, [0, 0], [1, 1]) } };
    },
  };
  const variables = device.variables({
    a: { shape: [n, n], data: random(n * n) },
    b: { shape: [n, n], data: random(n * n) },
  });
  const compiled = await device.compile(step, variables);
  const ms = await medianMs(9, () => compiled.run({}));
  result.ceilingGflops = (2 * n ** 3) / ms / 1e6;
  result.stages.product = { value: result.ceilingGflops, unit: 'GFLOP/s' };
  await compiled.dispose();
  await variables.dispose();
}

/** One kind of training step; its inputs are drawn anew each time, as a training does. */
export async function training(device: ComputeDevice, result: Report, name: string): Promise<void> {
  const { step, initial, inputs, draw, samples, flop } = timedSteps[name]();
  const variables = device.variables(initial);
  const compiled = await device.compile(step, variables);
  const ms = await medianMs(15, () => {
    draw();
    return compiled.run(inputs);
  });
  result.steps[name] = { stepMs: ms, samplesPerSecond: (samples / ms) * 1000, gflops: flop / ms / 1e6 };
  await compiled.dispose();
  await variables.dispose();
}

/** Processor time of two seconds in which an open device with a compiled step has nothing to do. */
export async function idle(device: ComputeDevice, result: Report): Promise<void> {
  const { step, initial, inputs } = timedSteps['c2fpl-cellmotion']();
  const variables = device.variables(initial);
  const compiled = await device.compile(step, variables);
  await compiled.run(inputs);
  const [before, started] = [process.cpuUsage(), performance.now()];
  await setTimeout(2000);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1000 / (performance.now() - started);
  result.stages['processor while idle'] = { value: 100 * share, unit: '% of one core' };
  await compiled.dispose();
  await variables.dispose();
}
