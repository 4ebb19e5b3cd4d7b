// Features that are equal shares of a video, from import to metrics: lengths that come with the ground truth or the
// footage, rows of segments, scores per 16 frames for the page, and the real C3D features of UCF-Crime.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluateRun } from '../../electron/api/evaluation.ts';
import { readReadyFeatures } from '../../electron/features/ready.ts';
import { putArtifact } from '../../electron/files/atomic.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { storeTruth } from '../../electron/jobs/truth.ts';
import { openProject } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import { imported } from '../unit/store/project.ts';

const shared = process.env.ZEROLABEL_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');
const c3d = join(shared, 'data', 'ucf-crime-c3d-10');

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-shares-'));
  store = openProject(folder, { create: { name: 'shares' } });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A set of shares with the given videos, and a finished run whose scores are what `score` says. */
async function run(names: string[], shares: number, score: (name: string) => Float32Array) {
  const setId = store.features.ensureSet({
    name: 'c3d',
    extractor: 'import',
    crops: 1,
    dim: 1,
    directed: false,
    segmentation: 'shares',
  });
  const file = await putArtifact(
    store.artifactsFolder,
    writeNpy(new Float32Array(shares), [shares, 1, 1], 'f4'),
  );
  const ids = names.map((name) => {
    const videoId = store.videos.ensureForFeatures(name, shares, null, 'shares');
    store.features.put({ setId, videoId, segments: shares, crops: 1, dim: 1, file, seconds: 0 });
    return videoId;
  });
  const runId = store.runs.create({
    name: 'r',
    method: 'motion',
    featureSetId: setId,
    seed: 1,
    device: 'cpu',
    config: {},
  });
  store.runs.finish(runId, {
    kind: 'train',
    videos: ids.map((videoId, i) => {
      const scores = score(names[i]);
      const labels = Uint8Array.from(scores, (x) => (x >= 0.5 ? 1 : 0));
      return { videoId, scores, labels, uncertainty: null, videoLabel: null };
    }),
    model: null,
    threshold: { on: 0.5, off: 0.5 },
    notes: [],
    provenance: {},
    timings: {},
  });
  return { setId, runId, ids };
}

const truth = (videos: Record<string, unknown>) => Buffer.from(JSON.stringify({ videos }));
const rows = () => {
  const db = new Database(join(folder, 'project.sqlite'), { readonly: true });
  try {
    return db
      .prepare('SELECT start_frame AS a, end_frame AS b FROM segment_labels ORDER BY video_id, segment')
      .raw()
      .all();
  } finally {
    db.close();
  }
};

describe('lengths', () => {
  test('come with the ground truth, and the segments get their frames', async () => {
    const { runId, ids } = await run(['a', 'b'], 4, () => Float32Array.of(0, 1, 0, 0.5));
    expect(rows().slice(0, 2)).toEqual([
      [0, 16],
      [16, 32],
    ]);
    storeTruth(
      store,
      'gt.json',
      truth({ a: { n_frames: 102, anomalous: [[30, 40]] }, b: { n_frames: 20, anomalous: [] } }),
      null,
    );
    expect(ids.map((id) => store.videos.get(id).frames)).toEqual([102, 20]);
    expect(rows()).toEqual([
      [0, 26],
      [26, 51],
      [51, 77],
      [77, 102],
      [0, 5],
      [5, 10],
      [10, 15],
      [15, 20],
    ]);
    // The page sees segments of 16 frames; the middles 7, 23, 39, 55, 71, 87 and 98 lie in these shares.
    expect([...(store.runs.scored(runId, ids[0])?.scores ?? [])]).toEqual([0, 0, 1, 0, 0, 0.5, 0.5]);
    expect(
      evaluateRun(store, runId, { protocol: 'trimmed', tail: 'pad_last', only: null, smooth: 0 }),
    ).toMatchObject({
      frames: 122,
      anomalousFrames: 11,
    });
  });

  test('come with the footage of the same name', async () => {
    const { runId, ids } = await run(['a'], 4, () => Float32Array.of(0, 1, 0, 0.5));
    const id = store.videos.upsertImported(
      await imported(
        store,
        'a.mp4',
        Array.from({ length: 400 }, (_, i) => 40 * i),
      ),
    );
    expect(id).toBe(ids[0]);
    expect(store.runs.scored(runId, id)?.scores).toHaveLength(25);
    expect(store.videos.withoutLength().size).toBe(0);
  });

  test('a set keeps what its vectors are', async () => {
    await run(['a'], 4, () => new Float32Array(4));
    const other = { name: 'c3d', extractor: 'import', crops: 1, dim: 1, directed: false };
    expect(() => store.features.ensureSet(other)).toThrow('are equal shares of a video');
  });
});

test.skipIf(!existsSync(c3d))(
  'UCF-Crime: distance to the median feature reaches the AUC of the data set',
  async () => {
    const files = readdirSync(join(c3d, 'features')).sort();
    const score = (name: string): Float32Array => {
      const path = join(c3d, 'features', `${name}.txt`);
      const { segments, dim, data } = readReadyFeatures(readFileSync(path), path);
      const median = Float64Array.from({ length: dim }, (_, d) => {
        const column = Float32Array.from({ length: segments }, (_, t) => data[t * dim + d]).sort();
        return (column[segments / 2 - 1] + column[segments / 2]) / 2;
      });
      return Float32Array.from({ length: segments }, (_, t) =>
        Math.sqrt(median.reduce((sum, m, d) => sum + (data[t * dim + d] - m) ** 2, 0)),
      );
    };
    const { runId } = await run(
      files.map((file) => file.replace('.txt', '')),
      32,
      score,
    );
    storeTruth(store, 'gt_frames.json', readFileSync(join(c3d, 'gt_frames.json')), null);
    const metrics = evaluateRun(store, runId, {
      protocol: 'trimmed',
      tail: 'pad_last',
      only: null,
      smooth: 0,
    });
    expect(metrics).toMatchObject({ videos: 10, frames: 12_459, anomalousFrames: 1478 });
    expect(metrics.microAuc).toBeCloseTo(0.754, 3);
    const official = evaluateRun(store, runId, {
      protocol: 'official',
      tail: 'pad_last',
      only: null,
      smooth: 0,
    });
    expect(official.frames).toBe(12_459);
    expect(Math.abs((official.microAuc ?? 0) - 0.754)).toBeLessThan(0.05);
  },
);
