// Programs of others read our exports: numpy, pandas, sqlite3, xmllint, ffprobe, FFmpeg's demuxers and
// a browser. Each part skips,
// saying so, where its program is not installed (Debian: python3-numpy python3-pandas libxml2-utils ffmpeg sqlite3).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FormatContext, Packet } from 'node-av/lib';
import { chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exportFiles } from '../../electron/formats/export.ts';
import { type ExportFormat, exportFormat } from '../../shared/contract/formats.ts';
import { framesFromSegments } from '../../shared/labels/expand.ts';
import { toVector } from '../../shared/labels/intervals.ts';
import { REMOVE } from '../remove.ts';
import { exported, video } from '../unit/formats/sample.ts';

const FEATURES = Float32Array.from({ length: 4 * 2 * 3 }, (_, i) => i / 7);
const root = mkdtempSync(join(tmpdir(), 'zerolabel-readers-'));
const out = join(root, 'export');

const data = exported([
  video(1, 'train/Köln #1=a__b.mp4', 50, [0.2, 0.9, 0.8, 0.1], {
    labels: Uint8Array.of(0, 1, 1, 0),
    uncertainty: Float32Array.of(0.1, 0.2, 0.3, 0.4),
    ignore: [{ start: 0, end: 3 }],
    events: [
      { start: 16, end: 48, max: 0.9, mean: 0.85, class: 'Über, "x" & <y>; a=b', layer: 'human' },
      { start: 49, end: 50, max: 0.125, mean: 0.125, class: 'Fire', layer: 'model' },
    ],
  }),
  video(2, 'test/normal.mp4', 33, [0.1, 0.2, 0.3], { labels: new Uint8Array(3), events: [] }),
]);

beforeAll(() => {
  const stored = join(root, 'features.npy');
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2, 3), }".padEnd(117);
  const bytes = Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]),
    Buffer.from(`${header}\n`, 'latin1'),
    Buffer.from(FEATURES.buffer),
  ]);
  writeFileSync(stored, bytes);
  data.videos[0].features = { path: stored, bytes: bytes.length, sha256: '0'.repeat(64) };
  for (const file of exportFiles(data, exportFormat.options)) {
    const path = join(out, file.name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.stored ? readFileSync(file.stored.path) : file.bytes);
  }
});
afterAll(() => rmSync(root, REMOVE));

const path = (name: string) => join(out, name);
const has = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
/** A Python that has a module; null where none has. */
const pythonWith = (module: string): string | null =>
  ['python3', '/usr/bin/python3', 'python'].find((python) => has(python, '-c', `import ${module}`)) ?? null;
const run = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: 'utf8' });

/** Runs a Python script that prints one JSON value. */
function python(program: string, script: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync(program, ['-c', script, ...args], { encoding: 'utf8', cwd: out }));
}

