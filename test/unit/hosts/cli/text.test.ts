// Text of the command line: tables, durations, CSV, progress.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { freshFolder } from '../../../../electron/hosts/cli/commands/demo.ts';
import { electronBinary } from '../../../../electron/hosts/cli/electron-binary.ts';
import { createProgress, progressText } from '../../../../electron/hosts/cli/progress.ts';
import { csv, duration, shellWord, spark, table } from '../../../../electron/hosts/cli/text.ts';
import type { Job } from '../../../../shared/contract/index.ts';

const job: Job = {
  id: 1,
  kind: 'import',
  title: 'Import 28 videos',
  state: 'running',
  done: 12,
  total: 28,
  unit: 'videos',
  message: 'test/05.mp4',
  rate: 3.14,
  secondsLeft: 5.09,
  runId: null,
  createdAt: 0,
  startedAt: 1000,
  endedAt: null,
  error: null,
  resumable: true,
};

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('text', () => {
  it('draws values as blocks, the largest where several share a place', () => {
    expect(spark([0, 0.5, 1], 60)).toBe('▁▅█');
    expect(spark([0, 0.5], 60, [0, 1])).toBe('▁▅');
    expect(spark([2, 2, 2], 60)).toBe('▁▁▁');
    expect(spark([0, 1, 0, 0, 0, 0, 0, 0], 4)).toBe('█▁▁▁');
    expect(spark([-5, 9], 60, [0, 1])).toBe('▁█');
    expect(spark([], 60)).toBe('');
    expect(spark([0, Number.NaN, 1], 60)).toHaveLength(3);
  });
  it('aligns columns', () => {
    expect(
      table(
        [
          ['run', 'AUC'],
          ['motion-01', '0.9'],
        ],
        [1],
      ),
    ).toBe('run        AUC\nmotion-01  0.9');
  });

  it('says durations in two units at most', () => {
    expect([0, 0.44, 9.96, 59.4, 59.6, 185, 3599.6, 7800].map(duration)).toEqual([
      '0.0 s',
      '0.4 s',
      '10 s',
      '59 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '2 h 10 min',
    ]);
  });

  it('quotes words of a command line only where needed', () => {
    expect(shellWord('demo-2/x.sqlite')).toBe('demo-2/x.sqlite');
    expect(shellWord('my $videos')).toBe('"my \\$videos"');
  });

  it('writes CSV that a reader takes apart again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 }), { minLength: 1 }),
        (rows) => {
          // A carriage return inside a cell survives; as line ending of the file it would not be ours.
          const read = Papa.parse<string[]>(csv(rows), { newline: '\n', delimiter: ',' }).data.slice(0, -1);
          expect(read).toEqual(rows);
        },
      ),
    );
  });
});

describe('progress', () => {
  it('shows count, rate, time left and what is being done', () => {
    expect(progressText(job)).toBe('Import 28 videos: 12/28 videos, 3.1 videos/s, 5.1 s left - test/05.mp4');
    expect(progressText({ ...job, total: 0, rate: 0, secondsLeft: null, message: '' })).toBe(
      'Import 28 videos: running',
    );
  });

  it('rewrites one line on a terminal, within its width', () => {
    const text: string[] = [];
    const progress = createProgress({ isTTY: true, columns: 30, write: (t) => text.push(t) }, () => 0);
    progress.update(job);
    progress.update({ ...job, done: 13 });
    for (let told = 0; told < 2; told++) progress.update({ ...job, state: 'done', endedAt: 4500 });
    expect(text.join('').replaceAll('\r\u001b[2K', '|')).toBe(
      '|Import 28 videos: 12/28 vide…|Import 28 videos: 13/28 vide…|Import 28 videos: done after 3.5 s\n',
    );
  });

  it('writes plain lines now and then elsewhere', () => {
    const text: string[] = [];
    let now = 0;
    const progress = createProgress({ write: (t) => text.push(t) }, () => now);
    for (now = 0; now <= 12_000; now += 1000) progress.update({ ...job, done: now / 1000 });
    progress.update({ ...job, state: 'cancelled', endedAt: 2000 });
    const lines = text.join('').trimEnd().split('\n');
    expect(lines.map((line) => /\d+\/28/.exec(line)?.[0] ?? line)).toEqual([
      '0/28',
      '5/28',
      '10/28',
      'Import 28 videos: cancelled after 1.0 s',
    ]);
    expect(text.join('')).not.toContain('\r');
  });
});

describe('freshFolder', () => {
  it('takes the first free number', () => {
    const base = join(temporaryFolder(), 'demo');
    expect(freshFolder(base)).toBe(base);
    mkdirSync(base);
    writeFileSync(`${base}-2`, '');
    expect(freshFolder(base)).toBe(`${base}-3`);
  });
});

describe('electronBinary', () => {
  const before = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  afterEach(() => {
    if (before === undefined) delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
    else process.env.ELECTRON_OVERRIDE_DIST_PATH = before;
  });

  it('finds the program by path.txt or the override, and knows when it is not there', () => {
    delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
    const root = temporaryFolder();
    const home = join(root, 'node_modules', 'electron');
    mkdirSync(join(home, 'dist'), { recursive: true });
    writeFileSync(join(home, 'package.json'), '{}');
    const from = join(root, 'out', 'hosts');
    mkdirSync(from, { recursive: true });
    expect(electronBinary(from)).toBeNull();
    writeFileSync(join(home, 'path.txt'), 'program');
    expect(electronBinary(from)).toBeNull();
    writeFileSync(join(home, 'dist', 'program'), '');
    expect(electronBinary(from)).toBe(join(home, 'dist', 'program'));
    process.env.ELECTRON_OVERRIDE_DIST_PATH = join(root, 'elsewhere');
    expect(electronBinary(from)).toBeNull();
  });
});
