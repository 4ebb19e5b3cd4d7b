// node electron/hosts/launch.ts --entry bench-wocc --project P [--features NAME] [--seeds 1,2] [--only test/] [--set k=v ...]
// Role: trains wOCC-WS on a project with ground truth and prints T and both models' frame AUC after every module, which a
// run keeps only for the last one. Limits: looks at the truth only to print; stores nothing.
import { parseArgs } from 'node:util';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { loadFeatures } from '../../electron/features/load.ts';
import { artifactPath } from '../../electron/files/atomic.ts';
import { methods } from '../../electron/methods/index.ts';
import { woccConfig } from '../../electron/methods/wocc-ws/config.ts';
import { trainWocc } from '../../electron/methods/wocc-ws/method.ts';
import { openProject } from '../../electron/store/open.ts';
import { framesFromSegments } from '../../shared/labels/expand.ts';
import { toVector } from '../../shared/labels/intervals.ts';
import { rankMetrics } from '../../shared/labels/metrics.ts';

const { values: options } = parseArgs({
  options: {
    project: { type: 'string' },
    features: { type: 'string', default: 'cellmotion-v1' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string', default: 'test/' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
if (!options.project) throw new Error('Name a project: --project FOLDER.');
const store = openProject(options.project);
const set = store.features.sets().find(({ name }) => name === options.features);
if (!set) throw new Error(`There are no features "${options.features}" in this project.`);
const given = Object.fromEntries(
  options.set.map((text) => {
    const [key, ...rest] = text.split('=');
    const value = rest.join('=');
    return [key, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
  }),
);
const config = woccConfig.parse(methods['wocc-ws'].complete(set.extractor, given));
const files = store.features.ofSet(set.id);
const videos = await loadFeatures(
  files.map((f) => ({ ...f, path: artifactPath(store.artifactsFolder, f.sha256) })),
);
const footage = new Map(store.videos.list().map((video) => [video.id, video]));
const truth = new Map(store.truth.all().map(({ videoId, intervals }) => [videoId, intervals]));
const device = await openDevice('cpu');

/** Frame AUC over the videos whose path begins so. @param scores of all segments, video after video. */
function auc(scores: Float64Array, below: string): string {
  const [labels, values]: [number[], number[]] = [[], []];
  let at = 0;
  for (const { videoId, segments } of videos) {
    const own = Float32Array.from(scores.subarray(at, at + segments));
    at += segments;
    const { frames, relPath } = footage.get(videoId)!;
    if (!relPath.startsWith(below)) continue;
    labels.push(...toVector(truth.get(videoId) ?? [], frames));
    values.push(...framesFromSegments(own, frames));
  }
  return rankMetrics(labels, values)?.auc.toFixed(3) ?? '-';
}

console.log(`${JSON.stringify(given)} on ${set.name}`);
console.log(`seed  module    T  one-class ${options.only} / pool  weak ${options.only} / pool  seconds`);
for (const seed of options.seeds.split(',').map(Number)) {
  const thresholds: number[] = [];
  let begun = performance.now();
  const points: { x: number; y: number }[] = [];
  const output = await trainWocc(
    {
      videos,
      videoLabels: videos.map(({ videoId }) => {
        const intervals = truth.get(videoId);
        return intervals ? (intervals.length > 0 ? 1 : 0) : null;
      }),
      extractor: set.extractor,
      seed,
      device,
      signal: new AbortController().signal,
      progress: () => {},
      points: (list) => points.push(...list.filter(({ series }) => series === 'T per module')),
      loadCheckpoint: async () => null,
      saveCheckpoint: async () => {},
    },
    config,
    ({ module, oneClassScores, weakScores }) => {
      const t = points.find(({ x }) => x === module)?.y ?? 0;
      thresholds.push(t);
      const seconds = (performance.now() - begun) / 1000;
      begun = performance.now();
      const both = (scores: Float64Array): string => `${auc(scores, options.only)} / ${auc(scores, '')}`;
      console.log(
        `${seed}     ${module}       ${t}   ${both(oneClassScores)}   ${both(weakScores)}   ${seconds.toFixed(0)}`,
      );
    },
  );
  console.log(
    `${seed}     end: ${String(output.provenance.stop)}, ${JSON.stringify(output.provenance.thresholds)}`,
  );
}
await device.dispose();
store.close();
