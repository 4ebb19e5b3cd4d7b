// Real files in, exact frames out: probing, decoding, thumbnails, proxies and the two tasks on them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactPath } from '../../electron/files/atomic.ts';
import { decodeGrey, decodeRgb } from '../../electron/media/decode.ts';
import { type EncodeOptions, encodeVideo } from '../../electron/media/encode.ts';
import { fingerprint } from '../../electron/media/fingerprint.ts';
import { inspectVideo } from '../../electron/media/probe.ts';
import { makeProxy } from '../../electron/media/proxy.ts';
import { makeThumbnails } from '../../electron/media/thumbnails.ts';
import { runImport } from '../../electron/tasks/import.ts';
import type { FromTrainer, ImportedVideo, TaskContext } from '../../electron/tasks/protocol.ts';
import { runProxy } from '../../electron/tasks/proxy.ts';
import { toErrorData } from '../../shared/errors.ts';
import { decodeFrameTable, type FrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { constantTimes, numberedFrames, numberIn, variableTimes } from './media-pictures.ts';

const W = 160;
const H = 120;

interface Sample {
  file: string;
  times: number[];
  options: EncodeOptions;
}
const h264 = (fps: number): EncodeOptions => ({ width: W, height: H, codec: 'h264', fps });
const mpeg4 = (fps: number): EncodeOptions => ({ width: W, height: H, codec: 'mpeg4', fps });

const SAMPLES = {
  cfr: { file: 'cfr.mp4', times: constantTimes(150, 30_000 / 1001), options: h264(30_000 / 1001) },
  vfr: { file: 'vfr.mp4', times: variableTimes(120), options: h264(25) },
  late: { file: 'late.mp4', times: constantTimes(60, 25, 1500), options: h264(25) },
  avi: { file: 'plain.avi', times: constantTimes(90, 25), options: mpeg4(25) },
  h264InAvi: { file: 'wrapped.avi', times: constantTimes(80, 25), options: h264(25) },
  mkv: { file: 'cfr.mkv', times: constantTimes(100, 29.97), options: h264(29.97) },
  odd: {
    file: 'odd.mp4',
    times: variableTimes(50),
    options: { width: 161, height: 121, codec: 'mpeg4', fps: 25 },
  },
  one: { file: 'one.mp4', times: [0], options: h264(25) },
} satisfies Record<string, Sample>;

let folder: string;
const at = (sample: Sample) => join(folder, sample.file);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zl-media-'));
  for (const sample of Object.values(SAMPLES)) {
    const { width, height } = sample.options;
    const frames = numberedFrames(sample.times, width, height);
    expect(await encodeVideo(at(sample), sample.options, frames)).toEqual({ frames: sample.times.length });
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** The numbers painted into every frame that decoding gives. */
async function numbersIn(path: string, step = 1): Promise<{ indices: number[]; numbers: number[] }> {
  const indices: number[] = [];
  const numbers: number[] = [];
  for await (const { index, data } of decodeGrey(path, { width: 80, height: 60, step })) {
    indices.push(index);
    numbers.push(numberIn(data, 80, 60));
  }
  return { indices, numbers };
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const timesOf = (table: FrameTable) => Array.from(table.pts, (_, i) => 1000 * timeOfFrame(table, i));

describe('frame tables', () => {
  test.each(Object.entries(SAMPLES))(
    '%s: one entry per frame, at its time, and decoding agrees',
    async (name, sample: Sample) => {
      const facts = await inspectVideo(at(sample));
      expect(facts).toMatchObject({
        state: 'ready',
        problem: null,
        frames: sample.times.length,
        width: sample.options.width,
      });
      const start = name === 'h264InAvi' ? timeOfFrame(facts.table, 0) * 1000 : 0; // AVI has only the order of storage
      const tolerance = name === 'mkv' ? 0.5001 : 0.01; // Matroska keeps whole milliseconds
      for (const [i, time] of timesOf(facts.table).entries()) {
        expect(Math.abs(time - sample.times[i] - start)).toBeLessThanOrEqual(tolerance);
      }
      expect(await numbersIn(at(sample))).toEqual({
        indices: upTo(facts.frames),
        numbers: upTo(facts.frames),
      });
      expect(facts.table.key[0]).toBe(1);
      expect(facts.table.endPts).toBeGreaterThan(facts.table.pts[facts.frames - 1]);
    },
  );

  test('rates are exact fractions; variable rate is told from rounding', async () => {
    const rate = async (sample: Sample) => {
      const { fpsNum, fpsDen, vfr } = await inspectVideo(at(sample));
      return [fpsNum, fpsDen, vfr];
    };
    expect(await rate(SAMPLES.cfr)).toEqual([30_000, 1001, false]);
    expect(await rate(SAMPLES.avi)).toEqual([25, 1, false]);
    expect(await rate(SAMPLES.late)).toEqual([25, 1, false]);
    expect(await rate(SAMPLES.mkv)).toEqual([30_000, 1001, false]);
    // 119 intervals: 29 rounds of 210 ms and 33, 40, 120
    expect(await rate(SAMPLES.vfr)).toEqual([119_000, 29 * 210 + 193, true]);
  });

  test('a start above zero is kept', async () => {
    const { table, durationSeconds } = await inspectVideo(at(SAMPLES.late));
    expect(timeOfFrame(table, 0)).toBe(1.5);
    expect(durationSeconds).toBeCloseTo(60 / 25, 6);
  });

  test('what Chromium plays', async () => {
    const playable = async (sample: Sample) => (await inspectVideo(at(sample))).playable;
    expect(await playable(SAMPLES.cfr)).toBe('direct');
    expect(await playable(SAMPLES.mkv)).toBe('direct');
    expect(await playable(SAMPLES.avi)).toBe('needs_proxy');
    expect(await playable(SAMPLES.h264InAvi)).toBe('needs_proxy');
    expect(await playable(SAMPLES.odd)).toBe('needs_proxy');
    // H.264 in MP4, but with stored durations that would make a player miss frames
    expect(await playable(SAMPLES.vfr)).toBe('needs_proxy');
  });

  test('a long video, decoded only at its ends, has the same table as one decoded whole', async () => {
    const path = join(folder, 'long.mp4');
    const times = variableTimes(500);
    await encodeVideo(path, h264(20), numberedFrames(times, W, H));
    const ends = await inspectVideo(path, { wholeUpTo: 0 });
    expect(ends).toEqual(await inspectVideo(path));
    expect([ends.frames, ends.state]).toEqual([500, 'ready']);
    for (const [i, time] of timesOf(ends.table).entries())
      expect(Math.abs(time - times[i])).toBeLessThan(0.01);

    // Damage near the end is found there, and makes it decode everything.
    const bytes = await readFile(path);
    bytes.fill(0x5a, bytes.length - 4000, bytes.length - 2000);
    await writeFile(path, bytes);
    expect(await inspectVideo(path, { wholeUpTo: 0 })).toEqual(await inspectVideo(path));
    expect((await inspectVideo(path)).state).toBe('damaged');
  });
});

describe('decoding', () => {
  test('every step-th frame, by its own index', async () => {
    const { indices, numbers } = await numbersIn(at(SAMPLES.cfr), 7);
    expect(indices).toEqual(upTo(22).map((i) => 7 * i));
    expect(numbers).toEqual(indices);
  });

  test('pictures are our own: they stay as they were, and own their memory', async () => {
    const kept: Uint8Array[] = [];
    for await (const { data } of decodeGrey(at(SAMPLES.avi), { width: 40, height: 30, step: 1 }))
      kept.push(data);
    expect(kept.map((data) => numberIn(data, 40, 30))).toEqual(upTo(90));
    expect(new Set(kept.map((data) => data.buffer)).size).toBe(90);
    expect(kept.every((data) => data.length === 1200 && data.buffer.byteLength === 1200)).toBe(true);
  });

  test('colour comes as RGB', async () => {
    const path = join(folder, 'red.mp4');
    const red = new Uint8Array(W * H * 3).map((_, i) => (i % 3 === 0 ? 220 : 20));
    await encodeVideo(path, h264(25), [{ timeMs: 0, data: red }]);
    for await (const { data } of decodeRgb(path, { width: 4, height: 4, step: 1 })) {
      expect(data.length).toBe(48);
      expect(data[24]).toBeGreaterThan(200);
      expect(data[25]).toBeLessThan(40);
      expect(data[26]).toBeLessThan(40);
    }
  });

  test('a cancelled signal stops it', async () => {
    const abort = new AbortController();
    const run = async () => {
      for await (const { index } of decodeGrey(at(SAMPLES.cfr), {
        width: 8,
        height: 8,
        step: 1,
        signal: abort.signal,
      })) {
        if (index === 5) abort.abort();
        expect(index).toBeLessThan(7);
      }
    };
    expect(await run().catch(toErrorData)).toMatchObject({ code: 'cancelled' });
  });
});

describe('thumbnails', () => {
  test('twelve JPEGs, spread over the video, each of its frame', async () => {
    const { table } = await inspectVideo(at(SAMPLES.cfr));
    const thumbnails = await makeThumbnails(at(SAMPLES.cfr), table);
    expect(thumbnails.map(({ frame }) => frame)).toEqual(
      upTo(12).map((i) => Math.floor(((i + 0.5) * 150) / 12)),
    );
    for (const { frame, jpeg } of thumbnails) {
      expect([jpeg[0], jpeg[1], jpeg.at(-2), jpeg.at(-1)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
      const path = join(folder, 'thumbnail.jpg');
      await writeFile(path, jpeg);
      for await (const picture of decodeGrey(path, { width: 240, height: 180, step: 1 })) {
        expect(numberIn(picture.data, 240, 180)).toBe(frame);
      }
    }
  });

  test('a video of one frame has one', async () => {
    const { table } = await inspectVideo(at(SAMPLES.one));
    expect((await makeThumbnails(at(SAMPLES.one), table)).map(({ frame }) => frame)).toEqual([0]);
  });
});

describe('proxies', () => {
  test.each(['avi', 'h264InAvi', 'odd', 'vfr', 'late', 'cfr'] as const)(
    '%s: frame k is frame k, at the same time',
    async (name) => {
      const source = await inspectVideo(at(SAMPLES[name]));
      const target = join(folder, `${name}-proxy.mp4`);
      const seen: number[] = [];
      const result = await makeProxy(at(SAMPLES[name]), target, { onFrame: (done) => seen.push(done) });
      expect(result.frames).toBe(source.frames);
      expect(seen.at(-1)).toBe(source.frames);
      const proxy = await inspectVideo(target);
      expect(proxy).toMatchObject({
        state: 'ready',
        playable: 'direct',
        codec: 'h264',
        container: 'mp4',
        frames: source.frames,
      });
      const times = timesOf(source.table);
      for (const [i, time] of timesOf(proxy.table).entries())
        expect(Math.abs(time - times[i])).toBeLessThan(0.1);
      expect((await numbersIn(target)).numbers).toEqual(upTo(source.frames));
      expect(existsSync(`${target}.part`)).toBe(false);
    },
  );

  test('encoded proxies have a key frame every 24 frames; what can be copied is copied', async () => {
    const encoded = await makeProxy(at(SAMPLES.avi), join(folder, 'keys.mp4'));
    expect(encoded.made).toBe('encoded');
    const { table } = await inspectVideo(join(folder, 'keys.mp4'));
    for (let i = 0; i < 90; i += 24) expect(table.key.subarray(i, i + 24).includes(1)).toBe(true);
    expect((await makeProxy(at(SAMPLES.cfr), join(folder, 'copied.mp4'))).made).toBe('copied');
  });

  test('cancelling leaves no file', async () => {
    const abort = new AbortController();
    const target = join(folder, 'cancelled.mp4');
    const onFrame = (done: number) => done === 3 && abort.abort();
    expect(
      await makeProxy(at(SAMPLES.avi), target, { signal: abort.signal, onFrame }).catch(toErrorData),
    ).toMatchObject({
      code: 'cancelled',
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('cancelled'))).toEqual([]);
  });
});

/** A task context that keeps what was sent. */
function listen(signal = new AbortController().signal) {
  const items: ImportedVideo[] = [];
  const progress: { done: number; total: number; message: string }[] = [];
  const context: TaskContext = {
    signal,
    send: (message: FromTrainer) => message.type === 'imported' && items.push(message.item),
    progress: (done, total, _unit, message) => progress.push({ done, total, message }),
  };
  return { context, items, progress };
}

describe('tasks', () => {
  test('import stores a frame table and thumbnails, and tells each file as it is done', async () => {
    const artifacts = join(folder, 'artifacts');
    const files = [SAMPLES.vfr, SAMPLES.avi].map((sample) => ({
      path: at(sample),
      relPath: `set/${sample.file}`,
    }));
    const { context, items, progress } = listen();
    expect(await runImport({ kind: 'import', artifacts, files }, context)).toEqual({ kind: 'import' });
    expect(items.map(({ relPath, state, frames }) => [relPath, state, frames])).toEqual([
      ['set/vfr.mp4', 'ready', 120],
      ['set/plain.avi', 'ready', 90],
    ]);
    expect(progress).toEqual([
      { done: 0, total: 2, message: 'set/vfr.mp4' },
      { done: 1, total: 2, message: 'set/plain.avi' },
      { done: 2, total: 2, message: '' },
    ]);
    for (const [i, item] of items.entries()) {
      const table = decodeFrameTable(await readFile(artifactPath(artifacts, item.frameTable!.sha256)));
      expect(table.pts).toEqual((await inspectVideo(files[i].path)).table.pts);
      expect(item.thumbnails).toHaveLength(12);
      expect(item.fingerprint).toBe(await fingerprint(files[i].path));
    }
  });

  test('proxy stores the file under its hash and leaves nothing else', async () => {
    const artifacts = join(folder, 'proxies');
    const { context, progress } = listen();
    const result = await runProxy(
      { kind: 'proxy', artifacts, videoId: 7, path: at(SAMPLES.avi), frames: 90 },
      context,
    );
    if (result.kind !== 'proxy') throw new Error('another kind of result');
    const stored = await readFile(artifactPath(artifacts, result.file.sha256));
    expect(createHash('sha256').update(stored).digest('hex')).toBe(result.file.sha256);
    expect([result.frames, result.file.bytes]).toEqual([90, stored.length]);
    expect(progress.at(-1)).toMatchObject({ done: 90, total: 90, message: 'plain.avi' });
    expect(await readdir(artifacts)).toEqual([result.file.sha256.slice(0, 2)]);

    const changed = runProxy(
      { kind: 'proxy', artifacts, videoId: 7, path: at(SAMPLES.avi), frames: 91 },
      context,
    );
    expect(await changed.catch(toErrorData)).toMatchObject({ code: 'conflict' });
    expect(await readdir(artifacts)).toEqual([result.file.sha256.slice(0, 2)]);
  });
});

const shared = process.env.ZEROLABEL_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');
const footage = [
  { set: 'ucsd-ped2', videos: '', fps: [10, 1], playable: 'direct', files: 28 },
  { set: 'avenue', videos: 'videos', fps: [25, 1], playable: 'needs_proxy', files: 8 },
] as const;

describe('real footage', () => {
  test.each(footage)(
    '$set: frame counts are those of the ground truth',
    async ({ set, videos, fps, playable, files }) => {
      const data = join(shared, 'data', set);
      if (!existsSync(data)) return console.warn(`Skipped: ${data} is not here.`);
      const truth: { videos: Record<string, { n_frames: number }> } = JSON.parse(
        readFileSync(join(data, 'gt_frames.json'), 'utf8'),
      );
      let seen = 0;
      for (const part of ['train', 'test']) {
        for (const file of await readdir(join(data, videos, part))) {
          const facts = await inspectVideo(join(data, videos, part, file));
          const frames = truth.videos[`${part}/${file.slice(0, -4)}`].n_frames;
          expect(facts, `${part}/${file}`).toMatchObject({
            state: 'ready',
            frames,
            vfr: false,
            playable,
            fpsNum: fps[0],
            fpsDen: fps[1],
          });
          seen++;
        }
      }
      expect(seen).toBe(files);
    },
  );
});
