// Training from files under a budget of memory against training in memory: speed and peak memory.
// Role: C2FPL's detector with its published sizes, the kind that asks for the most features per second, over a set ten
// times larger than the budget; each training in a process of its own, because only a process has a peak.
// Limits: files that were just written are in the system's memory; drop it first for the speed of the disk itself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { openFeatures } from '../../electron/features/load.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { methods } from '../../electron/methods/index.ts';
import { median, type Report } from './report.ts';

const MIB = 2 ** 20;
const [CROPS, DIM] = [10, 2048];
const PER_SEGMENT = 4 * CROPS * DIM;
const BATCH = 128;
const BUDGET_MIB = 48;
const VIDEOS = 20;
const ROUNDS = 2;

/** What a process of its own is told and what it answers. */
interface Order {
  streamed: {
    folder: string;
    videos: number;
    segments: number;
    budget: number;
    epochs: number;
  };
}
interface Answer {
  /** Median between the reports of two steps. */
  stepMs: number;
  peakMiB: number;
  stored: boolean;
  loss: number;
}

const pathOf = (folder: string, v: number): string => join(folder, `${v}.npy`);

/** Trains and prints an `Answer`; for the process of its own. */
export async function streamedTraining({
  folder,
  videos,
  segments,
  budget,
  epochs,
}: Order['streamed']): Promise<void> {
  const quiet = { scratch: folder, signal: new AbortController().signal, progress: () => {} };
  const sources = Array.from({ length: videos }, (_, videoId) => ({
    videoId,
    path: pathOf(folder, videoId),
    segments,
    crops: CROPS,
    dim: DIM,
  }));
  const features = await openFeatures(sources, { budget, ...quiet });
  const device = await openDevice('cpu');
  const ends: number[] = [];
  let loss = 0;
  const config = methods.c2fpl.complete('import', {
    scaleBy: 'none',
    hidden1: 512,
    hidden2: 32,
    dropout: 0.6,
    batchSize: BATCH,
    epochs,
  });
  await methods.c2fpl.train(
    {
      videos: features.videos,
      videoLabels: sources.map(() => null),
      extractor: 'import',
      seed: 1,
      device,
      ...quiet,
      points: (points) => {
        // One point per epoch.
        ends.push(performance.now());
        loss = points.find(({ series }) => series === 'loss')?.y ?? loss;
      },
      loadCheckpoint: async () => null,
      saveCheckpoint: async () => {},
    },
    config,
  );
  const steps = Math.ceil((videos * segments) / BATCH);
  const epochMs = ends.slice(1).map((end, i) => end - ends[i]);
  const answer: Answer = {
    stepMs: epochMs.length > 0 ? median(epochMs) / steps : 0,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    stored: features.stored,
    loss,
  };
  console.log(JSON.stringify(answer));
  await device.dispose();
  features.close();
}

function inOwnProcess(order: Order['streamed']): Answer {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...process.execArgv, process.argv[1], '--streamed', JSON.stringify(order)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The training ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

export function streaming(result: Report): void {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-bench-'));
  try {
    const budget = BUDGET_MIB * MIB;
    const segments = Math.ceil((10 * budget) / PER_SEGMENT / VIDEOS);
    const random = createRandom(1);
    const data = random.fillUniform(new Float32Array(segments * CROPS * DIM), 0, 1);
    for (let v = 0; v < VIDEOS; v++) {
      data.set(random.fillUniform(new Float32Array(CROPS * DIM), 0, 1 + v / VIDEOS));
      writeFileSync(pathOf(folder, v), writeNpy(data, [segments, CROPS, DIM], 'f4'));
    }
    const whole = { folder, videos: VIDEOS, segments, epochs: 3 };
    const inMemory: Answer[] = [];
    const fromFiles: Answer[] = [];
    // In turns, so that what else the machine does meets both alike.
    for (let round = 0; round < ROUNDS; round++) {
      inMemory.push(inOwnProcess({ ...whole, budget: 1e15 }));
      fromFiles.push(inOwnProcess({ ...whole, budget }));
    }
    // The same networks, batches and graphs over next to no features.
    const model = inOwnProcess({ ...whole, videos: 1, budget: 1e15 });
    if (fromFiles.some(({ stored, loss }) => !stored || loss !== inMemory[0].loss)) {
      throw new Error('Training from files gave another loss than training in memory.');
    }
    const ratios = fromFiles.map(({ stepMs }, i) => inMemory[i].stepMs / stepMs);
    const ofModel = model.peakMiB - (segments * PER_SEGMENT) / MIB;
    const over = Math.max(...fromFiles.map(({ peakMiB }) => peakMiB)) - ofModel;
    const stages = result.stages;
    stages['streaming: step in memory'] = { value: median(inMemory.map((a) => a.stepMs)), unit: 'ms' };
    stages['streaming: step from files'] = { value: median(fromFiles.map((a) => a.stepMs)), unit: 'ms' };
    stages['streaming: speed'] = { value: median(ratios), unit: 'of that in memory' };
    stages['streaming: set'] = { value: (VIDEOS * segments * PER_SEGMENT) / budget, unit: 'budgets' };
    stages['streaming: peak beyond the model'] = { value: over / BUDGET_MIB, unit: 'budgets' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
