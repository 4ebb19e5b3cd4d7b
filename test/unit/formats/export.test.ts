import { createHash } from 'node:crypto';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { type ExportData, fileStems } from '../../../electron/formats/data.ts';
import { exportFiles, withCodes } from '../../../electron/formats/export.ts';
import { recognise } from '../../../electron/formats/import.ts';
import { readNpy } from '../../../electron/formats/npy.ts';
import { type ExportFormat, exportFormat } from '../../../shared/contract/formats.ts';
import { framesFromSegments } from '../../../shared/labels/expand.ts';
import { fromVector } from '../../../shared/labels/intervals.ts';
import { exported, video } from './sample.ts';

const sample = exported([
  video(1, 'day/01.mp4', 40, [0.1, 0.9, 0.45]),
  video(2, 'night, "rain"/02.avi', 20, [0.2], { secondsAt: null, fingerprint: null }),
]);

function filesOf(data: ExportData, ...formats: ExportFormat[]): Map<string, Uint8Array> {
  return new Map(exportFiles(data, formats).map(({ name, bytes }) => [name, bytes]));
}
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const rows = (bytes: Uint8Array | undefined) =>
  Papa.parse<Record<string, string>>(text(bytes), { header: true, skipEmptyLines: true }).data;

describe('names', () => {
  test('under codes are the same in every export, whatever else is in it', () => {
    const all = withCodes(sample);
    const part = withCodes({ ...sample, videos: sample.videos.slice(1) });
    expect(all.data.videos.map(({ relPath }) => relPath)).toEqual(['video0001.mp4', 'video0002.avi']);
    expect(part.data.videos.map(({ relPath }) => relPath)).toEqual(['video0002.avi']);
    expect(part.key).toContain('video0002.avi');
  });

  test('of videos and folders are nowhere in an export under codes', () => {
    const run = sample.run && {
      ...sample.run,
      notes: ['1 video has no features: day/01.mp4.'],
      provenance: { epochs: 3, videoLabels: { file: 'list.txt', unmatched: ['night, "rain"/02'] } },
    };
    const { data, key } = withCodes({ ...sample, run });
    expect(key).toContain('day/01.mp4');
    const formats = exportFormat.options.filter((format) => format !== 'parquet' && format !== 'pytorch');
    const files = exportFiles(data, formats);
    expect(text(files.at(-1)?.bytes)).toContain('"epochs": 3');
    for (const file of files) {
      expect(file.name).not.toMatch(/"rain"|\bday\b|night/);
      expect(text(file.bytes), file.name).not.toMatch(/day\/01|\b01\.mp4|"rain"|list\.txt/);
    }
  });

  test('of formats are told in words where a folder holds several', () => {
    const files = exportFiles(sample, ['csv', 'webvtt']).filter(({ name }) => name !== 'manifest.json');
    expect(() => recognise(files)).toThrow(
      'These files hold labels in several formats: Events and segments, CSV (csv); WebVTT',
    );
  });
});

