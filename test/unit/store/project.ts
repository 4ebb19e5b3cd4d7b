// Projects in temporary folders, for the tests of the store. Limits: real SQLite files, real artifact files.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { putArtifact } from '../../../electron/files/atomic.ts';
import { openProject } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import type { Artifact, ImportedVideo, TrainResult } from '../../../electron/tasks/protocol.ts';
import { encodeFrameTable } from '../../../shared/labels/frame-table.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new project in a folder of its own, closed when the test ends. */
export function newProject(name = 'Test'): Store {
  const store = openProject(join(temporaryFolder(), 'project'), { create: { name } });
  onTestFinished(() => store.close());
  return store;
}

/** Text as an artifact of the store. */
export function artifactOf(store: Store, text: string): Promise<Artifact> {
  return putArtifact(store.artifactsFolder, new TextEncoder().encode(text));
}

/** What an import reports about a video of `pts.length` frames, with its frame table stored. Ticks of 1/1000 s. */
export async function imported(
  store: Store,
  relPath: string,
  pts: number[],
  more: Partial<ImportedVideo> = {},
): Promise<ImportedVideo> {
  const step = pts.length > 1 ? pts[1] - pts[0] : 40;
  const table = encodeFrameTable({
    pts: Float64Array.from(pts),
    timeBaseNum: 1,
    timeBaseDen: 1000,
    endPts: (pts.at(-1) ?? 0) + step,
    key: new Uint8Array(pts.length),
  });
  return {
    relPath,
    path: `/videos/${relPath}`,
    state: 'ready',
    problem: null,
    container: 'mp4',
    codec: 'h264',
    width: 320,
    height: 240,
    frames: pts.length,
    fpsNum: 1000,
    fpsDen: step,
    vfr: false,
    durationSeconds: ((pts.at(-1) ?? 0) + step) / 1000,
    bytes: 1000,
    fingerprint: `print of ${relPath}`,
    playable: 'direct',
    frameTable: await putArtifact(store.artifactsFolder, table),
    thumbnails: [await artifactOf(store, `thumbnail of ${relPath}`)],
    ...more,
  };
}

/** Presentation times of a video with a constant interval. */
export function steadyTimes(frames: number, step = 40, start = 0): number[] {
  return Array.from({ length: frames }, (_, i) => start + i * step);
}

/** A project with one feature-only video per entry of `segments`, one feature set and one running run with its job. */
export async function runningProject(
  store: Store,
  segments: number[],
): Promise<{ setId: number; runId: number; jobId: number; videoIds: number[] }> {
  const setId = store.features.ensureSet({
    name: 'set',
    extractor: 'import',
    crops: 1,
    dim: 4,
    directed: false,
  });
  const file = await artifactOf(store, 'features');
  const videoIds = store.transaction(() =>
    segments.map((n, i) => {
      const videoId = store.videos.ensureForFeatures(`clips/clip${i}.npy`, n, null);
      store.features.put({ setId, videoId, segments: n, crops: 1, dim: 4, file, seconds: 0 });
      return videoId;
    }),
  );
  const config = { beta: 0.2 };
  const runId = store.runs.create({
    name: 'first',
    method: 'c2fpl',
    featureSetId: setId,
    seed: 1,
    device: 'auto',
    config,
  });
  store.jobs.create({ kind: 'train', title: 'Train', payload: { runId }, runId });
  const jobId = store.jobs.claimNext(['train']) as number;
  return { setId, runId, jobId, videoIds };
}

/** A training result with scores 0, 1/T, 2/T ... and labels 1 where the score is at least one half. */
export function resultFor(videos: { videoId: number; segments: number }[]): TrainResult {
  return {
    kind: 'train',
    videos: videos.map(({ videoId, segments }) => {
      const scores = Float32Array.from({ length: segments }, (_, k) => k / segments);
      return {
        videoId,
        scores,
        labels: Uint8Array.from(scores, (s) => (s >= 0.5 ? 1 : 0)),
        uncertainty: null,
        videoLabel: 1,
      };
    }),
    model: null,
    threshold: { on: 0.75, off: 0.25 },
    notes: ['A note.'],
    provenance: { device: { name: 'cpu', title: 'CPU' } },
    timings: { train: 1.5 },
  };
}
