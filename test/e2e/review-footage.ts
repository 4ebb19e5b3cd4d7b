// Small videos with their frame number burnt in, and reading that number back from the screen.
// Role: footage for the review's end-to-end specs: constant rate, variable rate that starts late, and an AVI that no
// browser plays. Limits: blocks instead of people; what is tested is which frame is shown.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright/test';
import { type EncodeOptions, encodeVideo } from '../../electron/media/encode.ts';
import type { RgbFrame } from '../../electron/media/types.ts';
import { HEIGHT, WIDTH } from '../../electron/samples/camera.ts';
import {
  burnCounter,
  COUNTER,
  COUNTER_STEP,
  GLYPH_HEIGHT,
  GLYPH_WIDTH,
  GLYPHS,
} from '../../electron/samples/overlay.ts';

export interface Clip {
  name: string;
  codec: EncodeOptions['codec'];
  /** Presentation time of each frame. */
  timesMs: number[];
  /** Frames [start, end) in which something moves fast. */
  unusual: { start: number; end: number } | null;
}

const constant = (frames: number) => Array.from({ length: frames }, (_, i) => i * 40);

/** Intervals of 20 to 100 ms, the first frame 520 ms after zero, as a camera under load writes them. */
function variable(frames: number): number[] {
  let at = 520;
  return Array.from({ length: frames }, (_, i) => {
    const time = at;
    at += [20, 40, 40, 60, 40, 100, 40, 20][i % 8];
    return time;
  });
}

export const CLIPS: readonly Clip[] = [
  { name: 'constant.mp4', codec: 'h264', timesMs: constant(320), unusual: { start: 128, end: 208 } },
  { name: 'variable.mp4', codec: 'h264', timesMs: variable(240), unusual: { start: 64, end: 112 } },
  { name: 'old.avi', codec: 'mpeg4', timesMs: constant(200), unusual: { start: 96, end: 160 } },
  { name: 'quiet-1.mp4', codec: 'h264', timesMs: constant(160), unusual: null },
  { name: 'quiet-2.mp4', codec: 'h264', timesMs: constant(160), unusual: null },
];

function block(data: Uint8Array, x0: number, y0: number, width: number, height: number, level: number): void {
  for (let y = Math.max(0, y0); y < Math.min(HEIGHT, y0 + height); y++) {
    const from = 3 * (y * WIDTH + Math.max(0, Math.min(WIDTH, x0)));
    const to = 3 * (y * WIDTH + Math.max(0, Math.min(WIDTH, x0 + width)));
    data.fill(level, from, to);
  }
}

function* pictures({ timesMs, unusual }: Clip): Iterable<RgbFrame> {
  for (const [frame, timeMs] of timesMs.entries()) {
    const data = new Uint8Array(3 * WIDTH * HEIGHT);
    for (let y = 0; y < HEIGHT; y++) data.fill(90 + ((y >> 4) & 1) * 12, 3 * y * WIDTH, 3 * (y + 1) * WIDTH);
    block(data, (frame % 600) + 20, 200, 22, 60, 190);
    block(data, 600 - (frame % 580), 260, 22, 60, 50);
    if (unusual && frame >= unusual.start && frame < unusual.end) {
      block(data, ((frame - unusual.start) * 23) % 560, 120, 90, 70, 240);
    }
    burnCounter(data, frame);
    yield { timeMs, data };
  }
}

/** What cameras write and browsers do not play. */
export const ODD_CLIPS: readonly Clip[] = [
  { name: 'camera.mp4', codec: 'hevc', timesMs: constant(120), unusual: { start: 48, end: 80 } },
  { name: 'camera.avi', codec: 'mjpeg', timesMs: constant(120), unusual: { start: 48, end: 80 } },
];

/** Writes clips into a folder. */
export async function writeClips(folder: string, clips = CLIPS): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const clip of clips) {
    const options = { width: WIDTH, height: HEIGHT, codec: clip.codec, fps: 25 };
    await encodeVideo(join(folder, clip.name), options, pictures(clip));
  }
}

/** A picture that the browser passed over at first is there within a few frames of the display. */
const LOOKS = 5;

/**
 * The frame number that stands in the picture on the screen, from a screenshot of that corner of the video element.
 * @returns `expected` once it stands there, else what stands there at the last look.
 */
export async function burntIn(video: Locator, expected: number): Promise<number> {
  let seen = await look(video);
  for (let i = 1; i < LOOKS && seen !== expected; i++) seen = await look(video);
  return seen;
}

async function look(video: Locator): Promise<number> {
  const box = await video.boundingBox();
  if (!box) throw new Error('There is no picture on the screen.');
  const scale = Math.min(box.width / WIDTH, box.height / HEIGHT);
  const corner = {
    x: box.x + (box.width - WIDTH * scale) / 2 + scale * COUNTER.x,
    y: box.y + (box.height - HEIGHT * scale) / 2 + scale * COUNTER.y,
  };
  const clip = {
    x: Math.floor(corner.x),
    y: Math.floor(corner.y),
    width: Math.ceil(scale * COUNTER.digits * COUNTER_STEP) + 1,
    height: Math.ceil(scale * GLYPH_HEIGHT * COUNTER.dot) + 1,
  };
  const png = (await video.page().screenshot({ clip })).toString('base64');
  const grid = { ...GRID, scale, left: corner.x - clip.x, top: corner.y - clip.y };
  const image = await video.page().evaluateHandle(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  }, png);
  const digits = await image.evaluate(dotsOf, grid);
  await image.dispose();
  return numberOf(digits);
}

/** The same from the element's own picture: faster, for many. */
export const burntInElement = async (video: Locator): Promise<number> =>
  numberOf(await video.evaluate(dotsOf, { ...GRID, scale: 1, left: COUNTER.x, top: COUNTER.y }));

const GRID = {
  ...COUNTER,
  step: COUNTER_STEP,
  columns: GLYPH_WIDTH,
  rows: GLYPH_HEIGHT,
};

/** Runs in the page: which dots of each digit are bright. */
function dotsOf(
  picture: ImageBitmap | SVGElement | HTMLElement,
  g: typeof GRID & { scale: number; left: number; top: number },
): string[][] {
  const width = Math.ceil(g.left + g.scale * g.digits * g.step) + 1;
  const height = Math.ceil(g.top + g.scale * g.rows * g.dot) + 1;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.drawImage(picture as ImageBitmap | HTMLVideoElement, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return Array.from({ length: g.digits }, (_, digit) =>
    Array.from({ length: g.rows }, (_row, row) =>
      Array.from({ length: g.columns }, (_column, column) => {
        const x = Math.floor(g.left + g.scale * (digit * g.step + (column + 0.5) * g.dot));
        const y = Math.floor(g.top + g.scale * (row + 0.5) * g.dot);
        return data[4 * (y * width + x) + 1] > 128 ? '#' : '.';
      }).join(''),
    ),
  );
}

function numberOf(digits: string[][]): number {
  const text = digits.map((rows) => {
    const distance = (glyph: readonly string[]) =>
      glyph.reduce((sum, line, y) => sum + [...line].filter((dot, x) => dot !== rows[y][x]).length, 0);
    const [best, error] = Object.entries(GLYPHS)
      .filter(([letter]) => /\d/.test(letter))
      .map(([letter, glyph]) => [letter, distance(glyph)] as const)
      .reduce((a, b) => (b[1] < a[1] ? b : a));
    if (error > 3) throw new Error(`No digit can be read from the screen:\n${rows.join('\n')}`);
    return best;
  });
  return Number(text.join(''));
}
