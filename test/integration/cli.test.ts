// The command line over a project with known scores: results for people and scripts, errors, exit codes.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { openProject } from '../../electron/store/open.ts';
import { frameMetrics } from '../../shared/labels/metrics.ts';
import { smoothGaussian } from '../../shared/labels/smooth.ts';
import { resultFor, runningProject } from '../unit/store/project.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-cli-'));
const folder = join(root, 'project');
const truth = join(root, 'truth.json');
const before = process.env.ZEROLABEL_DATA;

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  const store = openProject(folder, { create: { name: 'Known' } });
  const { runId, setId, videoIds } = await runningProject(store, [4, 8]);
  const videos = [4, 8].map((segments, i) => ({ videoId: videoIds[i], segments }));
  store.runs.finish(runId, resultFor(videos));
  // A second run whose scores are turned round: its AUC is one minus that of the first.
  const second = store.runs.create({
    name: 'turned',
    method: 'c2fpl',
    featureSetId: setId,
    seed: 2,
    device: 'cpu',
    config: { beta: 0.2 },
  });
  const result = resultFor(videos);
  for (const video of result.videos) video.scores = video.scores.map((score) => 1 - score);
  store.runs.finish(second, result);
  store.close();
  // The second half of each clip is anomalous (frames 0-based, ends inclusive).
  const entries = {
    'clips/clip0': { n_frames: 64, anomalous: [[32, 63]] },
    'clips/clip1': { n_frames: 128, anomalous: [[64, 127]] },
  };
  writeFileSync(
    truth,
    JSON.stringify({ frame_index: '0-based', interval_end: 'inclusive', videos: entries }),
  );
});
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(''), err: err.join('') };
}

test('backups are listed, and restored by name', async () => {
  const of = join(root, 'backed-up');
  const store = openProject(of, { create: { name: 'First' } });
  const copy = (await store.backupIfDue()) as string;
  store.audit.append({ actor: 'test', action: 'later', detail: {} });
  store.close();
  const listed = JSON.parse((await cli('-p', of, '--json', 'backups')).out);
  expect(listed.backups).toEqual([{ when: expect.stringMatching(/^20/), bytes: statSync(copy).size }]);
  const wrong = await cli('-p', of, 'backups', '--restore', '2001-01-01T00:00:00.000Z');
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('There is no backup "2001-01-01T00:00:00.000Z"');
  const done = await cli('-p', of, 'backups', '--restore', listed.backups[0].when);
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining('project.replaced-') });
  const again = openProject(of);
  expect(again.audit.list(10).filter(({ action }) => action === 'later')).toEqual([]);
  again.close();
});

/** Runs with `--json` and parses the whole of standard output: more than one object would not parse. */
async function json(...args: string[]) {
  const { code, out } = await cli(...args, '--json', '--project', folder);
  const answer = JSON.parse(out) as Record<string, unknown> & { ok: boolean; error?: { message: string } };
  return Object.assign(answer, { code });
}

