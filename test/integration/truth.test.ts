// Ground truth into a project: what a second file does to the first, and what a file does that fits nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeNpy } from '../../electron/formats/npy.ts';
import { storeTruth } from '../../electron/jobs/truth.ts';
import { openProject } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import { toErrorData } from '../../shared/errors.ts';

let folder: string;
let store: Store;
let ids: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-truth-'));
  store = openProject(folder, { create: { name: 'truth' } });
  ids = ['test/01', 'test/02'].map((name) => store.videos.ensureForFeatures(name, 4, null));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const list = (entries: Record<string, [number, number][]>) =>
  Buffer.from(
    JSON.stringify({
      videos: Object.fromEntries(
        Object.entries(entries).map(([key, anomalous]) => [key, { n_frames: 64, anomalous }]),
      ),
    }),
  );
const vector = (from: number) =>
  writeNpy(
    Uint8Array.from({ length: 64 }, (_, i) => Number(i >= from)),
    [64],
    'u1',
  );
const known = () => ids.map((id) => store.truth.get(id)?.intervals ?? null);

test('a list of videos takes the place of the one before; vectors of single videos join each other', () => {
  storeTruth(store, 'a.json', list({ 'test/01': [[0, 9]], 'test/02': [] }), null);
  storeTruth(store, 'b.json', list({ 'test/02': [[5, 9]] }), null);
  expect(known()).toEqual([null, [{ start: 5, end: 10 }]]);
  storeTruth(store, '/gt/test/01.npy', vector(32), null);
  storeTruth(store, '/gt/test/02.npy', vector(48), null);
  expect(known()).toEqual([[{ start: 32, end: 64 }], [{ start: 48, end: 64 }]]);
});

test('a file that fits no video changes nothing and says what it knows', () => {
  storeTruth(store, 'a.json', list({ 'test/01': [[0, 9]], 'test/02': [] }), null);
  const refused = (name: string, bytes: Uint8Array) => {
    try {
      storeTruth(store, name, bytes, null);
    } catch (error) {
      return toErrorData(error);
    }
    throw new Error('not refused');
  };
  const other = refused('other.json', list({ 'v/1': [], 'v/2': [], 'v/3': [], 'v/4': [] }));
  expect(other.code).toBe('conflict');
  expect(other.message).toContain('It knows v/1, v/2, v/3 and 1 more; the project holds test/01, test/02.');
  expect(refused('01.npy', writeNpy(new Uint8Array(500), [500], 'u1')).message).toContain(
    '500 frames in the file, 64 in test/01',
  );
  expect(known()).toEqual([[{ start: 0, end: 10 }], []]);
});
