// The one-class models on poses and on objects, as the loop uses them.
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import type { PosePerson } from '../../../electron/features/poses/read.ts';
import type { ObjectCubes, VideoPoses } from '../../../electron/methods/method.ts';
import type { ComponentInput, OneClassModel } from '../../../electron/methods/wocc-ws/components.ts';
import { nearestLooked, objectPuzzles } from '../../../electron/methods/wocc-ws/object-puzzles.ts';
import { poseFlow } from '../../../electron/methods/wocc-ws/pose-flow.ts';

/** Somebody who walks: joints swing around a point that moves. `fast` swings and moves more. */
function walker(id: number, from: number, length: number, seed: number, fast = false): PosePerson {
  const random = createRandom(seed);
  const phase = random.uniform() * 6;
  const pace = fast ? 3 : 1;
  const keypoints = new Float32Array(length * 51);
  for (let t = 0; t < length; t++) {
    for (let j = 0; j < 17; j++) {
      const swing = Math.sin(0.4 * pace * t + phase + j) * (fast ? 30 : 6);
      keypoints.set(
        [100 + 2 * pace * t + swing + random.normal(), 60 + 9 * j + random.normal(), 1],
        t * 51 + 3 * j,
      );
    }
  }
  return {
    id,
    frames: Int32Array.from({ length }, (_, t) => from + t),
    keypoints,
    scores: new Float64Array(length).fill(1),
  };
}

const FRAMES = 160;
const SEGMENTS = FRAMES / 16;

function poseVideos(): (VideoPoses | null)[] {
  const normal = Array.from({ length: 4 }, (_, v) => ({
    frames: FRAMES,
    persons: [walker(0, 0, 150, v + 1), walker(1, 10, 140, v + 20)],
  }));
  const unusual = { frames: FRAMES, persons: [walker(0, 0, 60, 50), walker(1, 90, 60, 51, true)] };
  return [...normal, unusual, { frames: FRAMES, persons: [] }, null];
}

async function input(videos: number, more: Partial<ComponentInput>): Promise<ComponentInput> {
  const features = Array.from({ length: videos }, (_, v) => ({
    videoId: v + 1,
    segments: SEGMENTS,
    crops: 1,
    dim: 2,
    data: new Float32Array(SEGMENTS * 2),
  }));
  return {
    device: await openDevice('cpu', { threads: 1 }),
    videos: features,
    offsets: Int32Array.from({ length: videos + 1 }, (_, v) => v * SEGMENTS),
    aggregation: 'mean',
    poses: null,
    cubes: null,
    check: () => {},
    ...more,
  };
}

/** Epochs in a fixed order, the last batch smaller; returns the losses. */
async function trainFor(model: OneClassModel, epochs: number[], seed: number): Promise<number[]> {
  const losses: number[] = [];
  const count = model.objects.video.length;
  const random = createRandom(seed);
  for (const epoch of epochs) {
    for (let from = 0; from < count; from += model.batchSize) {
      const n = Math.min(model.batchSize, count - from);
      const chosen = Int32Array.from({ length: n }, (_, i) => from + i);
      losses.push(await model.trainBatch({ chosen, weights: new Float32Array(n).fill(1), epoch, random }));
    }
  }
  return losses;
}

const flowOptions = { length: 16, stride: 6, priorMean: 3, batchSize: 64, learningRate: 5e-3 };

