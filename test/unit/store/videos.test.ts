// Videos and features: identity over repeated imports, features with and without footage, times of segments.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { artifactPath } from '../../../electron/files/atomic.ts';
import { openProject } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { AppError } from '../../../shared/errors.ts';
import { artifactOf, imported, newProject, steadyTimes } from './project.ts';

describe('upsertImported', () => {
  it('stores everything an import reports', async () => {
    const store = newProject();
    const item = await imported(store, 'a/one.mp4', steadyTimes(40), {
      bytes: 5_000_000_000,
      playable: 'needs_proxy',
      vfr: true,
    });
    const id = store.videos.upsertImported(item);
    const { frameTable, thumbnails, ...facts } = item;
    expect(store.videos.get(id)).toMatchObject({
      ...facts,
      id,
      thumbnails: 1,
      playable: 'needs_proxy',
      vfr: true,
    });
    expect(store.videos.frameTable(id)).toEqual(frameTable);
    expect(store.videos.thumbnail(id, 0)).toEqual(thumbnails[0]);
    expect(store.videos.thumbnail(id, 1)).toBeNull();
    expect(store.videos.byRelPath('a/one.mp4')?.id).toBe(id);
    expect(store.videos.byRelPath('a/two.mp4')).toBeNull();
    expect(store.project.get()).toMatchObject({ videos: 1, seconds: 1.6 });
    const file = await artifactOf(store, 'proxy');
    store.videos.setProxy(id, file);
    expect(store.videos.get(id).playable).toBe('proxy');
    expect(store.videos.proxy(id)).toEqual(file);
  });

  it('knows a file again, and a moved one by its content', async () => {
    const store = newProject();
    const item = await imported(store, 'a/one.mp4', steadyTimes(40));
    const id = store.videos.upsertImported(item);
    expect(store.videos.upsertImported({ ...item, relPath: 'one.mp4' })).toBe(id);
    expect(store.videos.get(id).relPath).toBe('a/one.mp4');
    expect(store.videos.upsertImported({ ...item, path: '/elsewhere/a/one.mp4' })).toBe(id);
    expect(store.videos.get(id).path).toBe('/elsewhere/a/one.mp4');
    expect(store.videos.list()).toHaveLength(1);
  });

  it('keeps two different files of one name apart', async () => {
    const store = newProject();
    const names = [];
    for (const folder of ['x/night', 'y/night', 'y/day']) {
      const item = await imported(store, '01.mp4', steadyTimes(20), {
        path: `/data/${folder}/01.mp4`,
        fingerprint: folder,
      });
      names.push(store.videos.get(store.videos.upsertImported(item)).relPath);
    }
    expect(names).toEqual(['01.mp4', 'night/01.mp4', 'day/01.mp4']);
  });

  it('drops features of content that changed, keeps those of content that did not', async () => {
    const store = newProject();
    const item = await imported(store, 'a/one.mp4', steadyTimes(40));
    const videoId = store.videos.upsertImported(item);
    const setId = store.features.ensureSet({
      name: 's',
      extractor: 'cellmotion-v1',
      crops: 1,
      dim: 4,
      directed: true,
    });
    const file = await artifactOf(store, 'features');
    store.features.put({ setId, videoId, segments: 2, crops: 1, dim: 4, file, seconds: 0.5 });
    store.videos.upsertImported(item);
    expect(store.features.ofSet(setId)).toHaveLength(1);
    expect(store.features.videosMissing(setId)).toEqual([]);
    store.videos.upsertImported({ ...item, fingerprint: 'changed' });
    expect(store.features.ofSet(setId)).toEqual([]);
    expect(store.features.videosMissing(setId).map((v) => v.id)).toEqual([videoId]);
  });

  it('never writes a row for a file that is not there', async () => {
    const store = newProject();
    const item = await imported(store, 'a/one.mp4', steadyTimes(40));
    rmSync(artifactPath(store.artifactsFolder, item.thumbnails[0].sha256));
    expect(() => store.videos.upsertImported(item)).toThrow(/is not there/);
    expect(store.videos.list()).toEqual([]);
  });

  it('writes down when segments start, from the timestamps of a variable rate', async () => {
    const store = newProject();
    // 20 frames: 10 of 40 ms, then 10 of 100 ms, the first at 80 ms.
    const pts = [...steadyTimes(10, 40, 80), ...steadyTimes(10, 100, 480)];
    const id = store.videos.upsertImported(await imported(store, 'v.mp4', pts, { vfr: true }));
    const db = new Database(join(store.folder, 'project.sqlite'), { readonly: true });
    expect(
      db.prepare('SELECT segment, seconds FROM segment_times WHERE video_id = ? ORDER BY segment').all(id),
    ).toEqual([
      { segment: 0, seconds: 0.08 },
      { segment: 1, seconds: (480 + 600) / 1000 },
      { segment: 2, seconds: (480 + 900 + 40) / 1000 },
    ]);
    db.close();
  });
});

