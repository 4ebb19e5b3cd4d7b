// XD-Violence, ShanghaiTech, UBnormal and MSAD.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { msadClass, readMsad, writeMsad } from '../../../electron/formats/msad.ts';
import {
  clipLabel,
  readMask,
  readSplit,
  writeMask,
  writeSplit,
} from '../../../electron/formats/shanghaitech.ts';
import {
  readFrameText,
  readNames,
  readTracks,
  writeFrameText,
  writeNames,
  writeTracks,
} from '../../../electron/formats/ubnormal.ts';
import { readXd, writeXd, xdClasses } from '../../../electron/formats/xd.ts';
import { normalize } from '../../../shared/labels/intervals.ts';
import { names, video, videos } from './videos.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('XD-Violence', () => {
  test('what is written is read back, or a note names it', () => {
    fc.assert(
      fc.property(videos(), fc.boolean(), (given, withClass) => {
        const { text, notes } = writeXd(given, withClass);
        expect(text.endsWith('\n')).toBe(false);
        const read = readXd('x.txt', text, withClass);
        const wanted = given.filter((v) => v.events.length > 0);
        const lost = wanted.filter((v) => !read.some((row) => row.name === v.name));
        expect(read).toEqual(
          wanted
            .filter((v) => !lost.includes(v))
            .map((v) => ({
              name: v.name,
              events: v.events,
              classes: withClass ? v.events.map(() => v.class) : null,
            })),
        );
        for (const v of lost) expect(notes.some((note) => note.includes(`"${v.name}"`))).toBe(true);
        const spaced = read.some((row) => row.name.includes(' '));
        expect(notes.some((note) => note.includes('first space'))).toBe(spaced);
        const normal = given.length - wanted.length;
        expect(notes.some((note) => note.endsWith(`not in it: ${normal}.`))).toBe(normal > 0);
      }),
    );
  });

  test('names of the data set stay whole; .mp4 is removed; CRLF', () => {
    const text = 'v=S-7x__#1_label_B4-0-0.mp4 0 1517 1970 3038 \r\nBad.Boys__#01-11_01-12_label_G-B2-B6 3 4';
    expect(readXd('x.txt', text)).toEqual([
      {
        name: 'v=S-7x__#1_label_B4-0-0',
        events: [
          { start: 0, end: 1517 },
          { start: 1970, end: 3038 },
        ],
        classes: null,
      },
      { name: 'Bad.Boys__#01-11_01-12_label_G-B2-B6', events: [{ start: 3, end: 4 }], classes: null },
    ]);
    expect(xdClasses('Bad.Boys__#01-11_01-12_label_G-B2-B6')).toEqual([
      'explosion',
      'shooting',
      'car accident',
    ]);
    expect(xdClasses('lobby__#1_label_A')).toEqual(['normal']);
    expect(xdClasses('lobby_label_Z')).toBeNull();
    expect(readXd('x.txt', 'a fight 1 2 riot 4 5', true)[0].classes).toEqual(['fight', 'riot']);
  });

  test.each([
    ['a', 1],
    ['a 1 2 3', 1],
    ['a 1 2\nb 5 5', 2],
    ['a 1 2\n\na.mp4 3 4', 3],
    ['a -1 4', 1],
  ])('%j is refused with file and line', (text, line) => {
    expect(() => readXd('x.txt', text)).toThrow(`x.txt, line ${line}:`);
  });
});

describe('ShanghaiTech', () => {
  test('a mask holds the frames of the events and their number', () => {
    fc.assert(
      fc.property(videos(), (given) => {
        for (const v of given) {
          const mask = writeMask(v);
          expect(readMask('m.npy', mask)).toEqual({ frames: v.frames, events: normalize(v.events) });
        }
      }),
    );
    expect(() => readMask('m.npy', bytes('nothing'))).toThrow();
  });

  test('lists of names and of labels are sorted and read back, or a note names what is missing', () => {
    const listed = fc.oneof(names, fc.constantFrom('01_0014', '01_001', 'a,0', 'b,1,7', ',1'));
    fc.assert(
      fc.property(videos(listed), fc.boolean(), (given, labels) => {
        const { text, notes } = writeSplit(given, labels);
        const read = readSplit('s.txt', text);
        const lost = given.filter((v) => !read.some((row) => row.name === v.name));
        const kept = given.filter((v) => !lost.includes(v)).sort((a, b) => (a.name < b.name ? -1 : 1));
        expect(read).toEqual(
          kept.map((v) => ({
            name: v.name,
            abnormal: labels ? v.events.length > 0 : clipLabel(v.name),
            frames: labels && v.events.length === 0 ? v.frames : null,
          })),
        );
        expect(notes.some((note) => note.includes('no line for'))).toBe(lost.length > 0);
        const silent = !labels && kept.some((v) => clipLabel(v.name) !== v.events.length > 0);
        expect(notes.some((note) => note.includes('digits'))).toBe(silent);
        expect(text.endsWith('\n')).toBe(false);
      }),
    );
  });

  test('forms of the published lists', () => {
    expect(readSplit('s.txt', '01_0014,1\r\n01_001,0,764\n01_002\n01_0015,1,-1')).toEqual([
      { name: '01_0014', abnormal: true, frames: null },
      { name: '01_001', abnormal: false, frames: 764 },
      { name: '01_002', abnormal: false, frames: null },
      { name: '01_0015', abnormal: true, frames: null },
    ]);
    expect(() => readSplit('s.txt', 'a\nb\na')).toThrow('s.txt, line 3:');
  });
});

