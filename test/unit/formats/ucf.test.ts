import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readUcfAnnotation,
  type UcfBase,
  writeUcfAnnotation,
} from '../../../electron/formats/ucf-annotation.ts';
import {
  cropOfPath,
  readFeatureCsv,
  readUcfList,
  writeFeatureCsv,
  writeUcfList,
} from '../../../electron/formats/ucf-lists.ts';
import { names, video, videos } from './videos.ts';

const bases: UcfBase[] = ['matlab1', 'py_incl', 'py_half'];
const sample = [
  video('Cam03_gate_x264', 1412, [[165, 240]], 'Intrusion'),
  video(
    'Hall07_x264',
    300,
    [
      [40, 90],
      [200, 258],
    ],
    'Fighting',
  ),
  video('Normal_Videos_003_x264', 500, []),
];

describe('UCF-Crime temporal annotation', () => {
  test('bytes: two spaces between fields and at the end of every line', () => {
    expect(writeUcfAnnotation(sample)).toEqual({
      text:
        'Cam03_gate_x264.mp4  Intrusion  166  240  -1  -1  \n' +
        'Hall07_x264.mp4  Fighting  41  90  201  258  \n' +
        'Normal_Videos_003_x264.mp4  Normal  -1  -1  -1  -1  \n',
      notes: [],
    });
  });

  test('what is written is read back, or a note names it', () => {
    fc.assert(
      fc.property(
        videos(),
        fc.constantFrom(...bases),
        fc.constantFrom('.mp4' as const, '' as const),
        fc.constantFrom('\n', '\r\n'),
        (given, base, extension, newline) => {
          const { text, notes } = writeUcfAnnotation(given, { base, extension, extraEvents: 'append' });
          const { rows } = readUcfAnnotation('a.txt', text.replaceAll('\n', newline), base);
          const lost = given.filter((v) => !rows.some((row) => row.name === v.name));
          expect(rows).toEqual(
            given
              .filter((v) => !lost.includes(v))
              .map((v) => ({ name: v.name, class: v.class, frames: null, events: v.events })),
          );
          for (const v of lost) {
            expect(v.name).toMatch(/^\s|\s$| {2}|\.mp4$/);
            expect(notes.some((note) => note.includes(`"${v.name}"`))).toBe(true);
          }
          for (const v of given) {
            if (v.events.length > 2 && !lost.includes(v)) expect(notes.join('\n')).toContain('not standard');
          }
        },
      ),
    );
  });

  test('each base marks the same frames when its reader marks them one by one', () => {
    // The three readers in use, as loops over frame numbers.
    const marks: Record<UcfBase, (a: number, b: number, frame: number) => boolean> = {
      matlab1: (a, b, frame) => frame + 1 >= a && frame + 1 <= b,
      py_incl: (a, b, frame) => frame >= a && frame <= b,
      py_half: (a, b, frame) => frame >= a && frame < b,
    };
    fc.assert(
      fc.property(videos(fc.constantFrom('a', 'b', 'c'), 2), fc.constantFrom(...bases), (given, base) => {
        const lines = writeUcfAnnotation(given, { base }).text.split('\n');
        for (const [v, { frames, events }] of given.entries()) {
          // Split as VadCLIP does: at two spaces, the last piece thrown away. The second event must survive.
          const numbers = lines[v].split('  ').slice(0, -1).slice(2).map(Number);
          expect(numbers).toHaveLength(4);
          for (let frame = 0; frame < frames; frame++) {
            const read = [0, 2].some(
              (i) => numbers[i] >= 0 && marks[base](numbers[i], numbers[i + 1], frame),
            );
            expect(read).toBe(events.some((event) => event.start <= frame && frame < event.end));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('more than two events: refused by name, appended, or the two longest in time order', () => {
    const three = [
      video(
        'Lot',
        900,
        [
          [10, 20],
          [30, 60],
          [70, 80],
        ],
        'Stealing',
      ),
    ];
    expect(() => writeUcfAnnotation(three)).toThrow(/more have Lot/);
    expect(writeUcfAnnotation(three, { extraEvents: 'append' }).text).toBe(
      'Lot.mp4  Stealing  11  20  31  60  71  80  \n',
    );
    const { text, notes } = writeUcfAnnotation(three, { extraEvents: 'longestTwo' });
    expect(text).toBe('Lot.mp4  Stealing  11  20  31  60  \n');
    expect(notes).toEqual(['Lot: 2 of 3 events written, the longest.']);
  });

  test('single spaces, no extension, CRLF, and tabs with a frame count', () => {
    const plain = 'my gate 2 Intrusion 166 240 -1 -1\r\nHall.mp4 Fighting 41 90 201 258';
    expect(readUcfAnnotation('a.txt', plain).rows).toEqual([
      { name: 'my gate 2', class: 'Intrusion', frames: null, events: [{ start: 165, end: 240 }] },
      {
        name: 'Hall',
        class: 'Fighting',
        frames: null,
        events: [
          { start: 40, end: 90 },
          { start: 200, end: 258 },
        ],
      },
    ]);
    const tabs = 'Road.mp4\tRoadAccidents\t250\t334\t-1\t-1\t330\nN.mp4\tNormal\t-1\t-1\t-1\t-1\t500\n';
    expect(readUcfAnnotation('t.txt', tabs, 'py_half')).toEqual({
      rows: [
        { name: 'Road', class: 'RoadAccidents', frames: 330, events: [{ start: 250, end: 330 }] },
        { name: 'N', class: 'Normal', frames: 500, events: [] },
      ],
      notes: ['t.txt, line 1: an event of "Road" is cut at its 330 frames.'],
    });
  });

  test.each([
    ['too few fields', 'a.mp4  Abuse  1  2  ', 1],
    ['a word for a number', 'a.mp4  Abuse  1  2  -1  x  ', 1],
    ['no length', '\na.mp4  Abuse  5  4  -1  -1  ', 2],
    ['before the first frame', 'a.mp4  Abuse  0  4  -1  -1  ', 1],
    ['half a pair', 'a.mp4  Abuse  1  2  -1  -1  7  ', 1],
    ['normal with an event', 'a.mp4  Normal  1  2  -1  -1  ', 1],
    ['outside of the video', 'a.mp4\tAbuse\t400\t420\t-1\t-1\t330', 1],
    ['the same name again', 'a.mp4  Abuse  1  2  -1  -1  \na  Abuse  1  2  -1  -1  ', 2],
  ])('%s is refused with file and line', (_, text, line) => {
    expect(() => readUcfAnnotation('gt.txt', text)).toThrow(`gt.txt, line ${line}:`);
  });

  test('events outside of their video are no labels', () => {
    expect(() => writeUcfAnnotation([video('a', 10, [[5, 11]])])).toThrow(/\[5, 11\)/);
    expect(() => writeUcfAnnotation([video('a', 10, [[5, 5]])])).toThrow(/\[5, 5\)/);
    expect(() => writeUcfAnnotation([video('a', 10, []), video('a', 9, [])])).toThrow(/Two videos/);
  });
});

describe('UCF-Crime lists', () => {
  const folder = (v: { class: string }) =>
    v.class === 'Normal' ? 'Training_Normal_Videos_Anomaly' : v.class;

  test('folders in alphabetical order, Vandalism behind the normal videos', () => {
    const list = [
      { name: 'Vandalism001_x264', class: 'Vandalism' },
      { name: 'Normal_Videos058_x264', class: 'Normal' },
      { name: 'Abuse001_x264', class: 'Abuse' },
    ];
    expect(writeUcfList(list, 'train').text).toBe(
      'Abuse/Abuse001_x264.mp4\nTraining_Normal_Videos_Anomaly/Normal_Videos058_x264.mp4\nVandalism/Vandalism001_x264.mp4\n',
    );
    expect(writeUcfList(list, 'test').text).toContain('Testing_Normal_Videos_Anomaly/Normal_Videos058');
  });

  test('what is written is read back in the order of the folders, or a note names it', () => {
    fc.assert(
      fc.property(videos(), (given) => {
        const { text, notes } = writeUcfList(given, 'train');
        const read = readUcfList('l.txt', text);
        const lost = given.filter((v) => !read.some((row) => row.name === v.name));
        const sorted = given
          .filter((v) => !lost.includes(v))
          .map((v) => ({ name: v.name, class: v.class, folder: folder(v) }))
          .sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0));
        expect(read).toEqual(sorted.map(({ name, class: className }) => ({ name, class: className })));
        for (const v of lost) expect(notes.join('\n')).toContain(`"${v.name}"`);
        expect(notes).toHaveLength(lost.length);
      }),
    );
  });

  test('a line without a folder and a class that is no folder', () => {
    expect(() => readUcfList('l.txt', 'Abuse/a.mp4\nb.mp4\n')).toThrow('l.txt, line 2:');
    expect(writeUcfList([{ name: 'a', class: 'x/y' }], 'train')).toMatchObject({ text: '' });
  });

  test('the CSV of feature files: one row per crop, any name', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(names, { maxLength: 4 }),
        fc.integer({ min: 1, max: 10 }),
        (given, crops) => {
          const list = given.map((name) => ({ name, class: 'Road "A", B' }));
          const read = readFeatureCsv('f.csv', writeFeatureCsv(list, crops, 'feat/'));
          expect(read).toHaveLength(given.length * crops);
          for (const [i, row] of read.entries()) {
            expect(row.label).toBe('Road "A", B');
            expect(cropOfPath(row.path)).toEqual({ name: given[Math.floor(i / crops)], crop: i % crops });
          }
        },
      ),
    );
    expect(() => readFeatureCsv('f.csv', 'path,label\n"a\nb__0.npy",x\nonly\n')).toThrow('f.csv, line 4:');
    expect(() => readFeatureCsv('f.csv', 'file,label\n')).toThrow('f.csv, line 1:');
  });
});

describe('published UCF-Crime files', () => {
  const shared = process.env.ZEROLABEL_SHARED ?? resolve(import.meta.dirname, '../../../../shared');
  const folder = resolve(shared, 'data/ucf-crime-c3d-10');
  const file = (name: string) => readFileSync(resolve(folder, name), 'utf8');

  test.skipIf(!existsSync(folder))('come back byte for byte (skipped where absent)', () => {
    const text = file('Temporal_Anomaly_Annotation.txt');
    const { rows } = readUcfAnnotation('annotation', text, 'py_half');
    expect(rows).toHaveLength(290);
    expect(rows.filter((row) => row.events.length === 2)).toHaveLength(16);
    const frames = Math.max(...rows.flatMap((row) => row.events.map((event) => event.end)));
    expect(
      writeUcfAnnotation(
        rows.map((row) => ({ ...row, frames })),
        { base: 'py_half' },
      ).text,
    ).toBe(text);
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '3b9542413f2ed9e94f73bf0488c151b3d7d595a8d2ad30f524e9243a2ae2a17c',
    );
    for (const [name, part, normal, abnormal] of [
      ['Anomaly_Train.txt', 'train', 800, 810],
      ['Anomaly_Test.txt', 'test', 150, 140],
    ] as const) {
      const list = readUcfList(name, file(name));
      expect(list.filter((v) => v.class === 'Normal')).toHaveLength(normal);
      expect(list.filter((v) => v.class !== 'Normal')).toHaveLength(abnormal);
      expect(writeUcfList(list, part)).toEqual({ text: file(name), notes: [] });
    }
  });
});
