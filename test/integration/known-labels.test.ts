// Known labels of whole videos from each source, matched to the videos of a feature set.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stepOf } from '../../electron/api/review/edits.ts';
import { putArtifact } from '../../electron/files/atomic.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { trainKind } from '../../electron/jobs/kinds/train.ts';
import { trainRequest } from '../../electron/jobs/requests.ts';
import { storeTruth } from '../../electron/jobs/truth.ts';
import { givenLabels } from '../../electron/jobs/video-labels.ts';
import { methods } from '../../electron/methods/index.ts';
import { openProject } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import type { TaskOf } from '../../electron/tasks/protocol.ts';
import { runTrain } from '../../electron/tasks/train.ts';
import { type Input, reviewEdit, type VideoLabelSource } from '../../shared/contract/index.ts';
import { wantsLabels } from '../../shared/method-needs.ts';

const NAMES = ['a/one', 'b/one', 'b/Normal_two'];
let folder: string;
let store: Store;
let setId: number;
let ids: number[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-labels-'));
  store = openProject(folder, { create: { name: 'labels' } });
  setId = store.features.ensureSet({ name: 'f', extractor: 'import', crops: 1, dim: 2, directed: false });
  const file = await putArtifact(store.artifactsFolder, writeNpy(new Float32Array(8), [4, 1, 2], 'f4'));
  ids = NAMES.map((name) => {
    const videoId = store.videos.ensureForFeatures(name, 4, null);
    store.features.put({ setId, videoId, segments: 4, crops: 1, dim: 2, file, seconds: 0 });
    return videoId;
  });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const labels = (source: VideoLabelSource, text?: string, name = '/somewhere/list.txt') => {
  const list = text === undefined ? null : { name, bytes: Buffer.from(text) };
  const { given, counts } = givenLabels(store, setId, source, list);
  const known = new Map(given.labels.map(({ videoId, label }) => [videoId, label]));
  return { labels: ids.map((id) => known.get(id) ?? null), file: given.file, ...counts };
};

test('a list: the longest tail of the path decides, and what fits nothing is counted', () => {
  expect(labels('list', 'x/b/one.mp4 1\na/one 0\nelsewhere 1')).toEqual({
    labels: [0, 1, null],
    file: 'list.txt',
    anomalous: 1,
    normal: 1,
    unknown: 1,
    unmatched: 1,
  });
  expect(labels('list', 'one\nNormal_two').labels).toEqual([1, 1, 0]);
  expect(() => labels('list', 'x/one 0\ny/one 1')).toThrow(
    'list.txt has several entries for a/one that disagree',
  );
  expect(() => labels('list', 'other 1')).toThrow('list.txt fits no video of these features. It lists other');
});

test('ground truth, of the project or as a file', () => {
  expect(() => labels('truth')).toThrow('No video of these features has ground truth');
  const truth = JSON.stringify({
    videos: { 'a/one': { n_frames: 64, anomalous: [[3, 5]] }, 'b/one': { n_frames: 64, anomalous: [] } },
  });
  expect(labels('list', truth, 'gt.json').labels).toEqual([1, 0, null]);
  storeTruth(store, 'gt.json', Buffer.from(truth), null);
  expect(labels('truth')).toMatchObject({ labels: [1, 0, null], file: 'gt.json' });
});

test('review: an accepted event is anomalous, a video watched to the end without one is normal', () => {
  expect(() => labels('reviewed')).toThrow('No video of these features is reviewed to the end');
  const edit = (what: Input<'review.edit'>['edit']) =>
    store.transaction(() =>
      store.review.commit(stepOf(store, { reviewer: 'ada', pass: 1 }, reviewEdit.parse(what))),
    );
  edit({ type: 'create', videoId: ids[0], range: { start: 16, end: 32 }, kind: 'event' });
  edit({ type: 'create', videoId: ids[1], range: { start: 0, end: 64 }, kind: 'watched' });
  edit({ type: 'create', videoId: ids[2], range: { start: 0, end: 32 }, kind: 'watched' });
  const { labels: found, file } = labels('reviewed');
  expect(found[1]).toBe(0);
  expect(found[2]).toBeNull();
  expect(file).toBeNull();
  expect(found[0]).toBe(1);
});

test('labels and mixed precision stay with the job: what is known later changes nothing, and the run names what fitted nothing', async () => {
  const { given } = givenLabels(store, setId, 'list', {
    name: 'l.txt',
    bytes: Buffer.from('b/one 1\na/one 0\nelsewhere 1'),
  });
  const request = (config: Record<string, unknown>, with_: typeof given | null) =>
    trainRequest(store, {
      method: 'cu',
      featureSetId: setId,
      seed: 1,
      device: 'cpu',
      name: '',
      config,
      given: with_,
      mixedPrecision: with_ !== null,
    });
  const { runId, request: known } = request({ videoLabels: 'known' }, given);
  storeTruth(
    store,
    'gt.json',
    Buffer.from('{"videos": {"a/one": {"n_frames": 64, "anomalous": [[0, 9]]}}}'),
    null,
  );
  const jobId = store.jobs.create({ kind: 'train', title: '', payload: known.payload, runId });
  const task = trainKind.plan(store, trainKind.payload.parse(known.payload), store.jobs.get(jobId));
  expect(task).toMatchObject({
    mixedPrecision: true,
    labelSource: { source: 'list', file: 'l.txt', unmatched: ['elsewhere'] },
    features: [{ videoLabel: 0 }, { videoLabel: null }, { videoLabel: 1 }],
  });
  const motion = { method: 'motion', config: methods.motion.complete('import', {}) } as const;
  const context = { signal: new AbortController().signal, progress: () => {}, send: () => {} };
  const result = await runTrain({ ...(task as TaskOf<'train'>), ...motion }, context);
  expect(result).toMatchObject({
    notes: expect.arrayContaining([
      'Video labels came from l.txt; 1 name in it fits no video of these features: elsewhere.',
    ]),
  });
  const { request: blind } = request({}, null);
  const without = trainKind.plan(store, trainKind.payload.parse(blind.payload), store.jobs.get(jobId));
  expect(without).toMatchObject({ labelSource: null, features: Array(3).fill({ videoLabel: null }) });
  expect(wantsLabels(methods.cu.info, { videoLabels: 'coarse' })).toBe(false);
  expect(wantsLabels(methods.gcl.info, { variant: 'ws' })).toBe(true);
  expect(wantsLabels(methods.motion.info, {})).toBe(false);
});
