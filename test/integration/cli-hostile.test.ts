// What people do wrong on the command line, over real files and trainer processes: nothing is lost, nothing is left
// lying about, every refusal is a sentence and one JSON object. Needs the bundles in out/ (npm run build).
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../electron/api/engine.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { forkChild } from '../../electron/hosts/fork.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import type { RgbFrame } from '../../electron/media/types.ts';
import { openForReading } from '../../electron/store/open.ts';
import type { VideoRow } from '../../shared/contract/index.ts';
import { REMOVE } from '../remove.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-hostile-'));
const at = (name: string) => join(root, name);
const before = process.env.ZEROLABEL_DATA;

function* clip(frames: number): Generator<RgbFrame> {
  for (let n = 0; n < frames; n++) {
    const data = new Uint8Array(96 * 64 * 3).fill(70);
    for (let y = 20; y < 40; y++)
      data.fill(220, 3 * (y * 96 + ((n * 5) % 70)), 3 * (y * 96 + ((n * 5) % 70) + 20));
    yield { timeMs: n * 40, data };
  }
}

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = at('data');
  mkdirSync(at('footage'));
  const options = { width: 96, height: 64, fps: 25 } as const;
  await encodeVideo(at('footage/good.mp4'), { ...options, codec: 'h264' }, clip(64));
  await encodeVideo(at('footage/changes.mp4'), { ...options, codec: 'h264' }, clip(48));
  await encodeVideo(at('footage/one.mp4'), { ...options, codec: 'h264' }, clip(1));
  await encodeVideo(at('whole.avi'), { ...options, codec: 'mpeg4' }, clip(80));
  const whole = readFileSync(at('whole.avi'));
  writeFileSync(at('footage/cut.avi'), whole.subarray(0, Math.round(whole.length * 0.6)));
  writeFileSync(at('footage/text.mp4'), 'not a video');
  writeFileSync(at('footage/zero.mp4'), '');
});
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, REMOVE);
});

interface Problem {
  video: string;
  state: string;
  problem: string;
}

/** Runs with `--json`; more or less than one object on standard output would not parse. */
async function cli(...args: string[]) {
  let out = '';
  const code = await runCli([...args, '--json'], {
    out: { write: (text) => (out += text) },
    err: { write: () => true },
  });
  const answer = JSON.parse(out) as {
    ok: boolean;
    error?: { code: string; message: string; details?: Record<string, unknown> };
    problems?: Problem[];
    frames?: number;
    features?: { videos: number; missing: number };
  };
  return { code, ...answer };
}

