// Sound beside pictures: files of a second kind become one feature set with the first, matched by name and aligned.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { artifactPath, putArtifact } from '../../electron/files/atomic.ts';
import { readNpy, writeNpy } from '../../electron/formats/npy.ts';
import { featuresKind } from '../../electron/jobs/kinds/features.ts';
import { openProject } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import { runFeatures } from '../../electron/tasks/features.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-join-'));
  store = openProject(join(folder, 'project'), { create: { name: 'join' } });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i);

test('a new set of both kinds; what fits nothing or cannot be aligned is told', async () => {
  const setId = store.features.ensureSet({
    name: 'i3d',
    extractor: 'import',
    crops: 1,
    dim: 2,
    directed: false,
  });
  for (const name of ['a', 'b', 'c', 'd']) {
    const videoId = store.videos.ensureForFeatures(name, 4, null);
    const file = await putArtifact(store.artifactsFolder, writeNpy(ramp(8), [4, 1, 2], 'f4'));
    store.features.put({ setId, videoId, segments: 4, crops: 1, dim: 2, file, seconds: 0 });
  }
  const sound = { 'a_vggish.npy': 5, 'b__vggish.npy': 2, 'c.npy': 100, 'other.npy': 4 };
  const files = Object.entries(sound).map(([relPath, vectors]) => {
    const path = join(folder, relPath);
    writeFileSync(path, writeNpy(ramp(vectors), [vectors, 1], 'f4'));
    return { path, relPath };
  });
  const payload = featuresKind.payload.parse({ name: 'both', files, beside: setId });
  const jobId = store.jobs.create({ kind: 'features', title: '', payload, runId: null });
  const task = featuresKind.plan(store, payload, store.jobs.get(jobId));
  if (task?.kind !== 'features') throw new Error('no task');
  const result = await runFeatures(task, {
    signal: new AbortController().signal,
    progress: () => {},
    send: (message) => void featuresKind.received?.(store, payload, message),
  });
  if (result.kind !== 'features') throw new Error('another result');

  const both = store.features.sets().find((set) => set.name === 'both');
  expect(both).toMatchObject({ dim: 3, videos: 2, segments: 8, segmentation: 'frames' });
  const stored = store.features.ofSet(both?.id ?? 0).map(({ relPath, sha256 }) => {
    const { data } = readNpy(readFileSync(artifactPath(store.artifactsFolder, sha256)), relPath);
    return [relPath, [...data]];
  });
  expect(stored).toEqual([
    ['a', [0, 1, 0, 2, 3, 1, 4, 5, 2, 6, 7, 3]],
    ['b', [0, 1, 0, 2, 3, 0.25, 4, 5, 0.75, 6, 7, 1]],
  ]);
  expect(store.videos.list()).toHaveLength(4);
  expect(result.taken).toBe(2);
  expect(result.problems.join('\n')).toMatch(
    /c\.npy has 100 vectors where the video has 4 segments[\s\S]*other\.npy was left out: no video of these features has its name[\s\S]*1 video has no file and is not among the new features: d\./,
  );
});