describe('the pose flow', () => {
  it('finds the segments of somebody who moves unlike the others, after training', async () => {
    const model = await poseFlow(await input(7, { poses: poseVideos() }), flowOptions);
    model.fresh(createRandom(1));
    const losses = await trainFor(model, [...Array(15).keys()], 2);
    expect(losses.at(-1)!).toBeLessThan(losses[0]);
    const scores = await model.scoreSnippets();
    const highest = [...scores.keys()].sort((a, b) => scores[b] - scores[a])[0];
    // Video 4, frames 90 to 149.
    expect(Math.floor(highest / SEGMENTS)).toBe(4);
    expect(highest % SEGMENTS).toBeGreaterThanOrEqual(5);
    // Nobody seen: as normal as anything gets.
    const least = scores.reduce((a, b) => Math.min(a, b));
    expect(Math.max(...scores.slice(5 * SEGMENTS))).toBeCloseTo(least, 1);
    expect(model.notes[0]).toMatch(/Of 7 videos, 1 have no pose file, in 1 nobody was seen/);
    await model.dispose();
  });

  it('goes on from what it saved to the same bits', async () => {
    const make = async () => poseFlow(await input(7, { poses: poseVideos() }), flowOptions);
    const whole = await make();
    whole.fresh(createRandom(1));
    await trainFor(whole, [0], 2);
    const saved = await whole.save();
    await trainFor(whole, [1], 3);
    const resumed = await make();
    resumed.load(saved);
    await trainFor(resumed, [1], 3);
    expect(await resumed.scoreSnippets()).toEqual(await whole.scoreSnippets());
    const names = Object.keys(await whole.parameters());
    expect(names).toContain('flow.layers.7.block.0.residual.1.running_var');
    await whole.dispose();
    await resumed.dispose();
  });

  it('leaves objects of weight 0 out of the loss', async () => {
    const model = await poseFlow(await input(7, { poses: poseVideos() }), flowOptions);
    const of = async (weights: number[]) => {
      model.fresh(createRandom(1));
      const chosen = Int32Array.from({ length: 4 }, (_, i) => i);
      return model.trainBatch({
        chosen,
        weights: Float32Array.from(weights),
        epoch: 0,
        random: createRandom(1),
      });
    };
    expect(await of([0, 0, 0, 0])).toBe(0);
    expect(await of([1, 1, 0, 0])).not.toBe(await of([1, 1, 1, 1]));
    await model.dispose();
  });

  it('says what is missing', async () => {
    await expect(poseFlow(await input(2, { poses: null }), flowOptions)).rejects.toThrow(/needs poses/);
    const short = { frames: FRAMES, persons: [walker(0, 0, 10, 1)] };
    await expect(poseFlow(await input(1, { poses: [short] }), flowOptions)).rejects.toThrow(
      /Nobody is seen for more than 16 frames/,
    );
  });
});

/** Cubes that show the same ramp moving right; `odd` ones stand still in noise. */
function cubes(videos: number, each: number, odd: ReadonlySet<number>): ObjectCubes {
  const count = videos * each;
  const [timeLength, size] = [3, 64];
  const bytes = timeLength * size * size * 3;
  return {
    count,
    timeLength,
    size,
    video: Int32Array.from({ length: count }, (_, i) => Math.floor(i / each)),
    centreFrame: Int32Array.from({ length: count }, (_, i) => 1 + 16 * (i % each)),
    frames: new Int32Array(videos).fill(FRAMES),
    async copy(chosen, target) {
      for (let i = 0; i < chosen.length; i++) {
        const random = createRandom(chosen[i]);
        for (let k = 0; k < bytes; k++) {
          const t = Math.floor(k / (size * size * 3));
          const [y, x] = [Math.floor(k / (size * 3)) % size, Math.floor(k / 3) % size];
          target[i * bytes + k] = odd.has(chosen[i]) ? random.integer(256) : (2 * x + y + 40 * t) % 256;
        }
      }
    },
  };
}

const puzzleOptions = { width: 2, every: 16, batchSize: 4, learningRate: 1e-3 };

describe('the puzzle network', () => {
  it('goes on from what it saved to the same bits, with a smaller last batch', async () => {
    const make = async () => objectPuzzles(await input(2, { cubes: cubes(2, 5, new Set()) }), puzzleOptions);
    const whole = await make();
    expect(whole.objects).toMatchObject({ length: 3 });
    expect(whole.objects.firstFrame[1]).toBe(16);
    whole.fresh(createRandom(1));
    await trainFor(whole, [0], 2);
    const saved = await whole.save();
    await trainFor(whole, [1], 3);
    const resumed = await make();
    resumed.load(saved);
    await trainFor(resumed, [1], 3);
    const scores = await resumed.scoreSnippets();
    expect(scores).toEqual(await whole.scoreSnippets());
    expect(scores).toHaveLength(2 * SEGMENTS);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    await whole.dispose();
    await resumed.dispose();
  }, 60_000);

  it('says which videos it sees nothing in, and what is missing', async () => {
    const model = await objectPuzzles(
      await input(3, { cubes: { ...cubes(2, 2, new Set()), frames: new Int32Array(3).fill(FRAMES) } }),
      puzzleOptions,
    );
    expect(model.notes[0]).toMatch(/1 of 3 videos have no object/);
    await model.dispose();
    await expect(objectPuzzles(await input(1, { cubes: null }), puzzleOptions)).rejects.toThrow(
      /need objects/,
    );
  });

  it('lets what was looked at stand for the frames around it', () => {
    const frames = new Float64Array(12).fill(1);
    frames[1] = 0.2;
    frames[9] = 0.6;
    // Looked at: frames 1, 5 and 9; nothing was there in 5.
    expect(Array.from(nearestLooked(frames, [0, 12], 1, 4))).toEqual([
      0.2, 0.2, 0.2, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6,
    ]);
  });
});
