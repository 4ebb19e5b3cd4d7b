import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findVideos } from '../../../electron/media/files.ts';
import { toErrorData } from '../../../shared/errors.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zl-files-'));
  for (const name of [
    'set/test/10.mp4',
    'set/test/2.mp4',
    'set/train/1.AVI',
    'set/notes.txt',
    'set/.hidden.mp4',
    'set/.trash/gone.mp4',
    'other/2.mp4',
    'other/clip.dat',
  ]) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), 'x');
  }
  await symlink(join(root, 'set'), join(root, 'set', 'loop'));
  await symlink(join(root, 'set', 'test', '2.mp4'), join(root, 'set', '1-link.mp4'));
  await symlink(join(root, 'absent'), join(root, 'set', 'dangling.mp4'));
  await symlink(join(root, 'other'), join(root, 'set', 'linked'));
});
afterAll(() => rm(root, { recursive: true }));

const names = async (...paths: string[]) =>
  (await findVideos(paths.map((p) => join(root, p)))).map((f) => f.relPath);

test('a folder: to the bottom, naturally sorted, without hidden files, links once and without loops', async () => {
  expect(await names('set')).toEqual(['linked/2.mp4', 'test/2.mp4', 'test/10.mp4', 'train/1.AVI']);
});

test('paths are absolute and lie where the person pointed', async () => {
  const found = await findVideos([join(root, 'set', 'train')]);
  expect(found).toEqual([{ path: join(root, 'set', 'train', '1.AVI'), relPath: '1.AVI' }]);
});

test('several folders are named below their common folder', async () => {
  expect(await names('set/test', 'other')).toEqual(['other/2.mp4', 'set/test/2.mp4', 'set/test/10.mp4']);
});

test('single files go by their base name, also with a strange extension', async () => {
  expect(await names('other/clip.dat', 'set/test/10.mp4')).toEqual(['10.mp4', 'clip.dat']);
});

test('single files with equal base names get the folders that tell them apart', async () => {
  expect(await names('other/2.mp4', 'set/test/2.mp4')).toEqual(['other/2.mp4', 'set/test/2.mp4']);
});

test('what is chosen twice is found once', async () => {
  expect(await names('set/test', 'set/test/2.mp4', 'set/test')).toEqual(['2.mp4', '10.mp4']);
  expect(await names('set/test/2.mp4', 'set/1-link.mp4')).toEqual(['2.mp4']);
});

test('nothing chosen, nothing found; a chosen path that is gone is an error that names it', async () => {
  expect(await findVideos([])).toEqual([]);
  const error = await findVideos([join(root, 'gone')]).catch(toErrorData);
  expect(error).toMatchObject({ code: 'not_found', details: { path: join(root, 'gone') } });
});