describe('CSV and JSON lines', () => {
  test('segments.csv, byte for byte', () => {
    expect(text(filesOf(sample, 'csv').get('segments.csv'))).toBe(
      [
        'video_id,seg,start_frame,end_frame_excl,score_motion,score_consensus,uncertainty,probability,pseudo_label,human_label,ignore,inclusion_prob',
        '1,0,0,16,0.100000001,,,,0,,false,',
        '1,1,16,32,0.899999976,,,,1,,false,',
        '1,2,32,40,0.449999988,,,,0,,false,',
        '2,0,0,16,0.200000003,,,,0,,false,',
        '',
      ].join('\n'),
    );
  });

  test('events.csv holds the events, quoted where needed, seconds only where they are known', () => {
    const bytes = filesOf(sample, 'csv').get('events.csv');
    expect(text(bytes).split('\n')[1]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12},1,day\/01\.mp4,(ab){32},40,25,1,16,40,0\.64,1\.6,Anomaly,model,7,motion,0\.5,0\.4,0\.899999976,0\.74999998,,,,,unreviewed,,,,,,$/,
    );
    const noisy = exported([{ ...sample.videos[1], events: [{ start: 0, end: 20, max: 1, mean: 1 }] }]);
    expect(rows(filesOf(noisy, 'csv').get('events.csv'))).toMatchObject([
      { video_relpath: 'night, "rain"/02.avi', start_s: '', end_s: '', sha256_first_last_1MiB: '' },
    ]);
  });

  test('both formats hold the same rows, and scores survive as float32', () => {
    const files = filesOf(sample, 'csv', 'jsonl');
    for (const table of ['events', 'segments']) {
      const fromJson = text(files.get(`${table}.jsonl`))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const asText = fromJson.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [key, value === null ? '' : String(value)]),
        ),
      );
      expect(rows(files.get(`${table}.csv`))).toEqual(asText);
    }
    const scores = rows(files.get('segments.csv')).map((row) => Math.fround(Number(row.score_motion)));
    expect(scores).toEqual([...sample.videos[0].scores, ...sample.videos[1].scores]);
  });

  test('an event keeps its id in every export; another run gives another', () => {
    const ids = (data: ExportData) => rows(filesOf(data, 'csv').get('events.csv')).map((row) => row.event_id);
    expect(ids(sample)).toEqual(ids(sample));
    expect(ids({ ...sample, run: { ...sample.run!, id: 8 } })).not.toEqual(ids(sample));
  });
});

describe('arrays', () => {
  const anyVideo = fc
    .tuple(
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 140 }),
    )
    .map(([scores, frames]) => ({ scores, frames }));

  test('one pair of frame vectors per video: scores carried to the end, labels of the events', () => {
    fc.assert(
      fc.property(anyVideo, ({ scores, frames }) => {
        const data = exported([video(1, 'a/b.mp4', frames, scores)]);
        const files = filesOf(data, 'frame_npy');
        const values = readNpy(files.get('frame_scores/a/b.npy')!, 'scores');
        const labels = readNpy(files.get('frame_labels/a/b.npy')!, 'labels');
        expect(values).toMatchObject({ shape: [frames], dtype: 'f4' });
        expect(values.data).toEqual(framesFromSegments(data.videos[0].scores, frames));
        expect(labels).toMatchObject({ shape: [frames], dtype: 'u1' });
        expect(fromVector(labels.data as Uint8Array)).toEqual(
          data.videos[0].events.map(({ start, end }) => ({ start, end })),
        );
      }),
    );
  });

  test('gt.npy has 16 ceil(N / 16) values per video and continues the last label', () => {
    fc.assert(
      fc.property(fc.array(anyVideo, { minLength: 1, maxLength: 4 }), (videos) => {
        const data = exported(videos.map((v, i) => video(i + 1, `${i}.mp4`, v.frames, v.scores)));
        const files = filesOf(data, 'gt_npy');
        const gt = readNpy(files.get('gt.npy')!, 'gt');
        const index = rows(files.get('gt_index.csv'));
        expect(gt.dtype).toBe('f8');
        expect(gt.data.length).toBe(videos.reduce((sum, v) => sum + 16 * Math.ceil(v.frames / 16), 0));
        for (const [i, row] of index.entries()) {
          const own = Array.from(gt.data.slice(Number(row.start_offset), Number(row.end_offset)), Number);
          const labels = framesFromSegments(Uint8Array.from([0]), videos[i].frames);
          for (const { start, end } of data.videos[i].events) labels.fill(1, start, end);
          expect(own.slice(0, videos[i].frames)).toEqual(Array.from(labels));
          expect(own.slice(videos[i].frames).every((label) => label === labels.at(-1))).toBe(true);
          expect(row).toMatchObject({
            video: `${i}.mp4`,
            n_frames: String(videos[i].frames),
            n_segments: String(own.length / 16),
          });
        }
      }),
    );
  });

  test('gt.npy begins as numpy.save writes it', () => {
    const bytes = filesOf(sample, 'gt_npy').get('gt.npy')!;
    expect(text(bytes.subarray(1, 6))).toBe('NUMPY');
    expect(text(bytes.subarray(10, 80))).toContain(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (80,), }",
    );
    expect(bytes.byteLength % 64).toBe((80 * 8) % 64);
  });

  test('the C2FPL set: flat labels, one range of rows per video, one path per line', () => {
    const files = filesOf(sample, 'c2fpl');
    expect(readNpy(files.get('c2fpl/labels.npy')!, 'labels')).toEqual({
      shape: [4],
      dtype: 'f4',
      data: new Float32Array([0, 1, 0, 0]),
    });
    expect(readNpy(files.get('c2fpl/nalist.npy')!, 'nalist')).toEqual({
      shape: [2, 2],
      dtype: 'i8',
      data: new BigInt64Array([0n, 3n, 3n, 4n]),
    });
    expect(text(files.get('c2fpl/videos.txt'))).toBe('day/01.mp4\nnight, "rain"/02.avi\n');
  });
});

