// Labels from elsewhere read by a real trainer process: damaged tables that keep a reader busy, and what ground truth keeps.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createEngine } from '../../electron/api/engine.ts';
import { observedSpawn } from '../../electron/api/observed-spawn.ts';
import { readElsewhere } from '../../electron/api/read-labels.ts';
import { exportFiles } from '../../electron/formats/export.ts';
import { forkChild } from '../../electron/hosts/fork.ts';
import { createObserver } from '../../electron/observe/observer.ts';
import { openProject } from '../../electron/store/open.ts';
import { importOptions } from '../../shared/contract/formats.ts';
import { AppError } from '../../shared/errors.ts';
import { REMOVE } from '../remove.ts';
import { exported, video } from '../unit/formats/sample.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-read-labels-'));
afterAll(() => rmSync(root, REMOVE));

const [{ bytes }] = exportFiles(exported([video(1, 'a b.mp4', 40, [0.1, 0.9, 0.2])]), ['parquet']);
const file = join(root, 'events.parquet');
// As the engine starts trainers: they also tell what they open.
const observer = createObserver({ hooks: false, family: false, everyMs: 0 });
const read = async (content: Uint8Array, patienceMs: number) => {
  writeFileSync(file, content);
  try {
    return await readElsewhere(
      observedSpawn(forkChild, observer),
      [file],
      null,
      importOptions.parse({}),
      patienceMs,
    );
  } catch (error) {
    return error;
  }
};

test('Parquet that claims a run of a billion values is given up on by name, and another file is read after it', async () => {
  // The first run of the first page: its length grows beyond all bounds, which the reader believes.
  const error = await read(bytes.with(14, 0xfe), 1500);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'damaged', message: expect.stringContaining('events.parquet') });
  expect(await read(bytes, 30_000)).toMatchObject({ format: 'parquet', videos: [{ key: 'a b.mp4' }] });
});

test('Parquet with one byte changed is labels or a sentence that names the file, and never hangs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
      const outcome = await read(bytes.with(at, value), 1500);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(AppError);
        expect(['damaged', 'bad_input']).toContain((outcome as AppError).code);
        expect(outcome.message).toContain('events.parquet');
      } else expect(outcome).toMatchObject({ format: 'parquet' });
    }),
    { numRuns: 20 },
  );
});

test('ground truth from a tool keeps the class of the longest event, and says where there were several', async () => {
  const folder = join(root, 'project');
  const store = openProject(folder, { create: { name: 'truth' } });
  const ids = ['a', 'b', 'c'].map((name) => store.videos.ensureForFeatures(name, 4, null));
  store.close();
  const table = join(root, 'truth.jsonl');
  const row = (name: string, start: number, end: number, label: string) =>
    `${JSON.stringify({ video: name, start_frame: start, end_frame: end, class: label })}\n`;
  writeFileSync(table, row('a', 0, 4, 'Fire') + row('a', 10, 40, 'Fight') + row('b', 3, 5, 'Fire'));
  const engine = await createEngine({
    spawn: forkChild,
    host: 'cli',
    appData: join(root, 'data'),
    roots: [],
  });
  try {
    await engine.open(folder);
    const { grant } = await engine.grant(table);
    const report = await engine.call('layers.import', { grants: [grant], as: 'truth' });
    expect(report).toMatchObject({ videos: 2, events: 3, without: 1 });
    expect(report.notes).toEqual([expect.stringMatching(/one class per video.*: a\.$/)]);
  } finally {
    await engine.close();
  }
  const again = openProject(folder);
  try {
    expect(ids.map((id) => again.truth.get(id)?.class ?? null)).toEqual(['Fight', 'Fire', null]);
  } finally {
    again.close();
  }
});