describe('evaluate', () => {
  it('imports ground truth and measures all runs over the pool and a part of it', async () => {
    const csvFile = join(root, 'table.csv');
    const answer = await json('evaluate', '--gt', truth, '--only', 'clips/clip1', '--csv', csvFile);
    expect(answer).toMatchObject({ code: 0, ok: true });
    const evaluated = answer.evaluated as {
      run: { name: string };
      only: string | null;
      metrics: { microAuc: number; frames: number; anomalousFrames: number };
    }[];
    expect(evaluated.map((e) => [e.run.name, e.only, e.metrics.frames, e.metrics.anomalousFrames])).toEqual([
      ['first', null, 192, 96],
      ['first', 'clips/clip1', 128, 64],
      ['turned', null, 192, 96],
      ['turned', 'clips/clip1', 128, 64],
    ]);
    // Scores k/T, anomalous from T/2 on: over one clip every anomalous segment scores above every normal one.
    expect(evaluated[1].metrics.microAuc).toBe(1);
    expect(evaluated[3].metrics.microAuc).toBe(0);
    expect(evaluated[0].metrics.microAuc + evaluated[2].metrics.microAuc).toBeCloseTo(1, 12);
    expect(answer.summary).toMatchObject([
      { method: 'c2fpl', only: null, runs: 2, meanAuc: 0.5 },
      { only: 'clips/clip1', meanAuc: 0.5 },
    ]);
    const lines = readFileSync(csvFile, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[2].split(',').slice(0, 8)).toEqual([
      'first',
      '1',
      'c2fpl',
      '1',
      'cpu',
      'clips/clip1',
      'trimmed',
      '', // only the official protocol has a tail
    ]);
    expect(lines[2]).toContain(',1,128,64,1,');
  });

  it('smooths the frame scores of each video when asked, and keeps the metrics without it', async () => {
    const answer = await json('evaluate', '--run', 'first', '--smooth', '8');
    const parts = [64, 128].map((n) =>
      smoothGaussian(
        Array.from({ length: n }, (_, i) => Math.fround(Math.floor(i / 16) / (n / 16))),
        [8],
      ),
    );
    const scores = parts.flatMap((part) => [...part]);
    const labels = [64, 128].flatMap((n) => Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1)));
    const { microAuc, stepAp } = frameMetrics(labels, scores.map(Math.fround), [0, 64, 192]);
    expect(answer).toMatchObject({ code: 0, smooth: 8, evaluated: [{ metrics: { microAuc, stepAp } }] });
    const plain = await json('evaluate', '--run', 'first');
    const auc = ({ evaluated }: typeof plain) =>
      (evaluated as { metrics: { microAuc: number } }[])[0].metrics.microAuc;
    expect(auc(answer)).not.toBe(auc(plain));
    const { out } = await cli('evaluate', '-p', folder, '--run', 'first', '--smooth', '8');
    expect(out).toMatch(/smoothed by a Gaussian of 8 frames/);
    expect(await json('evaluate', '--smooth', '-1')).toMatchObject({ code: 2, ok: false });
  });

  it('speaks to people in a table, with mean and spread over seeds', async () => {
    const { code, out } = await cli('evaluate', '-p', folder);
    expect(code).toBe(0);
    expect(out).toMatch(/^first\s+c2fpl\s+1\s+2\s+pool/m);
    expect(out).toMatch(/c2fpl as in first, 2 runs on the pool: AUC 0\.5000 \+- /);
  });

  it('divides by all that is asked for, and names a part in which nothing is', async () => {
    const { out } = await cli('evaluate', '-p', folder, '--run', 'first', '--by', 'video', 'event');
    expect(out).toMatch(/^video +videos.*^overlap +found/ms);
    const nowhere = await cli('evaluate', '-p', folder, '--only', 'nowhere');
    expect(nowhere).toMatchObject({
      code: 1,
      err: expect.stringContaining('No scored video is in "nowhere"'),
    });
  });

  it('takes only runs with the same options for repetitions of each other', async () => {
    const other = join(root, 'options');
    cpSync(folder, other, { recursive: true });
    const store = openProject(other);
    const { featureSetId } = store.runs.get(1);
    const videos = store.runs
      .scoresOfAll(1)
      .map(({ videoId, scores }) => ({ videoId, segments: scores.length }));
    for (const [name, share] of [
      ['much', 1],
      ['more', 1],
      ['little', 0.1],
    ] as const) {
      const config = { share };
      const id = store.runs.create({ name, method: 'c2fpl', featureSetId, seed: 3, device: 'cpu', config });
      store.runs.finish(id, resultFor(videos));
    }
    store.close();
    const { out } = await cli('evaluate', '-p', other);
    expect(out.match(/c2fpl as in .* runs/g)).toEqual([
      'c2fpl as in first, 2 runs',
      'c2fpl as in much, 2 runs',
    ]);
  });
});

