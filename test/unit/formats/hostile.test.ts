// Files from outside that are broken or are made to break a reader: every one ends in a sentence that names the file.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readChapters } from '../../../electron/formats/chapters.ts';
import { readEventsCsv } from '../../../electron/formats/csv.ts';
import { readCvat } from '../../../electron/formats/cvat.ts';
import { readDive } from '../../../electron/formats/dive.ts';
import { readElan } from '../../../electron/formats/elan.ts';
import { exportFiles } from '../../../electron/formats/export.ts';
import { readFiftyOne } from '../../../electron/formats/fiftyone.ts';
import { readLabels } from '../../../electron/formats/import.ts';
import { lineOfPath } from '../../../electron/formats/json.ts';
import { readEventsJsonl } from '../../../electron/formats/jsonl.ts';
import { readLabelStudio } from '../../../electron/formats/label-studio.ts';
import { readLosslessCut } from '../../../electron/formats/losslesscut.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';
import { readEventsParquet } from '../../../electron/formats/parquet.ts';
import type { SourceFile } from '../../../electron/formats/read.ts';
import { readSrt } from '../../../electron/formats/srt.ts';
import { readVia3 } from '../../../electron/formats/via3.ts';
import { readViame } from '../../../electron/formats/viame.ts';
import { readWebVtt } from '../../../electron/formats/webvtt.ts';
import { readXAnyLabeling } from '../../../electron/formats/x-anylabeling.ts';
import { parseXml } from '../../../electron/formats/xml.ts';
import { importFormat, importOptions } from '../../../shared/contract/formats.ts';
import { AppError } from '../../../shared/errors.ts';
import { exported, video } from './sample.ts';

const file = (name: string, text: string): SourceFile => ({ name, bytes: new TextEncoder().encode(text) });

