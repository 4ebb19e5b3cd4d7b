import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesOf } from '../../../electron/api/observed-spawn.ts';
import { commonFolder, groupFiles, kindsOf } from '../../../electron/api/privacy/files.ts';
import { placesOf } from '../../../electron/api/privacy/places.ts';
import { sessionsOf, withRecord, writeRecord } from '../../../electron/api/privacy/sessions.ts';
import type { FileSeen, SessionRecord } from '../../../shared/contract/privacy.ts';
import { REMOVE } from '../../remove.ts';

const kindOf = kindsOf({
  project: '/home/me/ped2',
  footage: new Set(['/footage/a.mp4', '/home/me/ped2/videos/b.mp4']),
  appData: '/home/me/.local/share/zerolabel',
  profile: null,
  program: ['/opt/zerolabel'],
  granted: (path) => path.startsWith('/home/me/chosen/'),
});

test('a file is what the narrowest place makes it', () => {
  expect(
    [
      '/footage/a.mp4',
      '/footage/c.mp4',
      '/home/me/ped2/videos/b.mp4',
      '/home/me/ped2/project.sqlite-wal',
      '/home/me/ped2/artifacts/ab/abc',
      '/home/me/ped2/export-keys/x.csv',
      '/home/me/ped2/project.lock',
      '/home/me/ped2-other/x',
      '/home/me/.local/share/zerolabel/zerolabel.json',
      '/home/me/chosen/features.npy',
      '/opt/zerolabel/out/cli.js',
      '/usr/lib/x.so',
      join(tmpdir(), 'x'),
    ].map(kindOf),
  ).toEqual([
    'source',
    'other',
    'source',
    'database',
    'artifact',
    'export',
    'project',
    'other',
    'settings',
    'chosen',
    'program',
    'system',
    'temporary',
  ]);
});

test('sums are per kind, with the folder that all of it lies in', () => {
  const file = (path: string, read: boolean): FileSeen => ({
    path,
    read,
    written: !read,
    by: [],
    processes: [],
  });
  expect(
    groupFiles([file('/usr/lib/b', true), file('/footage/a.mp4', true), file('/usr/bin/c', false)], kindOf),
  ).toEqual([
    { kind: 'source', title: 'Footage', folder: '/footage', read: 1, written: 0 },
    { kind: 'system', title: 'The operating system', folder: '/usr', read: 1, written: 1 },
  ]);
  expect(commonFolder([])).toBe('');
  expect(commonFolder(['/a/x', '/b/x'])).toBe('/');
});

test('a task names the footage it is handed, for programs that open it past Node', () => {
  const common = { artifacts: '/p' };
  expect(filesOf({ kind: 'import', ...common, files: [{ path: '/v/a.mp4', relPath: 'a.mp4' }] })).toEqual([
    '/v/a.mp4',
  ]);
  expect(filesOf({ kind: 'proxy', ...common, videoId: 1, path: '/v/b.avi', frames: 3 })).toEqual([
    '/v/b.avi',
  ]);
  expect(filesOf({ kind: 'device', device: 'cpu' })).toEqual([]);
});

const record = (started: number, outside: SessionRecord['outside'] = []): SessionRecord => ({
  started,
  until: started + 5,
  closed: true,
  host: 'cli',
  processes: { engine: 1 },
  kernel: true,
  loopback: 0,
  outside,
  filesRead: 1,
  filesWritten: 2,
});

test('a session has one record, the newest first, and damaged records are no proof of anything', () => {
  const values = new Map<string, unknown>();
  const store = {
    settings: {
      get: (key: string) => values.get(key) ?? null,
      set: (key: string, value: unknown) => void values.set(key, value),
    },
  };
  expect(sessionsOf(store)).toEqual([]);
  writeRecord(store, record(1));
  writeRecord(store, record(2));
  writeRecord(store, { ...record(2), filesRead: 9 });
  expect(sessionsOf(store).map(({ started, filesRead }) => [started, filesRead])).toEqual([
    [2, 9],
    [1, 1],
  ]);
  let many: SessionRecord[] = [];
  for (let at = 0; at < 250; at++) many = withRecord(many, record(at));
  expect([many.length, many[0].started]).toEqual([200, 249]);
  values.set('sessions', [{ started: 'yesterday' }]);
  expect(sessionsOf(store)).toEqual([]);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-places-'));
  for (const [name, size] of [
    ['project/project.sqlite', 100],
    ['project/project.sqlite-wal', 20],
    ['project/cache/cubes/1', 7],
    ['project/exports/one/events.csv', 30],
    ['project/mine.txt', 5],
    ['data/zerolabel.json', 3],
    ['data/samples/Sample/project.sqlite', 1000],
  ] as const) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), Buffer.alloc(size));
  }
});
afterAll(() => rmSync(folder, REMOVE));

test('places are measured, what is empty is left out, and samples are projects of their own', async () => {
  const places = await placesOf({
    project: { folder: join(folder, 'project'), artifacts: [{ kind: 'thumbnail', files: 4, bytes: 44 }] },
    appData: join(folder, 'data'),
    profile: null,
  });
  expect(places.map(({ key, files, bytes, inProject }) => [key, files, bytes, inProject])).toEqual([
    ['database', 2, 120, true],
    ['thumbnail', 4, 44, true],
    ['cache', 1, 7, true],
    ['exports', 1, 30, true],
    ['other', 1, 5, true],
    ['settings', 1, 3, false],
  ]);
  expect(
    (await placesOf({ project: null, appData: '/nowhere', profile: null })).map(({ key }) => key),
  ).toEqual(['settings']);
});
