// npm run bench [-- --only a,b] [--json FILE] [--compare FILE] [--device NAME]: what the parts cost on this machine.
// Role: medians over repetitions, printed and kept as JSON; a saved run can be compared by ratio. Limits: never a test;
// nothing here passes or fails.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { matMul, mul, slice } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { ComputeDevice, Step } from '../../electron/compute/device.ts';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { cellmotion, createPairDescriber } from '../../electron/features/cellmotion/cellmotion.ts';
import { putArtifact } from '../../electron/files/atomic.ts';
import { decodeGrey } from '../../electron/media/decode.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { openProject } from '../../electron/store/open.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { frameMetrics } from '../../shared/labels/metrics.ts';
import { timedSteps } from './steps.ts';

const report = z.object({
  device: z.string(),
  threads: z.int(),
  machine: z.string(),
  ceilingGflops: z.number().nullable(),
  steps: z.record(
    z.string(),
    z.object({ stepMs: z.number(), samplesPerSecond: z.number(), gflops: z.number() }),
  ),
  stages: z.record(z.string(), z.object({ value: z.number(), unit: z.string() })),
});
type Report = z.infer<typeof report>;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    compare: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
  },
});
const wanted = options.only?.split(',');
const threads = availableParallelism();
const result: Report = {
  device: options.device,
  threads,
  machine: `${cpus()[0]?.model ?? 'unknown'} x ${threads}`,
  ceilingGflops: null,
  steps: {},
  stages: {},
};

/** Slow work is not repeated more than 5 times once this has passed. */
const PATIENCE_MS = 15_000;

