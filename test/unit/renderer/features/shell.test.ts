import { expect, it } from 'vitest';
import { inOrder } from '../../../../renderer/features/home/devices.ts';
import { showsPlace } from '../../../../renderer/features/picker/picker.ts';
import { findPlaces } from '../../../../renderer/features/shell/find.ts';
import { regionAfter } from '../../../../renderer/features/shell/regions.ts';
import type { Device, Run, VideoRow } from '../../../../shared/contract/index.ts';

it('goes round the regions in both directions', () => {
  expect([
    regionAfter(-1, 1, 3),
    regionAfter(-1, -1, 3),
    regionAfter(2, 1, 3),
    regionAfter(0, -1, 3),
  ]).toEqual([0, 2, 0, 2]);
});

it('shows folders always and files by purpose', () => {
  expect(showsPlace('videos', 'files', 'video')).toBe(true);
  expect(showsPlace('videos', 'files', 'features')).toBe(false);
  expect(showsPlace('videos', 'folder', 'video')).toBe(false);
  expect(showsPlace('project', 'folder', 'project')).toBe(true);
  expect(showsPlace('truth', 'files', 'truth')).toBe(true);
  expect(showsPlace('export', 'folder', 'folder')).toBe(true);
});

it('finds videos and runs by all words, names that start with the first word first', () => {
  const videos = ['gate/north one.mp4', 'north.mp4', 'south.mp4'].map(
    (relPath, i) => ({ id: i + 1, relPath }) as VideoRow,
  );
  const run = { id: 7, name: 'north-run' } as Run;
  const texts = (text: string, chosen: Run | null = run) =>
    findPlaces(text, videos, [run], chosen).map((find) => find.text);
  expect(texts('north')).toEqual(['north-run', 'north.mp4', 'gate/north one.mp4']);
  expect(texts('one GATE')).toEqual(['gate/north one.mp4']);
  expect(texts('north', null)).toEqual(['north-run']);
  expect(findPlaces('north.mp4', videos, [], run)[0].to).toBe('/review/7/2');
});

it('lists the chosen device first and the unusable last', () => {
  const device = (name: Device['name'], usable: boolean, chosen: boolean) =>
    ({ name, usable, chosen }) as Device;
  expect(
    inOrder([device('cuda', false, false), device('cpu', true, false), device('webgpu', true, true)]).map(
      (d) => d.name,
    ),
  ).toEqual(['webgpu', 'cpu', 'cuda']);
});
