// Boxes and poses on the command line: import with a report, a run that looks at poses, and what is missing in plain words.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../electron/api/engine.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { writeOwnPoses } from '../../electron/features/poses/own.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { openProject } from '../../electron/store/open.ts';
import { decodeDetections } from '../../shared/labels/detections.ts';
import { REMOVE } from '../remove.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-detections-'));
const project = join(root, 'project');
const before = process.env.ZEROLABEL_DATA;
const VIDEOS = 4;
const SEGMENTS = 8;

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(''), err: err.join('') };
}

/** Somebody whose joints swing, in all frames of a video but the last few. */
function walker(seed: number) {
  const length = 16 * SEGMENTS - 5;
  const random = createRandom(seed);
  const keypoints = Float32Array.from({ length: length * 51 }, (_, i) => {
    const [t, j, axis] = [Math.floor(i / 51), Math.floor((i % 51) / 3), i % 3];
    if (axis === 2) return 0.9;
    return 100 + 10 * j + 8 * Math.sin(0.3 * t + j + seed) + random.normal();
  });
  return {
    id: seed,
    frames: Int32Array.from({ length }, (_, t) => t),
    keypoints,
    scores: new Float64Array(length).fill(0.9),
  };
}

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  const features = join(root, 'features');
  const poses = join(root, 'poses');
  mkdirSync(features);
  mkdirSync(poses);
  const random = createRandom(1);
  for (let v = 0; v < VIDEOS; v++) {
    const data = random.fillNormal(new Float32Array(SEGMENTS * 8), 0, 1);
    writeFileSync(join(features, `clip${v}.npy`), writeNpy(data, [SEGMENTS, 1, 8], 'f4'));
    if (v < VIDEOS - 1)
      writeFileSync(
        join(poses, `clip${v}.poses.json`),
        writeOwnPoses(`clip${v}`, [walker(v), walker(v + 10)]),
      );
  }
  writeFileSync(join(poses, 'broken.json'), '{"1": {"0": {"keypoints": [1, 2]}}}');
  const made = await cli('-p', project, 'features', features, '--name', 'given');
  expect(made.code, made.err).toBe(0);
}, 60_000);
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, REMOVE);
});

const small = [
  ...['oneClass=stgnf', 'poseLength=16', 'batchSizePose=32', 'maxModules=1', 'stepsPerModule=1'],
  ...['weakBatches=1', 'oneClassEpochs=1', 'bags=2', 'ratio=0.3'],
].flatMap((set) => ['--set', set]);

describe('boxes and poses on the command line', () => {
  it('are missed by a run that needs them, with the way out', async () => {
    const { code, err } = await cli('-p', project, 'train', 'wocc-ws', ...small);
    expect(code).toBe(1);
    expect(err).toMatch(/needs poses, and no video has any\. Import the poses of a tracker first/);
  }, 60_000);

  it('are imported with a report of what went where', async () => {
    const { code, out } = await cli('-p', project, '--json', 'detections', join(root, 'poses'));
    expect(code).toBe(0);
    const { report } = JSON.parse(out);
    expect(
      report.matched.map((m: { key: string; relPath: string; tracks: number }) => [
        m.key,
        m.relPath,
        m.tracks,
      ]),
    ).toEqual([0, 1, 2].map((v) => [`clip${v}`, `clip${v}`, 2]));
    expect(report.problems[0]).toMatch(/broken\.json.*must be 51 numbers/);
    expect(report.without).toEqual([{ kind: 'poses', videos: 1 }]);
    const text = (await cli('-p', project, 'detections')).out;
    expect(text).toMatch(/poses +3 +0 +738 +1/);
    const none = join(root, 'other.csv');
    writeFileSync(none, 'video,frame,x1,y1,x2,y2\nelsewhere,0,1,1,9,9\n');
    const refused = await cli('-p', project, 'detections', none);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/Nothing was imported\. No video of the project has this name/);
  }, 60_000);

  it('are looked at by a run, which says who has none', async () => {
    const { code, out, err } = await cli(
      '-p',
      project,
      '--json',
      'train',
      'wocc-ws',
      ...small,
      '--device',
      'cpu',
    );
    expect(code, err).toBe(0);
    const [run] = JSON.parse(out).runs;
    expect(run.notes.join(' ')).toMatch(/Of 4 videos, 1 have no pose file/);
    const store = openProject(project);
    const scores = store.runs.allScores(run.id);
    expect(scores).toHaveLength(VIDEOS);
    for (const { scores: own } of scores) expect(own).toHaveLength(SEGMENTS);
    store.close();
  }, 120_000);

  it('are in what is shown of the run: options, notes, curves, and how labels evolved', async () => {
    const list = await cli('-p', project, 'runs');
    expect(list.out).toMatch(/run +number .* state +AUC\n.*wocc-ws +1 +cpu +4 +32 +done +-/);
    const { code, out } = await cli('-p', project, 'runs', '1');
    expect(code).toBe(0);
    expect(out).toContain('oneClass=stgnf');
    expect(out).toMatch(/- Of 4 videos, 1 have no pose file/);
    expect(out).toMatch(/T per module +\d+/);
    // Four videos of eight segments, one module: two scores and the labels of each.
    expect(out.match(/One-class model +[▁-█]{8}\n/g)).toHaveLength(VIDEOS);
    expect(out.match(/Weak model +[▁-█]{8}\n/g)).toHaveLength(VIDEOS);
    expect(out.match(/Label +[▁█]{8}(\n|$)/g)).toHaveLength(VIDEOS);
    const { runs } = JSON.parse((await cli('-p', project, '--json', 'runs', '1')).out);
    expect(runs[0].maps).toHaveLength(VIDEOS);
    expect(runs[0].curve.length).toBeGreaterThan(0);
    const none = await cli('-p', project, 'runs', 'nothing');
    expect(none.code).toBe(2);
    expect(none.err).toMatch(/No run is named "nothing"/);
  }, 60_000);

  it('are served by frame range', async () => {
    const engine = await createEngine({
      spawn: () => {
        throw new Error('nothing is started here');
      },
      host: 'cli',
      appData: join(root, 'data'),
      roots: [],
    });
    await engine.open(project);
    const [video] = await engine.call('videos.list', {});
    expect(video.detections).toMatchObject([{ kind: 'poses', objects: 246, tracks: 2 }]);
    const answer = async (url: string) => engine.respond(new Request(`http://127.0.0.1${url}`));
    const found = await answer(`/detections/${video.id}/poses/10-13`);
    expect(found.status).toBe(200);
    const { first, starts, values } = decodeDetections(new Uint8Array(await found.arrayBuffer()));
    expect([first, Array.from(starts)]).toEqual([10, [0, 2, 4, 6]]);
    expect(values).toHaveLength(6 * 52);
    expect((await answer(`/detections/${video.id}/boxes/0-9`)).status).toBe(404);
    await engine.close();
  });
});
