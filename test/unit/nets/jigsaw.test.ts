import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  CUBE_SIZE,
  initJigsaw,
  jigsawParameterCount,
  jigsawParameters,
  jigsawTrainStep,
} from '../../../electron/nets/jigsaw.ts';
import { makePuzzle, wholeCube } from '../../../electron/nets/jigsaw-puzzles.ts';

const TIME = 3;
const FACE = CUBE_SIZE * CUBE_SIZE * 3;

/** Every patch of every frame has a value of its own. */
function cube(): Uint8Array {
  const data = new Uint8Array(TIME * FACE);
  for (let i = 0; i < data.length; i++) {
    const [t, y, x] = [
      Math.floor(i / FACE),
      Math.floor(i / (CUBE_SIZE * 3)) % CUBE_SIZE,
      Math.floor(i / 3) % CUBE_SIZE,
    ];
    const patch = 3 * Math.min(2, Math.floor((y - 2) / 20)) + Math.min(2, Math.floor((x - 2) / 20));
    data[i] = 80 * t + 8 * Math.max(0, patch);
  }
  return data;
}

/** The value in the middle of a cell. */
const middle = (laid: Float32Array, t: number, cell: number) =>
  Math.round(
    255 * laid[t * FACE + ((12 + 20 * Math.floor(cell / 3)) * CUBE_SIZE + 12 + 20 * (cell % 3)) * 3],
  );

const answers = (rows: Float32Array, n: number) =>
  Array.from({ length: n }, (_, k) => rows.subarray(k * n, (k + 1) * n).indexOf(1));

describe('puzzles', () => {
  it('of whole cubes have a border of zeros and everything in its place', () => {
    const laid = new Float32Array(TIME * FACE);
    wholeCube(cube(), TIME, laid);
    expect(laid[0]).toBe(0);
    expect(laid[FACE - 1]).toBe(0);
    for (let t = 0; t < TIME; t++)
      for (let cell = 0; cell < 9; cell++) expect(middle(laid, t, cell)).toBe(80 * t + 8 * cell);
  });

  it('say from where their frames and to where their patches went', () => {
    const laid = new Float32Array(TIME * FACE);
    const random = createRandom(5);
    for (let i = 0; i < 8; i++) {
      const frames = new Float32Array(TIME * TIME);
      makePuzzle('frames', cube(), TIME, random, laid, frames);
      const order = answers(frames, TIME);
      expect([...order].sort()).toEqual([0, 1, 2]);
      expect(order.map((_, t) => middle(laid, t, 4) - 32)).toEqual(order.map((from) => 80 * from));

      const patches = new Float32Array(81);
      makePuzzle('patches', cube(), TIME, random, laid, patches);
      const cells = answers(patches, 9);
      // The middle column stays where it is under mirroring.
      for (const k of [1, 4, 7]) expect(middle(laid, 1, cells[k])).toBe(80 + 8 * k);
    }
  });

  it('leave cubes that stand still in their order of frames', () => {
    const laid = new Float32Array(TIME * FACE);
    const frames = new Float32Array(TIME * TIME);
    const random = createRandom(1);
    for (let i = 0; i < 5; i++) {
      makePuzzle('frames', new Uint8Array(TIME * FACE).fill(90), TIME, random, laid, frames);
      expect(answers(frames, TIME)).toEqual([0, 1, 2]);
    }
  });
});

describe("Jigsaw's network", () => {
  it('has the published number of parameters', () => {
    const widths = { channels: [32, 64] as const, hidden: 512 };
    expect(jigsawParameterCount({ timeLength: 9, ...widths })).toBe(1_586_946);
    expect(jigsawParameterCount({ timeLength: 7, ...widths })).toBe(1_570_530);
  });

  it('learns to solve the puzzles it sees again and again', async () => {
    const shape = { timeLength: TIME, channels: [2, 4] as const, hidden: 16 };
    const device = await openDevice('cpu', { threads: 1 });
    const optimiser = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });
    const variables = device.variables({
      ...initJigsaw(shape, createRandom(1)),
      ...allZeros(optimiser.slots(jigsawParameters(shape))),
    });
    const step = await device.compile(jigsawTrainStep(shape, 2, 1, optimiser), variables);
    const laid = new Float32Array(2 * TIME * FACE);
    const frames = new Float32Array(TIME * TIME);
    const patches = new Float32Array(81);
    const random = createRandom(2);
    makePuzzle('frames', cube(), TIME, random, laid.subarray(0, TIME * FACE), frames);
    makePuzzle('patches', cube(), TIME, random, laid.subarray(TIME * FACE), patches);
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) {
      const { loss } = await step.run({
        cubes: laid,
        frames,
        patches,
        weights: Float32Array.of(1, 1),
        mask: new Float32Array(8).fill(1),
        learningRate: Float32Array.of(0.01),
      });
      losses.push(loss[0]);
    }
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses.at(-1)!).toBeLessThan(0.3);
    await step.dispose();
    await variables.dispose();
  }, 60_000);
});
