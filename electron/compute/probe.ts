// Tries a device with real work: a training step and a chain of matrix products, both checked against known results.
// Role: what `doctor` and the first run report. Limits: a driver may take the process down, so this runs in a process of
// its own; the speeds are rough.
import { cpus, totalmem } from 'node:os';
import { add, matMul, mean, mul, relu, square, sub } from '@tensorflow/tfjs-core';
import type { DeviceFacts } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { adapterFacts, softwareAdapter } from './adapters.ts';
import { differentiate, pick } from './autodiff.ts';
import { describeDevice } from './catalogue.ts';
import type { ComputeDevice, DeviceName, Step, Values } from './device.ts';
import { openDevice } from './devices/open.ts';
import { allZeros, xavierUniform, zeros } from './init.ts';
import { createOptimiser } from './optimisers.ts';
import { createRandom } from './random.ts';

const ROWS = 256;
const WIDTHS = [1024, 512, 32, 1];
/** Rows and columns of the matrices whose product is timed. */
const SIZE = 2048;
/** Repetitions end when so many milliseconds have passed: on a slow device the first figure is good enough. */
const PATIENCE = 2000;

async function best(runs: number, work: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  const begun = performance.now();
  for (let i = 0; i < runs && (i === 0 || performance.now() - begun < PATIENCE); i++) {
    const start = performance.now();
    await work();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

/** Milliseconds of a training step that learns. @throws AppError when the loss does not fall. */
async function timeTraining(device: ComputeDevice): Promise<number> {
  const random = createRandom(1);
  const parameters: Record<string, Values> = {};
  for (let i = 1; i < WIDTHS.length; i++) {
    parameters[`w${i}`] = xavierUniform([WIDTHS[i], WIDTHS[i - 1]], random);
    parameters[`b${i}`] = zeros([WIDTHS[i]]);
  }
  const optimiser = createOptimiser({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0 });
  const slots = optimiser.slots(parameters);
  const step: Step = {
    name: 'probe',
    variables: { ...parameters, ...slots },
    inputs: { x: { shape: [ROWS, WIDTHS[0]] }, learningRate: { shape: [] } },
    run(variables, { x, learningRate }) {
      const { loss, gradients } = differentiate(pick(variables, parameters), (p) => {
        let h = x;
        for (let i = 1; i < WIDTHS.length; i++) {
          const z = add(matMul(h, p[`w${i}`], false, true), p[`b${i}`]);
          h = i < WIDTHS.length - 1 ? relu(z) : z;
        }
        // The mean of each row is what the network has to find.
        return { loss: mean(square(sub(h, mul(mean(x, 1, true), 10)))) };
      });
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate,
      );
      return { variables: { ...updated.parameters, ...updated.slots }, outputs: { loss } };
    },
  };
  const variables = device.variables({ ...parameters, ...allZeros(slots) });
  const compiled = await device.compile(step, variables);
  try {
    const inputs = {
      x: random.fillUniform(new Float32Array(ROWS * WIDTHS[0]), 0, 1),
      learningRate: Float32Array.of(1e-3),
    };
    const first = (await compiled.run(inputs)).loss[0];
    const milliseconds = await best(5, () => compiled.run(inputs));
    const last = (await compiled.run(inputs)).loss[0];
    if (!(last < first))
      throw new AppError('unavailable', 'It calculates wrongly: a training step did not lower the loss.');
    return milliseconds;
  } finally {
    await compiled.dispose();
    await variables.dispose();
  }
}

/** GFLOP/s of a product of square matrices. @throws AppError when the result is wrong. */
async function timeProduct(device: ComputeDevice, size: number): Promise<number> {
  const a = Float32Array.from({ length: size * size }, (_, i) => Math.floor(i / size) % 7);
  // The product with this matrix leaves the rows, which are constant, as they are.
  const b = new Float32Array(size * size).fill(1 / size);
  const shape = [size, size];
  const variables = device.variables({ a: { shape, data: a }, b: { shape, data: b } });
  const step: Step = {
    name: 'product',
    variables: { a: { shape }, b: { shape } },
    inputs: {},
    run: ({ a: x, b: y }) => ({ outputs: { mean: mean(matMul(x, y)) } }),
  };
  const compiled = await device.compile(step, variables);
  try {
    const expected = a.reduce((sum, value) => sum + value, 0) / a.length;
    const result = (await compiled.run({})).mean[0];
    if (!(Math.abs(result - expected) < 1e-3)) {
      throw new AppError(
        'unavailable',
        `It calculates wrongly: a matrix product gave ${result} instead of ${expected}.`,
      );
    }
    const milliseconds = await best(5, () => compiled.run({}));
    return (2 * size ** 3) / milliseconds / 1e6;
  } finally {
    await compiled.dispose();
    await variables.dispose();
  }
}

/** Why a device is not tried at all, or null. */
function refusal(name: DeviceName): string | null {
  const elsewhere = describeDevice(name).refusedOn(process.platform);
  if (elsewhere || name !== 'webgpu' || process.platform !== 'linux') return elsewhere;
  const software = softwareAdapter(adapterFacts());
  return software && `Only a software adapter (${software}) was found, which is slower than the CPU.`;
}

/** What the device runs on, as far as the system tells. */
function adapterOf(name: DeviceName): Pick<DeviceFacts, 'adapter' | 'memoryBytes'> {
  if (name === 'cpu') {
    const [first] = cpus();
    return {
      adapter: first ? `${first.model.trim()}, ${cpus().length} threads` : null,
      memoryBytes: totalmem(),
    };
  }
  if (process.platform !== 'linux') return { adapter: null, memoryBytes: null };
  const facts = adapterFacts();
  if (name === 'webgpu') {
    const software = softwareAdapter(facts);
    if (software) return { adapter: software, memoryBytes: null };
  }
  return { adapter: facts.model, memoryBytes: facts.memoryBytes };
}

/**
 * Tries a device. Never throws: what goes wrong is the `reason`.
 * @param size rows and columns of the matrices whose product is timed.
 * Call it in a process that may crash, and with a time limit: some drivers do neither work nor fail.
 */
export async function probeDevice(name: DeviceName, { size = SIZE } = {}): Promise<DeviceFacts> {
  const { title, install } = describeDevice(name);
  const facts = { title, ...adapterOf(name), usable: false, install: null, stepMs: null, gflops: null };
  const unusable = (reason: string): DeviceFacts => ({
    ...facts,
    reason,
    install: refused ? null : (install ?? null),
  });
  const refused = refusal(name);
  if (refused) return unusable(refused);
  let device: ComputeDevice | null = null;
  try {
    device = await openDevice(name);
    const stepMs = await timeTraining(device);
    const gflops = await timeProduct(device, size);
    return { ...facts, usable: true, reason: '', stepMs, gflops };
  } catch (thrown) {
    return unusable(thrown instanceof Error ? thrown.message : String(thrown));
  } finally {
    await device?.dispose();
  }
}
