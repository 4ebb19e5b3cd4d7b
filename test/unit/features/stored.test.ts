// Features that stay in their files: the same numbers as in memory, whatever is asked for and in whatever order.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../electron/compute/random.ts';
import { type FeatureSource, loadFeatures, openFeatures } from '../../../electron/features/load.ts';
import { everyPart } from '../../../electron/features/passes.ts';
import { applyScale, poolScale } from '../../../electron/features/scaling.ts';
import { segmentPool } from '../../../electron/features/segment-pool.ts';
import { inMemory, segmentsOf, stretches } from '../../../electron/features/stretches.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';
import { UNWATCHED } from '../../fixtures/unwatched.ts';

const folder = mkdtempSync(join(tmpdir(), 'zerolabel-stored-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** Videos of these lengths with random features in files. */
function written(lengths: number[], crops: number, dim: number, type: 'f4' | 'f2' = 'f4'): FeatureSource[] {
  const random = createRandom(3);
  return lengths.map((segments, videoId) => {
    const data = random.fillNormal(new Float32Array(segments * crops * dim), 0, 1);
    const path = join(folder, `${files++}.npy`);
    writeFileSync(path, writeNpy(data, [segments, crops, dim], type));
    return { videoId, path, segments, crops, dim };
  });
}

const quiet = { scratch: join(folder, 'scratch'), ...UNWATCHED };

describe('openFeatures', () => {
  it('keeps features in memory when they and a copy fit, else in their files', async () => {
    const sources = written([3, 5], 2, 4);
    const bytes = 8 * 2 * 4 * 4;
    const roomy = await openFeatures(sources, { budget: 2 * bytes, ...quiet });
    expect(roomy).toMatchObject({ stored: false, bytes });
    expect(roomy.videos).toEqual(await loadFeatures(sources));
    const tight = await openFeatures(sources, { budget: 2 * bytes - 1, ...quiet });
    expect(tight).toMatchObject({ stored: true, bytes });
    expect(tight.videos.map((video) => 'data' in video)).toEqual([false, false]);
    expect(tight.videos.map(inMemory)).toEqual(roomy.videos);
    tight.close();
  });

  it('reads half floats in both ways alike', async () => {
    const sources = written([4], 1, 300, 'f2');
    const { videos, close } = await openFeatures(sources, { budget: 1, ...quiet });
    const loaded = await loadFeatures(sources);
    expect(videos.map(inMemory)).toEqual(loaded);
    expect(loaded[0].data[7]).toBe(Math.f16round(loaded[0].data[7]));
    close();
  });

  it('refuses other shapes, shortened files, NaN and a cancelled start, naming the file', async () => {
    const tight = { budget: 1, ...quiet };
    const [good] = written([4], 1, 2);
    await expect(openFeatures([{ ...good, segments: 3 }], tight)).rejects.toThrow(
      `(${good.path}) holds f4 of shape (4, 1, 2) instead of f4 of shape (3, 1, 2)`,
    );
    await expect(openFeatures([good, { ...good, crops: 2, dim: 1 }], tight)).rejects.toMatchObject({
      code: 'bad_input',
    });
    const [short] = written([4], 1, 2);
    truncateSync(short.path, 150);
    await expect(openFeatures([short], tight)).rejects.toThrow(
      `(${short.path}) has 150 bytes instead of 160`,
    );
    const [bad] = written([700_000], 1, 1);
    const numbers = new Float32Array(700_000);
    numbers[600_000] = Number.NaN;
    writeFileSync(bad.path, writeNpy(numbers, [700_000, 1, 1], 'f4'));
    await expect(openFeatures([bad], tight)).rejects.toThrow(`(${bad.path}) holds NaN in segment 600000`);
    await expect(openFeatures([{ ...good, path: join(folder, 'gone') }], tight)).rejects.toThrow(/gone/);
  });
});

describe('features in files', () => {
  it('come in parts and in pieces as they are in memory, also scaled and seen as samples', async () => {
    const sources = written([70_000, 1, 9], 2, 4);
    const loaded = await loadFeatures(sources);
    const { videos, close } = await openFeatures(sources, { budget: 1, ...quiet });
    expect([...stretches(videos[0])].length).toBeGreaterThan(2);
    expect(await poolScale(videos, null, UNWATCHED)).toEqual(await poolScale(loaded, null, UNWATCHED));
    const blocks = [
      { name: 'a', dims: 1 },
      { name: 'b', dims: 3 },
    ];
    for (const scaleBy of ['pool', 'video'] as const) {
      const scale = await poolScale(loaded, blocks, UNWATCHED);
      const inFiles = await applyScale(videos, scale, scaleBy, UNWATCHED);
      const expected = await applyScale(loaded, scale, scaleBy, UNWATCHED);
      expect(inFiles.map(inMemory)).toEqual(expected);
      const samples = { ...inFiles[2], segments: 18, crops: 1 };
      expect(segmentsOf(samples, 3, 7)).toEqual(expected[2].data.slice(12, 28));
    }
    close();
  });

  it('are passed over with a word on how far it is, until that is cancelled', async () => {
    const { videos, close } = await openFeatures(written([600_000, 2], 1, 1), { budget: 1, ...quiet });
    const said: unknown[][] = [];
    const abort = new AbortController();
    const watch = { signal: abort.signal, progress: (...words: unknown[]) => said.push(words) };
    const parts = everyPart(videos, watch, 'Scaling features');
    const workedOn = async () => {
      const { value } = await parts.next();
      for (const end = performance.now() + 60; performance.now() < end; );
      return value?.from;
    };
    expect(await workedOn()).toBe(0);
    expect(said).toEqual([]);
    expect(await workedOn()).toBe(2 ** 18);
    expect(said).toEqual([[0, 2, 'videos', 'Scaling features']]);
    abort.abort();
    await expect(parts.next()).rejects.toMatchObject({ code: 'cancelled' });
    close();
  });

  it('fill batches alike in any order, announced or not, within any budget', async () => {
    const sources = written([40, 1, 7, 60], 3, 5);
    const loaded = segmentPool(await loadFeatures(sources));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 107 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12_000 }),
        fc.constantFrom('announced', 'not', 'another', 'shorter'),
        async (order, batch, budget, how) => {
          const { videos, close } = await openFeatures(sources, { budget, ...quiet });
          const pool = segmentPool(videos);
          const all = Int32Array.from(order);
          if (how === 'announced') pool.expect(all);
          if (how === 'another') pool.expect(all.toReversed());
          if (how === 'shorter') pool.expect(all.subarray(all.length >> 1));
          const [got, wanted] = [new Float32Array(batch * 15), new Float32Array(batch * 15)];
          for (let from = 0; from < all.length; from += batch) {
            const chosen = all.subarray(from, from + batch);
            pool.copy(chosen, got);
            loaded.copy(chosen, wanted);
            expect(got).toEqual(wanted);
            // Lets the pool read ahead now and then.
            if (from % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
          }
          close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('say so when a file is cut short or goes away in use', async () => {
    const sources = written([50, 50], 1, 1000);
    const { videos, close } = await openFeatures(sources, { budget: 1, ...quiet });
    const pool = segmentPool(videos);
    truncateSync(sources[1].path, 1000);
    const target = new Float32Array(1000);
    pool.copy(Int32Array.of(3), target);
    pool.expect(Int32Array.of(70));
    // The failure of reading ahead is told to whoever asks, not thrown at nobody.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(() => pool.copy(Int32Array.of(70), target)).toThrow(`(${sources[1].path}) became shorter`);
    close();
    rmSync(sources[0].path);
    expect(() => pool.copy(Int32Array.of(3), target)).toThrow(`(${sources[0].path}) cannot be read any more`);
  });
});