/** Takes in one feature file as an import does. */
const place = (store: Store, file: string, segments: number): number =>
  store.videos.ensureForFeatures(file, segments, store.videos.matchFeatures([file])[0].videoId);

describe('features', () => {
  it('find their video by name, or make one', async () => {
    const store = newProject();
    const footage = store.videos.upsertImported(await imported(store, 'set/test/01.avi', steadyTimes(40)));
    expect(place(store, 'i3d/test/01.npy', 2)).toBe(footage);
    const alone = place(store, 'i3d/test/02.v2.npy', 3);
    expect(store.videos.get(alone)).toMatchObject({
      relPath: 'i3d/test/02.v2',
      path: null,
      frames: 48,
      playable: 'no',
    });
    expect(place(store, 'c3d/test/02.v2.txt', 4)).toBe(alone);
    expect(store.videos.get(alone).frames).toBe(64);
    expect(store.videos.get(footage).frames).toBe(40);
    // Footage that comes later joins the features.
    expect(store.videos.upsertImported(await imported(store, 'test/02.v2.mp4', steadyTimes(70)))).toBe(alone);
    expect(store.videos.get(alone)).toMatchObject({ relPath: 'test/02.v2.mp4', frames: 70 });
    expect(store.videos.list()).toHaveLength(2);
  });

  it('refuse to guess between two videos', async () => {
    const store = newProject();
    for (const part of ['train', 'test'])
      store.videos.upsertImported(await imported(store, `${part}/01.avi`, steadyTimes(40)));
    const [{ videoId, problem }] = store.videos.matchFeatures(['01.npy']);
    expect(videoId).toBeNull();
    expect(problem).toContain('test/01, train/01');
    expect(store.videos.list()).toHaveLength(2);
  });

  it('of folders with the same file names stay apart, with and without footage', async () => {
    const store = newProject();
    const files = ['test/01.npy', 'train/01.npy'];
    const ids = store.videos
      .matchFeatures(files)
      .map(({ videoId }, i) => store.videos.ensureForFeatures(files[i], 2, videoId));
    expect(store.videos.list().map((video) => video.relPath)).toEqual(['test/01', 'train/01']);
    // Again, and when only some of them are known.
    expect(store.videos.matchFeatures(files).map((m) => m.videoId)).toEqual(ids);
    store.videos.remove([ids[0]]);
    expect(store.videos.matchFeatures(files).map((m) => m.videoId)).toEqual([null, ids[1]]);
    const clip = await imported(store, 'train/02.avi', steadyTimes(40));
    const footage = store.videos.upsertImported(clip);
    expect(store.videos.matchFeatures(['train/02', 'test/02']).map((m) => m.videoId)).toEqual([
      footage,
      null,
    ]);
    // Nothing tells these two apart.
    for (const { problem } of store.videos.matchFeatures(['a/02', 'b/02']))
      expect(problem).toContain('fits train/02');
    expect(store.videos.matchFeatures(['x.npy', 'x.txt']).map((m) => m.problem === null)).toEqual([
      true,
      false,
    ]);
  });

  it('of another length are not those of the footage', async () => {
    const store = newProject();
    const features = place(store, 'long', 32);
    const id = store.videos.upsertImported(await imported(store, 'long.mp4', steadyTimes(1748)));
    expect(id).not.toBe(features);
    expect(store.videos.list().map((video) => video.frames)).toEqual([512, 1748]);
  });

  it('of one set have one shape', async () => {
    const store = newProject();
    const options = { name: 's', extractor: 'import', crops: 10, dim: 4, directed: false };
    const setId = store.features.ensureSet(options);
    expect(store.features.ensureSet(options)).toBe(setId);
    expect(() => store.features.ensureSet({ ...options, dim: 8 })).toThrow(AppError);
    const videoId = store.videos.ensureForFeatures('v.npy', 2, null);
    const file = await artifactOf(store, 'features');
    expect(() =>
      store.features.put({ setId, videoId, segments: 2, crops: 1, dim: 4, file, seconds: 0 }),
    ).toThrow(/10 crop/);
    store.features.put({ setId, videoId, segments: 2, crops: 10, dim: 4, file, seconds: 0 });
    expect(store.features.ofSet(setId)).toEqual([
      { videoId, relPath: 'v', ...file, segments: 2, crops: 10, dim: 4 },
    ]);
    expect(store.features.sets()).toEqual([
      expect.objectContaining({ id: setId, videos: 1, segments: 2, missing: 0, directed: false }),
    ]);
    expect(store.features.namesByVideo()).toEqual(new Map([[videoId, ['s']]]));
  });
});

