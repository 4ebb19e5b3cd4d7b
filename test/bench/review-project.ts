// A large project for measuring the review: thousands of short videos, one of a day, several runs over all of them.
// Role: real files, and rows written by the store's own functions, so that what is measured is the product. Limits: the
// short videos are a few encoded files under many names (hard links); scores are drawn, not trained.
import { linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../electron/compute/random.ts';
import { putArtifact, type StoredFile } from '../../electron/files/atomic.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { fingerprint } from '../../electron/media/fingerprint.ts';
import { inspectVideo } from '../../electron/media/probe.ts';
import { makeThumbnails } from '../../electron/media/thumbnails.ts';
import type { RgbFrame } from '../../electron/media/types.ts';
import { openProject } from '../../electron/store/open.ts';
import type { ImportedVideo, TrainResult } from '../../electron/tasks/protocol.ts';
import { encodeFrameTable, type FrameTable } from '../../shared/labels/frame-table.ts';
import { segmentCount } from '../../shared/labels/segments.ts';
import { repeatVideo } from './day-video.ts';

export interface ReviewProjectOptions {
  /** Short videos. */
  videos: number;
  /** Hours of the long one, whole; 0: none. */
  hours: number;
  runs: number;
}

export interface ReviewProject {
  folder: string;
  /** Relative path of the long video. */
  day: string;
  segments: number;
}

const WIDTH = 160;
const HEIGHT = 120;
const FPS = 25;
/** Frames of the encoded files: 20 to 96 segments. */
const LENGTHS = [320, 500, 640, 800, 1000, 1200, 1400, 1536];
/** Seconds of footage that the long video repeats. */
const REPEATED = 20;
const CAMERAS = 50;
/** Numbers of a segment. */
const DIM = 64;

function* pictures(frames: number, shade: number): Iterable<RgbFrame> {
  const data = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let n = 0; n < frames; n++) {
    data.fill(shade);
    const x = (n * 3) % (WIDTH - 16);
    for (let y = 50; y < 80; y++) data.fill(230, 3 * (y * WIDTH + x), 3 * (y * WIDTH + x + 16));
    yield { timeMs: (n * 1000) / FPS, data };
  }
}

type Facts = Omit<ImportedVideo, 'relPath' | 'path'>;

/** What an import would say about a file. */
async function factsOf(path: string, artifacts: string): Promise<Facts> {
  const { table, copyable: _, ...facts } = await inspectVideo(path);
  const thumbnails = [];
  for (const { jpeg } of await makeThumbnails(path, table))
    thumbnails.push(await putArtifact(artifacts, jpeg));
  return {
    ...facts,
    fingerprint: await fingerprint(path),
    frameTable: await putArtifact(artifacts, encodeFrameTable(table)),
    thumbnails,
  };
}

/** The same for a file that repeats another one: reading millions of packets would take longer than everything else. */
async function factsOfRepeated(path: string, base: string, times: number, artifacts: string): Promise<Facts> {
  const { table, copyable: _, ...facts } = await inspectVideo(base);
  const n = table.pts.length;
  const length = table.endPts - table.pts[0];
  const repeated: FrameTable = {
    timeBaseNum: table.timeBaseNum,
    timeBaseDen: table.timeBaseDen,
    pts: Float64Array.from({ length: n * times }, (_x, i) => table.pts[i % n] + length * Math.floor(i / n)),
    endPts: table.pts[0] + length * times,
    key: Uint8Array.from({ length: n * times }, (_x, i) => table.key[i % n]),
  };
  const thumbnails = [];
  for (const { jpeg } of await makeThumbnails(path, repeated))
    thumbnails.push(await putArtifact(artifacts, jpeg));
  return {
    ...facts,
    frames: n * times,
    durationSeconds: facts.durationSeconds * times,
    bytes: statSync(path).size,
    fingerprint: await fingerprint(path),
    frameTable: await putArtifact(artifacts, encodeFrameTable(repeated)),
    thumbnails,
  };
}

/** Low noise with a bump now and then, `[T]` in [0, 1]; about one event in 60 segments reaches 0.6. */
function drawScores(segments: number, random: ReturnType<typeof createRandom>): Float32Array {
  const noise = new Float32Array(3 * segments);
  random.fillUniform(noise, 0, 1);
  const scores = new Float32Array(segments);
  for (let k = 0; k < segments; k++) scores[k] = 0.05 + 0.2 * noise[k];
  for (let k = 0; k < segments; k++) {
    if (noise[segments + k] > 1 / 60) continue;
    const length = 1 + Math.floor(6 * noise[2 * segments + k]);
    const height = 0.4 + 0.55 * noise[2 * segments + k];
    for (let i = 0; i < length && k + i < segments; i++)
      scores[k + i] = Math.max(scores[k + i], height * (1 - 0.1 * Math.abs(i - length / 2)));
  }
  return scores;
}