describe('a command that makes no sense', () => {
  it.each([
    ['a seed given twice', ['train', 'c2fpl', '--seeds', '1,2,1'], 'same seed twice'],
    ['a port that cannot be', ['serve', '--port', '65536'], '65535'],
  ])('%s', async (_name, args, sentence) => {
    expect(await cli(...args)).toMatchObject({
      code: 2,
      error: { code: 'bad_input', message: expect.stringContaining(sentence) },
    });
  });

  it('asks for help or the version as JSON too', async () => {
    expect(await cli('--version')).toMatchObject({ code: 0, ok: true, text: expect.stringMatching(/^\d/) });
    expect(await cli('train', '--help')).toMatchObject({ code: 0, ok: true });
  });

  it('leaves no project behind when there is nothing to import', async () => {
    mkdirSync(at('nothing'));
    for (const args of [
      ['import', at('nothing')],
      ['import', at('footage'), at('nowhere')],
      ['demo', '--videos', at('nothing')],
    ]) {
      expect(await cli(...args, '--project', at('none'))).toMatchObject({
        code: 1,
        error: { code: 'not_found' },
      });
    }
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('videos that are not as they should be', () => {
  const project = () => at('project');
  const states = () => {
    const store = openForReading(project());
    try {
      return Object.fromEntries(store.videos.list().map((v) => [v.relPath, [v.state, v.problem] as const]));
    } finally {
      store.close();
    }
  };

  it('are named, left out, and used in part when a person says so', async () => {
    const first = await cli('import', at('footage'), '-p', project());
    expect(first.code).toBe(0);
    expect(first.problems?.map(({ video, state }) => [video, state])).toEqual([
      ['cut.avi', 'damaged'],
      ['text.mp4', 'unsupported'],
      ['zero.mp4', 'damaged'],
    ]);
    const again = await cli('import', at('footage'), '-p', project(), '--accept-damaged');
    expect(again.problems?.map(({ video, state }) => [video, state])).toEqual([
      ['cut.avi', 'ready'],
      ['text.mp4', 'unsupported'],
      ['zero.mp4', 'damaged'],
    ]);
    // The same file again: what was accepted stays so, and its note too.
    await cli('import', at('footage'), '-p', project());
    expect(states()['cut.avi']).toEqual(['ready', expect.stringContaining('cut.avi is cut short')]);
  });

  it('give features as far as they go, and each of the others says why it has none', async () => {
    cpSync(at('footage/good.mp4'), at('footage/changes.mp4')); // another file under an imported name
    const { code, features, problems } = await cli('extract', '-p', project());
    expect(code).toBe(0);
    expect(features).toMatchObject({ videos: 2, missing: 2 });
    const reasons = Object.fromEntries((problems ?? []).map(({ video, problem }) => [video, problem]));
    expect(Object.keys(reasons).sort()).toEqual(['changes.mp4', 'one.mp4', 'text.mp4', 'zero.mp4']);
    // Said by who looked last: the extraction, or the check of all files that goes on beside it.
    expect(reasons['changes.mp4']).toMatch(
      /Another file is in its place now|has changed since it was imported/,
    );
    expect(reasons['one.mp4']).toMatch(/at least \d+/);
    expect(states()['changes.mp4'][1]).toContain('has changed since it was imported');
    expect(states()['cut.avi'][1]).toContain('is cut short'); // the note outlives the extraction
  });

  it('come right when the file is imported anew', async () => {
    await cli('import', at('footage/changes.mp4'), '-p', project());
    expect(await cli('extract', '-p', project())).toMatchObject({ features: { videos: 3, missing: 1 } });
    expect(states()['changes.mp4']).toEqual(['ready', null]);
  });
});

it('a damaged video is accepted later, and only one with frames', async () => {
  cpSync(at('footage/cut.avi'), at('later.avi'));
  await cli('import', at('later.avi'), '-p', at('project'));
  const engine = await createEngine({ spawn: forkChild, host: 'cli', appData: at('data'), roots: [] });
  try {
    await engine.open(at('project'));
    const row = async (relPath: string) =>
      (await engine.call('videos.list', {})).find((video) => video.relPath === relPath) as VideoRow;
    const later = await row('later.avi');
    expect(later).toMatchObject({ state: 'damaged', problem: expect.stringContaining('is cut short') });
    const zero = await row('zero.mp4');
    await expect(engine.call('videos.accept', { ids: [later.id, zero.id] })).rejects.toThrow(
      'No frame of zero.mp4',
    );
    expect((await row('later.avi')).state).toBe('damaged');
    await engine.call('videos.accept', { ids: [later.id] });
    expect(await row('later.avi')).toMatchObject({ state: 'ready', problem: later.problem });
    await expect(engine.call('videos.accept', { ids: [later.id] })).rejects.toThrow('in use already');
  } finally {
    await engine.close();
  }
});

describe('features that are not as they should be', () => {
  beforeAll(() => {
    const good = writeNpy(new Float32Array(8 * 4).fill(0.5), [8, 4], 'f4');
    for (const folder of ['mixed/train', 'mixed/test', 'bad']) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('mixed/train/01.npy'), good);
    writeFileSync(at('mixed/test/01.npy'), good);
    writeFileSync(at('mixed/test/02.npy'), writeNpy(new Float32Array(8).fill(Number.NaN), [2, 4], 'f4'));
    writeFileSync(at('bad/x.npy'), good.subarray(0, 150));
  });

  it('are all named, and the good ones are in, each for itself', async () => {
    const answer = await cli('features', at('mixed'), '-p', at('ready'));
    expect(answer).toMatchObject({ code: 1, error: { code: 'damaged', details: { taken: 2 } } });
    expect(answer.error?.message).toContain('1 of 3 feature files was refused, the other 2 are in');
    expect(answer.error?.details?.problems).toEqual([expect.stringContaining('02.npy holds NaN')]);
    expect(await cli('features', '-p', at('ready'))).toMatchObject({
      features: [{ videos: 2, segments: 16 }],
    });
    expect((await cli('features', at('bad'), '-p', at('ready'))).error?.message).toContain('so none is in');
  });

  it('do not take the name of features made here', async () => {
    expect(await cli('features', at('mixed'), '--name', 'cellmotion-v1', '-p', at('ready'))).toMatchObject({
      code: 1,
      error: { code: 'conflict' },
    });
  });
});

it('a folder as ground truth is refused as such', async () => {
  expect(await cli('evaluate', '--gt', at('mixed'), '-p', at('ready'))).toMatchObject({
    code: 1,
    error: { code: 'bad_input', message: expect.stringContaining('folder') },
  });
});
