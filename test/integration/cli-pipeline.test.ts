// The built command line as a process of its own, with real video and real trainer processes: the way from video to
// labels, Ctrl-C, and the server. Needs the bundles in out/ (npm run build).
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtFile } from '../../electron/hosts/fork.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import type { RgbFrame } from '../../electron/media/types.ts';
import { REMOVE } from '../remove.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-pipeline-'));
const videos = join(root, 'videos');
const truth = join(root, 'truth.json');
const WIDTH = 160;
const HEIGHT = 120;
const FRAMES = 96;

/** A block that walks; from `fastFrom` on it runs back and forth. */
function* clip(fastFrom: number, seed: number): Generator<RgbFrame> {
  for (let n = 0; n < FRAMES; n++) {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    for (let i = 0; i < data.length; i += 3) data.fill(60 + ((i * 7 + seed) % 40), i, i + 3);
    const x = n < fastFrom ? n / 2 : (n * 23) % (WIDTH - 30);
    for (let y = 50; y < 80; y++)
      data.fill(230, 3 * (y * WIDTH + Math.floor(x)), 3 * (y * WIDTH + Math.floor(x) + 24));
    yield { timeMs: n * 40, data };
  }
}

beforeAll(async () => {
  mkdirSync(videos);
  const entries: Record<string, unknown> = {};
  for (let k = 0; k < 4; k++) {
    const fastFrom = k % 2 === 0 ? FRAMES : 48;
    await encodeVideo(
      join(videos, `clip${k}.mp4`),
      { width: WIDTH, height: HEIGHT, codec: 'h264', fps: 25 },
      clip(fastFrom, k),
    );
    entries[`clip${k}`] = { n_frames: FRAMES, anomalous: fastFrom < FRAMES ? [[fastFrom, FRAMES - 1]] : [] };
  }
  writeFileSync(
    truth,
    JSON.stringify({ frame_index: '0-based', interval_end: 'inclusive', videos: entries }),
  );
});
afterAll(() => rmSync(root, REMOVE));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function start(args: string[], watch: (err: string, child: ChildProcess) => void = () => {}): Promise<Ended> {
  const child = spawn(process.execPath, [builtFile('hosts/cli.js'), ...args], {
    cwd: root,
    env: { ...process.env, ZEROLABEL_DATA: join(root, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that a signal can reach all of it as Ctrl-C does
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk.toString());
    watch(out.join('') + err.join(''), child);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err.push(chunk.toString());
    watch(out.join('') + err.join(''), child);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, out: out.join(''), err: err.join('') }));
  });
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await start([...args, '--json']);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as Record<string, unknown>;
}