describe('UBnormal', () => {
  test('tracks keep order and overlaps; frame text keeps frames', () => {
    fc.assert(
      fc.property(videos(), fc.constantFrom('numpy' as const, 'int' as const), (given, style) => {
        for (const v of given) {
          expect(readTracks('t.txt', writeTracks(v))).toEqual(
            v.events.map((event, i) => ({ object: i + 1, ...event })),
          );
          const read = readFrameText('f.txt', writeFrameText(v, style));
          expect(read).toEqual({ frames: v.frames, events: normalize(v.events) });
        }
      }),
    );
  });

  test('bytes of both styles, exponent form and single rows', () => {
    const two = video('a', 2, [[1, 2]]);
    expect(writeFrameText(two)).toBe('0.000000000000000000e+00\n1.000000000000000000e+00\n');
    expect(writeFrameText(two, 'int')).toBe('0\n1\n');
    expect(writeTracks(two)).toBe('1,1,1\n');
    expect(readTracks('t.txt', '8.0e+00,7.0e+00,8.2e+01\r\n')).toEqual([{ object: 8, start: 7, end: 83 }]);
  });

  test.each(['1,5', '1,5,4', '1,2.5,3', 'a,1,2', '1,1,2,3'])(
    'the track %j is refused with its line',
    (row) => {
      expect(() => readTracks('t.txt', `1,0,3\n${row}\n`)).toThrow('t.txt, line 2:');
    },
  );

  test('names are listed in their order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(names), (given) => {
        const { text, notes } = writeNames(given);
        const read = readNames('n.txt', text);
        expect(read).toEqual(given.filter((name) => read.includes(name)));
        expect(notes).toHaveLength(read.length < given.length ? 1 : 0);
        for (const name of given) if (name === name.trim()) expect(read).toContain(name);
      }),
    );
    expect(() => readFrameText('f.txt', '0\n2\n')).toThrow('f.txt, line 2:');
  });
});

describe('MSAD', () => {
  const scenario = fc.constantFrom('', 'car park', 'yard, rear', 'say "x"', 'two\nlines', ' blank ', 'Größe');

  test('what is written is read back; videos without events and other classes are told', () => {
    fc.assert(
      fc.property(
        videos(),
        fc.array(scenario, { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        (list, places, crlf) => {
          const given = list.map((v, i) => ({ ...v, scenario: places[i] }));
          const { text, notes } = writeMsad(given, 'append');
          const wanted = given.filter((v) => v.events.length > 0);
          const plain = !places.some((place) => place.includes('\n'));
          const read = readMsad('m.csv', crlf && plain ? `\ufeff${text.replaceAll('\n', '\r\n')}` : text);
          expect(read).toEqual(
            wanted.map(({ name, scenario: place, frames, events }) => ({
              name,
              scenario: place,
              frames,
              events,
            })),
          );
          const told = (part: string) => notes.some((note) => note.includes(part));
          expect(told('anomalous videos only')).toBe(wanted.length < given.length);
          expect(told('not standard')).toBe(given.some((v) => v.events.length > 1));
          expect(told('last underscore')).toBe(wanted.some((v) => msadClass(v.name) !== v.class));
        },
      ),
    );
  });

  test('more than one event: refused by name, or the longest', () => {
    const two = [
      {
        ...video(
          'Arson_2',
          90,
          [
            [0, 5],
            [10, 30],
          ],
          'Arson',
        ),
        scenario: 'yard',
      },
    ];
    expect(() => writeMsad(two)).toThrow(/more have Arson_2/);
    const { text, notes } = writeMsad(two, 'longest');
    expect(text.split('\n')[1]).toBe('Arson_2,yard,90,11,30');
    expect(notes).toEqual([expect.stringContaining('only the longest is written for: Arson_2')]);
  });

  test.each([
    ['name,start\n', 1],
    ['HEAD\na,b,10,0,5\n', 2],
    ['HEAD\n"a","b\nb",10,1,5\nc,d,10,6,5\n', 4],
    ['HEAD\na,b,10,1,11\n', 2],
    ['HEAD\na,b,10,1\n', 2],
    ['HEAD\na,b,10,1,2\na,b,11,4,5\n', 3],
  ])('%j is refused with file and line', (text, line) => {
    const head = 'name,scenario,total frames,starting frame of anomaly,ending frame of anomaly';
    expect(() => readMsad('m.csv', text.replace('HEAD', head))).toThrow(`m.csv, line ${line}:`);
  });
});
