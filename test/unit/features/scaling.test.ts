import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateCrops, cropNorms, segmentMagnitudes } from '../../../electron/features/aggregate.ts';
import { extractorNamed, extractors } from '../../../electron/features/extractors.ts';
import { applyScale, poolScale } from '../../../electron/features/scaling.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { UNWATCHED } from '../../fixtures/unwatched.ts';

const video = (videoId: number, crops: number, dim: number, values: number[]): VideoFeatures => ({
  videoId,
  segments: values.length / crops / dim,
  crops,
  dim,
  data: Float32Array.from(values),
});
const blocks = [
  { name: 'a', dims: 2 },
  { name: 'b', dims: 1 },
];
const rms = async (videos: VideoFeatures[]) => {
  const norms = (await cropNorms(videos, UNWATCHED)).flatMap((own) => [...own]);
  return Math.sqrt(norms.reduce((sum, n) => sum + n * n, 0) / norms.length);
};

describe('scaling', () => {
  it('measures the root mean square length of each block over all segments and crops', async () => {
    // lengths of a: 5, 0, 0, 13; of b: 1, 0, 0, 2
    const videos = [video(1, 2, 3, [3, 4, 1, 0, 0, 0]), video(2, 2, 3, [0, 0, 0, 5, 12, -2])];
    const scale = await poolScale(videos, blocks, UNWATCHED);
    expect(scale).toEqual({ blocks, r: [Math.sqrt((25 + 169) / 4), Math.sqrt(5 / 4)] });
    const [first] = await applyScale(videos, scale, 'pool', UNWATCHED);
    expect(first.data[2]).toBeCloseTo(0.5 / scale.r[1] / Math.SQRT2, 6);
    expect(first.data[1] / first.data[0]).toBeCloseTo(4 / 3, 6);
    expect(videos[0].data[0]).toBe(3);
  });

  it('gives a root mean square length of 0.5 over the pool, or in every video', async () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 5 }), async (rows) => {
        // One crop more with 1s, so that no block and no video is zero.
        const videos = rows.map((row, i) => video(i + 1, 3, 3, [...row, 1, 1, 1]));
        const scale = await poolScale(videos, blocks, UNWATCHED);
        expect(await rms(await applyScale(videos, scale, 'pool', UNWATCHED))).toBeCloseTo(0.5, 5);
        for (const one of await applyScale(videos, scale, 'video', UNWATCHED))
          expect(await rms([one])).toBeCloseTo(0.5, 5);
      }),
    );
  });

  it('treats features made elsewhere as one block', async () => {
    const videos = [video(1, 1, 4, [3, 0, 4, 0])];
    const scale = await poolScale(videos, null, UNWATCHED);
    expect(scale).toEqual({ blocks: [{ name: 'all', dims: 4 }], r: [5] });
    const [scaled] = await applyScale(videos, scale, 'pool', UNWATCHED);
    expect([...scaled.data]).toEqual([0.3, 0, 0.4, 0].map((x) => expect.closeTo(x, 6)));
  });

  it('leaves zeros alone', async () => {
    const videos = [video(1, 1, 3, [1, 2, 0]), video(2, 1, 3, [0, 0, 0])];
    const scale = await poolScale(videos, blocks, UNWATCHED);
    for (const by of ['pool', 'video'] as const) {
      const [first, second] = await applyScale(videos, scale, by, UNWATCHED);
      expect(second.data).toEqual(new Float32Array(3));
      expect(first.data[2]).toBe(0);
    }
  });
});

describe('aggregation', () => {
  it('averages the three largest crops, or all', () => {
    const values = [1, 9, 2, 8, 3, 0, 0, 0, 0, 5];
    expect([...aggregateCrops(values, 2, 5, 'top3')]).toEqual([Math.fround(20 / 3), Math.fround(5 / 3)]);
    expect([...aggregateCrops(values, 2, 5, 'mean')]).toEqual([Math.fround(23 / 5), 1]);
    expect([...aggregateCrops([2, 4], 1, 2, 'top3')]).toEqual([3]);
    expect([...aggregateCrops([10, 9, -1, 100], 1, 4, 'top3')]).toEqual([Math.fround(119 / 3)]); // as numbers, not as text
  });

  it('takes magnitudes from crop lengths', async () => {
    const features = [video(1, 2, 2, [3, 4, 0, 0, 6, 8, 5, 12])];
    expect(await cropNorms(features, UNWATCHED)).toEqual([Float32Array.of(5, 0, 10, 13)]);
    expect(await segmentMagnitudes(features, 'mean', UNWATCHED)).toEqual([Float32Array.of(2.5, 11.5)]);
  });
});

describe('extractors', () => {
  it('have blocks that fill their vectors', () => {
    for (const { blocks: parts, dim } of Object.values(extractors)) {
      expect(parts.reduce((sum, { dims }) => sum + dims, 0)).toBe(dim);
    }
    expect(extractorNamed('cellmotion-v1')).toMatchObject({
      crops: 48,
      dim: 19,
      directed: true,
      aggregation: 'top3',
    });
    expect(extractorNamed('cellmotion-v2')).toMatchObject({ crops: 48, dim: 19, directed: false });
    expect(extractorNamed('import')).toBeNull();
    expect(extractorNamed('toString')).toBeNull();
  });
});
