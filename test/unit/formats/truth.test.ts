import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTruth } from '../../../electron/formats/gt-frames.ts';
import { matchTruth } from '../../../electron/formats/match.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';
import type { TruthEntry } from '../../../electron/formats/truth.ts';
import { AppError } from '../../../shared/errors.ts';
import { frameCount } from '../../../shared/labels/intervals.ts';

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const file = (videos: Record<string, unknown>) => json({ fps: 25, videos });
const thrown = (action: () => unknown): AppError => {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('ground truth from JSON', () => {
  test('inclusive intervals, 0-based or 1-based by the name of the list, become half-open', () => {
    const zero = file({
      'test/01': { n_frames: 180, anomalous: [[60, 179]] },
      'train/01': { n_frames: 9, anomalous: [] },
    });
    expect(readTruth('gt.json', zero, null)).toEqual([
      { key: 'test/01', frames: 180, intervals: [{ start: 60, end: 180 }] },
      { key: 'train/01', frames: 9, intervals: [] },
    ]);
    const one = file({
      a: {
        class: 'Explosion',
        n_frames: 10,
        anomalous_1based: [
          [1, 1],
          [4, 10],
        ],
      },
    });
    expect(readTruth('gt.json', one, null)[0].intervals).toEqual([
      { start: 0, end: 1 },
      { start: 3, end: 10 },
    ]);
  });

  test('of several lists the caller names one; a video without it is unknown, not normal', () => {
    const both = file({
      a: { n_frames: 10, anomalous_pixelmask: [[1, 2]], anomalous_intervals_mat: [[1, 3]] },
      b: { n_frames: 10, anomalous_pixelmask: [] },
    });
    const error = thrown(() => readTruth('gt.json', both, null));
    expect(error.code).toBe('bad_input');
    expect(error.message).toContain('anomalous_pixelmask, anomalous_intervals_mat');
    expect(error.message).toContain('--gt-key');
    expect(readTruth('gt.json', both, 'anomalous_intervals_mat')).toEqual([
      { key: 'a', frames: 10, intervals: [{ start: 1, end: 4 }] },
    ]);
    expect(thrown(() => readTruth('gt.json', both, 'anomalous')).message).toContain(
      'no ground truth named "anomalous"',
    );
  });

  test('overlapping intervals are joined; impossible ones and other files are refused', () => {
    const overlap = file({
      a: {
        n_frames: 50,
        anomalous: [
          [5, 9],
          [0, 6],
          [10, 12],
        ],
      },
    });
    expect(readTruth('gt.json', overlap, null)[0].intervals).toEqual([{ start: 0, end: 13 }]);
    expect(
      thrown(() => readTruth('gt.json', file({ a: { n_frames: 9, anomalous: [[5, 4]] } }), null)).code,
    ).toBe('damaged');
    expect(
      thrown(() => readTruth('gt.json', file({ a: { n_frames: 9, anomalous_1based: [[0, 4]] } }), null)).code,
    ).toBe('damaged');
    expect(thrown(() => readTruth('gt.json', file({ a: { n_frames: 9 } }), null)).code).toBe('bad_input');
    expect(thrown(() => readTruth('gt.json', json({ frames: [] }), null)).code).toBe('bad_input');
    expect(thrown(() => readTruth('gt.json', new Uint8Array([123]), null)).code).toBe('damaged');
    expect(thrown(() => readTruth('gt.mat', new Uint8Array(0), null)).code).toBe('unsupported');
  });
});

describe('ground truth from published annotation files', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const ucf = bytes('Cam03_x264.mp4  Intrusion  166  240  -1  -1  \nN_x264.mp4  Normal  -1  -1  -1  -1  \n');

  test('UCF-Crime needs its base, and a person is offered the choices', () => {
    const error = thrown(() => readTruth('gt.txt', ucf, null));
    expect(error.code).toBe('bad_input');
    expect(error.details?.choices).toEqual(['matlab1', 'py_incl', 'py_half', 'xd']);
    const events = (key: string) => readTruth('gt.txt', ucf, key)[0].intervals;
    expect(events('matlab1')).toEqual([{ start: 165, end: 240 }]);
    expect(events('py_incl')).toEqual([{ start: 166, end: 241 }]);
    expect(events('py_half')).toEqual([{ start: 166, end: 240 }]);
    expect(readTruth('gt.txt', ucf, 'matlab1')[1]).toEqual({
      key: 'N_x264',
      frames: null,
      intervals: [],
      class: 'Normal',
    });
  });

  test('XD-Violence and MSAD say what they are', () => {
    const xd = bytes('v=S-7x__#1_label_B4-0-0 0 15 10 30');
    expect(readTruth('gt.txt', xd, null)).toEqual([
      { key: 'v=S-7x__#1_label_B4-0-0', frames: null, intervals: [{ start: 0, end: 30 }], class: 'riot' },
    ]);
    expect(readTruth('gt.txt', bytes('my clip 3 9'), 'xd')[0].key).toBe('my clip');
    const head = 'name,scenario,total frames,starting frame of anomaly,ending frame of anomaly';
    expect(readTruth('gt.csv', bytes(`${head}\nArson_1,yard,64,1,64\n`), null)).toEqual([
      { key: 'Arson_1', frames: 64, intervals: [{ start: 0, end: 64 }], class: 'Arson' },
    ]);
  });

  test('unreadable and empty files are refused', () => {
    expect(thrown(() => readTruth('gt.txt', bytes('\n'), 'matlab1')).message).toContain('gt.txt is empty');
    expect(thrown(() => readTruth('gt.txt', new Uint8Array([0xff, 0xfe, 0x00]), 'xd')).code).toBe('damaged');
    expect(thrown(() => readTruth('gt.txt', bytes('a  b\n'), 'py_half')).message).toContain('line 1');
  });

  test('without a frame count, an event far behind the end tells that it is another video', () => {
    const truth = readTruth('gt.txt', ucf, 'matlab1');
    const video = (frames: number) => ({
      id: 1,
      relPath: 'a/Cam03_x264.mp4',
      path: '/a/Cam03_x264.mp4',
      frames,
    });
    expect(matchTruth(truth, [video(230)]).matched).toEqual([
      { videoId: 1, intervals: [{ start: 165, end: 230 }], frames: null, class: 'Intrusion' },
    ]);
    expect(matchTruth(truth, [video(200)])).toEqual({
      matched: [],
      without: 1,
      unmatched: ['Cam03_x264 (an event up to frame 240 in the file, 200 in a/Cam03_x264.mp4)', 'N_x264'],
    });
  });
});

