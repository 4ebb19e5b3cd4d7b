// The motion baseline on features made up so that the answer is known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VideoFeatures } from '../../../electron/methods/method.ts';
import { motion } from '../../../electron/methods/motion/method.ts';
import { robustThreshold } from '../../../electron/statistics/robust-threshold.ts';
import { trainInput } from '../../fixtures/train-input.ts';

/** One video whose segments have vectors of the lengths given, all crops alike. */
function video(videoId: number, lengths: number[], crops = 2): VideoFeatures {
  const data = Float32Array.from(
    lengths.flatMap((length) =>
      Array(crops)
        .fill([0.6 * length, 0.8 * length])
        .flat(),
    ),
  );
  return { videoId, segments: lengths.length, crops, dim: 2, data };
}

function train(videos: VideoFeatures[], config: Record<string, unknown> = {}, extractor = 'import') {
  return motion.train(trainInput(videos, { extractor }), motion.config.parse(config));
}

describe('motion baseline', () => {
  it('scores by length over the largest length and labels what stands out', async () => {
    const usual = [1, 1.1, 0.9, 1.05, 0.95];
    const output = await train([video(4, [...usual, 0]), video(9, [...usual, 3])]);
    expect(output.videos.map((v) => v.videoId)).toEqual([4, 9]);
    expect([...output.videos[1].scores]).toEqual([...usual, 3].map((x) => expect.closeTo(x / 3, 5)));
    expect(output.videos.map((v) => [...v.labels])).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 1],
    ]);
    expect(output.threshold.on).toBeGreaterThan(output.threshold.off);
    expect(output.threshold.on).toBeLessThan(1);
    expect(output).toMatchObject({ model: null, provenance: { aggregation: 'top3', scaleBy: 'pool' } });
  });

  it('keeps the ranking of lengths, in [0, 1], whatever they are', async () => {
    const lengths = fc.array(fc.float({ min: 0, max: Math.fround(1e6), noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(lengths, { minLength: 1, maxLength: 4 }), async (pool) => {
        const { videos, threshold } = await train(pool.map((values, i) => video(i + 1, values)));
        const pairs = videos.flatMap(({ scores, labels }, i) =>
          [...scores].map((score, s) => ({ score, label: labels[s], length: pool[i][s] })),
        );
        pairs.sort((a, b) => a.length - b.length);
        for (const [i, { score, label }] of pairs.entries()) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(label).toBe(score >= threshold.on ? 1 : 0);
          // Lengths that differ by more than rounding keep their order.
          if (i > 0 && pairs[i].length > pairs[i - 1].length * 1.000001) {
            expect(score).toBeGreaterThanOrEqual(pairs[i - 1].score);
          }
        }
      }),
    );
  });

  it('scales the blocks of our extractor apart, and imported features as one', async () => {
    // Crop lengths (3, 0) and (0, 1): with blocks apart both are as far from usual.
    const data = new Float32Array(2 * 48 * 19);
    data[0] = 3;
    data[48 * 19 + 10] = 1;
    const features = { videoId: 1, segments: 2, crops: 48, dim: 19, data };
    const apart = await train([features], {}, 'cellmotion-v1');
    const ratio = ({ videos: [{ scores }] }: typeof apart) => scores[0] / scores[1];
    expect(ratio(apart)).toBeCloseTo(1, 5);
    expect(apart.provenance.scale).toMatchObject({
      blocks: [
        { name: 'speed', dims: 7 },
        { name: 'gradients', dims: 12 },
      ],
    });
    const together = await train([features]);
    expect(ratio(together)).toBeCloseTo(3, 5);
  });

  it('can bring every video to the same level', async () => {
    const pool = [video(1, [1, 2]), video(2, [10, 20])];
    const byVideo = await train(pool, { scaleBy: 'video' });
    expect([...byVideo.videos[0].scores]).toEqual(
      [...byVideo.videos[1].scores].map((x) => expect.closeTo(x, 5)),
    );
    expect(byVideo.notes.join(' ')).toMatch(/same level/);
    const byPool = await train(pool);
    expect(byPool.videos[0].scores[1] / byPool.videos[1].scores[1]).toBeCloseTo(0.1, 5);
  });

  it('labels nothing where nothing moves, and nothing where all vectors have one length', async () => {
    const still = await train([video(1, [0, 0, 0])]);
    expect([...still.videos[0].scores, ...still.videos[0].labels]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(still.notes[0]).toMatch(/Nothing moves/);
    const normalised = await train([video(1, [1, 0.9999999, 1.0000001, 1])]);
    expect([...normalised.videos[0].labels]).toEqual([0, 0, 0, 0]);
    expect(normalised.notes[0]).toMatch(/No segment stands out/);
    expect(normalised.threshold.on).toBe(1);
  });

  it('says that the length of cellmotion-v2 vectors is no answer', async () => {
    const data = new Float32Array(2 * 48 * 19).fill(0.1);
    const features = { videoId: 1, segments: 2, crops: 48, dim: 19, data };
    expect((await train([features], {}, 'cellmotion-v2')).notes.join(' ')).toMatch(/a control/);
    expect((await train([features], {}, 'cellmotion-v1')).notes.join(' ')).not.toMatch(/a control/);
  });

  it('describes all its options with the defaults of its schema', () => {
    const defaults = motion.config.parse({}) as unknown as Record<string, unknown>;
    expect(Object.fromEntries(motion.info.options.map((o) => [o.key, o.default]))).toEqual(defaults);
    expect(() => motion.config.parse({ scaleBy: 'row' })).toThrow();
    expect(motion.defaultsFor('cellmotion-v1').values).toEqual({ aggregation: 'top3' });
    expect(motion.defaultsFor('import').values).toEqual({ aggregation: 'mean' });
  });
});

describe('robustThreshold', () => {
  it('is the median plus so many robust standard deviations, over what moves', () => {
    // moving: 1 2 3 4 100, median 3, distances 2 1 0 1 97, median distance 1
    const threshold = robustThreshold(Float32Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 100), 3);
    expect(threshold).toEqual({
      median: 3,
      spread: 1.4826,
      on: expect.closeTo(3 + 3 * 1.4826, 10),
      off: expect.closeTo(3 + 2 * 1.4826, 10),
    });
    expect(robustThreshold(Float32Array.of(0, 0), 3)).toBeNull();
  });
});
