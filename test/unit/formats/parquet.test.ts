// Parquet that another program wrote (pyarrow 25, files in test/fixtures): other encodings, codecs and integer widths.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEventsParquet } from '../../../electron/formats/parquet.ts';

const bytesOf = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures', name));

test.each(['pyarrow-zstd.parquet', 'pyarrow-gzip.parquet', 'pyarrow-delta.parquet'])('%s', async (name) => {
  const videos = await readEventsParquet({ name, bytes: bytesOf(name) });
  expect(
    videos.map(({ key, events }) => [key, ...events.map((e) => [e.start, e.end, e.class, e.score])]),
  ).toEqual([
    ['Köln #1/a__b.mp4', [0, 8, 'Fire', 0.5], [16, 40, null, null]],
    ['n.mp4', [3, 4, 'Ü', 1]],
  ]);
});

test('a page that unpacks to more than its header says is refused', async () => {
  const bytes = Uint8Array.from(bytesOf('pyarrow-gzip.parquet'));
  // Type, then the unpacked size as a zigzag number: one byte less than what is in the page.
  expect(bytes[6] & 0x80).toBe(0);
  bytes[6] -= 2;
  await expect(readEventsParquet({ name: 'g.parquet', bytes })).rejects.toThrow(/^g\.parquet cannot be read/);
});