describe('ground truth from .npy', () => {
  test('a vector of 0 and 1, named like its video', () => {
    const bytes = writeNpy(new Uint8Array([0, 1, 1, 0, 1]), [5], 'u1');
    const expected = [
      {
        key: '01_0014',
        frames: 5,
        intervals: [
          { start: 1, end: 3 },
          { start: 4, end: 5 },
        ],
      },
    ];
    expect(readTruth('/masks/01_0014.npy', bytes, null)).toEqual(expected);
    expect(
      readTruth('C:\\masks\\01_0014.npy', writeNpy(new Float64Array([0, 1, 1, 0, 1]), [1, 5], 'f8'), null),
    ).toEqual(expected);
  });

  test('anything else is refused with the place', () => {
    const two = writeNpy(new Uint8Array([0, 2]), [2], 'u1');
    expect(thrown(() => readTruth('a.npy', two, null)).message).toContain('2 at frame 1');
    const matrix = writeNpy(new Uint8Array(6), [2, 3], 'u1');
    expect(thrown(() => readTruth('a.npy', matrix, null)).message).toContain('(2, 3)');
  });
});

describe('matching', () => {
  const video = (id: number, relPath: string, frames = 100, folder: string | null = '/data/ped2') => ({
    id,
    relPath,
    frames,
    path: folder && `${folder}/${relPath}`,
  });
  const entry = (key: string, frames = 100) => ({ key, frames, intervals: [{ start: 10, end: 200 }] });

  test('the longest tail of the path wins, and ranges are cut at the end of the video', () => {
    const truth = [entry('01'), entry('train/01'), entry('03')];
    const result = matchTruth(truth, [
      video(1, 'test/01.mp4'),
      video(2, 'train/01.mp4'),
      video(3, 'test/02.mp4'),
    ]);
    expect(result).toEqual({
      matched: [
        { videoId: 1, intervals: [{ start: 10, end: 100 }], frames: null, class: null },
        { videoId: 2, intervals: [{ start: 10, end: 100 }], frames: null, class: null },
      ],
      without: 1,
      unmatched: ['03'],
    });
  });

  test('folders above the import folder count too, names with dots and extensions are whole names', () => {
    expect(matchTruth([entry('ped2/01')], [video(1, '01.mp4')]).matched).toHaveLength(1);
    expect(matchTruth([entry('v=1.5.x')], [video(1, 'v=1.5.x.mp4')]).matched).toHaveLength(1);
    expect(matchTruth([entry('v=1.5.mp4')], [video(1, 'v=1.5.mp4')]).matched).toHaveLength(1);
    expect(matchTruth([entry('a/b')], [video(1, 'a/b.npy', 100, null)]).matched).toHaveLength(1);
    expect(matchTruth([entry('1')], [video(1, '01.mp4')]).matched).toHaveLength(0);
    expect(matchTruth([entry('deos_058')], [video(1, 'Videos_058.mp4')]).matched).toHaveLength(0);
  });

  test('a key that fits two videos is refused with both named', () => {
    const error = thrown(() =>
      matchTruth([entry('01')], [video(1, 'test/01.mp4'), video(2, 'train/01.mp4')]),
    );
    expect(error.code).toBe('conflict');
    expect(error.message).toContain('test/01.mp4 and train/01.mp4');
  });

  test('a video of another length is another video', () => {
    expect(matchTruth([entry('01', 116)], [video(1, '01.mp4')]).matched).toHaveLength(1);
    const { matched, without, unmatched } = matchTruth([entry('01', 117)], [video(1, '01.mp4')]);
    expect({ matched, without }).toEqual({ matched: [], without: 1 });
    expect(unmatched).toEqual(['01 (117 frames in the file, 100 in 01.mp4)']);
  });

  test('videos without a length of their own take that of the file', () => {
    const shares = { ...video(1, 'a', 512, null), lengthUnknown: true };
    const known: TruthEntry = { key: 'a', frames: 1748, intervals: [{ start: 1004, end: 1800 }] };
    expect(matchTruth([known], [shares]).matched).toEqual([
      { videoId: 1, intervals: [{ start: 1004, end: 1748 }], frames: 1748, class: null },
    ]);
    expect(matchTruth([{ ...known, frames: null }], [shares])).toMatchObject({
      matched: [],
      unmatched: ['a (the file does not say how many frames it has)'],
    });
  });

  test('features whose segments are shares of a video are refused, also where one length happens to fit', () => {
    const truth = [entry('a', 1748), entry('b', 505)];
    const alone = [video(1, 'a', 512, null), video(2, 'b', 512, null)];
    const error = thrown(() => matchTruth(truth, alone));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('32 segments each, while their videos have 505 to 1748 frames');
    // Segments of 16 frames, and footage, are as before.
    expect(
      matchTruth(
        [entry('a', 510), entry('b', 505)],
        alone.map((v) => ({ ...v })),
      ).matched,
    ).toHaveLength(2);
    expect(matchTruth(truth, [video(1, 'a.mp4', 512), video(2, 'b.mp4', 512)]).matched).toHaveLength(1);
  });
});

