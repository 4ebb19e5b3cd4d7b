// Features of one video, stage by stage. Role: 600 frames of 640 x 360, H.264, made for the purpose. Limits: frames/s of
// the source, also for stages that look at every other frame only.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AV_PIX_FMT_GRAY8 } from 'node-av/constants';
import { cellmotion, createPairDescriber } from '../../electron/features/cellmotion/cellmotion.ts';
import { startDescribers } from '../../electron/features/cellmotion/describers.ts';
import { FRAME_SIZE } from '../../electron/features/cellmotion/layout.ts';
import { builtFile } from '../../electron/hosts/fork.ts';
import { decodeGrey, openScaler, pixelsOf } from '../../electron/media/decode.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { decodeStream, openVideoInput } from '../../electron/media/input.ts';
import { median, type Report } from './report.ts';

const FRAMES = 600;
const [WIDTH, HEIGHT] = [640, 360];
const ROUNDS = 3;

function* pictures(): Generator<{ timeMs: number; data: Uint8Array }> {
  const picture = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let f = 0; f < FRAMES; f++) {
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, i += 3) {
        const value = 128 + 90 * Math.sin((x + 3 * f) / 17) * Math.sin((y - f) / 23);
        picture.fill(value, i, i + 3);
      }
    }
    yield { timeMs: f * 40, data: picture };
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Every other frame scaled, milliseconds: the first one again and again, because beside decoding the difference is noise. */
function scaling(file: string): number {
  const input = openVideoInput(file);
  const scaler = openScaler(FRAME_SIZE.width, FRAME_SIZE.height, AV_PIX_FMT_GRAY8);
  try {
    for (const frame of decodeStream(input)) {
      const started = performance.now();
      for (let f = 0; f < FRAMES; f += 2) pixelsOf(scaler.scale(frame));
      return performance.now() - started;
    }
    throw new Error('The video has no frame.');
  } finally {
    scaler.close();
    input.close();
  }
}

export async function extraction(result: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-bench-'));
  const times: Record<string, number[]> = {};
  const took = (name: string, ms: number): void => {
    times[name] = [...(times[name] ?? []), ms];
  };
  const describers = startDescribers(builtFile('hosts/describer.js'), availableParallelism(), () => {
    throw new Error('The threads could not be started.');
  });
  try {
    const file = join(folder, 'bench.mp4');
    await encodeVideo(file, { width: WIDTH, height: HEIGHT, codec: 'h264', fps: 25 }, pictures());
    const size = { ...FRAME_SIZE, step: 2 };
    const { signal } = new AbortController();
    for (let round = 0; round < ROUNDS; round++) {
      // Frames that are stepped over are decoded and nothing else.
      const decode = await milliseconds(async () => {
        for await (const _ of decodeGrey(file, { ...size, step: 1e9 }));
      });
      const greys: Uint8Array[] = [];
      for await (const { data } of decodeGrey(file, size)) greys.push(data);
      const describe = await milliseconds(async () => {
        const describer = createPairDescriber('cellmotion-v1');
        for (const grey of greys) describer.next(grey);
      });
      took('decode', decode);
      took('scale', scaling(file));
      took('describe (cellmotion-v1)', describe);
      took(
        'extract, one thread',
        await milliseconds(() =>
          cellmotion(decodeGrey(file, size), { extractor: 'cellmotion-v1', frames: FRAMES, fps: 25, signal }),
        ),
      );
      took(
        `extract, ${availableParallelism()} threads`,
        await milliseconds(() =>
          cellmotion(decodeGrey(file, size), {
            ...{ extractor: 'cellmotion-v1', frames: FRAMES, fps: 25, signal },
            describers,
          }),
        ),
      );
    }
    for (const [name, own] of Object.entries(times)) {
      result.stages[name] = { value: (FRAMES / median(own)) * 1000, unit: 'frames/s' };
    }
  } finally {
    describers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