const numpy = pythonWith('numpy');
describe.skipIf(!numpy)('numpy (skipped where no Python has it)', () => {
  const load = 'import json, sys, numpy as np\na = np.load(sys.argv[1], allow_pickle=False)\n';
  const array = (name: string) =>
    python(
      numpy ?? '',
      `${load}print(json.dumps([a.dtype.str, list(a.shape), a.ravel().tolist()]))`,
      path(name),
    ) as [string, number[], number[]];
  const [first] = data.videos;
  const labels = Array.from(toVector(first.events, 50));

  test('loads frame labels, scores and masks as they are', () => {
    expect(array('frame_labels/train/Köln #1=a__b.npy')).toEqual(['|u1', [50], labels]);
    expect(array('frame_scores/train/Köln #1=a__b.npy')).toEqual([
      '<f4',
      [50],
      Array.from(framesFromSegments(first.scores, 50)),
    ]);
    expect(array('ignore/train/Köln #1=a__b.npy')[2].slice(0, 4)).toEqual([1, 1, 1, 0]);
    expect(array('shanghaitech/test_frame_mask/normal.npy')).toEqual(['|u1', [33], Array(33).fill(0)]);
  });

  test('loads concatenated ground truth with its index, and C2FPL pools', () => {
    const [type, shape, values] = array('gt.npy');
    expect([type, shape]).toEqual(['<f8', [64 + 48]]);
    expect(values.slice(0, 50)).toEqual(labels);
    expect(array('c2fpl/nalist.npy')).toEqual(['<i8', [2, 2], [0, 4, 4, 7]]);
    expect(array('c2fpl/labels.npy')).toEqual(['<f4', [7], [0, 1, 1, 0, 0, 0, 0]]);
    expect(array('c2fpl/soft_labels.npy')[2]).toEqual([...first.scores, ...data.videos[1].scores]);
  });

  test('savetxt files of UBnormal load as floats and as tracks', () => {
    const script =
      'import json, sys, numpy as np\nprint(json.dumps(np.loadtxt(sys.argv[1], delimiter=sys.argv[2] or None, ndmin=2).tolist()))';
    const frames = python(
      numpy ?? '',
      script,
      path('ubnormal/normal/ground_truth_frame_level.txt'),
      '',
    ) as number[][];
    expect(frames.flat()).toEqual(Array(33).fill(0));
    const tracks = path('ubnormal/Köln #1=a__b_annotations/Köln #1=a__b_tracks.txt');
    expect(python(numpy ?? '', script, tracks, ',')).toEqual([
      [1, 16, 47],
      [2, 49, 49],
    ]);
  });

  test('the loader of the PyTorch folder has at most 40 lines and gives features, labels, scores and masks', () => {
    const loader = readFileSync(path('pytorch/load.py'), 'utf8');
    expect(loader.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
from load import Segments
def plain(item): return {k: v.tolist() if hasattr(v, "tolist") else v for k, v in item.items()}
print(json.dumps({s: [plain(i) for i in map(Segments(sys.argv[1], s).__getitem__, range(len(Segments(sys.argv[1], s))))] for s in ("train", "val", "test")}))`;
    const splits = z
      .record(z.string(), z.array(z.looseObject({ path: z.string(), label: z.int() })))
      .parse(python(numpy ?? '', script, path('pytorch')));
    expect(splits.val).toEqual([]);
    expect(splits.train).toEqual([
      {
        path: 'train/Köln #1=a__b.mp4',
        frames: 50,
        label: 1,
        features: [0, 1, 2, 3].map((t) =>
          [0, 1].map((c) => Array.from(FEATURES.subarray((2 * t + c) * 3, (2 * t + c) * 3 + 3))),
        ),
        labels: [0, 1, 1, 0],
        scores: Array.from(first.scores),
        uncertainty: Array.from(first.uncertainty ?? []),
        ignore: [1, 0, 0, 0],
      },
    ]);
    expect(splits.test).toMatchObject([
      { path: 'test/normal.mp4', label: 1, features: null, labels: [0, 0, 0] },
    ]);
    expect(run(numpy ?? '', path('pytorch/load.py'))).toContain(
      "train train/Köln #1=a__b.mp4 label 1 {'features': (4, 2, 3)",
    );
  });
});

const pandas = pythonWith('pandas');
describe.skipIf(!pandas)('pandas (skipped where no Python has it)', () => {
  const frame = (read: string) =>
    python(
      pandas ?? '',
      `import json, pandas as pd\nd = ${read}\nprint(json.dumps([list(d.columns), json.loads(d.to_json(orient="records"))]))`,
    ) as [string[], Record<string, unknown>[]];
  const expected = [
    {
      video_relpath: 'train/Köln #1=a__b.mp4',
      start_frame: 16,
      end_frame_excl: 48,
      class: 'Über, "x" & <y>; a=b',
      layer: 'human',
    },
    {
      video_relpath: 'train/Köln #1=a__b.mp4',
      start_frame: 49,
      end_frame_excl: 50,
      class: 'Fire',
      layer: 'model',
    },
  ];

  test('reads events and segments from CSV and JSON lines alike', () => {
    const [columns, rows] = frame('pd.read_csv("events.csv")');
    expect(rows).toMatchObject(expected);
    expect(frame('pd.read_json("events.jsonl", lines=True)')[1]).toMatchObject(expected);
    expect(frame('pd.read_csv("segments.csv")')[1]).toHaveLength(7);
    expect(columns.slice(0, 3)).toEqual(['event_id', 'video_id', 'video_relpath']);
  });

  const parquet = pythonWith('pyarrow') ?? pythonWith('fastparquet');
  test.skipIf(!parquet)(
    'reads Parquet with the same types and nulls (skipped without pyarrow or fastparquet)',
    () => {
      expect(frame('pd.read_parquet("events.parquet")')[1]).toMatchObject(expected);
    },
  );
});

describe.skipIf(!has('sqlite3', '--version'))('sqlite3 (skipped where it is not installed)', () => {
  test('imports the CSV tables and counts what is in them', () => {
    const answer = run(
      'sqlite3',
      ':memory:',
      '.mode csv',
      `.import '${path('events.csv')}' events`,
      `.import '${path('segments.csv')}' segments`,
      '.mode list',
      'SELECT e.class, count(*), sum(s.pseudo_label) FROM events AS e JOIN segments AS s USING (video_id) GROUP BY e.class;',
    );
    expect(answer.trim().split('\n').sort()).toEqual(['Fire|4|2', 'Über, "x" & <y>; a=b|4|2']);
  });
});

describe.skipIf(!has('xmllint', '--version'))('xmllint (skipped where it is not installed)', () => {
  test.each([
    'cvat/train/Köln #1=a__b.xml',
    'cvat_images/train/Köln #1=a__b.xml',
    'elan/train/Köln #1=a__b.eaf',
    'label_studio/25fps/label_config.xml',
  ])('%s is well-formed', (name) => {
    run('xmllint', '--noout', '--nonet', path(name));
  });

  test.each(['elan/train/Köln #1=a__b.eaf', 'elan/test/normal.eaf'])(
    '%s fits the order and attributes of EAF 3.0',
    (name) => {
      const schema = join(import.meta.dirname, '..', 'fixtures', 'eaf-3.xsd');
      run('xmllint', '--noout', '--nonet', '--schema', schema, path(name));
    },
  );
});

describe.skipIf(!has('ffprobe', '-version'))('ffprobe (skipped where it is not installed)', () => {
  test('finds our chapters at their times, with their titles', () => {
    const file = path('chapters/train/Köln #1=a__b.ffmetadata');
    const told = run('ffprobe', '-v', 'error', '-f', 'ffmetadata', '-show_chapters', '-of', 'json', file);
    const { chapters } = z
      .object({
        chapters: z.array(
          z.object({ start_time: z.string(), end_time: z.string(), tags: z.object({ title: z.string() }) }),
        ),
      })
      .parse(JSON.parse(told));
    expect(chapters.map((c) => [Number(c.start_time), Number(c.end_time), c.tags.title])).toEqual([
      [0.64, 1.92, 'Über, "x" & <y>; a=b 0.90'],
      [1.96, 2, 'Fire 0.13'],
    ]);
  });
});

const chromiumPath = [process.env.ZEROLABEL_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (program) => program && existsSync(program),
);
describe.skipIf(!chromiumPath)("a browser's WebVTT parser (skipped where there is no Chromium)", () => {
  test('finds our cues at their times, with text that shows as it was meant', async () => {
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const text = readFileSync(path('webvtt/train/Köln #1=a__b.vtt'), 'utf8');
      const cues = await page.evaluate(
        (vtt) =>
          new Promise((resolve, reject) => {
            const video = document.body.appendChild(document.createElement('video'));
            const element = document.createElement('track');
            element.onerror = () => reject(new Error('not WebVTT'));
            element.onload = () =>
              resolve(
                [...(element.track.cues ?? [])].map((cue) => [
                  cue.startTime,
                  cue.endTime,
                  (cue as VTTCue).getCueAsHTML().textContent,
                ]),
              );
            element.src = URL.createObjectURL(new Blob([vtt], { type: 'text/vtt' }));
            video.append(element);
            element.track.mode = 'showing';
          }),
        text,
      );
      expect(cues).toEqual([
        [0.64, 1.92, 'Über, "x" & <y>; a=b 0.90 (human)'],
        [1.96, 2, 'Fire 0.13 (model)'],
      ]);
    } finally {
      await browser.close();
    }
  });
});

describe("FFmpeg's demuxers", () => {
  /** Start, length and text of every subtitle, in milliseconds. */
  function subtitles(format: ExportFormat, extension: string) {
    const context = new FormatContext();
    expect(context.openInputSync(path(`${format}/train/Köln #1=a__b.${extension}`))).toBe(0);
    const { timeBase } = context.streams[0];
    const ms = (ticks: bigint) => (Number(ticks) * timeBase.num * 1000) / timeBase.den;
    const packet = new Packet();
    packet.alloc();
    const found: [number, number, string][] = [];
    while (context.readFrameSync(packet) >= 0) {
      found.push([ms(packet.pts), ms(packet.duration), packet.data?.toString('utf8') ?? '']);
      packet.unref();
    }
    packet.free();
    context.closeInputSync();
    return found;
  }

  test.each([
    ['webvtt', 'vtt', 'Über, "x" &amp; &lt;y&gt;; a=b 0.90 (human)'],
    ['srt', 'srt', 'Über, "x" & <y>; a=b 0.90 (human)'],
  ] as const)('%s: cues at their times with their text', (format, extension, text) => {
    expect(subtitles(format, extension)).toEqual([
      [640, 1280, text],
      [1960, 40, 'Fire 0.13 (model)'],
    ]);
  });
});