async function refusal(work: () => unknown): Promise<AppError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('sentences name the file and the line', () => {
  test.each([
    [
      'a cue without times',
      () => readWebVtt(file('a.vtt', 'WEBVTT\n\n1\n00:01 -> 00:02\nx\n')),
      'a.vtt, line 3',
    ],
    ['no WebVTT', () => readWebVtt(file('a.vtt', 'hello')), 'a.vtt, line 1'],
    [
      'a cue that ends first',
      () => readWebVtt(file('a.vtt', 'WEBVTT\n\n00:02.000 --> 00:01.000\nx')),
      'a.vtt, line 3',
    ],
    [
      'a subtitle without times',
      () => readSrt(file('a.srt', '1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\nno\n')),
      'a.srt, line 5',
    ],
    [
      'minutes beyond 59',
      () => readSrt(file('a.srt', '1\n00:61:00,000 --> 00:62:00,000\nx\n')),
      'a.srt, line 1',
    ],
    [
      'a chapter without an end',
      () => readChapters(file('c', ';FFMETADATA1\n[CHAPTER]\nSTART=0\ntitle=x\n')),
      'c, line 2',
    ],
    ['metadata that is none', () => readChapters(file('c', 'title=x\n')), 'c, line 1'],
    ['a word for a time', () => readLosslessCut(file('l.csv', '1,2,a\nx,3,b\n')), 'l.csv, line 2'],
    [
      'a track that ends first',
      () => readDive(file('d.json', '{"tracks": {"7": {"begin": 9, "end": 3}}}')),
      'd.json, track 7',
    ],
    [
      'a word for a frame',
      () => readDive(file('d.json', '{\n "tracks": {\n  "7": {"begin": 1,\n   "end": "x"}}}')),
      'd.json, line 4',
    ],
    ['JSON cut short', () => readDive(file('d.json', '{"tracks":\n{"1": ')), 'd.json, line 2'],
    ['too few cells', () => readViame(file('v.csv', '# legend\n1,2,3\n')), 'v.csv, line 2'],
    ['a frame that is a word', () => readViame(file('v.csv', '0,t,x,0,0,1,1,1,-1,a,1\n')), 'v.csv, line 1'],
    [
      'a class without a name',
      () => readFiftyOne(file('l.json', '{"classes":["a"],"labels":{"v":[{"label":3,"support":[1,2]}]}}')),
      'detection 1 of "v"',
    ],
    [
      'a support that ends first',
      () => readFiftyOne(file('l.json', '{"labels":{"v":[{"label":"a","support":[5,2]}]}}')),
      'l.json, detection 1 of "v"',
    ],
    ['another JSON', () => readVia3(file('p.json', '{"project": 1}')), 'p.json, line 1'],
    ['a task without a video', () => readLabelStudio(file('t.json', '[\n{"data": {}}]')), 't.json, line 2'],
    [
      'a sidecar without segments',
      () => readXAnyLabeling(file('x.json', '{"labels": []}')),
      'x.json, line 1',
    ],
    [
      'a slot that is not there',
      () =>
        readElan(
          file(
            'e.eaf',
            '<ANNOTATION_DOCUMENT><TIME_ORDER/>\n<TIER TIER_ID="a"><ANNOTATION>\n<ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"/></ANNOTATION></TIER></ANNOTATION_DOCUMENT>',
          ),
        ),
      'e.eaf, line 3',
    ],
    ['another document', () => readElan(file('e.eaf', '<?xml version="1.0"?>\n<html/>')), 'e.eaf, line 2'],
    [
      'a box without a frame',
      () =>
        readCvat(
          file(
            'c.xml',
            '<annotations>\n<track label="a">\n<box frame="x" outside="0"/></track></annotations>',
          ),
        ),
      'c.xml, line 3',
    ],
    ['a tag that never ends', () => readCvat(file('c.xml', '<annotations>\n<track')), 'c.xml, line 2'],
    [
      'cells beyond the columns',
      () => readEventsCsv(file('e.csv', 'video,start_frame,end_frame\na,1,2\na,1\n')),
      'e.csv, line 3',
    ],
    [
      'a row without a video',
      () => readEventsCsv(file('e.csv', 'video,start_frame,end_frame\n,1,2\n')),
      'e.csv, line 2',
    ],
    [
      'half a frame',
      () => readEventsCsv(file('e.csv', 'video,start_frame,end_frame\na,1.5,2\n')),
      'e.csv, line 2',
    ],
    [
      'a line that is no object',
      () => readEventsJsonl(file('e.jsonl', '{"video":"a","start_frame":0,"end_frame":1}\n7\n')),
      'e.jsonl, line 2',
    ],
    ['no Parquet', () => readEventsParquet(file('e.parquet', 'PAR1 and nothing else')), 'e.parquet'],
  ] as const)('%s', async (_, work, place) => {
    const error = await refusal(work);
    expect(['bad_input', 'damaged', 'unsupported']).toContain(error.code);
    expect(error.message).toContain(place);
  });

  test('the line of a place in JSON is that of the value, also behind strings with brackets', () => {
    const text = '{\n "a": "}]{\\"", \n "b": [1,\n  {"c": {\n   "d": 5}}]\n}';
    expect(lineOfPath(text, ['b', 1, 'c', 'd'])).toBe(5);
    expect(lineOfPath(text, ['b', 0])).toBe(3);
    expect(lineOfPath(text, ['nothing'])).toBe(1);
  });
});

