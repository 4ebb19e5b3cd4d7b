// Labels in memory, in the database and in exported files. Role: a day of video, and a hundred videos of a run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../electron/compute/random.ts';
import { putArtifact } from '../../electron/files/atomic.ts';
import { exportFiles } from '../../electron/formats/export.ts';
import { openProject } from '../../electron/store/open.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { framesFromSegments } from '../../shared/labels/expand.ts';
import { frameMetrics } from '../../shared/labels/metrics.ts';
import { medianMs, type Report } from './report.ts';

/** 24 hours at 30 frames/s. */
const DAY = 162_000;

function random(length: number): Float32Array {
  return createRandom(1).fillUniform(new Float32Array(length), 0, 1);
}

export async function labels(result: Report): Promise<void> {
  const scores = random(DAY);
  const rule = { on: 0.9, off: 0.7, minFrames: 32, gapFrames: 48 };
  const frames = 16 * DAY;
  const timed = async (name: string, repeats: number, work: () => unknown): Promise<void> => {
    result.stages[name] = { value: await medianMs(repeats, work), unit: 'ms' };
  };
  await timed('expand 24 h to frames', 15, () => framesFromSegments(scores, frames));
  await timed('events of 24 h', 15, () => eventsOf(scores, frames, rule));
  const million = random(1_000_000);
  const truth = new Uint8Array(1_000_000).map((_, i) => (i % 1000 < 120 ? 1 : 0));
  await timed('metrics of 1,000,000 frames', 3, () => frameMetrics(truth, million, [0, 1_000_000]));
  const video = {
    id: 1,
    relPath: 'day.mp4',
    fingerprint: null,
    frames,
    fpsNum: 30,
    fpsDen: 1,
    size: { width: 640, height: 360 },
    secondsAt: (frame: number) => frame / 30,
    scores,
    labels: Uint8Array.from(scores, (score) => (score >= rule.on ? 1 : 0)),
    videoLabel: null,
    events: eventsOf(scores, frames, rule),
  };
  const data: Parameters<typeof exportFiles>[0] = {
    appVersion: '0',
    project: { id: 'bench', name: 'bench' },
    title: 'bench',
    source: 'run',
    run: {
      id: 1,
      name: 'bench',
      method: 'motion',
      seed: 1,
      device: 'cpu',
      createdAt: 0,
      finishedAt: 0,
      config: {},
      notes: [],
      provenance: {},
    },
    rule,
    videos: [video],
  };
  await timed('export 24 h as CSV, JSONL, WebVTT', 3, () => exportFiles(data, ['csv', 'jsonl', 'webvtt']));
}

export async function database(result: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zerolabel-bench-'));
  const store = openProject(folder, { create: { name: 'bench' } });
  try {
    const videos = 100;
    const segments = 2000;
    const setId = store.features.ensureSet({
      name: 'bench',
      extractor: 'import',
      crops: 1,
      dim: 1,
      directed: false,
    });
    const ids = Array.from({ length: videos }, (_, i) =>
      store.videos.ensureForFeatures(`video ${i}`, segments, null),
    );
    const file = await putArtifact(store.artifactsFolder, new Uint8Array(4));
    for (const videoId of ids)
      store.features.put({ setId, videoId, segments, crops: 1, dim: 1, file, seconds: 0 });
    const runId = store.runs.create({
      name: 'bench',
      method: 'motion',
      featureSetId: setId,
      seed: 1,
      device: 'cpu',
      config: {},
    });
    const started = performance.now();
    store.runs.finish(runId, {
      kind: 'train',
      videos: ids.map((videoId) => ({
        videoId,
        scores: random(segments),
        labels: new Uint8Array(segments),
        uncertainty: null,
        videoLabel: 0,
      })),
      model: null,
      threshold: { on: 0.5, off: 0.4 },
      notes: [],
      provenance: {},
      timings: {},
    });
    const ms = performance.now() - started;
    result.stages['write segment labels'] = { value: ((videos * segments) / ms) * 1000, unit: 'rows/s' };
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
