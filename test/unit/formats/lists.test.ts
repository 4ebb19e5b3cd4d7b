import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { buildGt, type TailPolicy, tailSegments, withEvents } from '../../../electron/formats/gt-build.ts';
import { readNpy } from '../../../electron/formats/npy.ts';
import {
  joins,
  readConcatenatedGt,
  readFeatureList,
  writeConcatenatedGt,
  writeFeatureList,
} from '../../../electron/formats/rtfm-lists.ts';
import { readUcfAnnotation } from '../../../electron/formats/ucf-annotation.ts';
import { normalize } from '../../../shared/labels/intervals.ts';
import { names, video, videos } from './videos.ts';

const policies: TailPolicy[] = ['drop', 'pad_last', 'xd'];

describe('RTFM lists', () => {
  const paths = fc.tuple(names, names).map(([folder, name]) => `${folder}/${name}_i3d.npy`);
  const entries = fc.uniqueArray(fc.record({ path: fc.oneof(paths, names), abnormal: fc.boolean() }), {
    selector: (entry) => entry.path,
    maxLength: 8,
  });

  test('anomalous first; with the count of the note the labels come back, or a note names the path', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const { text, notes, abnormal, normal } = writeFeatureList(given);
        const read = readFeatureList('x.list', text, abnormal);
        const kept = given.filter((entry) => read.some((other) => other.path === entry.path));
        expect(read).toEqual([...kept.filter((e) => e.abnormal), ...kept.filter((e) => !e.abnormal)]);
        expect([abnormal, normal]).toEqual([
          kept.filter((e) => e.abnormal).length,
          kept.filter((e) => !e.abnormal).length,
        ]);
        expect(notes[0]).toContain(`first ${abnormal} lines are anomalous, then ${normal} normal`);
        expect(notes).toHaveLength(kept.length < given.length ? 2 : 1);
        for (const { path } of given)
          if (path === path.trim()) expect(kept.some((e) => e.path === path)).toBe(true);
      }),
    );
  });

  test('backslashes are read as slashes; a list that is too short is refused', () => {
    expect(readFeatureList('x.list', 'UCF\\Abuse\\a_i3d.npy\r\nb_i3d.npy', 1)).toEqual([
      { path: 'UCF/Abuse/a_i3d.npy', abnormal: true },
      { path: 'b_i3d.npy', abnormal: false },
    ]);
    expect(() => readFeatureList('x.list', 'a\n', 2)).toThrow(/x\.list has 1 lines/);
    expect(writeFeatureList([{ path: 'a\\b.npy', abnormal: true }])).toMatchObject({ text: '', abnormal: 0 });
  });
});

describe('concatenated ground truth', () => {
  test('tail policies', () => {
    const lengths = (frames: number) => policies.map((policy) => tailSegments(frames, policy));
    expect([0, 1, 15, 16, 17, 32, 33].map(lengths)).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [1, 1, 0],
      [1, 2, 1],
      [2, 2, 1],
      [2, 3, 2],
    ]);
  });

  test('comes back with its index: the same frames, or a note names the video', () => {
    fc.assert(
      fc.property(
        videos(),
        fc.constantFrom(...policies),
        fc.constantFrom('f4', 'f8'),
        (given, policy, type) => {
          const { npy, index, notes } = writeConcatenatedGt(given, policy, type);
          const array = readNpy(npy, 'gt.npy');
          expect(array.dtype).toBe(type);
          const read = readConcatenatedGt({ name: 'gt.npy', array }, { name: 'i.csv', text: index });
          for (const [v, { name, frames, events }] of given.entries()) {
            const reached = 16 * tailSegments(frames, policy);
            expect(read[v].name).toBe(name);
            expect(read[v].frames).toBe(frames);
            const wanted = normalize(events.map((e) => ({ start: e.start, end: Math.min(e.end, reached) })));
            expect(read[v].events).toEqual(wanted);
            if (joins(events)) expect(notes.some((n) => n.includes('touch or overlap'))).toBe(true);
            if (events.some((e) => e.end > reached))
              expect(notes.some((n) => n.includes(`tail policy "${policy}"`))).toBe(true);
          }
          if (notes.length === 0)
            expect(read.map((r) => r.events.length)).toEqual(given.map((g) => g.events.length));
        },
      ),
    );
  });

  test('an index that does not fit is refused with its line', () => {
    const { npy, index } = writeConcatenatedGt([video('a', 20, [[0, 5]]), video('b', 16, [])], 'pad_last');
    const gt = { name: 'gt.npy', array: readNpy(npy, 'gt.npy') };
    const header = index.split('\n')[0];
    const read = (text: string) => () => readConcatenatedGt(gt, { name: 'i.csv', text });
    expect(read(index.replace('32,48', '16,32'))).toThrow('i.csv, line 3:');
    expect(read('a,b\n')).toThrow('i.csv, line 1:');
    expect(read(`${header}\na,0,32,2,20\n`)).toThrow(/ends at 32, gt\.npy has 48/);
  });
});

