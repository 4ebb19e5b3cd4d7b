// A disk that fills up at every step, as a small tmpfs: one sentence each time, the project stays whole, and goes on when
// there is room again. Needs the bundles in out/ and the right to mount; skipped, saying so, without.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import type { RgbFrame } from '../../electron/media/types.ts';
import { REMOVE } from '../remove.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-full-'));
const disk = join(root, 'disk');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]).status === 0;
const project = join(disk, 'project');
const before = process.env.ZEROLABEL_DATA;

function* clip(seed: number): Generator<RgbFrame> {
  for (let n = 0; n < 80; n++) {
    const data = new Uint8Array(160 * 120 * 3);
    for (let i = 0; i < data.length; i++) data[i] = ((i >> 3) * seed * 37 + n * 3) & 255;
    yield { timeMs: n * 40, data };
  }
}

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  mkdirSync(join(root, 'clips'));
  for (let k = 1; k <= 4; k++)
    await encodeVideo(
      join(root, `clips/${k}.mp4`),
      { width: 160, height: 120, codec: 'h264', fps: 25 },
      clip(k),
    );
});
afterAll(() => {
  if (mounted) spawnSync('umount', [disk]);
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, REMOVE);
});

async function cli(...args: string[]) {
  let out = '';
  const code = await runCli([...args, '--json', '-p', project], {
    out: { write: (text) => (out += text) },
    err: { write: () => true },
  });
  return { code, ...(JSON.parse(out) as { ok: boolean; error?: { code: string; message: string } }) };
}

/** Leaves so many bytes free. */
function fill(free: number): void {
  rmSync(join(disk, 'ballast'), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - free)));
}
const makeRoom = () => rmSync(join(disk, 'ballast'), { force: true });

function rows(sql: string): unknown[] {
  const db = new Database(join(project, 'project.sqlite'), { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

const FULL = {
  code: 1,
  ok: false,
  error: { code: 'disk_full', message: expect.stringContaining('disk is full') },
};

describe.skipIf(!mounted)('a disk that fills up (skipped where tmpfs cannot be mounted)', () => {
  it('during import, with whatever room is left', async () => {
    for (const free of [600_000, 40_000]) {
      fill(free);
      expect(await cli('import', join(root, 'clips'))).toMatchObject(FULL);
      expect(rows('SELECT id FROM videos').length).toBeLessThan(4);
    }
    makeRoom();
    expect(await cli('import', join(root, 'clips'))).toMatchObject({ code: 0, videos: 4 });
  });

  it('during extraction, training and every command that writes', async () => {
    fill(0);
    for (const args of [['extract'], ['label'], ['export'], ['resume']])
      expect(await cli(...args)).toMatchObject(FULL);
    makeRoom();
    expect(await cli('extract')).toMatchObject({ code: 0, features: { videos: 4, missing: 0 } });
    fill(0);
    expect(await cli('train', 'motion')).toMatchObject(FULL);
    makeRoom();
    expect(await cli('train', 'motion')).toMatchObject({ code: 0 });
  });

  it('during an export, of which nothing is left then', async () => {
    const small = join(root, 'small');
    mkdirSync(small);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]).status).toBe(0);
    try {
      const args = ['export', '--formats', 'csv,jsonl,frame_npy,gt_npy,c2fpl', '--out'];
      expect(await cli(...args, small)).toMatchObject(FULL);
      expect(readdirSync(small)).toEqual([]);
      expect(await cli(...args, root)).toMatchObject({ code: 0 });
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