const data = join(process.env.ZEROLABEL_SHARED ?? resolve('..', 'shared'), 'data');
describe.skipIf(!existsSync(data))(`published files in ${data} (skipped when absent)`, () => {
  const read = (set: string, key: string | null) =>
    readTruth('gt_frames.json', readFileSync(join(data, set, 'gt_frames.json')), key);
  const total = (entries: ReturnType<typeof readTruth>) =>
    entries.reduce((sum, e) => sum + frameCount(e.intervals), 0);

  test('have the published numbers of anomalous frames', () => {
    const ped2 = read('ucsd-ped2', null);
    expect([ped2.length, total(ped2), ped2.reduce((sum, e) => sum + (e.frames ?? 0), 0)]).toEqual([
      28, 1648, 4560,
    ]);
    expect(total(read('avenue', 'anomalous_pixelmask'))).toBe(3712);
    expect(total(read('avenue', 'anomalous_intervals_mat'))).toBe(3867);
    const ucf = read('ucf-crime-c3d-10', null);
    expect([ucf.length, total(ucf), ucf.reduce((sum, e) => sum + (e.frames ?? 0), 0)]).toEqual([
      10, 1478, 12459,
    ]);
  });

  test('Avenue needs a choice', () => {
    expect(() => read('avenue', null)).toThrow('anomalous_pixelmask, anomalous_intervals_mat');
  });
});
