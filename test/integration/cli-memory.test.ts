// Training with less memory than the features take, from the command line: the same scores, and the run says how it was
// made. Half floats in the store. Needs the bundles in out/ (npm run build).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../electron/compute/random.ts';
import { artifactPath } from '../../electron/files/atomic.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { openForReading } from '../../electron/store/open.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-memory-'));
const project = join(root, 'project');
const before = process.env.ZEROLABEL_DATA;
const [SEGMENTS, CROPS, DIM] = [110, 2, 300];

beforeAll(() => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  mkdirSync(join(root, 'features'));
  const random = createRandom(1);
  for (let v = 0; v < 5; v++) {
    const data = random.fillNormal(new Float32Array(SEGMENTS * CROPS * DIM), 0.5, v % 2 ? 0.2 : 0.4);
    writeFileSync(join(root, 'features', `video ${v}.npy`), writeNpy(data, [SEGMENTS, CROPS, DIM], 'f4'));
  }
});
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<{ code: number; answer: Record<string, unknown> }> {
  const out: string[] = [];
  const write = (text: string): void => void out.push(text);
  const code = await runCli([...args, '-p', project, '--json'], { out: { write }, err: { write: () => {} } });
  return { code, answer: JSON.parse(out.join('')) };
}

const train = (features: string, ...more: string[]) =>
  cli(
    'train',
    'c2fpl',
    '--features',
    features,
    '--device',
    'cpu',
    '--epochs',
    '3',
    '--set',
    'hidden1=8',
    ...more,
  );

test('gives the same scores from files as from memory, with float32 and half floats', async () => {
  expect((await cli('features', join(root, 'features'), '--name', 'full')).code).toBe(0);
  expect((await cli('features', join(root, 'features'), '--name', 'half', '--float16')).code).toBe(0);
  const runs: { id: number; provenance: Record<string, unknown> }[] = [];
  for (const features of ['full', 'half']) {
    for (const memory of ['1G', '1M']) {
      const { answer } = await train(features, '--memory', memory);
      runs.push(...(answer.runs as typeof runs));
    }
  }
  const bytes = 5 * SEGMENTS * CROPS * DIM * 4;
  expect(runs.map(({ provenance }) => provenance.features)).toEqual([
    { bytes },
    { bytes, readFromFiles: true, memoryMiB: 1 },
    { bytes },
    { bytes, readFromFiles: true, memoryMiB: 1 },
  ]);
  const store = openForReading(project);
  const scores = runs.map(({ id }) => store.runs.allScores(id).map((video) => [...video.scores]));
  const [full, half] = store.features.sets().map(({ id }) => store.features.ofSet(id)[0]);
  const sizes = [full, half].map(
    ({ sha256 }) => readFileSync(artifactPath(store.artifactsFolder, sha256)).length,
  );
  store.close();
  expect(scores[1]).toEqual(scores[0]);
  expect(scores[3]).toEqual(scores[2]);
  expect(scores[2]).not.toEqual(scores[0]);
  expect(sizes[0] - 128).toBe(2 * (sizes[1] - 128));
}, 120_000);

test('refuses mixed precision where it gains nothing, and queues nothing', async () => {
  expect((await cli('features', join(root, 'features'), '--name', 'whole')).code).toBe(0);
  const { runs } = (await cli('runs')).answer;
  const { code, answer } = await train('whole', '--mixed-precision');
  expect(code).toBe(1);
  expect(JSON.stringify(answer)).toMatch(/bad_input.*would compute on cpu.*train without mixed precision/);
  const none = await cli('train', 'motion', '--features', 'whole', '--mixed-precision');
  expect(JSON.stringify(none.answer)).toMatch(/bad_input.*trains no network/);
  expect((await cli('runs')).answer.runs).toEqual(runs);
}, 120_000);

test('refuses sizes that are none, and numbers that half floats cannot hold', async () => {
  expect((await train('full', '--memory', 'much')).code).toBe(2);
  expect((await train('full', '--memory', '0.1M')).code).toBe(2);
  const loud = join(root, 'loud.npy');
  writeFileSync(loud, writeNpy(Float32Array.of(1, 70_000), [1, 2], 'f4'));
  const { code, answer } = await cli('features', loud, '--name', 'loud', '--float16');
  expect(code).toBe(1);
  expect(JSON.stringify(answer)).toContain('holds 70000; half floats reach 65504');
}, 60_000);
