import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readVideoList } from '../../../electron/formats/video-list.ts';

const shared = process.env.ZEROLABEL_SHARED ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared');
const read = (text: string) => readVideoList('list.txt', text).map(({ name, label }) => [name, label]);

describe('labels behind the names', () => {
  test.each([
    ['cam 1/a.mp4 0\ncam 1/b.mp4 1\n'],
    ['cam 1/a,0\r\ncam 1/b,1\r\n'],
    ['video,label\ncam 1/a.mp4,normal\ncam 1/b.mp4,Anomalous'],
    ['\uFEFFcam 1\\a.npy\t0\ncam 1\\b.npy\t1'],
    ['cam 1/a,0,-1\ncam 1/b,1,764'],
  ])('%j', (text) => {
    expect(read(text)).toEqual([
      ['cam 1/a', 0],
      ['cam 1/b', 1],
    ]);
  });
  test('one line without a label among others is told with its number', () => {
    expect(() => read('a 0\nb\n')).toThrow('list.txt, line 2: expected');
    expect(() => read('a 0\nb 2\n')).toThrow('list.txt, line 2');
  });
  test('the same video may come again, but not with another label', () => {
    expect(read('a__0.npy,1\na__1.npy,1')).toEqual([['a', 1]]);
    expect(() => read('a 1\na 0')).toThrow('list.txt, line 2: "a" is 0 here and 1 above.');
  });
});

describe('labels in the names', () => {
  test('UCF-Crime, RTFM, XD-Violence, ShanghaiTech', () => {
    expect(read('Abuse/Abuse001_x264.mp4\nTraining_Normal_Videos_Anomaly/Normal_Videos003_x264.mp4')).toEqual(
      [
        ['Abuse/Abuse001_x264', 1],
        ['Training_Normal_Videos_Anomaly/Normal_Videos003_x264', 0],
      ],
    );
    expect(read('i3d\\Abuse001_x264_i3d.npy\ni3d\\Normal_Videos_003_x264_i3d.npy')).toEqual([
      ['i3d/Abuse001_x264', 1],
      ['i3d/Normal_Videos_003_x264', 0],
    ]);
    expect(read('x__#1_label_A__0.npy\ny__#1_label_B1-0-0__0.npy')).toEqual([
      ['x__#1_label_A', 0],
      ['y__#1_label_B1-0-0', 1],
    ]);
    expect(read('01_0014\n01_001')).toEqual([
      ['01_0014', 1],
      ['01_001', 0],
    ]);
  });
  test('UCF-Crime with classes and frames', () => {
    expect(
      read('Abuse028_x264.mp4  Abuse  165  240  -1  -1  \nNormal_1.mp4  Normal  -1  -1  -1  -1  '),
    ).toEqual([
      ['Abuse028_x264', 1],
      ['Normal_1', 0],
    ]);
  });
  test('names that say nothing are no list', () => {
    expect(() => read('a.mp4\nabnormal_b.mp4')).toThrow('no line ends in 0 or 1, and no name says "Normal"');
    expect(() => read('\n \n')).toThrow('list.txt is empty');
  });
});

const data = join(shared, 'data', 'ucf-crime-c3d-10');
describe.skipIf(!existsSync(data))('the lists of UCF-Crime', () => {
  test.each([
    ['Anomaly_Train.txt', 1610, 810],
    ['Anomaly_Test.txt', 290, 140],
    ['Temporal_Anomaly_Annotation.txt', 290, 140],
  ])('%s: %i videos, %i of them anomalous', (name, videos, anomalous) => {
    const listed = readVideoList(name, readFileSync(join(data, name), 'utf8'));
    expect(listed).toHaveLength(videos);
    expect(listed.filter(({ label }) => label === 1)).toHaveLength(anomalous);
  });
});
