// Groups of videos and moved files on the command line, with real files and the built trainer.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { constantTimes, numberedFrames } from './media-pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-videos-'));
const folder = join(root, 'project');
const footage = join(root, 'footage');
const before = process.env.ZEROLABEL_DATA;

async function json(...args: string[]) {
  const out: string[] = [];
  const code = await runCli([...args, '--json', '--project', folder], {
    out: { write: (text) => out.push(text) },
    err: { write: () => true },
  });
  const answer = JSON.parse(out.join('')) as {
    ok: boolean;
    videos: { relPath: string; state: string; camera: string | null; tags: string[]; path: string }[];
    missing: number;
    error?: { message: string };
  };
  return { ...answer, code };
}

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  for (const [i, name] of ['north/a.mp4', 'north/b.mp4', 'south/a.mp4'].entries()) {
    const path = join(footage, name);
    mkdirSync(join(path, '..'), { recursive: true });
    const options = { width: 160, height: 120, codec: 'h264', fps: 25 } as const;
    await encodeVideo(path, options, numberedFrames(constantTimes(20 + i, 25), 160, 120));
  }
  expect(await json('import', footage)).toMatchObject({ ok: true, videos: 3 });
});
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, { recursive: true, force: true });
});

it('groups videos by camera and tags them', async () => {
  const grouped = await json('videos', '--camera-from-folder', '--tag', 'rain', '--tag', 'night');
  expect(grouped.videos.map(({ relPath, camera, tags }) => [relPath, camera, tags.join()])).toEqual([
    ['north/a.mp4', 'north', 'night,rain'],
    ['north/b.mp4', 'north', 'night,rain'],
    ['south/a.mp4', 'south', 'night,rain'],
  ]);
  const changed = await json('videos', 'north/*', '--camera', 'Gate 1', '--untag', 'rain');
  expect(changed.videos.map((video) => [video.camera, video.tags.join()])).toEqual([
    ['Gate 1', 'night'],
    ['Gate 1', 'night'],
  ]);
  expect((await json('videos', 'south', '--no-camera')).videos[0].camera).toBeNull();
  expect(await json('videos', 'west')).toMatchObject({
    code: 1,
    error: { message: expect.stringContaining('west') },
  });
  expect(await json('videos', '--camera', '')).toMatchObject({ ok: false });
});

it('finds moved and renamed files by their content, and says which it did not find', async () => {
  expect(await json('relink', footage)).toMatchObject({ ok: true, missing: 0 });
  const elsewhere = join(root, 'archive');
  mkdirSync(join(elsewhere, 'deep'), { recursive: true });
  renameSync(join(footage, 'north', 'a.mp4'), join(elsewhere, 'deep', 'renamed.mp4'));
  renameSync(join(footage, 'south', 'a.mp4'), join(elsewhere, 'a.mp4'));
  writeFileSync(join(elsewhere, 'other.mp4'), 'not a video');
  expect((await json('videos')).videos.map((video) => video.state)).toEqual(['missing', 'ready', 'missing']);

  const part = await json('relink', join(elsewhere, 'deep'));
  expect(part).toMatchObject({ code: 1, error: { message: expect.stringContaining('Only 1 of the 2') } });
  expect(await json('relink', elsewhere)).toMatchObject({ ok: true, missing: 1 });
  const found = (await json('videos')).videos;
  expect(found.map(({ relPath, state }) => [relPath, state])).toEqual([
    ['north/a.mp4', 'ready'],
    ['north/b.mp4', 'ready'],
    ['south/a.mp4', 'ready'],
  ]);
  expect(found[0].path).toBe(join(elsewhere, 'deep', 'renamed.mp4'));
});
