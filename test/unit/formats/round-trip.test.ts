// The law of label formats: what is written and read again is the same, as far as the format holds it, or it is told.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExportData, ExportEvent, ExportVideo, Layer } from '../../../electron/formats/data.ts';
import { exportFiles, formatFiles } from '../../../electron/formats/export.ts';
import { readLabels } from '../../../electron/formats/import.ts';
import { type PlacedVideo, placeLabels } from '../../../electron/formats/match.ts';
import { HOLDS, readBack } from '../../../electron/formats/round-trip.ts';
import {
  type ExportFormat,
  type ExportOptions,
  exportFormat,
  exportOptions,
  type ImportFormat,
  importOptions,
} from '../../../shared/contract/formats.ts';
import { normalize, toVector } from '../../../shared/labels/intervals.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { exported, video } from './sample.ts';
import { eventsIn, names } from './videos.ts';

const LAYERS: Layer[] = ['model', 'rule', 'human', 'truth', 'imported'];
const CLASSES = [
  'Anomaly',
  'Road Accident',
  'a & <b> "c"',
  "Über's #1; x=2\\3",
  'two, words',
  '日本',
  '__proto',
];

/** Timestamps of a video in seconds: uneven, at least 2 ms apart, from any start. */
const times = (frames: number) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 5000 }),
      fc.array(fc.integer({ min: 2, max: 90 }), { minLength: frames, maxLength: frames }),
    )
    .map(([first, steps]) => {
      const at = [first / 1000];
      for (const step of steps) at.push(Number((at[at.length - 1] + step / 1000).toFixed(3)));
      return at;
    });

const anyEvent = (range: FrameRange): fc.Arbitrary<ExportEvent> =>
  fc
    .record({
      class: fc.constantFrom(...CLASSES),
      layer: fc.constantFrom(...LAYERS),
      // Scores of two digits, which titles hold; other digits are a test of their own.
      max: fc.option(
        fc.integer({ min: 0, max: 100 }).map((n) => Math.fround(n / 100)),
        { nil: null },
      ),
    })
    .map((more) => ({ ...range, mean: null, ...more }));

const anyVideo = (relPath: string, id: number): fc.Arbitrary<ExportVideo> =>
  fc.integer({ min: 1, max: 60 }).chain((frames) =>
    fc
      .tuple(
        times(frames),
        eventsIn(frames).chain((ranges) => fc.tuple(...ranges.map(anyEvent))),
      )
      .map(([at, events]) =>
        video(id, relPath, frames, [0.5], {
          secondsAt: (frame) => at[frame],
          labels: new Uint8Array(Math.ceil(frames / 16)),
          scores: new Float32Array(Math.ceil(frames / 16)),
          events: [...events].sort((a, b) => a.start - b.start || a.end - b.end),
        }),
      ),
  );

/** Up to four videos with names as people give them, in folders or not. */
const anyData: fc.Arbitrary<ExportData> = fc
  .uniqueArray(
    names.filter((name) => name.trim() === name),
    { minLength: 1, maxLength: 4, selector: (name) => name.toLowerCase() },
  )
  .chain((stems) =>
    fc.tuple(...stems.map((stem, v) => anyVideo(`${v % 2 === 1 ? 'day 1/' : ''}${stem}.mp4`, v + 1))),
  )
  .map((videos) => ({ ...exported(videos), source: 'inUse' as const }));

const OPTIONS: ExportOptions = exportOptions.parse({});
const formats = exportFormat.options.filter((format) => HOLDS[format] !== null);

