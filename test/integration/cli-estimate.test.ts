// Predictions from the command line beside the runs they are about: the same number of steps, and nothing left behind. Times
// are not compared, because they are the machine's. Needs the bundles in out/ (npm run build).
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../electron/compute/random.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { openForReading } from '../../electron/store/open.ts';
import type { ReadStore } from '../../electron/store/store.ts';
import { type Estimate, estimate } from '../../shared/contract/entities.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-estimate-'));
const project = join(root, 'project');
const before = process.env.ZEROLABEL_DATA;
const [VIDEOS, SEGMENTS, CROPS, DIM] = [8, 60, 2, 320];

async function cli(...args: string[]): Promise<{ code: number; answer: Record<string, unknown> }> {
  const out: string[] = [];
  const write = (text: string): void => void out.push(text);
  const code = await runCli([...args, '-p', project, '--json'], { out: { write }, err: { write: () => {} } });
  return { code, answer: JSON.parse(out.join('')) };
}
const train = (method: string, set: Record<string, string | number>, ...more: string[]) =>
  cli(
    'train',
    method,
    '--device',
    'cpu',
    ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    ...more,
  );
function read<T>(what: (store: ReadStore) => T): T {
  const store = openForReading(project);
  try {
    return what(store);
  } finally {
    store.close();
  }
}
const estimateOf = ({ answer }: { answer: Record<string, unknown> }): Estimate =>
  estimate.parse((answer.estimates as unknown[])[0]);

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  mkdirSync(join(root, 'features'));
  const random = createRandom(1);
  for (let v = 0; v < VIDEOS; v++) {
    const data = random.fillNormal(new Float32Array(SEGMENTS * CROPS * DIM), 0.5, v % 2 ? 0.2 : 0.9);
    writeFileSync(join(root, 'features', `video ${v}.npy`), writeNpy(data, [SEGMENTS, CROPS, DIM], 'f4'));
  }
  expect((await cli('features', join(root, 'features'), '--name', 'made')).code).toBe(0);
});
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, { recursive: true, force: true });
});

type Sized = { epochs: number; steps: number };
interface Made {
  provenance: {
    stages: { epochs: number; stepsPerEpoch: number }[];
    detector: { epochs: number; stepsPerEpoch: number };
    generator: Sized;
    classifier: Sized;
    rounds: unknown[];
    process: { peakBytes: number };
  };
  jobId: number;
}

type Case = [
  method: string,
  set: Record<string, string | number>,
  stepsOf: (run: Made, total: number) => number,
];
const CASES: Case[] = [
  [
    'gcl',
    { steps: 120 },
    ({ provenance: { stages } }) => stages.reduce((n, s) => n + s.epochs * s.stepsPerEpoch, 0),
  ],
  [
    'c2fpl',
    { epochs: 40, hidden1: 64 },
    ({ provenance: { detector } }) => detector.epochs * detector.stepsPerEpoch,
  ],
  [
    'cu',
    { epochs: 30, rounds: 2, roundEpochs: 20, passes: 5, roundPasses: 5 },
    ({ provenance: { generator, classifier, rounds } }) =>
      generator.epochs * generator.steps + rounds.length * classifier.epochs * classifier.steps,
  ],
  [
    'wocc-ws',
    {
      threshold: 'fixed',
      maxModules: 2,
      stepsPerModule: 2,
      convergeEps: 0,
      oneClassEpochs: 2,
      weakBatches: 5,
      weak: 'sultani',
      bags: 4,
    },
    (_, total) => total,
  ],
];

test.each(CASES)(
  '%s makes the steps that were announced',
  async (method, options, stepsOf) => {
    const asked = await train(method, options, '--estimate');
    expect(asked.code).toBe(0);
    const { steps, seconds, memory, sources, notes } = estimateOf(asked);
    expect(steps.least).toBe(steps.most);
    for (const { low, likely, high } of [seconds, memory]) {
      expect(low).toBeGreaterThan(0);
      expect(likely).toBeGreaterThanOrEqual(low);
      expect(high).toBeGreaterThan(likely);
    }
    expect(sources).toEqual(['Measured now on this machine']);
    expect(notes.join()).not.toContain('The data decide');
    expect(read((store) => store.runs.list().filter((run) => run.method === method))).toEqual([]);

    const { code, answer } = await train(method, options);
    expect(code).toBe(0);
    const [run] = answer.runs as Made[];
    const total = read((store) => store.jobs.get(run.jobId).total);
    expect(stepsOf(run, total)).toBe(steps.most);
    expect(run.provenance.process.peakBytes).toBeGreaterThan(memory.low / 2);

    const again = estimateOf(await train(method, options, '--estimate'));
    expect(again.sources[0]).toMatch(/^From your earlier .* run in this project$/);
    expect(again.steps).toEqual(steps);
  },
  240_000,
);

test('an open end has a range of steps, and says so', async () => {
  const options = { weakBatches: 4, weak: 'sultani', bags: 4, maxModules: 6, stepsPerModule: 4 };
  const { steps, notes } = estimateOf(await train('wocc-ws', options, '--estimate'));
  expect(steps.most).toBeGreaterThan(steps.least);
  expect(notes.join()).toContain('The data decide when this run ends');
}, 120_000);

test('features that stay in their files are tried too, and nothing is left behind', async () => {
  const { code, answer } = await train('cu', { epochs: 30 }, '--memory', '1M', '--estimate');
  expect(code).toBe(0);
  expect(estimateOf({ answer }).steps.most).toBeGreaterThan(30);
  expect(readdirSync(join(project, 'checkpoints')).filter((name) => name.startsWith('estimate'))).toEqual([]);
}, 120_000);

test('what cannot be trained cannot be predicted', async () => {
  expect((await train('gcl', { steps: 0 }, '--estimate')).code).not.toBe(0);
  const { code, answer } = await train('gcl', { variant: 'occ' }, '--estimate');
  expect(code).not.toBe(0);
  expect(JSON.stringify(answer)).toMatch(/known|ground truth/i);
});
