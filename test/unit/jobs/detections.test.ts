import { describe, expect, it } from 'vitest';
import { putArtifact } from '../../../electron/files/atomic.ts';
import { lastDetectionReport, storeDetections } from '../../../electron/jobs/detections.ts';
import type { Store } from '../../../electron/store/store.ts';
import type { FoundDetections } from '../../../electron/tasks/protocol.ts';
import { encodeDetections, gatherDetections } from '../../../shared/labels/detections.ts';
import { imported, newProject, steadyTimes } from '../store/project.ts';

async function project(paths: string[]): Promise<Store> {
  const store = newProject();
  for (const path of paths) store.videos.upsertImported(await imported(store, path, steadyTimes(100)));
  return store;
}

async function found(
  store: Store,
  key: string,
  file: string,
  more: Partial<FoundDetections> = {},
): Promise<FoundDetections> {
  const artifact = await putArtifact(store.artifactsFolder, encodeDetections(gatherDetections('boxes', [])));
  return { key, file, kind: 'boxes', objects: 3, frames: 2, tracks: 0, length: 100, artifact, ...more };
}

function run(store: Store, list: FoundDetections[], below: string | null = null) {
  const report = storeDetections(
    store,
    7,
    1,
    { kind: 'detections', found: list, problems: [], notes: [] },
    below,
  );
  return { report, pairs: report.matched.map(({ key, relPath }) => [key, relPath]) };
}

describe('boxes and poses of an import', () => {
  it('go to the video of their name, in the folder that the file names where several fit', async () => {
    const store = await project(['test/01.mp4', 'train/01.mp4', 'train/02.mp4']);
    const { report, pairs } = run(store, [
      await found(store, '01', 'boxes_test.csv'),
      await found(store, '02', 'boxes_test.csv'),
    ]);
    expect(pairs).toEqual([
      ['01', 'test/01.mp4'],
      ['02', 'train/02.mp4'],
    ]);
    expect(report.without).toEqual([{ kind: 'boxes', videos: 1 }]);
    expect(lastDetectionReport(store, 7)).toEqual(report);
    expect(lastDetectionReport(store, 8)).toBeNull();
    expect(store.detections.summary()[0]).toMatchObject({ kind: 'boxes', videos: 2, objects: 6, without: 1 });
  });

  it('are refused where nobody can tell the video, unless a folder is named', async () => {
    const store = await project(['test/01.mp4', 'train/01.mp4']);
    const entry = await found(store, '01', 'boxes.csv');
    expect(run(store, [entry]).report.unmatched[0].why).toMatch(/fits several videos/);
    expect(run(store, [entry], 'train/').pairs).toEqual([['01', 'train/01.mp4']]);
    expect(run(store, [entry], 'tra').report.unmatched[0].why).toMatch(/No video/);
  });

  it('match with the extension of the video, and by the name of their file', async () => {
    const store = await project(['a/clip.mp4', 'Bad.Boys.mp4']);
    const { pairs } = run(store, [
      await found(store, 'clip.mp4', 'x.csv'),
      await found(store, '', 'Bad.Boys_alphapose_tracked_person.json', { kind: 'poses' }),
    ]);
    expect(pairs).toEqual([
      ['clip.mp4', 'a/clip.mp4'],
      ['Bad.Boys', 'Bad.Boys.mp4'],
    ]);
  });

  it('that go beyond the end of the video are refused with the way out', async () => {
    const store = await project(['a.mp4', 'b.mp4']);
    const { report } = run(store, [
      await found(store, 'a', 'x.csv', { length: 101 }),
      await found(store, 'b', 'x.csv', { length: 150 }),
    ]);
    expect(report.unmatched.map(({ why }) => why)).toEqual([
      expect.stringMatching(/up to frame 100.*ends with frame 99.*counts frames from 1/),
      expect.stringMatching(/another video/),
    ]);
  });

  it('of two files for one video are taken once', async () => {
    const store = await project(['a.mp4']);
    const { report, pairs } = run(store, [
      await found(store, 'a', 'x.csv'),
      await found(store, 'a', 'y.csv'),
    ]);
    expect(pairs).toEqual([['a', 'a.mp4']]);
    expect(report.unmatched[0].why).toMatch(/has its boxes from x\.csv already/);
  });

  it('of a later import take the place of earlier ones; removing a video removes them', async () => {
    const store = await project(['a.mp4']);
    run(store, [await found(store, 'a', 'x.csv')]);
    run(store, [await found(store, 'a', 'y.csv', { objects: 9 })]);
    expect(store.detections.all()).toMatchObject([{ objects: 9, source: 'y.csv' }]);
    store.videos.remove(store.videos.list().map(({ id }) => id));
    expect(store.detections.all()).toEqual([]);
  });
});
