// Cubes of objects from an encoded video: cut once, found again, refused for another file.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoxedVideo, cubesOf } from '../../electron/features/cubes/cache.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { fingerprint } from '../../electron/media/fingerprint.ts';
import { encodeDetections, gatherDetections } from '../../shared/labels/detections.ts';

const [WIDTH, HEIGHT, FRAMES] = [96, 64, 24];
let folder: string;
let video: BoxedVideo;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cubes-'));
  const path = join(folder, 'grey.mp4');
  await encodeVideo(
    path,
    { width: WIDTH, height: HEIGHT, codec: 'h264', fps: 25 },
    (function* () {
      for (let f = 0; f < FRAMES; f++)
        yield { timeMs: f * 40, data: new Uint8Array(WIDTH * HEIGHT * 3).fill(10 + 8 * f) };
    })(),
  );
  const boxes = join(folder, 'boxes');
  const found = [4, 8, 12, 16].flatMap((frame) => [
    { frame, track: -1, values: [10, 10, 40, 50, 0.9] },
    { frame, track: -1, values: [50, 10, 80, 50, 0.9] },
  ]);
  writeFileSync(boxes, encodeDetections(gatherDetections('boxes', found)));
  video = { path, boxes, frames: FRAMES, width: WIDTH, height: HEIGHT, fingerprint: await fingerprint(path) };
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = { timeLength: 5, every: 2, confidence: 0.5 };
const run = (videos: (BoxedVideo | null)[], signal = new AbortController().signal) =>
  cubesOf(videos, options, join(folder, 'cache'), signal, () => {});

describe('cubes', () => {
  it('hold the frames around their box and are cut once', async () => {
    const { cubes, cut } = await run([null, video]);
    expect(cut).toBe(1);
    expect(cubes.count).toBe(8);
    expect(Array.from(cubes.video)).toEqual(Array(8).fill(1));
    expect(Array.from(cubes.centreFrame)).toEqual([4, 4, 8, 8, 12, 12, 16, 16]);
    const bytes = 5 * 64 * 64 * 3;
    const two = new Uint8Array(2 * bytes);
    await cubes.copy([6, 2], two);
    for (const [i, centre] of [16, 8].entries()) {
      for (let t = 0; t < 5; t++) {
        const value = two[i * bytes + t * 64 * 64 * 3 + 3000];
        // What the codec makes of a flat grey.
        expect(Math.abs(value - (10 + 8 * (centre - 2 + t)))).toBeLessThan(6);
      }
    }
    expect((await run([null, video])).cut).toBe(0);
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
  });

  it('of a file that changed are refused; a cancelled cut leaves nothing behind', async () => {
    const other = { ...video, fingerprint: 'another' };
    await expect(run([other])).rejects.toThrow(/has changed since it was imported/);
    const aborted = AbortSignal.abort();
    const fresh = { ...video, width: WIDTH - 2 };
    await expect(run([fresh], aborted)).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
  });
});
