// Weights trained elsewhere on the command line: scored without training, and what is wrong with others in plain words.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../electron/compute/random.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { rtfmShape } from '../../electron/methods/wocc-ws/rtfm-model.ts';
import { initRtfm, rtfmDictionaryOf } from '../../electron/nets/rtfm-state.ts';
import { openProject } from '../../electron/store/open.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-weights-'));
const project = join(root, 'project');
const weights = join(root, 'weights');
const before = process.env.ZEROLABEL_DATA;
const DIM = 8;

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(['-p', project, ...args], {
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(''), err: err.join('') };
}

const score = (folder: string, ...more: string[]) =>
  cli('--json', 'train', 'rtfm', '--weights', folder, '--device', 'cpu', ...more);

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  const random = createRandom(1);
  mkdirSync(join(root, 'features'));
  for (let v = 0; v < 3; v++) {
    const data = random.fillNormal(new Float32Array(6 * DIM), 0, 1);
    writeFileSync(join(root, 'features', `clip${v}.npy`), writeNpy(data, [6, 1, DIM], 'f4'));
  }
  mkdirSync(weights);
  const network = rtfmShape(DIM, 'auto');
  const dictionary = rtfmDictionaryOf(network, initRtfm(network, random));
  for (const [name, { shape, data }] of Object.entries(dictionary))
    writeFileSync(join(weights, `module.${name}.npy`), writeNpy(data, shape, 'f4'));
  // As PyTorch keeps beside every batch normalisation; the small network has none, and no use for it.
  writeFileSync(
    join(weights, 'Aggregate.conv_1.2.num_batches_tracked.npy'),
    writeNpy(Int32Array.of(7), [], 'i4'),
  );
  const made = await cli('features', join(root, 'features'), '--name', 'given');
  expect(made.code, made.err).toBe(0);
}, 60_000);
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, { recursive: true, force: true });
});

it('score every segment, and say that nothing was trained', async () => {
  const { code, out, err } = await score(weights);
  expect(code, err).toBe(0);
  const [run] = JSON.parse(out).runs;
  expect(run.notes.join(' ')).toMatch(/Scored by RTFM with the weights given; nothing was trained/);
  expect(run.segments).toBe(18);
}, 60_000);

it('of another network are refused by file and shape', async () => {
  const { code, err } = await score(weights, '--set', 'network=full');
  expect(code).toBe(1);
  expect(err).toMatch(
    /do not fit RTFM: "Aggregate\.conv_3\.0\.weight" is missing: Aggregate\.conv_3\.0\.weight\.npy, expected \(64, 8, 3\)/,
  );
  const path = join(weights, 'module.fc1.weight.npy');
  writeFileSync(path, writeNpy(new Float32Array(12), [4, 3], 'f4'));
  const other = await score(weights);
  expect(other.code).toBe(1);
  expect(other.err).toContain(`"fc1.weight" in ${path} has the shape (4, 3), expected (128, 8)`);
}, 60_000);

it('are looked for before anything is queued', async () => {
  const empty = join(root, 'empty');
  mkdirSync(empty);
  const none = await score(empty);
  expect(none.code).toBe(1);
  expect(none.err).toMatch(/no \.npy files with weights in .*empty/);
  const damaged = join(empty, 'fc1.weight.npy');
  writeFileSync(damaged, 'not an array');
  const broken = await score(empty);
  expect(broken.code).toBe(1);
  expect(broken.err).toContain(`${damaged} is not a readable .npy file`);
  // One run was scored, two were refused by the network; the last two were never made.
  const store = openProject(project);
  expect(store.runs.list()).toHaveLength(3);
  store.close();
}, 60_000);
