// Faults around the database: a writer killed in the middle, a full disk, two writers.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openForReading, openProject } from '../../electron/store/open.ts';
import { AppError } from '../../shared/errors.ts';
import { REMOVE } from '../remove.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-faults-'));
  onTestFinished(() => rmSync(folder, REMOVE));
  return folder;
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

/** Starts the writer and resolves once it has reported `steps` steps; `steps()` is the last one reported. */
async function startWriter(
  folder: string,
  steps: number,
): Promise<{ child: ChildProcess; reported: () => number; gone: Promise<unknown> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'store-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const reported = () => Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
  const gone = new Promise((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (reported() >= steps) resolve();
    });
    child.on('close', (code) => reject(new Error(`the writer ended with ${code}: ${errors}`)));
  });
  return { child, reported, gone };
}

describe('a writer killed with SIGKILL', () => {
  it('loses nothing it had committed, and leaves nothing half done', async () => {
    const folder = join(temporaryFolder(), 'project');
    openProject(folder, { create: { name: 'Killed' } }).close();
    let before = 0;
    for (const steps of [5, 120, 700]) {
      const { child, reported, gone } = await startWriter(folder, steps);
      // While it writes, nobody else may, and the refusal names it.
      let refusal: unknown = null;
      try {
        openProject(folder);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`process ${child.pid} `),
      });
      const reader = openForReading(folder);
      expect(reader.project.get().name).toBe('Killed');
      reader.close();
      child.kill('SIGKILL');
      await gone;

      const store = openProject(folder);
      expect(store.notes.join()).toContain('not closed properly');
      const entries = store.audit.list(1_000_000).map((entry) => entry.detail.step as number);
      const written = entries.length - before;
      // The last commit may not have been reported any more.
      expect(written).toBeGreaterThanOrEqual(reported());
      expect(written).toBeLessThanOrEqual(reported() + 1);
      expect(entries.slice(0, written)).toEqual(Array.from({ length: written }, (_, i) => written - i));
      expect(store.settings.get('step')).toBe(written);
      before = entries.length;
      store.close();
    }
  });
});

describe('a full disk', () => {
  it('refuses with disk_full, keeps what is there, and goes on when there is room again', ({ skip }) => {
    const disk = temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      skip(`no small disk can be mounted here (${String(error).split('\n')[0]})`);
    }
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const folder = join(disk, 'project');
    const store = openProject(folder, { create: { name: 'Full' } });
    store.settings.set('kept', 'before');
    const filler = join(disk, 'filler');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - 64 * 1024));

    const grow = () =>
      store.transaction(() => {
        store.settings.set('kept', 'after');
        for (let i = 0; i < 100; i++) store.settings.set(`big ${i}`, 'x'.repeat(100_000));
      });
    expect(codeOf(grow)).toBe('disk_full');
    expect(store.settings.get('kept')).toBe('before');
    expect(store.settings.get('big 0')).toBeNull();

    // Closing and opening on a full disk: the project is whole, whatever the words.
    store.close();
    rmSync(filler);
    const again = openProject(folder);
    expect(again.settings.get('kept')).toBe('before');
    again.settings.set('kept', 'room again');
    expect(again.settings.get('kept')).toBe('room again');
    again.close();
  });

  it('refuses to create a project there, and leaves the folder usable', ({ skip }) => {
    const disk = temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      skip(`no small disk can be mounted here (${String(error).split('\n')[0]})`);
    }
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(1024 * 1024 - 40 * 1024));
    const folder = join(disk, 'project');
    expect(codeOf(() => openProject(folder, { create: { name: 'Full' } }))).toBe('disk_full');
    rmSync(filler);
    const store = openProject(folder, { create: { name: 'Full' } });
    expect(store.project.get().name).toBe('Full');
    store.close();
  });
});

describe('a folder without write permission', () => {
  it('is refused in words', ({ skip }) => {
    skip(process.getuid?.() === 0, 'permissions do not bind root');
    const folder = join(temporaryFolder(), 'locked');
    mkdirSync(folder, { mode: 0o500 });
    expect(codeOf(() => openProject(folder, { create: { name: 'x' } }))).toBe('no_access');
  });
});