describe('label', () => {
  it('sets the rule and counts what it makes', async () => {
    const answer = await json('label', '--run', 'first', '--on', '0.5', '--min-frames', '16');
    // Segments 2, 3 of four and 4 to 7 of eight score at least one half.
    expect(answer).toMatchObject({
      code: 0,
      rule: { on: 0.5, off: 0.5, minFrames: 16, gapFrames: 0 },
      events: 2,
      videosWithEvents: 2,
      eventFrames: 96,
      frames: 192,
      segments: 12,
      anomalousSegments: 6,
    });
    expect(await json('label', '--run', 'first', '--off', '0.25')).toMatchObject({
      rule: { on: 0.5, off: 0.25, minFrames: 16 },
      eventFrames: 96,
    });
    const { out } = await cli('label', '--run', '1', '-p', folder);
    expect(out).toContain('2 events in 2 of 2 videos, 96 of 192 frames (50.0 %)');
  });

  it('a camera or a video has a rule of its own until it is taken away', async () => {
    const { videos } = await json('videos');
    const [first] = (videos as { relPath: string }[]).map((video) => video.relPath);
    await json('label', '--run', 'first', '--on', '0.5', '--min-frames', '0');
    const one = await json('label', '--run', 'first', '--video', first, '--on', '1.1');
    expect(one).toMatchObject({
      code: 0,
      rule: { on: 1.1, off: 1.1 },
      scope: { kind: 'video' },
      events: 1,
      videosWithEvents: 1,
    });
    expect(await json('label', '--run', 'first')).toMatchObject({ rule: { on: 0.5 }, events: 1 });
    const { out } = await cli('label', '--run', 'first', '-p', folder);
    expect(out).toContain(`Rule of its own, ${first}: from 1.1 on`);
    expect(await json('label', '--run', 'first', '--video', first, '--reset')).toMatchObject({
      rule: { on: 0.5 },
      scope: { kind: 'run' },
      ownRules: [],
      events: 2,
    });
    expect(await json('label', '--camera', 'nowhere', '--on', '0.9')).toMatchObject({
      ok: false,
      error: { code: 'bad_input' },
    });
    expect(await json('label', '--reset')).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    expect(await json('review', 'undo')).toMatchObject({ ok: true });
    expect(await json('label', '--run', 'first')).toMatchObject({ events: 1 });
    expect(await json('review', 'redo')).toMatchObject({ ok: true });
  });

  it('refuses an off threshold above the on threshold', async () => {
    expect(await json('label', '--on', '0.5', '--off', '0.6')).toMatchObject({
      code: 1,
      ok: false,
      error: { code: 'bad_input' },
    });
  });
});

