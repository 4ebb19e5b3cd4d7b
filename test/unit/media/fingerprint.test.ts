import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprint } from '../../../electron/media/fingerprint.ts';

const MIB = 1024 * 1024;
let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'zl-print-')), 'file');
});
afterAll(() => rm(join(path, '..'), { recursive: true }));

async function printOf(content: Buffer): Promise<string> {
  await writeFile(path, content);
  return fingerprint(path);
}

test('is SHA-256 over size, first and last MiB', async () => {
  const content = randomBytes(3 * MIB + 17);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(content.length));
  const expected = createHash('sha256')
    .update(size)
    .update(content.subarray(0, MIB))
    .update(content.subarray(-MIB))
    .digest('hex');
  expect(await printOf(content)).toBe(expected);
});

test('sees a change at either end and in the size, in small files anywhere', async () => {
  const content = randomBytes(3 * MIB);
  const before = await printOf(content);
  for (const position of [0, MIB - 1, 2 * MIB, 3 * MIB - 1]) {
    const changed = Buffer.from(content);
    changed[position] ^= 1;
    expect(await printOf(changed)).not.toBe(before);
  }
  expect(
    await printOf(Buffer.concat([content.subarray(0, MIB), Buffer.alloc(1), content.subarray(MIB)])),
  ).not.toBe(before);
  expect(await printOf(Buffer.from('abc'))).not.toBe(await printOf(Buffer.from('abd')));
  expect(await printOf(Buffer.alloc(0))).toMatch(/^[0-9a-f]{64}$/);
});
