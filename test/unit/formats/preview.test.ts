// The dry run of every format: files, first lines, readers, and no surprise.
import { expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../../electron/formats/export.ts';
import { previewExport } from '../../../electron/formats/preview.ts';
import { exportFormat } from '../../../shared/contract/formats.ts';
import { exported, video } from './sample.ts';

const data = exported([
  video(1, 'a/Köln #x.mp4', 64, [0.1, 0.9, 0.9, 0.1]),
  video(2, 'normal.mp4', 20, [0.1], { events: [] }),
]);

test.each(exportFormat.options)('%s: a preview with files and readers that see the event', async (format) => {
  const preview = await previewExport(data, format, DEFAULT_OPTIONS);
  expect(preview.refusal).toBeNull();
  expect(preview.files.length).toBeGreaterThan(0);
  expect(preview.readBack?.same ?? true).toBe(true);
  expect(preview.event).toMatchObject({ video: 'a/Köln #x.mp4', start: 16, end: 48 });
  if (format === 'pytorch' || format === 'ucf_list') return;
  expect(preview.event?.readers.some((reader) => reader.exact)).toBe(true);
});

test('UCF-Crime: the base decides which reader is right', async () => {
  const exact = async (ucfBase: 'matlab1' | 'py_incl' | 'py_half') =>
    (await previewExport(data, 'ucf', { ...DEFAULT_OPTIONS, ucfBase })).event?.readers
      .filter((reader) => reader.exact)
      .map((reader) => reader.name);
  expect(await exact('matlab1')).toEqual(["Authors' scorer"]);
  expect(await exact('py_incl')).toEqual(['RTFM script']);
  expect(await exact('py_half')).toEqual(['VadCLIP script']);
});

test('conventions that refuse are told and not thrown', async () => {
  const many = exported([
    video(1, 'a.mp4', 90, [0.9], {
      events: [0, 30, 60].map((start) => ({ start, end: start + 5, max: 1, mean: 1 })),
    }),
  ]);
  const preview = await previewExport(many, 'ucf', { ...DEFAULT_OPTIONS, overflow: 'refuse' });
  expect(preview.refusal).toContain('more have a');
});