describe('export', () => {
  it('writes the wanted formats', async () => {
    const out = join(root, 'out');
    mkdirSync(out);
    const answer = await json('export', '--run', 'first', '--formats', 'csv,gt_npy', '--out', out);
    expect(answer).toMatchObject({ code: 0, run: { name: 'first' } });
    const files = answer.files as { name: string }[];
    expect(files.map((f) => f.name)).toContain('manifest.json');
    for (const file of files) expect(existsSync(join(answer.folder as string, file.name))).toBe(true);
  });

  it('says what would be written and how readers take it, and writes nothing', async () => {
    const answer = await json(
      'export',
      '--run',
      'first',
      '--formats',
      'ucf',
      '--base',
      'py_half',
      '--dry-run',
    );
    expect(answer).toMatchObject({
      code: 0,
      options: { ucfBase: 'py_half' },
      formats: [{ format: 'ucf', readBack: { same: true }, refusal: null }],
    });
    expect(answer.folder).toBeUndefined();
  });

  it('reads its own labels back as a layer, exports that and removes it', async () => {
    const out = join(root, 'round');
    mkdirSync(out);
    const written = await json('export', '--run', 'first', '--formats', 'ucf', '--out', out);
    const folder = written.folder as string;
    expect(await json('labels', folder)).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    const args = ['labels', folder, '--base', 'matlab1', '--name', 'Again'];
    const told = (await json(...args, '--dry-run')).report as { videos: number };
    expect(told).toMatchObject({ format: 'ucf', layerId: null, unmatched: [], ambiguous: [], refused: [] });
    expect(told.videos).toBeGreaterThan(0);
    expect(await json('labels')).toMatchObject({ layers: [] });
    await json(...args);
    expect(await json('labels')).toMatchObject({
      layers: [{ name: 'Again', format: 'ucf', videos: told.videos }],
    });
    const second = await json('export', '--layer', 'Again', '--formats', 'ucf', '--out', out);
    const text = (answer: Record<string, unknown>) =>
      readFileSync(join(answer.folder as string, 'ucf/Temporal_Anomaly_Annotation.txt'), 'utf8');
    expect(text(second)).toBe(text(written));
    expect(await json('labels', '--remove', 'Again')).toMatchObject({ code: 0, removed: { name: 'Again' } });
    expect(await json('export', '--layer', 'Again')).toMatchObject({ code: 2, ok: false });
  });

  it('names the formats when one is unknown', async () => {
    const answer = await json('export', '--formats', 'xls');
    expect(answer).toMatchObject({
      code: 2,
      ok: false,
      error: { code: 'bad_input', message: expect.stringContaining('csv, jsonl') },
    });
  });
});

describe('errors', () => {
  it.each([
    ['an unknown command', ['paint'], 2, 'bad_input'],
    ['an unknown method', ['train', 'magic'], 2, 'bad_input'],
    ['an unknown option of the method', ['train', 'c2fpl', '--set', 'gamma=1'], 2, 'bad_input'],
    ['a value out of range', ['train', 'c2fpl', '--beta', '9'], 2, 'bad_input'],
    ['seed and seeds together', ['train', 'c2fpl', '--seed', '1', '--seeds', '1,2'], 2, 'bad_input'],
    ['an unknown run', ['label', '--run', 'nobody'], 2, 'bad_input'],
    ['an unknown feature set', ['train', 'motion', '--features', 'none'], 2, 'bad_input'],
    ['nothing to resume', ['resume'], 2, 'bad_input'],
    ['extraction without videos', ['extract'], 1, 'conflict'],
    ['a file that is not there', ['evaluate', '--gt', '/nowhere/truth.json'], 1, 'not_found'],
  ])('%s', async (_name, args, code, errorCode) => {
    const answer = await json(...args);
    expect(answer).toMatchObject({ code, ok: false, error: { code: errorCode } });
    expect(answer.error?.message).toMatch(/\.$/);
  });

  it('say on standard error what happened, and leave standard output empty without --json', async () => {
    const { code, out, err } = await cli('label', '-p', join(root, 'nothing'));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^Error: .*holds no Zerolabel project\. Create one there, or choose another folder\.$/m,
    );
  });

  it('name the process that has the project open', async () => {
    const store = openProject(folder);
    expect(await json('label')).toMatchObject({
      code: 1,
      error: { code: 'conflict', message: expect.stringContaining(String(process.pid)) },
    });
    store.close();
  });
});

describe('features', () => {
  it('lists the sets', async () => {
    expect(await json('features')).toMatchObject({
      code: 0,
      features: [{ name: 'set', videos: 2, segments: 12 }],
    });
  });
});

describe('help', () => {
  it('lists every command and the exit codes', async () => {
    const { code, out } = await cli('--help');
    expect(code).toBe(0);
    for (const command of [
      'import',
      'extract',
      'features',
      'train',
      'resume',
      'label',
      'evaluate',
      'export',
      'serve',
      'start',
      'doctor',
      'demo',
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
    }
    expect(out).toContain('Exit codes: 0 done, 1 failed, 2');
  });
});
