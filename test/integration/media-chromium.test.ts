// In a real browser: every frame that the table names can be reached, and is the frame that is shown.
// Skipped, saying so, where there is no Chromium with H.264.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EncodeOptions, encodeVideo } from '../../electron/media/encode.ts';
import { inspectVideo } from '../../electron/media/probe.ts';
import { makeProxy } from '../../electron/media/proxy.ts';
import { mimeOf, serveFile } from '../../electron/media/serve.ts';
import { frameAt, seekTimeOf, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { bitPoints, constantTimes, numberedFrames, variableTimes } from './media-pictures.ts';

const W = 160;
const H = 120;
const executable = [process.env.ZEROLABEL_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (p) => p && existsSync(p),
);
if (!executable) console.warn('Skipped: no Chromium found; set ZEROLABEL_CHROMIUM to one.');

let folder: string;
let server: Server;
let browser: Browser;
let page: Page;

async function encoded(file: string, times: number[], options: Partial<EncodeOptions> = {}): Promise<string> {
  const path = join(folder, file);
  await encodeVideo(
    path,
    { width: W, height: H, codec: 'h264', fps: 25, ...options },
    numberedFrames(times, W, H),
  );
  return path;
}

/** One picture on screen: the number painted in it, and the time the browser says it has; null when none came. */
interface Picture {
  number: number;
  mediaTime: number | null;
}

/**
 * Seeks to each time and returns what was then on screen. A slow seek may show a picture on its way first, which the
 * player waits out (player.ts), and so does this: it looks on until the browser names a time between the given bounds.
 */
function seekTo(
  file: string,
  targets: { seconds: number; from: number; to: number }[],
): Promise<Picture[][]> {
  return page.evaluate(
    async ({ file, targets, points }) => {
      const video = document.querySelector('video')!;
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      const look = () => {
        context.drawImage(video, 0, 0);
        const bits = points.map(([x, y], bit) =>
          context.getImageData(x, y, 1, 1).data[1] > 128 ? 1 << bit : 0,
        );
        return bits.reduce((sum, bit) => sum + bit, 0);
      };
      /** The next picture on screen; one without a time when none comes, for which a busy machine gets half a minute. */
      const nextPicture = () =>
        new Promise<Picture>((resolve) => {
          const silence = setTimeout(() => resolve({ number: look(), mediaTime: null }), 30_000);
          video.requestVideoFrameCallback((_, { mediaTime }) => {
            clearTimeout(silence);
            resolve({ number: look(), mediaTime });
          });
        });
      const first = nextPicture();
      video.src = `/${file}`;
      await new Promise((resolve, reject) => {
        video.onloadeddata = resolve;
        video.onerror = () => reject(new Error(video.error?.message));
      });
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      await first; // else it would be taken for the answer to the first seek
      const seen: Picture[][] = [];
      for (const { seconds, from, to } of targets) {
        let next = nextPicture();
        video.currentTime = seconds;
        const pictures: Picture[] = [];
        for (;;) {
          const picture = await next;
          next = nextPicture();
          pictures.push(picture);
          const { mediaTime } = picture;
          if (mediaTime === null || (mediaTime > from && mediaTime < to)) break;
        }
        seen.push(pictures);
      }
      return seen;
    },
    { file, targets, points: bitPoints(W, H) },
  );
}

describe.skipIf(!executable)('in Chromium', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zl-chromium-'));
    const listener = getRequestListener(async (request) => {
      const name = new URL(request.url).pathname.slice(1);
      if (name === '')
        return new Response('<video muted></video>', { headers: { 'content-type': 'text/html' } });
      return serveFile(request, join(folder, name), mimeOf(name));
    });
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true });
  });

  /** Sends the player to frames in an order that jumps about; all of them must show themselves. */
  async function expectExact(file: string, firstNumber = 0): Promise<void> {
    const { table, frames, playable } = await inspectVideo(join(folder, file));
    expect(playable).toBe('direct');
    const order = Array.from({ length: frames }, (_, i) => (i * 37 + 11) % frames);
    const seen = await seekTo(
      file,
      order.map((frame) => ({
        seconds: seekTimeOf(table, frame),
        from: timeOfFrame(table, frame) - 0.001,
        to: seekTimeOf(table, frame),
      })),
    );
    expect(seen.map((pictures) => pictures.at(-1)!.number - firstNumber)).toEqual(order);
    // What the browser says of a picture holds for every one of them, also for those on the way.
    const all = seen.flat();
    expect(
      all.map(({ mediaTime }) => (mediaTime === null ? null : frameAt(table, mediaTime) + firstNumber)),
    ).toEqual(all.map(({ number }) => number));
  }

  test('H.264 with B-frames at 29.97 frames a second', async () => {
    await encoded('cfr.mp4', constantTimes(60, 30_000 / 1001), { fps: 30_000 / 1001 });
    await expectExact('cfr.mp4');
  });

  test('Matroska, times rounded to milliseconds', async () => {
    await encoded('cfr.mkv', constantTimes(60, 30_000 / 1001), { fps: 30_000 / 1001 });
    await expectExact('cfr.mkv');
  });

  test('a start above zero', async () => {
    await encoded('late.mp4', constantTimes(40, 25, 1500));
    await expectExact('late.mp4');
  });

  test('frames hidden by an edit list do not count, here as there', async () => {
    const path = await encoded('cut.mp4', constantTimes(60, 25));
    const bytes = await readFile(path);
    const list = bytes.indexOf('elst'); // version and flags, entry count, duration, media time
    bytes.writeInt32BE(bytes.readInt32BE(list + 16) + 5 * 4800, list + 16);
    await writeFile(path, bytes);
    const facts = await inspectVideo(path);
    expect([facts.frames, facts.table.pts[0], facts.state]).toEqual([55, 0, 'ready']);
    await expectExact('cut.mp4', 5);
  });

  test('proxies: of an AVI, and of a variable rate that could not be played exactly', async () => {
    await makeProxy(
      await encoded('plain.avi', constantTimes(50, 25), { codec: 'mpeg4' }),
      join(folder, 'avi.mp4'),
    );
    await expectExact('avi.mp4');
    await makeProxy(await encoded('vfr.mkv', variableTimes(60, 300)), join(folder, 'vfr.mp4'));
    await expectExact('vfr.mp4');
  });
});