describe('ground truth of the official evaluations', () => {
  const one = (
    style: Parameters<typeof buildGt>[0],
    frames: number,
    segments: number,
    start: number,
    end: number,
  ) =>
    Array.from(buildGt(style, [{ name: 'v', frames, segments, events: [{ start, end }] }]).values).join('');

  test('differ in length and in what follows the last frame', () => {
    expect(one('rtfm_ucf', 18, 2, 16, 19)).toBe(`${'0'.repeat(16)}111${'0'.repeat(13)}`);
    expect(one('cunet_ucf', 18, 2, 14, 18)).toBe(`${'0'.repeat(14)}11${'0'.repeat(16)}`);
    expect(one('pad_last', 18, 2, 17, 18)).toBe(`${'0'.repeat(17)}${'1'.repeat(15)}`);
    expect(one('xd', 17, 1, 15, 17)).toBe(`${'0'.repeat(15)}1`);
    expect(one('xd', 16, 1, 0, 16)).toBe('');
    expect(one('ubnormal_joint', 18, 1, 0, 18)).toBe('1'.repeat(16));
    expect(one('ubnormal_stgnf', 4, 1, 1, 4)).toBe('1001');
  });

  test('a video gets the annotation of exactly its name', () => {
    const rows = [{ name: 'Normal_Videos_058', events: [{ start: 0, end: 1 }] }];
    expect(withEvents([{ name: 'Normal_Videos058' }], rows, 'normal')[0].events).toEqual([]);
    expect(() => withEvents([{ name: 'Normal_Videos058' }], rows, 'error')).toThrow(/"Normal_Videos058"/);
  });

  const shared = process.env.ZEROLABEL_SHARED ?? resolve(import.meta.dirname, '../../../../shared');
  const folder = resolve(shared, 'data/ucf-crime-c3d-10');
  test.skipIf(!existsSync(folder))(
    'UCF-Crime has the lengths and positives of the official vectors (skipped where absent)',
    () => {
      const read = (name: string) => readFileSync(resolve(folder, name), 'utf8');
      const header = Papa.parse<{ video_path: string; frame_count: string }>(read('ucf_header_test.csv'), {
        header: true,
        skipEmptyLines: true,
      });
      const list = header.data.map((row) => ({
        name: row.video_path.replace(/^.*\/|\.mp4$/g, ''),
        frames: Number(row.frame_count),
        segments: Math.ceil(Number(row.frame_count) / 16),
      }));
      const counts = (style: Parameters<typeof buildGt>[0], base: 'py_incl' | 'py_half') => {
        const { rows } = readUcfAnnotation('annotation', read('Temporal_Anomaly_Annotation.txt'), base);
        const { values } = buildGt(style, withEvents(list, rows, 'error'));
        return [values.length, values.reduce((sum, value) => sum + value, 0)];
      };
      expect(counts('rtfm_ucf', 'py_incl')).toEqual([1_114_144, 84_343]);
      expect(counts('cunet_ucf', 'py_half')).toEqual([1_114_144, 84_160]);
    },
  );
});