describe('from video to labels', () => {
  it('imports, extracts, trains, evaluates and exports', async () => {
    const project = join(root, 'project');
    const imported = await json('import', videos, '-p', project);
    expect(imported).toMatchObject({ ok: true, videos: 4, frames: 4 * FRAMES, problems: [] });
    expect(await json('extract', '-p', project)).toMatchObject({
      features: { videos: 4, segments: 24, missing: 0 },
    });
    const trained = await json('train', 'motion', '-p', project, '--name', 'moved', '--device', 'cpu');
    expect(trained).toMatchObject({
      runs: [{ name: 'moved', method: 'motion', state: 'done', videos: 4, segments: 24 }],
    });
    const { evaluated } = (await json('evaluate', '--gt', truth, '-p', project)) as {
      evaluated: { metrics: { microAuc: number } }[];
    };
    // Running is faster than walking: the baseline has to see that.
    expect(evaluated[0].metrics.microAuc).toBeGreaterThan(0.9);
    // In detail, with tables; what a sample has to say without one; and two runs as one.
    const { reports, tables } = (await json(
      'evaluate',
      '--by',
      'video',
      '--tables',
      root,
      '-p',
      project,
    )) as {
      reports: { perVideo: unknown[] }[];
      tables: string;
    };
    expect(reports[0].perVideo).toHaveLength(4);
    expect(readFileSync(join(tables, 'runs.tex'), 'utf8')).toContain('\\begin{tabular}');
    expect(await json('quality', '-p', project)).toMatchObject({
      at: { precision: { known: false, reason: 'few', n: 0 }, labelled: expect.any(Number) },
      samples: { decided: 0 },
    });
    expect((await start(['quality', '--calibrate', 'platt', '-p', project])).err).toContain(
      'Review 20 more of the random sample',
    );
    await json('train', 'motion', '-p', project, '--name', 'again', '--device', 'cpu');
    expect(await json('consensus', '--rule', 'median', '-p', project)).toMatchObject({
      run: { method: 'consensus', videos: 4, segments: 24, state: 'done' },
    });
    expect((await start(['consensus', 'moved', '-p', project])).code).toBe(2);
    const exported = (await json(
      'export',
      '--run',
      'moved',
      '--formats',
      'csv,webvtt,dive',
      '-p',
      project,
    )) as {
      folder: string;
      files: { name: string }[];
    };
    const segments = exported.files.find((file) => /segments.*\.csv$/.test(file.name));
    expect(
      readFileSync(join(exported.folder, segments?.name ?? ''), 'utf8')
        .trim()
        .split('\n').length,
    ).toBeGreaterThan(24);
    // Formats of annotation tools need the timestamps and the picture size that the import stored.
    const written = (format: string) =>
      exported.files
        .filter((file) => file.name.startsWith(`${format}/`))
        .map((file) => readFileSync(join(exported.folder, file.name), 'utf8'));
    const tracks = written('dive').flatMap((text) =>
      Object.values((JSON.parse(text) as { tracks: Record<string, { features: unknown[] }> }).tracks),
    );
    expect(written('dive')).toHaveLength(4);
    expect(tracks.length).toBeGreaterThan(0);
    for (const { features } of tracks) expect(features[0]).toMatchObject({ bounds: [0, 0, WIDTH, HEIGHT] });
    const cues = written('webvtt').flatMap((text) => text.match(/^00:00:0\d\.\d{3} --> .*$/gm) ?? []);
    expect(cues).toHaveLength(tracks.length);
    const db = new Database(join(project, 'project.sqlite'), { readonly: true });
    const rows = db
      .prepare(
        "SELECT video, segment, start_seconds, end_seconds FROM pseudo_labels WHERE run = 'moved' ORDER BY video, segment",
      )
      .all();
    db.close();
    expect(rows).toHaveLength(24);
    expect(rows[1]).toEqual({ video: 'clip0.mp4', segment: 1, start_seconds: 0.64, end_seconds: 1.28 });
  });

  it('does the whole way in one command, into a fresh folder', async () => {
    mkdirSync(join(root, 'demo'));
    const { code, out, err } = await start(['demo', '--videos', videos, '--gt', truth]);
    expect(err).toContain(join(root, 'demo-2'));
    expect(code, err).toBe(0);
    expect(out).toContain('4 videos, 384 frames');
    expect(out).toMatch(/^motion-01\s+motion\s+24\s+\d+\s+\d+\s+[01]\.\d{4}$/m);
    expect(out).toMatch(/^c2fpl-01\s+c2fpl\s+24\s/m);
    expect(out).toContain('npm start -- demo-2');
    const query = /sqlite3 demo-2\/project\.sqlite "(.*)"/.exec(out)?.[1] ?? '';
    const db = new Database(join(root, 'demo-2', 'project.sqlite'), { readonly: true });
    expect(db.prepare(query).all()).toHaveLength(10);
    db.close();
    expect(existsSync(join(root, 'demo-2', 'exports', 'c2fpl-01', 'manifest.json'))).toBe(true);
  });
});

describe('Ctrl-C', () => {
  it('cancels the job cleanly, ends with 130, and leaves a project that opens', async () => {
    const project = join(root, 'stopped');
    let sent = false;
    const { code, out, err } = await start(['demo', '-p', project, '--json'], (text, child) => {
      if (sent || !/Draw sample scenes: \d/.test(text)) return;
      sent = true;
      process.kill(-(child.pid as number), 'SIGINT');
    });
    expect(code, err).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(err).toContain('Stopping; what is finished is kept');
    const db = new Database(join(project, 'project.sqlite'), { readonly: true });
    expect(db.prepare('SELECT state FROM jobs').all()).toEqual([{ state: 'cancelled' }]);
    expect(db.prepare('SELECT clean_end FROM project').get()).toEqual({ clean_end: 1 });
    db.close();
  });
});

describe('serve', () => {
  it('prints one address that answers, and ends with 0 when asked to', async () => {
    if (!existsSync(join(builtFile('hosts/cli.js'), '..', '..', 'renderer', 'index.html')))
      throw new Error('Run "npm run build" first.');
    let asked = false;
    let status = 0;
    const { code, out } = await start(['serve', '--json'], (text, child) => {
      const url = /"url":"([^"]+)"/.exec(text)?.[1];
      if (!url || asked) return;
      asked = true;
      fetch(url).then(async (response) => {
        status = response.status;
        await response.text();
        child.kill('SIGTERM');
      });
    });
    expect(status).toBe(200);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, project: null });
  });
});