/** Makes footage below `folder/footage` and the project in `folder/project`. @returns what is in it */
export async function makeReviewProject(
  folder: string,
  { videos, hours, runs }: ReviewProjectOptions,
): Promise<ReviewProject> {
  const footage = join(folder, 'footage');
  const bases = join(folder, 'bases');
  for (const path of [footage, bases]) mkdirSync(path, { recursive: true });
  const project = join(folder, 'project');
  const store = openProject(project, { create: { name: 'Large' } });
  const day = 'day/whole-day.mp4';
  const options = { width: WIDTH, height: HEIGHT, codec: 'h264', fps: FPS } as const;
  try {
    const known: { path: string; facts: Facts }[] = [];
    for (const [i, frames] of LENGTHS.entries()) {
      const path = join(bases, `${i}.mp4`);
      await encodeVideo(path, options, pictures(frames, 60 + 12 * i));
      known.push({ path, facts: await factsOf(path, store.artifactsFolder) });
    }
    const all: { id: number; segments: number }[] = [];
    const take = (relPath: string, path: string, facts: Facts): number => {
      const id = store.videos.upsertImported({ ...facts, relPath, path });
      all.push({ id, segments: segmentCount(facts.frames) });
      return id;
    };
    if (hours > 0) {
      const base = join(bases, 'day.mp4');
      await encodeVideo(base, options, pictures(REPEATED * FPS, 100));
      mkdirSync(join(footage, 'day'));
      const times = (hours * 3600) / REPEATED;
      repeatVideo(base, join(footage, day), times);
      const facts = await factsOfRepeated(join(footage, day), base, times, store.artifactsFolder);
      take(day, join(footage, day), facts);
    }
    for (let c = 0; c < CAMERAS; c++)
      mkdirSync(join(footage, `camera-${String(c + 1).padStart(2, '0')}`), { recursive: true });
    store.transaction(() => {
      for (let i = 0; i < videos; i++) {
        const camera = `camera-${String((i % CAMERAS) + 1).padStart(2, '0')}`;
        const relPath = `${camera}/clip-${String(i + 1).padStart(5, '0')}.mp4`;
        const { path: base, facts } = known[(i * 5) % known.length];
        const path = join(footage, relPath);
        linkSync(base, path);
        store.videos.setCamera([take(relPath, path, facts)], camera);
      }
    });
    const setId = store.features.ensureSet({
      name: 'drawn',
      extractor: 'import',
      crops: 1,
      dim: DIM,
      directed: false,
    });
    // One file for each length: what is compared is as much as in a real project.
    const files = new Map<number, StoredFile>();
    const drawn = createRandom(99);
    for (const segments of new Set(all.map((video) => video.segments))) {
      const values = new Float32Array(segments * DIM);
      drawn.fillNormal(values, 0, 1);
      files.set(
        segments,
        await putArtifact(store.artifactsFolder, writeNpy(values, [segments, 1, DIM], 'f4')),
      );
    }
    store.transaction(() => {
      for (const { id, segments } of all) {
        const file = files.get(segments);
        if (file) store.features.put({ setId, videoId: id, segments, crops: 1, dim: DIM, file, seconds: 0 });
      }
    });
    for (let r = 0; r < runs; r++) {
      const random = createRandom(r + 1);
      const runId = store.runs.create({
        name: `run ${r + 1}`,
        method: 'rarity',
        featureSetId: setId,
        seed: r + 1,
        device: 'cpu',
        config: {},
      });
      const result: TrainResult = {
        kind: 'train',
        videos: all.map(({ id, segments }) => {
          const scores = drawScores(segments, random);
          const labels = Uint8Array.from(scores, (score) => (score >= 0.6 ? 1 : 0));
          return { videoId: id, scores, labels, uncertainty: null, videoLabel: null };
        }),
        model: null,
        threshold: { on: 0.6, off: 0.4 },
        notes: [],
        provenance: {},
        timings: {},
      };
      store.runs.finish(runId, result);
    }
    rmSync(bases, { recursive: true });
    return { folder: project, day, segments: all.reduce((sum, { segments }) => sum + segments, 0) };
  } finally {
    store.close();
  }
}