describe('removing videos', () => {
  it('takes along what hangs on them', async () => {
    const store = newProject();
    const id = store.videos.upsertImported(await imported(store, 'a.mp4', steadyTimes(40)));
    const other = store.videos.upsertImported(await imported(store, 'b.mp4', steadyTimes(40)));
    store.truth.put([{ videoId: id, intervals: [{ start: 3, end: 9 }], source: 'gt.npy' }]);
    expect(store.truth.get(id)?.intervals).toEqual([{ start: 3, end: 9 }]);
    expect(store.truth.get(other)).toBeNull();
    store.videos.remove([id]);
    expect(store.videos.list().map((v) => v.id)).toEqual([other]);
    expect(store.truth.all()).toEqual([]);
    expect(() => store.videos.get(id)).toThrow(AppError);
  });
});

describe('the sweep at opening', () => {
  it('deletes files without rows and flags rows without files', async () => {
    const store = newProject();
    const item = await imported(store, 'a.mp4', steadyTimes(40));
    const kept = store.videos.upsertImported(item);
    const gone = store.videos.upsertImported(await imported(store, 'b.mp4', steadyTimes(40)));
    const setId = store.features.ensureSet({
      name: 's',
      extractor: 'cellmotion-v1',
      crops: 1,
      dim: 4,
      directed: true,
    });
    const lost = await artifactOf(store, 'lost features');
    const cut = await artifactOf(store, 'features to be cut');
    store.features.put({ setId, videoId: kept, segments: 2, crops: 1, dim: 4, file: lost, seconds: 0 });
    store.features.put({ setId, videoId: gone, segments: 2, crops: 1, dim: 4, file: cut, seconds: 0 });
    const orphan = await artifactOf(store, 'written by a trainer that crashed before the row');
    const halfWritten = `${artifactPath(store.artifactsFolder, orphan.sha256)}.tmp`;
    writeFileSync(halfWritten, 'half');
    store.close();
    rmSync(artifactPath(store.artifactsFolder, lost.sha256));
    writeFileSync(artifactPath(store.artifactsFolder, cut.sha256), 'cut');
    const again = openProject(store.folder);
    expect(again.notes.join()).toContain('2 stored files are gone');
    expect(again.features.ofSet(setId)).toEqual([]);
    expect(again.features.videosMissing(setId).map((v) => v.id)).toEqual([kept, gone]);
    expect(again.videos.thumbnail(kept, 0)).toEqual(item.thumbnails[0]);
    await expect(import('node:fs/promises').then((fs) => fs.stat(halfWritten))).rejects.toThrow();
    // Made again, they count again.
    await artifactOf(again, 'lost features');
    again.features.put({ setId, videoId: kept, segments: 2, crops: 1, dim: 4, file: lost, seconds: 0 });
    expect(again.features.ofSet(setId).map((f) => f.videoId)).toEqual([kept]);
    // A removed video leaves no files behind at the next opening.
    again.videos.remove([kept, gone]);
    again.close();
    const last = openProject(store.folder);
    expect(() => last.videos.get(kept)).toThrow();
    await expect(
      import('node:fs/promises').then((fs) => fs.stat(artifactPath(store.artifactsFolder, lost.sha256))),
    ).rejects.toThrow();
    last.close();
  });
});

describe('groups', () => {
  it('keeps cameras and tags of videos, and forgets them with the video', async () => {
    const store = newProject();
    const one = store.videos.upsertImported(await imported(store, 'a.mp4', steadyTimes(20)));
    const two = store.videos.upsertImported(await imported(store, 'b.mp4', steadyTimes(20)));
    store.videos.setCamera([one, two], 'Gate north');
    store.videos.setCamera([two], null);
    expect(store.videos.list().map((video) => video.camera)).toEqual(['Gate north', null]);
    store.videos.tag([one, two], ['rain', 'night'], []);
    store.videos.tag([one], ['rain'], ['night', 'never given']);
    expect([...store.videos.tagsByVideo()]).toEqual([
      [one, ['rain']],
      [two, ['night', 'rain']],
    ]);
    // Imported again, a video keeps both.
    store.videos.upsertImported(await imported(store, 'a.mp4', steadyTimes(20)));
    expect(store.videos.get(one).camera).toBe('Gate north');
    store.videos.remove([two]);
    expect([...store.videos.tagsByVideo().keys()]).toEqual([one]);
  });

  it('moves a video to the file of the same content, never to another video of the project', async () => {
    const store = newProject();
    const item = await imported(store, 'a.mp4', steadyTimes(20));
    const id = store.videos.upsertImported(item);
    const other = await imported(store, 'b.mp4', steadyTimes(20));
    store.videos.upsertImported(other);
    expect(store.videos.relink(id, '/new/a.mp4', 'another content')).toBe(false);
    expect(store.videos.relink(id, other.path, item.fingerprint)).toBe(false);
    expect(store.videos.relink(id, '/new/renamed.mp4', item.fingerprint)).toBe(true);
    expect(store.videos.get(id)).toMatchObject({ path: '/new/renamed.mp4', relPath: 'a.mp4' });
  });
});