async function medianMs(repeats: number, work: () => unknown | Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const begun = performance.now();
  for (let i = 0; i < repeats + 2; i++) {
    const start = performance.now();
    await work();
    if (i >= 2) times.push(performance.now() - start);
    if (times.length >= 5 && performance.now() - begun > PATIENCE_MS) break;
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function random(length: number): Float32Array {
  const values = new Float32Array(length);
  createRandom(1).fillUniform(values, 0, 1);
  return values;
}

async function product(device: ComputeDevice): Promise<void> {
  const n = 2048;
  const step: Step = {
    name: 'product',
    variables: { a: { shape: [n, n] }, b: { shape: [n, n] } },
    inputs: {},
    // The product stays on the device; one number comes back, so that transfer is not what is timed.
    run: ({ a, b }) => {
      const c = matMul(a, b);
      return { variables: { a: mul(c, 1 / n) }, outputs: { probe: slice(c, [0, 0], [1, 1]) } };
    },
  };
  const variables = device.variables({
    a: { shape: [n, n], data: random(n * n) },
    b: { shape: [n, n], data: random(n * n) },
  });
  const compiled = await device.compile(step, variables);
  const ms = await medianMs(9, () => compiled.run({}));
  result.ceilingGflops = (2 * n ** 3) / ms / 1e6;
  result.stages.product = { value: result.ceilingGflops, unit: 'GFLOP/s' };
  await compiled.dispose();
  variables.dispose();
}

async function training(device: ComputeDevice, name: string): Promise<void> {
  const { step, initial, inputs, draw, samples, flop } = timedSteps[name]();
  const variables = device.variables(initial);
  const compiled = await device.compile(step, variables);
  const ms = await medianMs(15, () => {
    draw();
    return compiled.run(inputs);
  });
  result.steps[name] = { stepMs: ms, samplesPerSecond: (samples / ms) * 1000, gflops: flop / ms / 1e6 };
  await compiled.dispose();
  await variables.dispose();
}

async function extraction(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-bench-'));
  try {
    const file = join(folder, 'bench.mp4');
    const frames = 600;
    const width = 640;
    const height = 360;
    const picture = new Uint8Array(width * height * 3);
    await encodeVideo(
      file,
      { width, height, codec: 'h264', fps: 25 },
      (function* () {
        for (let f = 0; f < frames; f++) {
          for (let y = 0, i = 0; y < height; y++) {
            for (let x = 0; x < width; x++, i += 3) {
              picture[i] =
                picture[i + 1] =
                picture[i + 2] =
                  128 + 90 * Math.sin((x + 3 * f) / 17) * Math.sin((y - f) / 23);
            }
          }
          yield { timeMs: f * 40, data: picture };
        }
      })(),
    );
    const size = { width: 160, height: 120, step: 2 };
    const started = performance.now();
    const greys: Uint8Array[] = [];
    for await (const frame of decodeGrey(file, size)) greys.push(frame.data);
    const decodeMs = performance.now() - started;
    const describer = createPairDescriber('cellmotion-v1');
    const describeStart = performance.now();
    for (const grey of greys) describer.next(grey);
    const describeMs = performance.now() - describeStart;
    const wholeStart = performance.now();
    await cellmotion(decodeGrey(file, size), {
      extractor: 'cellmotion-v1',
      frames,
      fps: 25,
      signal: new AbortController().signal,
    });
    const wholeMs = performance.now() - wholeStart;
    result.stages['decode and scale'] = { value: (frames / decodeMs) * 1000, unit: 'source frames/s' };
    result.stages['describe (cellmotion-v1)'] = {
      value: ((greys.length - 1) / describeMs) * 1000,
      unit: 'looked-at frames/s',
    };
    result.stages['extract, both'] = { value: (frames / wholeMs) * 1000, unit: 'source frames/s' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function labels(): Promise<void> {
  // 24 hours at 30 frames/s: 162,000 segments.
  const segments = 162_000;
  const scores = random(segments);
  const rule = { on: 0.9, off: 0.7, minFrames: 32, gapFrames: 48 };
  result.stages['events of 24 h'] = {
    value: await medianMs(15, () => eventsOf(scores, segments * 16, rule)),
    unit: 'ms',
  };
  const frames = 1_000_000;
  const frameScores = random(frames);
  const truth = new Uint8Array(frames).map((_, i) => (i % 1000 < 120 ? 1 : 0));
  result.stages['metrics of 1,000,000 frames'] = {
    value: await medianMs(3, () => frameMetrics(truth, frameScores, [0, frames])),
    unit: 'ms',
  };
}

async function database(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-bench-'));
  const store = openProject(folder, { create: { name: 'bench' } });
  try {
    const videos = 100;
    const segments = 2000;
    const setId = store.features.ensureSet({
      name: 'bench',
      extractor: 'import',
      crops: 1,
      dim: 1,
      directed: false,
    });
    const ids = Array.from({ length: videos }, (_, i) =>
      store.videos.ensureForFeatures(`video ${i}`, segments, null),
    );
    const file = await putArtifact(store.artifactsFolder, new Uint8Array(4));
    for (const videoId of ids)
      store.features.put({ setId, videoId, segments, crops: 1, dim: 1, file, seconds: 0 });
    const runId = store.runs.create({
      name: 'bench',
      method: 'motion',
      featureSetId: setId,
      seed: 1,
      device: 'cpu',
      config: {},
    });
    const started = performance.now();
    store.runs.finish(runId, {
      kind: 'train',
      videos: ids.map((videoId) => ({
        videoId,
        scores: random(segments),
        labels: new Uint8Array(segments),
        uncertainty: null,
        videoLabel: 0,
      })),
      model: null,
      threshold: { on: 0.5, off: 0.4 },
      notes: [],
      provenance: {},
      timings: {},
    });
    const ms = performance.now() - started;
    result.stages['write segment labels'] = { value: ((videos * segments) / ms) * 1000, unit: 'rows/s' };
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const device = await openDevice(options.device);
const parts: Record<string, () => Promise<void> | void> = {
  product: () => product(device),
  ...Object.fromEntries(Object.keys(timedSteps).map((name) => [name, () => training(device, name)])),
  extract: extraction,
  labels,
  database,
};
const unknown = wanted?.filter((name) => !(name in parts)) ?? [];
if (unknown.length > 0) {
  console.error(`Unknown part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
for (const [name, run] of Object.entries(parts)) if (!wanted || wanted.includes(name)) await run();
await device.dispose();

const before = options.compare ? report.parse(JSON.parse(readFileSync(options.compare, 'utf8'))) : null;
const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
console.log(`${device.title}, ${result.machine}`);
for (const [name, step] of Object.entries(result.steps)) {
  const share = result.ceilingGflops
    ? `, ${((step.gflops / result.ceilingGflops) * 100).toFixed(0)} % of the product`
    : '';
  const ratio = before?.steps[name]
    ? `, ${(step.stepMs / before.steps[name].stepMs).toFixed(2)} x the saved time`
    : '';
  console.log(
    `${name.padEnd(30)} ${number(step.stepMs)} ms/step, ${number(step.samplesPerSecond)} samples/s, ${number(step.gflops)} GFLOP/s${share}${ratio}`,
  );
}
for (const [name, { value, unit }] of Object.entries(result.stages)) {
  const ratio = before?.stages[name]
    ? `, ${(value / before.stages[name].value).toFixed(2)} x the saved value`
    : '';
  console.log(`${name.padEnd(30)} ${number(value)} ${unit}${ratio}`);
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
