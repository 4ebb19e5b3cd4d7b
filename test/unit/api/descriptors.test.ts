// Events described by their features: what several ask for at once is read once.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, describe as group, it } from 'vitest';
import { describe, type Vectors } from '../../../electron/api/review/descriptors.ts';
import { artifactPath } from '../../../electron/files/atomic.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';
import type { Store } from '../../../electron/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'zerolabel-descriptors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two videos of four segments, `[4, 1, 2]`; the file of the second is not there. */
function storeOf() {
  const sha = (n: number) => String(n).repeat(64);
  const path = artifactPath(folder, sha(1));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, writeNpy(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [4, 1, 2], 'f4'));
  const asked = { times: 0 };
  const ofSet = () => {
    asked.times++;
    return [1, 2].map((videoId) => ({ videoId, segments: 4, crops: 1, dim: 2, sha256: sha(videoId) }));
  };
  return { store: { artifactsFolder: folder, features: { ofSet } } as unknown as Store, asked };
}
const places = [
  { videoId: 1, start: 0, end: 16 },
  { videoId: 1, start: 16, end: 48 },
];

group('events as points of feature space', () => {
  it('are read once, however many ask at the same time', async () => {
    const { store, asked } = storeOf();
    const known: Vectors = new Map();
    await Promise.all([1, 2, 3].map(() => describe(store, 1, places, known)));
    expect(asked.times).toBe(1);
    expect([...known.values()].map((v) => [...v])).toEqual([
      [1, 2],
      [4, 5],
    ]);
  });

  it('are read by those behind one that fails, who is told alone', async () => {
    const { store } = storeOf();
    const known: Vectors = new Map();
    const gone = describe(store, 1, [{ videoId: 2, start: 0, end: 16 }], known);
    const there = describe(store, 1, places, known);
    await expect(gone).rejects.toThrow(/ENOENT|2{8}/);
    await there;
    expect(known.size).toBe(2);
  });
});