describe('XML that is made to break a reader', () => {
  test('entities cannot grow or reach out', async () => {
    const bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><annotations/>';
    expect((await refusal(() => parseXml('bomb.xml', bomb))).message).toContain('bomb.xml, line 1');
    expect((await refusal(() => parseXml('e.xml', '<a>&evil;</a>'))).code).toBe('damaged');
  });

  test('depth and attributes are bounded', async () => {
    const deep = `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`;
    expect((await refusal(() => parseXml('deep.xml', deep))).message).toContain('200 deep');
    expect((await refusal(() => parseXml('t.xml', '<a b="1" b="2"/>'))).message).toContain('b twice');
  });

  test('what other programs write is read: comments, CDATA, single quotes, character references', () => {
    const root = parseXml(
      'o.xml',
      `<?xml version='1.0'?><!-- <x> -->\n<a b='1 &lt; 2'><![CDATA[<raw> & ]]>&#x41;&#66;</a>`,
    );
    expect(root).toMatchObject({ name: 'a', attributes: { b: '1 < 2' }, text: '<raw> & AB', line: 2 });
  });
});

test('Parquet whose page headers do not fit together is refused by name', async () => {
  const [{ bytes }] = exportFiles(exported([video(1, 'a.mp4', 40, [0.1, 0.9, 0.2])]), ['parquet']);
  // The header of the first page follows the four letters at the start: type, then sizes as zigzag numbers.
  expect(Array.from(bytes.subarray(4, 7))).toEqual([0x15, expect.any(Number), 0x15]);
  for (const [at, value] of [
    [7, 0x7f], // an uncompressed size below zero
    [9, 0x01], // a page that ends before it starts
    [9, 0x7f],
  ]) {
    const error = await refusal(() => readEventsParquet({ name: 'e.parquet', bytes: bytes.with(at, value) }));
    expect(error.message).toMatch(/^e\.parquet cannot be read as Parquet: /);
  }
});

test('Parquet cut short anywhere is refused by name', async () => {
  const [whole] = exportFiles(exported([video(1, 'a.mp4', 40, [0.1, 0.9, 0.2])]), ['parquet']);
  for (let end = 0; end < whole.bytes.length; end += 97) {
    const error = await refusal(() =>
      readEventsParquet({ name: 'e.parquet', bytes: whole.bytes.subarray(0, end) }),
    );
    expect(error.message).toContain('e.parquet');
  }
});

describe('any bytes', () => {
  const options = importOptions.parse({ ucfBase: 'py_half' });
  const names = [
    'a.vtt',
    'a.srt',
    'a.json',
    'a.xml',
    'a.eaf',
    'a.csv',
    'a.txt',
    'a.jsonl',
    'a.ffmetadata',
    'gt.npy',
    'labels.npy',
    'm.npy',
    'e.parquet',
  ];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.string({ unit: 'binary', maxLength: 80 }).map((text) => new TextEncoder().encode(text)),
    fc.constant(writeNpy(Float32Array.of(0, 2, Number.NaN), [3], 'f4')),
  );

  test('are labels or a sentence, in every format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        bytes,
        fc.option(fc.constantFrom(...importFormat.options)),
        async (name, content, format) => {
          try {
            const { videos } = await readLabels([{ name, bytes: content }], format, options);
            for (const { events } of videos)
              for (const { start, end } of events) expect(end === null || end > start).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            expect((error as AppError).message.length).toBeGreaterThan(20);
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  test('of our own files with one byte changed are labels or a sentence', async () => {
    const data = exported([video(1, 'a b.mp4', 40, [0.1, 0.9, 0.2])]);
    // gt_frames has no writer. A damaged run in Parquet can keep its library busy for very long; that is for a process of
    // its own: test/integration/read-labels.test.ts.
    for (const format of importFormat.exclude(['gt_frames', 'parquet']).options) {
      const files = exportFiles(data, [format]);
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(255), async (f, at, value) => {
          const changed = files.map((one, i) => {
            if (i !== f % files.length || one.bytes.length === 0) return one;
            const copy = Uint8Array.from(one.bytes);
            copy[at % copy.length] = value;
            return { ...one, bytes: copy };
          });
          try {
            await readLabels(changed, format, options);
          } catch (error) {
            expect(error, String(error)).toBeInstanceOf(AppError);
          }
        }),
        { numRuns: 25 },
      );
    }
  });
});
