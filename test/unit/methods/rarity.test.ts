// Rarity against a plain definition, and what it calls rare.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../electron/compute/random.ts';
import type { VideoFeatures } from '../../../electron/methods/method.ts';
import { blocksOf, sampleBlocks } from '../../../electron/methods/rarity/blocks.ts';
import { rarityConfig, rarityInfo } from '../../../electron/methods/rarity/config.ts';
import { rarityMethod } from '../../../electron/methods/rarity/method.ts';
import { rarity } from '../../../electron/methods/rarity/rarity.ts';
import { trainInput } from '../../fixtures/train-input.ts';
import { UNWATCHED } from '../../fixtures/unwatched.ts';

/** Random videos with many exact zeros, as motion features have them. */
function pool(lengths: number[], crops: number, dim: number, seed = 3): VideoFeatures[] {
  const random = createRandom(seed);
  return lengths.map((segments, i) => {
    const data = new Float32Array(segments * crops * dim);
    for (let c = 0; c < segments * crops; c++) {
      if (random.uniform() < 0.5) continue;
      for (let d = 0; d < dim; d++) data[c * dim + d] = random.uniform();
    }
    return { videoId: i + 1, segments, crops, dim, data };
  });
}

/** default-extractor-v2.md 3.2, word for word and without any shortcut. */
function plain(videos: VideoFeatures[], columns: number): number[][] {
  const roundHalfToEven = (x: number) =>
    Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
  const blockCount = videos.map(({ segments }) => Math.max(1, roundHalfToEven(segments / 8)));
  const blockAt = (v: number, t: number) => Math.floor((t * blockCount[v]) / videos[v].segments);
  const vector = (v: number, t: number, c: number) => {
    const { crops, dim, data } = videos[v];
    return data.subarray((t * crops + c) * dim, (t * crops + c + 1) * dim);
  };
  return videos.map(({ segments, crops }, v) =>
    Array.from({ length: segments * crops }, (_, i) => {
      const [t, c] = [Math.floor(i / crops), i % crops];
      const best = new Map<string, number>();
      for (const [v2, other] of videos.entries()) {
        for (let t2 = 0; t2 < other.segments; t2++) {
          if (v2 === v && Math.abs(blockAt(v, t) - blockAt(v2, t2)) <= 1) continue;
          for (let c2 = 0; c2 < crops; c2++) {
            const near =
              Math.abs((c % columns) - (c2 % columns)) <= 1 &&
              Math.abs(Math.floor(c / columns) - Math.floor(c2 / columns)) <= 1;
            if (!near) continue;
            const a = vector(v, t, c);
            const distance = Math.hypot(...vector(v2, t2, c2).map((x, d) => x - a[d]));
            const key = `${v2} ${blockAt(v2, t2)}`;
            best.set(key, Math.min(best.get(key) ?? Infinity, distance));
          }
        }
      }
      const sorted = [...best.values()].sort((a, b) => a - b);
      if (sorted.length === 0) return 0;
      const rank = 0.25 * (sorted.length - 1);
      const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
      return below + (above - below) * (rank - Math.floor(rank));
    }),
  );
}