describe('the manifest', () => {
  test('names every other file with its size and hash, and the conventions', () => {
    const files = exportFiles(sample, ['csv', 'gt_npy', 'csv']);
    const manifest = JSON.parse(text(files.at(-1)?.bytes));
    expect(files.map((f) => f.name)).toEqual([
      'events.csv',
      'segments.csv',
      'gt.npy',
      'gt_index.csv',
      'manifest.json',
    ]);
    expect(manifest.files).toEqual(
      files.slice(0, -1).map(({ name, bytes, convention }) => ({
        name,
        bytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        convention,
      })),
    );
    expect(manifest).toMatchObject({
      app: { version: '1.2.3' },
      project: { id: 'p1' },
      run: { id: 7, seed: 3, created: '2023-11-14T22:13:20.000Z', finished: null, config: { beta: 0.5 } },
      rule: { on: 0.5, off: 0.4 },
      conventions: { tailPolicy: 'pad_last' },
      videos: [
        { id: 1, path: 'day/01.mp4', frames: 40, fps: [25, 1], segments: 3, repeatedSegments: 0 },
        { id: 2, frames: 20, segments: 1, repeatedSegments: 1 },
      ],
    });
    expect(exportFiles(sample, ['csv', 'gt_npy'])).toEqual(files);
  });
});

describe('file names', () => {
  test('drop the extension, keep it where two videos would collide, and stay inside the folder', () => {
    const stems = (...paths: string[]) => fileStems(paths.map((relPath) => ({ relPath })));
    expect(stems('a/01.mp4', 'b/01.mp4')).toEqual(['a/01', 'b/01']);
    expect(stems('a/01.mp4', 'A/01.avi', 'c.mkv')).toEqual(['a/01.mp4', 'A/01.avi', 'c']);
    expect(stems('../../etc/x.mp4', '/abs/y.mp4', 'C:\\v\\z.mp4')).toEqual(['etc/x', 'abs/y', 'C_/v/z']);
    expect(stems('v.1/.hidden', 'a?b.mp4')).toEqual(['v.1/.hidden', 'a_b']);
  });

  test('are never equal and never lead out', () => {
    const part = fc.constantFrom('a', 'A', '..', '.', '01.mp4', '01.avi', '01', '01.mp4-2', '');
    fc.assert(
      fc.property(
        fc.array(
          fc.array(part, { maxLength: 3 }).map((p) => p.join('/')),
          { maxLength: 6 },
        ),
        (paths) => {
          const stems = fileStems(paths.map((relPath) => ({ relPath })));
          expect(new Set(stems.map((s) => s.toLowerCase())).size).toBe(paths.length);
          expect(stems.every((s) => s !== '' && !s.startsWith('/') && !s.split('/').includes('..'))).toBe(
            true,
          );
        },
      ),
    );
  });
});
