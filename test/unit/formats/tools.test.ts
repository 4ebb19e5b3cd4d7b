import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExportData, ExportVideo } from '../../../electron/formats/data.ts';
import { exportFiles } from '../../../electron/formats/export.ts';
import { type ExportFormat, exportFormat } from '../../../shared/contract/formats.ts';
import { type FrameTable, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import { normalize } from '../../../shared/labels/intervals.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { exported, video } from './sample.ts';
import { all, fitsXml, parseXml } from './xml-reader.ts';

const TOOLS = exportFormat.options.slice(
  exportFormat.options.indexOf('webvtt'),
  1 + exportFormat.options.indexOf('activitynet'),
);
const NASTY = `Größe & "Maß"/it's <a>__b.1 #2=3 100%.mp4`;

/** Text of every file but the manifest, by name. */
function textsOf(data: ExportData, ...formats: ExportFormat[]): Map<string, string> {
  const files = exportFiles(data, formats).filter(({ name }) => name !== 'manifest.json');
  return new Map(
    files.map(({ name, bytes }) => [name, new TextDecoder('utf-8', { fatal: true }).decode(bytes)]),
  );
}
function only(data: ExportData, format: ExportFormat): string {
  const texts = [...textsOf(data, format).values()];
  expect(texts).toHaveLength(1);
  return texts[0];
}
const notesOf = (data: ExportData, format: ExportFormat) =>
  exportFiles(data, [format]).flatMap(({ notes }) => notes ?? []);

// Readers, written from the descriptions of the formats and not from the writers.

function secondsOf(time: string, mark: '.' | ','): number {
  const parts = new RegExp(`^(\\d{2,}):([0-5]\\d):([0-5]\\d)\\${mark}(\\d{3}|\\d{6})$`).exec(time);
  if (!parts) throw new Error(`no time: ${time}`);
  const [hours, minutes, seconds, fraction] = parts.slice(1);
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`);
}

interface Timed {
  start: number;
  end: number;
  text: string;
}

/** @throws Error for anything but comments and cues with one line of text, in order. */
function readVtt(text: string): Timed[] {
  const [head, ...blocks] = text.split(/\n\n+/);
  if (head !== 'WEBVTT') throw new Error('no WebVTT');
  return blocks.flatMap((block) => {
    const lines = block.replace(/\n$/, '').split('\n');
    if (/^NOTE( |$)/.test(lines[0])) {
      if (block.includes('-->')) throw new Error('a comment with an arrow');
      return [];
    }
    if (lines.length !== 3 || lines[0].includes('-->')) throw new Error(`no cue: ${block}`);
    const [start, end] = lines[1].split(' --> ').map((time) => secondsOf(time, '.'));
    if (!(start < end) || /[&<]/.test(lines[2])) throw new Error(`bad cue: ${block}`);
    return [{ start, end, text: lines[2] }];
  });
}

function readSrt(text: string): Timed[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block, i) => {
      const [counter, times, line, ...more] = block.split('\n');
      if (counter !== String(i + 1) || more.length > 0) throw new Error(`bad subtitle: ${block}`);
      const [start, end] = times.split(' --> ').map((time) => secondsOf(time, ','));
      return { start, end, text: line };
    });
}

function readChapters(text: string): Timed[] {
  const [head, ...chapters] = text.split('[CHAPTER]\n');
  if (head !== ';FFMETADATA1\n') throw new Error('no FFmpeg metadata');
  return chapters.map((chapter) => {
    const values = Object.fromEntries(
      chapter
        .trimEnd()
        .split('\n')
        .map((line) => line.split('=', 2)),
    );
    if (values.TIMEBASE !== '1/1000') throw new Error(`another time base: ${chapter}`);
    return { start: Number(values.START) / 1000, end: Number(values.END) / 1000, text: values.title };
  });
}

function readLosslessCut(text: string): Timed[] {
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  expect(errors.filter((error) => error.code !== 'UndetectableDelimiter')).toEqual([]);
  return data.map(([start, end, label]) => ({ start: Number(start), end: Number(end), text: label }));
}

const labelStudio = z.array(
  z.strictObject({
    data: z.strictObject({ video: z.string(), path: z.string(), fps: z.number() }),
    predictions: z.tuple([
      z.strictObject({
        model_version: z.string(),
        score: z.number(),
        result: z.array(
          z.strictObject({
            id: z.string(),
            type: z.literal('timelinelabels'),
            from_name: z.literal('events'),
            to_name: z.literal('video'),
            score: z.number(),
            value: z.strictObject({
              ranges: z.tuple([z.strictObject({ start: z.int(), end: z.int() })]),
              timelinelabels: z.tuple([z.literal('Anomaly')]),
            }),
          }),
        ),
      }),
    ]),
  }),
);
const rangesOfTasks = (text: string) =>
  labelStudio.parse(JSON.parse(text))[0].predictions[0].result.map((item) => item.value.ranges[0]);

const dive = z.strictObject({
  version: z.literal(2),
  fps: z.number(),
  tracks: z.record(
    z.string(),
    z.strictObject({
      id: z.int(),
      meta: z.strictObject({}),
      attributes: z.strictObject({}),
      confidencePairs: z.tuple([z.tuple([z.literal('Anomaly'), z.number()])]),
      begin: z.int(),
      end: z.int(),
      features: z.array(
        z.strictObject({
          frame: z.int(),
          bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
          keyframe: z.literal(true),
          interpolate: z.boolean(),
        }),
      ),
    }),
  ),
  groups: z.strictObject({}),
});

const via = z.object({
  project: z.object({ vid_list: z.array(z.string()) }),
  file: z.record(
    z.string(),
    z.object({ fid: z.string(), fname: z.string(), src: z.string(), loc: z.literal(3) }),
  ),
  view: z.record(z.string(), z.object({ fid_list: z.array(z.string()) })),
  metadata: z.record(
    z.string(),
    z.object({ vid: z.string(), z: z.tuple([z.number(), z.number()]), av: z.record(z.string(), z.string()) }),
  ),
});

const fiftyOne = z.strictObject({
  classes: z.tuple([z.literal('Anomaly')]),
  labels: z.record(
    z.string(),
    z.array(
      z.object({
        label: z.literal(0),
        support: z.tuple([z.int(), z.int()]),
        confidence: z.number(),
      }),
    ),
  ),
});

const annotation = z.object({ segment: z.tuple([z.number(), z.number()]), label: z.literal('Anomaly') });
const activityNet = z.strictObject({
  version: z.string(),
  taxonomy: z.array(z.unknown()),
  database: z.record(
    z.string(),
    z.object({ subset: z.literal('training'), duration: z.number(), annotations: z.array(annotation) }),
  ),
});
const activityNetResults = z.strictObject({
  version: z.string(),
  results: z.record(z.string(), z.array(annotation.extend({ score: z.number() }))),
  external_data: z.object({}),
});

const day = exported([video(1, 'day/01.mp4', 40, [0.1, 0.9, 0.45]), video(2, 'night.avi', 20, [0.2])]);

describe('one small run, byte for byte', () => {
  test('WebVTT and SRT', () => {
    const vtt = textsOf(day, 'webvtt');
    expect([...vtt.keys()]).toEqual(['webvtt/day/01.vtt', 'webvtt/night.vtt']);
    expect(vtt.get('webvtt/day/01.vtt')).toMatch(
      /^WEBVTT\n\nNOTE day\/01\.mp4, Motion 1\n\n[0-9a-f-]{36}\n00:00:00\.640 --> 00:00:01\.600\nAnomaly 0\.90 \(model\)\n$/,
    );
    expect(vtt.get('webvtt/night.vtt')).toBe('WEBVTT\n\nNOTE night.avi, Motion 1\n');
    expect([...textsOf(day, 'srt')]).toEqual([
      ['srt/day/01.srt', '1\n00:00:00,640 --> 00:00:01,600\nAnomaly 0.90 (model)\n\n'],
      ['srt/night.srt', ''],
    ]);
  });

  test('chapters and LosslessCut', () => {
    expect([...textsOf(day, 'chapters')]).toEqual([
      [
        'chapters/day/01.ffmetadata',
        ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=640\nEND=1600\ntitle=Anomaly 0.90\n',
      ],
      ['chapters/night.ffmetadata', ';FFMETADATA1\n'],
    ]);
    expect([...textsOf(day, 'losslesscut')]).toEqual([
      ['losslesscut/day/01.csv', '0.640000,1.600000,Anomaly 0.90\n'],
      ['losslesscut/night.csv', ''],
    ]);
  });

  test('VIAME', () => {
    const one = exported([
      video(1, 'a.mp4', 20, [0.9], { events: [{ start: 3, end: 5, max: 0.9, mean: 0.8 }] }),
    ]);
    expect(only(one, 'viame').split('\n').slice(1)).toEqual([
      '# metadata,fps: 25,"exported_by: Zerolabel 1.2.3"',
      '0,00:00:00.120000,3,0,0,320,240,0.9,-1,Anomaly,0.9',
      '0,00:00:00.160000,4,0,0,320,240,0.9,-1,Anomaly,0.9',
      '',
    ]);
    expect(only(one, 'viame')).toMatch(/^# /);
  });

  test('CVAT closes a track on the frame after its last, unless the video ends there', () => {
    const one = exported([
      video(1, 'a.mp4', 40, [0.9], {
        events: [
          { start: 0, end: 16, max: 0.5, mean: 0.5 },
          { start: 32, end: 40, max: 0.9, mean: 0.8 },
        ],
      }),
    ]);
    expect(only(one, 'cvat')).toContain(`  <track id="0" label="Anomaly" source="auto">
    <box frame="0" keyframe="1" outside="0" occluded="0" xtl="0.00" ytl="0.00" xbr="320.00" ybr="240.00" z_order="0">
      <attribute name="score">0.5</attribute>
    </box>
    <box frame="16" keyframe="1" outside="1" occluded="0" xtl="0.00" ytl="0.00" xbr="320.00" ybr="240.00" z_order="0">
      <attribute name="score">0.5</attribute>
    </box>
  </track>
  <track id="1" label="Anomaly" source="auto">
    <box frame="32" keyframe="1" outside="0" occluded="0" xtl="0.00" ytl="0.00" xbr="320.00" ybr="240.00" z_order="0">
      <attribute name="score">0.9</attribute>
    </box>
  </track>
</annotations>
`);
  });

  test('ELAN', () => {
    const document = textsOf(day, 'elan').get('elan/day/01.eaf')!;
    expect(document).toContain(`    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="day/01.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./day/01.mp4"/>
        <PROPERTY NAME="lastUsedAnnotationId">1</PROPERTY>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="640"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1600"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="event" TIER_ID="model: Motion 1">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                <ANNOTATION_VALUE>Anomaly 0.90 [16-40]</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
`);
    expect(document).toContain('DATE="2023-11-14T22:13:20.000+00:00" FORMAT="3.0" VERSION="3.0"');
  });

  test('FiftyOne and ActivityNet hold normal videos with empty lists', () => {
    expect(fiftyOne.parse(JSON.parse(only(day, 'fiftyone')))).toEqual({
      classes: ['Anomaly'],
      labels: { 'day/01': [{ label: 0, support: [17, 40], confidence: 0.899999976 }], night: [] },
    });
    const files = textsOf(day, 'activitynet');
    const truth = activityNet.parse(JSON.parse(files.get('activitynet/ground_truth.json')!));
    expect(truth.database).toEqual({
      'day/01.mp4': {
        subset: 'training',
        duration: 1.6,
        annotations: [{ segment: [0.64, 1.6], label: 'Anomaly' }],
      },
      'night.avi': { subset: 'training', duration: 0.8, annotations: [] },
    });
    expect(activityNetResults.parse(JSON.parse(files.get('activitynet/predictions.json')!)).results).toEqual({
      'day/01.mp4': [{ segment: [0.64, 1.6], label: 'Anomaly', score: 0.899999976 }],
      'night.avi': [],
    });
  });

  test('hours grow beyond two digits, and a rounded fraction carries over', () => {
    const long = exported([
      video(1, 'long.mp4', 2, [0.9], {
        secondsAt: (frame) => [359_999.9996, 360_001, 360_002][frame],
        events: [{ start: 0, end: 1, max: 1, mean: 1 }],
      }),
    ]);
    expect(only(long, 'srt')).toContain('100:00:00,000 --> 100:00:01,000');
  });
});

/** Timestamps of a variable-rate video in ticks of 1/90000 s, frames at least 2 ms long, from any start. */
const frameTable = fc
  .tuple(
    fc.integer({ min: 0, max: 9_000_000 }),
    fc.array(fc.integer({ min: 180, max: 30_000 }), { minLength: 2, maxLength: 60 }),
  )
  .map(([first, steps]): FrameTable => {
    const pts = [first];
    for (const step of steps) pts.push(pts[pts.length - 1] + step);
    const endPts = pts.pop()!;
    return {
      pts: Float64Array.from(pts),
      timeBaseNum: 1,
      timeBaseDen: 90_000,
      endPts,
      key: new Uint8Array(pts.length),
    };
  });

const anyVideo = frameTable.chain((table) =>
  fc
    .array(
      fc.tuple(
        fc.nat(table.pts.length - 1),
        fc.integer({ min: 1, max: 9 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
      ),
    )
    .map((drawn): ExportVideo => {
      const frames = table.pts.length;
      const ranges = normalize(
        drawn.map(([start, length]) => ({ start, end: Math.min(start + length, frames) })),
      );
      return video(1, 'a b/c.mp4', frames, [0.5], {
        fpsNum: 30_000,
        fpsDen: 1001,
        secondsAt: (frame) => timeOfFrame(table, frame),
        events: ranges.map((range, i) => ({ ...range, max: drawn[i][2], mean: drawn[i][2] })),
      });
    }),
);

/** The frame edge nearest to a time. */
function nearest(v: ExportVideo, seconds: number): number {
  const distances = Array.from({ length: v.frames + 1 }, (_, frame) =>
    Math.abs(v.secondsAt!(frame) - seconds),
  );
  return distances.indexOf(Math.min(...distances));
}

describe('what is read back is what was written', () => {
  const rangesOf = (v: ExportVideo): FrameRange[] => v.events.map(({ start, end }) => ({ start, end }));

  test.each([
    ['webvtt', readVtt],
    ['srt', readSrt],
    ['chapters', readChapters],
    ['losslesscut', readLosslessCut],
  ] as const)('%s: every edge is the timestamp of its frame', (format, read) => {
    fc.assert(
      fc.property(anyVideo, (v) => {
        const items = read(only(exported([v]), format));
        expect(items.map((item) => ({ start: nearest(v, item.start), end: nearest(v, item.end) }))).toEqual(
          rangesOf(v),
        );
        for (const [i, item] of items.entries()) {
          expect(item.text.replace(' (model)', '')).toBe(`Anomaly ${v.events[i].max!.toFixed(2)}`);
        }
      }),
    );
  });

  test('VIA, ELAN and ActivityNet: the same in their own documents', () => {
    fc.assert(
      fc.property(anyVideo, (v) => {
        const data = exported([v]);
        const project = via.parse(JSON.parse(only(data, 'via3')));
        const back = (pair: readonly number[]) => ({ start: nearest(v, pair[0]), end: nearest(v, pair[1]) });
        expect(Object.values(project.metadata).map((item) => back(item.z))).toEqual(rangesOf(v));
        expect(Object.values(project.metadata).map((item) => Math.fround(Number(item.av[2])))).toEqual(
          v.events.map((event) => event.max),
        );

        const eaf = parseXml(only(data, 'elan'));
        const slots = new Map(
          all(eaf, 'TIME_SLOT').map(({ attributes: a }) => [a.TIME_SLOT_ID, Number(a.TIME_VALUE)]),
        );
        const annotations = all(eaf, 'ALIGNABLE_ANNOTATION').map(({ attributes: a, children: [value] }) => ({
          ...back([slots.get(a.TIME_SLOT_REF1)! / 1000, slots.get(a.TIME_SLOT_REF2)! / 1000]),
          value: value.text,
        }));
        expect(annotations).toEqual(
          v.events.map(({ start, end, max }) => ({
            start,
            end,
            value: `Anomaly ${max!.toFixed(2)} [${start}-${end}]`,
          })),
        );

        const kit = textsOf(data, 'activitynet');
        const truth = activityNet.parse(JSON.parse(kit.get('activitynet/ground_truth.json')!));
        expect(truth.database['a b/c.mp4'].annotations.map(({ segment }) => back(segment))).toEqual(
          rangesOf(v),
        );
      }),
    );
  });

  test('frames: each tool by its own way of counting', () => {
    fc.assert(
      fc.property(anyVideo, (v) => {
        const data = exported([v]);
        const ranges = rangesOf(v);
        const scores = v.events.map((event) => event.max);

        const tasks = textsOf(data, 'label_studio');
        const folder = 'label_studio/29.97003fps';
        expect(
          rangesOfTasks(tasks.get(`${folder}/tasks.json`)!).map(({ start, end }) => ({
            start: start - 1,
            end,
          })),
        ).toEqual(ranges);
        expect(rangesOfTasks(tasks.get(`${folder}/tasks-ml-backend.json`)!)).toEqual(ranges);

        const cvat = all(parseXml(only(data, 'cvat')), 'track').map((track) => {
          const boxes = all(track, 'box').map((box) => box.attributes);
          expect(boxes.map((box) => box.outside).join()).toBe(boxes.length === 2 ? '0,1' : '0');
          return { start: Number(boxes[0].frame), end: Number(boxes[1]?.frame ?? v.frames) };
        });
        expect(cvat).toEqual(ranges);

        const tracks = Object.values(dive.parse(JSON.parse(only(data, 'dive'))).tracks);
        expect(tracks.map(({ begin, end }) => ({ start: begin, end: end + 1 }))).toEqual(ranges);
        expect(tracks.map((track) => Math.fround(track.confidencePairs[0][1]))).toEqual(scores);
        for (const { begin, end, features } of tracks) {
          expect(features.map((feature) => feature.frame)).toEqual(begin === end ? [begin] : [begin, end]);
          expect(features[0].interpolate).toBe(begin < end);
        }

        const rows = Papa.parse<string[]>(only(data, 'viame'), { comments: '#', skipEmptyLines: true }).data;
        const frames = ranges.flatMap(({ start, end }, id) =>
          Array.from({ length: end - start }, (_, i) => [id, start + i]),
        );
        expect(rows.map(([id, , frame]) => [Number(id), Number(frame)])).toEqual(frames);
        expect(rows.map(([, time]) => nearest(v, secondsOf(time, '.')))).toEqual(
          frames.map(([, frame]) => frame),
        );

        const detections = fiftyOne.parse(JSON.parse(only(data, 'fiftyone'))).labels['a b/c'];
        expect(detections.map(({ support: [first, last] }) => ({ start: first - 1, end: last }))).toEqual(
          ranges,
        );
        expect(detections.map(({ confidence }) => Math.fround(confidence))).toEqual(scores);
      }),
    );
  });
});

describe('names', () => {
  const nasty = exported([video(1, NASTY, 40, [0.1, 0.9, 0.45])]);
  nasty.run.name = 'R&D <"1">';
  nasty.title = nasty.run.name;

  test('survive in every document that holds them', () => {
    expect(readVtt(only(nasty, 'webvtt'))).toHaveLength(1);
    expect(only(nasty, 'webvtt')).toContain(`NOTE ${NASTY}, R&D <"1">\n`);
    const tasks = textsOf(nasty, 'label_studio');
    const [{ data: task }] = labelStudio.parse(JSON.parse(tasks.get('label_studio/25fps/tasks.json')!));
    expect(task.path).toBe(NASTY);
    expect(new URL(task.video, 'http://x').searchParams.get('d')).toBe(NASTY);
    expect(
      all(parseXml(tasks.get('label_studio/25fps/label_config.xml')!), 'Video')[0].attributes.frameRate,
    ).toBe('25');
    expect(all(parseXml(only(nasty, 'cvat')), 'name')[0].text).toBe(NASTY);
    const eaf = parseXml(only(nasty, 'elan'));
    expect(all(eaf, 'MEDIA_DESCRIPTOR')[0].attributes.RELATIVE_MEDIA_URL).toBe(`./${NASTY}`);
    expect(all(eaf, 'TIER')[0].attributes.TIER_ID).toBe('model: R&D <"1">');
    const project = via.parse(JSON.parse(only(nasty, 'via3')));
    expect(project.file[1]).toEqual({ fid: '1', fname: NASTY.split('/')[1], src: NASTY, loc: 3 });
    expect(Object.keys(fiftyOne.parse(JSON.parse(only(nasty, 'fiftyone'))).labels)).toEqual([
      NASTY.slice(0, -4),
    ]);
  });

  test('any text is safe inside XML, and what XML cannot hold is named', () => {
    const char = fc.oneof(
      fc.constantFrom(...'&<>"\'\t\n\r;#/.'),
      fc.integer({ min: 0, max: 0x20 }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), // half surrogates too
    );
    fc.assert(
      fc.property(fc.string({ unit: char, minLength: 1 }), (name) => {
        const document = parseXml(only(exported([video(1, name, 16, [0.9])]), 'cvat'));
        expect(all(document, 'name')[0].text).toBe(
          [...name].map((char) => (fitsXml(char) ? char : '\ufffd')).join(''),
        );
      }),
    );
    const bell = exported([video(1, 'a\u0007b.mp4', 16, [0.9])]);
    expect(notesOf(bell, 'cvat')[0]).toBe(
      'CVAT: characters that XML cannot hold are replaced in the names of: a\ufffdb.mp4.',
    );
  });

  test('an arrow or a line break in a name does not break a comment', () => {
    expect(readVtt(only(exported([video(1, 'a-->b\n\nc.mp4', 40, [0.9])]), 'webvtt'))).toHaveLength(1);
  });
});

describe('what a format cannot express', () => {
  const features = video(2, 'features/b.npy', 20, [0.9], { secondsAt: null, size: null, fingerprint: null });

  test.each(TOOLS)('%s leaves out videos without timestamps and names them', (format) => {
    const data = exported([video(1, 'a.mp4', 20, [0.9]), features]);
    const texts = [...textsOf(data, format)];
    expect(texts.some(([name, text]) => name.includes('features') || text.includes('features/b'))).toBe(
      false,
    );
    expect(notesOf(data, format).filter((note) => note.includes('features/b.npy'))).toHaveLength(1);
    const manifest = new TextDecoder().decode(exportFiles(data, [format]).at(-1)?.bytes);
    const told = z
      .object({ files: z.array(z.object({ convention: z.string(), notes: z.array(z.string()).optional() })) })
      .parse(JSON.parse(manifest));
    expect(told.files[0].notes).toEqual(notesOf(data, format));
  });

  test.each(TOOLS)('%s says so where nothing can be written', (format) => {
    const texts = [...textsOf(exported([features]), format)];
    expect(texts).toHaveLength(1);
    expect(texts[0][0]).toBe(`${format}/not-written.txt`);
    expect(texts[0][1]).toMatch(
      /^\S.*: nothing could be written, because every video is known by features only/,
    );
  });

  test('tools that count at a constant rate name the videos where that goes wrong', () => {
    const events = [{ start: 4, end: 10, max: 1, mean: 1 }];
    const uneven = video(2, 'uneven.mp4', 20, [0.9], {
      events,
      secondsAt: (f) => f / 25 + (f > 5 ? 0.5 : 0),
    });
    const late = video(3, 'late.mp4', 20, [0.9], { events, secondsAt: (f) => 7 + f / 25 });
    const data = exported([video(1, 'even.mp4', 20, [0.9], { events }), uneven, late]);
    for (const format of ['label_studio', 'dive', 'viame'] as const) {
      expect(notesOf(data, format).filter((note) => note.includes('constant rate'))).toEqual([
        expect.stringMatching(/varies: uneven\.mp4\.$/),
      ]);
    }
  });

  test('Label Studio gets one project per frame rate', () => {
    const data = exported([
      video(1, 'a.mp4', 20, [0.9]),
      video(2, 'b.mp4', 20, [0.9], { fpsNum: 30_000, fpsDen: 1001 }),
      video(3, 'c.mp4', 20, [0.9], { fpsNum: 50, fpsDen: 2 }),
    ]);
    const texts = textsOf(data, 'label_studio');
    const paths = (fps: string) =>
      labelStudio
        .parse(JSON.parse(texts.get(`label_studio/${fps}fps/tasks.json`)!))
        .map((task) => task.data.path);
    expect([paths('25'), paths('29.97003')]).toEqual([['a.mp4', 'c.mp4'], ['b.mp4']]);
    expect(texts.get('label_studio/29.97003fps/label_config.xml')).toContain('frameRate="29.97003"');
    expect(notesOf(data, 'label_studio')[0]).toContain('2 projects');
  });

  test('FiftyOne cannot tell videos apart that differ in the extension only', () => {
    const data = exported([video(1, 'a/x.mp4', 20, [0.9]), video(2, 'a/x.avi', 20, [0.9])]);
    expect(Object.keys(fiftyOne.parse(JSON.parse(only(data, 'fiftyone'))).labels)).toEqual(['a/x']);
    expect(notesOf(data, 'fiftyone')).toEqual([expect.stringContaining('a/x.avi')]);
  });
});