describe('blocks', () => {
  test('are about eight segments long, halves rounded to the even number', () => {
    const lengths = (count: number) => blocksOf([count]).map(({ from, to }) => to - from);
    expect(lengths(1)).toEqual([1]);
    expect(lengths(11)).toEqual([11]);
    expect(lengths(12)).toEqual([6, 6]); // 1.5 -> 2
    expect(lengths(20)).toEqual([10, 10]); // 2.5 -> 2
    expect(lengths(28)).toEqual([7, 7, 7, 7]); // 3.5 -> 4
    expect(lengths(26)).toEqual([9, 9, 8]);
    expect(blocksOf([0, 3])).toEqual([{ video: 1, index: 0, from: 0, to: 3 }]);
  });

  test('cover every video once, segment t in block floor(t m / T), and a sample keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }), (segments) => {
        const blocks = blocksOf(segments);
        for (const [video, count] of segments.entries()) {
          const own = blocks.filter((block) => block.video === video);
          for (let t = 0; t < count; t++) {
            const index = Math.floor((t * own.length) / count);
            expect(own[index].from <= t && t < own[index].to).toBe(true);
          }
        }
        const sample = sampleBlocks(blocks, 100);
        const total = segments.reduce((a, b) => a + b, 0);
        if (total <= 100) expect(sample).toEqual(blocks);
        else expect(sample.length).toBeLessThan(blocks.length);
        const places = sample.map((block) => blocks.indexOf(block));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('rarity', () => {
  test('is the definition, cell by cell', async () => {
    const videos = pool([20, 5, 12, 30], 6, 4);
    const { scores, compared, blocks, alone } = await rarity(videos, { columns: 3, ...UNWATCHED });
    expect([compared, blocks, alone]).toEqual([9, 9, []]);
    const expected = plain(videos, 3);
    for (const [v, own] of scores.entries()) {
      expect(own).toHaveLength(expected[v].length);
      for (const [i, value] of own.entries()) expect(value).toBeCloseTo(expected[v][i], 6);
    }
  });

  test('compares imported crops with the same crop', async () => {
    const videos = pool([9, 9], 4, 3);
    const { scores } = await rarity(videos, { columns: null, ...UNWATCHED });
    for (let c = 0; c < 4; c++) {
      const one = videos.map((video) => ({
        ...video,
        crops: 1,
        data: Float32Array.from(
          { length: 27 },
          (_, i) => video.data[(Math.floor(i / 3) * 4 + c) * 3 + (i % 3)],
        ),
      }));
      const alone = await rarity(one, { columns: 1, ...UNWATCHED });
      for (let t = 0; t < 9; t++) expect(scores[0][4 * t + c]).toBe(alone.scores[0][t]);
    }
  });

  test('is 0 where a cell is empty in the whole pool, and where there is nothing to compare with', async () => {
    const videos = pool([16, 16], 2, 3).map((video) => ({
      ...video,
      data: video.data.map((x, i) => (Math.floor(i / 3) % 2 === 0 ? 0 : x)),
    }));
    const { scores } = await rarity(videos, { columns: 2, ...UNWATCHED });
    for (const own of scores) expect(own.filter((_, i) => i % 2 === 0).every((x) => x === 0)).toBe(true);
    const single = await rarity(pool([8], 2, 3), { columns: 2, ...UNWATCHED });
    expect(single.alone).toEqual([0]);
    expect(single.scores[0]).toEqual(new Float32Array(16));
  });

  test('calls rare what one video repeats for long', async () => {
    const videos = Array.from({ length: 8 }, (_, v) => ({
      videoId: v + 1,
      segments: 16,
      crops: 1,
      dim: 2,
      data: Float32Array.from({ length: 32 }, (_x, i) => (v === 7 ? [0, 1] : [1, 0])[i % 2] + 0.01 * v),
    }));
    const { scores } = await rarity(videos, { columns: null, ...UNWATCHED });
    expect(Math.min(...scores[7])).toBeGreaterThan(
      10 * Math.max(...scores.slice(0, 7).flatMap((s) => [...s])),
    );
  });

  test('samples blocks of a large pool, and stops when cancelled', async () => {
    const videos = pool([80, 80, 80], 2, 3);
    const { compared, blocks } = await rarity(videos, { columns: 2, largestPool: 100, ...UNWATCHED });
    expect([compared, blocks]).toEqual([12, 30]);
    const abort = new AbortController();
    const large = pool([400, 400, 400], 12, 8);
    const work = rarity(large, {
      columns: 4,
      signal: abort.signal,
      progress: (done, total) => {
        expect(done).toBeLessThan(total);
        abort.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the method', () => {
  const run = (videos: VideoFeatures[], config: Record<string, unknown> = {}) =>
    rarityMethod.train(trainInput(videos), rarityConfig.parse({ aggregation: 'mean', ...config }));
  /** Ten videos alike but for noise; one segment of the last is elsewhere. */
  const scenes = () => {
    const videos = pool(Array(10).fill(10), 1, 3, 5).map((video) => ({
      ...video,
      data: video.data.map((x) => 1 + 0.1 * x),
    }));
    videos[9].data[15] = 3;
    return videos;
  };

  test('gives scores in [0, 1] and labels what stands out', async () => {
    const { videos, threshold, model, notes } = await run(scenes());
    const scores = videos.flatMap((v) => [...v.scores]);
    expect([Math.min(...scores), Math.max(...scores)]).toEqual([0, 1]);
    expect(videos[9].scores[5]).toBe(1);
    expect(videos.flatMap((v) => [...v.labels])).toEqual(scores.map((s) => (s >= threshold.on ? 1 : 0)));
    expect(videos[9].labels[5]).toBe(1);
    expect(threshold.off).toBeLessThan(threshold.on);
    expect([model, notes]).toEqual([null, []]);
  });

  test('says that levels were balanced, and keeps the order inside each video', async () => {
    const loud = scenes().map((video, v) => ({ ...video, data: video.data.map((x) => (v % 2 ? 5 * x : x)) }));
    const off = await run(loud);
    const on = await run(loud, { balance: '0.75' });
    expect(on.notes.join(' ')).toMatch(/Activity balance 0\.75/);
    const order = (scores: Float32Array) => [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
    for (const [v, { scores }] of on.videos.entries())
      expect(order(scores)).toEqual(order(off.videos[v].scores));
    expect(on.provenance).toMatchObject({ balance: 0.75, activity: { divisors: expect.any(Array) } });
  });

  test('says when nothing differs, when a video has no partner, and refuses nothing at all', async () => {
    const same = pool([10, 10], 1, 3).map((video) => ({ ...video, data: video.data.fill(1) }));
    const flat = await run(same);
    expect(flat.notes.join(' ')).toMatch(/same score/);
    expect(flat.videos.flatMap((v) => [...v.labels, ...v.scores])).toEqual(Array(40).fill(0));
    expect((await run(pool([8], 1, 3))).notes.join(' ')).toMatch(/nothing to be compared with/);
    await expect(run(pool([0], 1, 3))).rejects.toMatchObject({ code: 'bad_input' });
  });

  test('describes all its options with the defaults of its schema', () => {
    const defaults = rarityConfig.parse({}) as Record<string, unknown>;
    expect(Object.fromEntries(rarityInfo.options.map((o) => [o.key, o.default]))).toEqual(defaults);
    expect(rarityMethod.defaultsFor('cellmotion-v2').values).toEqual({ aggregation: 'top3' });
    expect(rarityMethod.defaultsFor('import').values).toEqual({ aggregation: 'mean' });
  });
});
