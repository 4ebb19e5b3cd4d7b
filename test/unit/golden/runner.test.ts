import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeNpy } from '../../../electron/formats/npy.ts';
import type { GoldenKind } from '../../golden/kind.ts';
import { runFolder } from '../../golden/runner.ts';

/** Doubles `x`; `forget` leaves the text unchecked, `fail` throws. */
const double: GoldenKind = {
  kinds: ['double'],
  run(c) {
    if (c.params.fail) throw new Error('no result');
    const y = Array.from(c.input('x').data, (v) => 2 * v + Number(c.params.error ?? 0));
    c.check('y', y);
    c.check('whole', y.map(Math.round));
    c.checkValue('count', y.length);
    c.checkValue('mean', 2 + Number(c.params.error ?? 0));
    if (!c.params.forget) c.checkText('text', 'doubled\n');
  },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeCase(name: string, params: Record<string, unknown>, kind = 'double'): void {
  const path = join(folder, kind, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'a.npy'), writeNpy(new Float32Array([0.5, 1.5]), [2], 'f4'));
  writeFileSync(join(path, 'b.npy'), writeNpy(new Float64Array([1, 3]), [2], 'f8'));
  writeFileSync(join(path, 'c.npy'), writeNpy(new BigInt64Array([1n, 3n]), [2], 'i8'));
  writeFileSync(join(path, 'd.txt'), 'doubled\n');
  const file = {
    kind,
    params,
    inputs: { x: 'a.npy' },
    expected: { y: 'b.npy', whole: 'c.npy', text: 'd.txt' },
    expectedValues: { count: 2, mean: 'MEAN' },
    rtol: 0.01,
    atol: 0,
    source: 'by hand',
  };
  writeFileSync(join(path, 'case.json'), JSON.stringify(file).replace('"MEAN"', '2.0'));
}

describe('the golden runner', () => {
  test('passes right results, within the tolerance for floats', async () => {
    writeCase('right', {});
    writeCase('close', { error: 0.005 });
    expect(await runFolder(folder, [double])).toEqual({ passed: 2, failed: 0, skipped: 0, failures: [] });
  });

  test('fails wrong results and says where', async () => {
    writeCase('off', { error: 0.5 });
    const { failures } = await runFolder(folder, [double]);
    expect(failures).toEqual([
      {
        name: join('double', 'off'),
        reasons: [
          'y[0] is 1.5, expected 1 (2 of 2 elements differ)',
          'whole[0] is 2, expected 1 (2 of 2 elements differ)',
          'mean is 2.5, expected 2',
        ],
      },
    ]);
  });

  test('fails a case that throws, that misses a file, or that leaves something unchecked', async () => {
    writeCase('throws', { fail: true });
    writeCase('unchecked', { forget: true });
    writeCase('without-file', {});
    rmSync(join(folder, 'double', 'without-file', 'a.npy'));
    writeCase('broken', {});
    writeFileSync(join(folder, 'double', 'broken', 'case.json'), '{');
    const { failures, passed } = await runFolder(folder, [double]);
    expect(passed).toBe(0);
    expect(failures.map((f) => f.reasons)).toEqual([
      [expect.stringContaining('not readable JSON')],
      ['no result'],
      ['text was not checked'],
      [expect.stringContaining('a.npy is missing')],
    ]);
  });

  test('skips kinds nobody built, and refuses a missing folder', async () => {
    writeCase('later', {}, 'other');
    expect(await runFolder(folder, [double])).toMatchObject({ passed: 0, failed: 0, skipped: 1 });
    await expect(runFolder(join(folder, 'nowhere'), [double])).rejects.toThrow('There is no folder');
  });
});