/** Whether any note of the export names the video. */
function told(data: ExportData, format: ExportFormat, options: ExportOptions, relPath: string): boolean {
  const name = relPath.replace(/^.*\//, '').replace(/\.mp4$/, '');
  return formatFiles(data, format, options).some((file) =>
    file.notes?.some((note) => note.includes(name) || note.includes(relPath)),
  );
}

describe('read(write(x)) = x, or the difference is told', () => {
  test.each(formats)('%s', async (format) => {
    await fc.assert(
      fc.asyncProperty(anyData, async (data) => {
        const files = formatFiles(data, format, OPTIONS);
        const back = await readBack(data, format, files, OPTIONS);
        for (const relPath of back?.differing ?? [])
          expect(told(data, format, OPTIONS, relPath), `${format}: ${relPath}`).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['matlab1', 'py_incl', 'py_half'] as const)(
    'UCF-Crime in base %s, with and without .mp4',
    async (ucfBase) => {
      await fc.assert(
        fc.asyncProperty(
          anyData,
          fc.constantFrom('.mp4' as const, '' as const),
          async (data, ucfExtension) => {
            const options = { ...OPTIONS, ucfBase, ucfExtension, overflow: 'append' as const };
            const files = formatFiles(data, 'ucf', options);
            const back = await readBack(data, 'ucf', files, options);
            for (const relPath of back?.differing ?? [])
              expect(told(data, 'ucf', options, relPath), relPath).toBe(true);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test.each(['drop', 'pad_last', 'xd'] as const)('gt.npy with tail policy %s', async (tail) => {
    await fc.assert(
      fc.asyncProperty(anyData, async (data) => {
        const options = { ...OPTIONS, tail };
        const files = formatFiles(data, 'gt_npy', options);
        const back = await readBack(data, 'gt_npy', files, options);
        for (const relPath of back?.differing ?? [])
          expect(told(data, 'gt_npy', options, relPath), relPath).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test.each(formats)('%s holds plain labels without a difference', async (format) => {
    const plain = exported(
      ['Straße 1/Cam__03 #1=a.b.mp4', 'Nacht.mp4'].map((relPath, v) =>
        video(v + 1, relPath, 48, [0.1, 0.9, 0.2], {
          events: v === 0 ? [{ start: 16, end: 32, max: 0.9, mean: 0.9 }] : [],
        }),
      ),
    );
    const files = formatFiles(plain, format, OPTIONS);
    expect(await readBack(plain, format, files, OPTIONS)).toEqual({ same: true, videos: 2, differing: [] });
  });

  test('what readBack compares is really compared: a frame more, another class, a lost video', async () => {
    const data = exported([
      video(1, 'a.mp4', 48, [0.9], { events: [{ start: 3, end: 9, max: 0.5, mean: 0.5, class: 'Fire' }] }),
    ]);
    const text = (format: ExportFormat, change: (text: string) => string) =>
      formatFiles(data, format, OPTIONS).map((file) => ({
        ...file,
        bytes: new TextEncoder().encode(change(new TextDecoder().decode(file.bytes))),
      }));
    const differs = async (format: ExportFormat, change: (text: string) => string) =>
      (await readBack(data, format, text(format, change), OPTIONS))?.differing;
    expect(await differs('dive', (t) => t)).toEqual([]);
    expect(await differs('dive', (t) => t.replace('"end": 8', '"end": 9'))).toEqual(['a.mp4']);
    expect(await differs('dive', (t) => t.replace('"Fire"', '"Smoke"'))).toEqual(['a.mp4']);
    expect(await differs('fiftyone', (t) => t.replace('"a"', '"b"'))).toEqual(['a.mp4']);
  });
});

describe('formats whose files our reader takes as a whole', () => {
  /** Events and scores that an import of a whole export gives back. */
  async function imported(data: ExportData, format: ImportFormat) {
    const files = exportFiles(data, [format as ExportFormat]);
    const read = await readLabels(files, null, importOptions.parse({ ucfBase: 'matlab1' }));
    expect(read.format).toBe(format);
    const videos = data.videos.map(({ id, relPath, frames }) => ({ id, relPath, frames, path: null }));
    const placement = placeLabels(read.videos, videos, ({ id }) => {
      const own = data.videos.find((one) => one.id === id)!;
      return { frames: own.frames, secondsAt: own.secondsAt, rate: 25 };
    });
    return { ...placement, videos: new Map(placement.placed.map((placed) => [placed.videoId, placed])) };
  }

  const data = exported([
    video(1, 'train/Köln #1.mp4', 50, [0.2, 0.9, 0.8, 0.1], { labels: Uint8Array.of(0, 1, 1, 0) }),
    video(2, 'train/normal.mp4', 33, [0.1, 0.2, 0.3], { labels: new Uint8Array(3) }),
  ]);

  test('every format is recognised from the folder of its export', async () => {
    for (const format of exportFormat.options) {
      if (format === 'pytorch') continue;
      const result = await imported(data, format as ImportFormat);
      expect(result.videos.get(1)?.events.length, format).toBeGreaterThan(0);
      expect(result.unmatched, format).toEqual([]);
    }
  });

  test('C2FPL pools bring segment labels and scores back', async () => {
    const { videos } = await imported(data, 'c2fpl');
    expect(videos.get(1)?.events).toMatchObject([{ start: 16, end: 48 }]);
    expect(videos.get(2)?.events).toEqual([]);
    expect(videos.get(1)?.scores).toEqual(data.videos[0].scores);
  });

  test('RTFM folders bring frame labels back', async () => {
    const { videos } = await imported(data, 'rtfm');
    const vector = (id: number) => Array.from(toVector(normalize(videos.get(id)?.events ?? []), 50));
    expect(vector(1)).toEqual(Array.from(toVector(data.videos[0].events, 50)));
    expect(videos.get(2)?.events).toEqual([]);
  });

  test('what is written twice for two kinds of readers counts once', async () => {
    const three = [0, 10, 30].map((start) => ({ start, end: start + 5, max: 0.5, mean: 0.5, class: 'Fire' }));
    const many = exported([
      video(1, 'a.mp4', 50, [0.5], { events: three }),
      video(2, 'b.mp4', 50, [0.5], { events: [] }),
    ]);
    for (const format of ['msad', 'ucf', 'activitynet', 'label_studio'] as const) {
      const { videos, notes } = await imported(many, format);
      expect(
        videos.get(1)?.events.map(({ start, end }) => [start, end]),
        format,
      ).toEqual([
        [0, 5],
        [10, 15],
        [30, 35],
      ]);
      expect(notes.join(), format).toContain('count once');
    }
  });

  /** Any data with segment labels that follow from the events, and any scores. */
  const segmented = fc
    .tuple(anyData, fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }))
    .map(([any, pool]) => ({
      ...any,
      videos: any.videos.map((own) => {
        const inside = toVector(normalize(own.events), own.frames);
        const labels = Uint8Array.from(own.labels, (_, k) =>
          Number(inside.subarray(16 * k, 16 * k + 16).includes(1)),
        );
        return { ...own, labels, scores: Float32Array.from(labels, (_, k) => pool[(k + own.id) % 16]) };
      }),
    }));
  const notesOf = (any: ExportData, format: ExportFormat) =>
    exportFiles(any, [format]).flatMap((file) => file.notes ?? []);
  const nameOf = ({ relPath }: ExportVideo) => relPath.replace(/^.*\//, '').replace(/\.mp4$/, '');
  const framesOf = (events: readonly FrameRange[], frames: number) =>
    Array.from(toVector(normalize(events), frames));

  test('C2FPL pools: any segment labels and scores come back', async () => {
    await fc.assert(
      fc.asyncProperty(segmented, async (any) => {
        const { videos, unmatched } = await imported(any, 'c2fpl');
        expect(unmatched).toEqual([]);
        for (const own of any.videos) {
          const wanted = Array.from({ length: own.frames }, (_, f) => own.labels[Math.floor(f / 16)]);
          expect(framesOf(videos.get(own.id)?.events ?? [], own.frames)).toEqual(wanted);
          expect(videos.get(own.id)?.scores).toEqual(own.scores);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('RTFM lists: the frames of any events come back', async () => {
    await fc.assert(
      fc.asyncProperty(segmented, async (any) => {
        const { videos } = await imported(any, 'rtfm');
        const notes = notesOf(any, 'rtfm');
        for (const own of any.videos) {
          const back = videos.get(own.id);
          if (back) expect(framesOf(back.events, own.frames)).toEqual(framesOf(own.events, own.frames));
          else expect(notes.some((note) => note.includes(nameOf(own)))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("UCF-Crime's list: which videos are anomalous, and of which class, comes back or is told", async () => {
    await fc.assert(
      fc.asyncProperty(segmented, async (any) => {
        const notes = notesOf(any, 'ucf_list');
        // A list that no video fits into is empty, and that is no format.
        const empty = formatFiles(any, 'ucf_list').every(({ bytes }) => bytes.length === 0);
        const videos: ReadonlyMap<number, PlacedVideo> = empty
          ? new Map()
          : (await imported(any, 'ucf_list')).videos;
        for (const own of any.videos) {
          const back = videos.get(own.id);
          const longest = own.events.reduce<ExportEvent | null>(
            (a, b) => (a && a.end - a.start >= b.end - b.start ? a : b),
            null,
          );
          if (back)
            expect(back.events).toMatchObject(
              longest ? [{ start: 0, end: own.frames, class: longest.class ?? 'Anomaly' }] : [],
            );
          else expect(notes.some((note) => note.includes(nameOf(own)))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('frame arrays bring scores back', async () => {
    const { videos } = await imported(data, 'frame_npy');
    for (const [k, score] of data.videos[0].scores.entries())
      expect(videos.get(1)?.scores?.[k]).toBeCloseTo(score, 6);
  });

  test('names that cannot be file names come back through the manifest', async () => {
    const odd = exported([
      video(1, 'a:b?.mp4', 20, [0.9]),
      video(2, 'x.mp4', 20, [0.9]),
      video(3, 'x.avi', 20, [0.1], { events: [] }),
    ]);
    const { videos, unmatched } = await imported(odd, 'dive');
    expect([...videos.keys()].sort()).toEqual([1, 2, 3]);
    expect(unmatched).toEqual([]);
    expect(videos.get(3)?.events).toEqual([]);
  });
});
