import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { videoOfFile } from '../../../../electron/features/detections/files.ts';
import { readDetectionFile } from '../../../../electron/features/detections/read.ts';
import { writeOwnPoses } from '../../../../electron/features/poses/own.ts';
import { personsOf } from '../../../../electron/features/poses/stored.ts';
import { gatherDetections } from '../../../../shared/labels/detections.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-detections-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string, firstFrame: 0 | 1 | null = null) {
  const path = join(folder, 'file');
  writeFileSync(path, text);
  const { entries, notes } = await readDetectionFile(path, firstFrame);
  const simple = entries.map(({ key, kind, objects }) => ({
    key,
    kind,
    objects: objects.map(({ frame, track, values }) => [frame, track, ...Array.from(values).slice(0, 5)]),
  }));
  return { entries, simple, notes };
}

/** A pose whose keypoints all lie at one place, spread a little. */
const pose = (x: number, y: number) =>
  Array.from({ length: 17 }, (_, j) => [x + 3 * j, y + 2 * j, 0.5]).flat();

describe('tables of boxes', () => {
  it('are read by the names of their columns', async () => {
    const { simple } = await read(
      'video,frame,x1,y1,x2,y2,conf\n01,0,1,2,3,4,0.5\n02,7,5,6,7,8,1\n01,3,1,1,2,2,0.25\n',
    );
    expect(simple).toEqual([
      {
        key: '01',
        kind: 'boxes',
        objects: [
          [0, -1, 1, 2, 3, 4, 0.5],
          [3, -1, 1, 1, 2, 2, 0.25],
        ],
      },
      { key: '02', kind: 'boxes', objects: [[7, -1, 5, 6, 7, 8, 1]] },
    ]);
  });

  it('may give width and height, tracks, another delimiter and no video', async () => {
    const { simple } = await read('Frame_Number;Person_ID;left;top;width;height\n2;9;10;20;3;4\n', 1);
    expect(simple).toEqual([{ key: '', kind: 'boxes', objects: [[1, 9, 10, 20, 13, 24, 1]] }]);
  });

  it('of MOT have no header and count frames from 1', async () => {
    const { simple, notes } = await read('1,4,10,20,5,6,0.9,-1,-1,-1\n2,4,11,20,5,6,0.8,-1,-1,-1\n');
    expect(simple[0].objects).toEqual([
      [0, 4, 10, 20, 15, 26, 0.9],
      [1, 4, 11, 20, 16, 26, 0.8],
    ]);
    expect(notes[0]).toMatch(/MOT/);
  });

  it('leave out boxes without an area and say so', async () => {
    const { simple, notes } = await read('frame,x1,y1,x2,y2\n0,5,5,5,9\n0,1,1,2,2\n');
    expect(simple[0].objects).toHaveLength(1);
    expect(notes[0]).toMatch(/1 boxes have no area/);
  });

  it('name the line that does not fit', async () => {
    await expect(read('frame,x1,y1,x2,y2\n0,1,1,2,2\n1,1,oops,2,2\n')).rejects.toThrow(
      /line 3: "oops" as y1/,
    );
    await expect(read('frame,x1,y1,x2,y2\n0,1,1,2,2\n', 1)).rejects.toThrow(/line 2: frame 0/);
    await expect(read('name,score\na,1\n')).rejects.toThrow(/no table of boxes.*name, score/);
    await expect(read('')).rejects.toThrow(/is empty/);
  });
});

describe('COCO-style JSON', () => {
  it('as a data set gives boxes and poses by the folders of its pictures', async () => {
    const { simple } = await read(
      JSON.stringify({
        images: [
          { id: 1, file_name: 'a/000004.jpg' },
          { id: 2, file_name: 'b/000000.jpg' },
        ],
        annotations: [{ image_id: 1, track_id: 3, bbox: [10, 20, 5, 6], keypoints: pose(1, 2) }],
      }),
    );
    expect(simple).toEqual([
      { key: 'a', kind: 'boxes', objects: [[4, 3, 10, 20, 15, 26, 1]] },
      { key: 'a', kind: 'poses', objects: [[4, 3, 1, 2, 0.5, 4, 4]] },
      { key: 'b', kind: 'boxes', objects: [] },
      { key: 'b', kind: 'poses', objects: [] },
    ]);
  });

  it('as a list of results joins poses that overlap into persons', async () => {
    const at = (frame: number, x: number) => ({ image_id: `${frame}.jpg`, keypoints: pose(x, 50), score: 2 });
    const { entries, notes } = await read(
      JSON.stringify([at(1, 100), at(0, 101), at(0, 400), at(1, 402), at(9, 402)]),
    );
    const tracks = entries[0].objects.map(({ frame, track, values }) => [frame, track, values[0]]);
    expect(tracks).toEqual([
      [0, 0, 101],
      [0, 1, 400],
      [1, 0, 100],
      [1, 1, 402],
      [9, 2, 402],
    ]);
    expect(notes[0]).toMatch(/no track numbers/);
  });

  it('keeps the tracks of AlphaPose and the first 17 joints of larger skeletons', async () => {
    const halpe = [...pose(1, 2), ...Array(27).fill(7)];
    const { entries } = await read(
      JSON.stringify([{ image_id: '12.jpg', keypoints: halpe, score: 2, idx: 5 }]),
    );
    expect(entries[0].objects[0]).toMatchObject({ frame: 12, track: 5 });
    expect(entries[0].objects[0].values).toHaveLength(52);
    expect(entries[0].objects[0].values[51]).toBe(2);
  });

  it('says what is missing', async () => {
    await expect(read('[{"image_id": 1}]')).rejects.toThrow(/neither boxes/);
    await expect(read('[{"image_id": 1, "keypoints": [1, 2, 3]}]')).rejects.toThrow(
      /3 numbers; 51 are needed/,
    );
    await expect(read('[{"image_id": "x.jpg", "bbox": [0,0,1,1]}]')).rejects.toThrow(/no frame number/);
    await expect(read('{"images": [], "annotations": [{"image_id": 4, "bbox": [0,0,1,1]}]}')).rejects.toThrow(
      /unknown image 4/,
    );
    await expect(read('[1')).rejects.toThrow(/not readable JSON/);
  });
});

describe('pose files', () => {
  const person = {
    id: 2,
    frames: Int32Array.of(3, 5),
    keypoints: Float32Array.from([...pose(10, 20), ...pose(11, 21)]),
    scores: Float64Array.of(2, 3),
  };

  it('of our own come back', async () => {
    const { entries } = await read(writeOwnPoses('plaza/clip', [person]));
    expect(entries[0].key).toBe('plaza/clip');
    expect(personsOf(gatherDetections('poses', entries[0].objects))).toEqual([person]);
  });

  it('of our own name what does not fit', async () => {
    const text = writeOwnPoses('clip', [person]).replace('"frames":[3,5]', '"frames":[5,3]');
    await expect(read(text)).rejects.toThrow(/ascending frames/);
  });

  it('of AlphaPose with tracking are read; an empty one is a video without persons', async () => {
    const { entries } = await read(
      JSON.stringify({ 7: { '003': { keypoints: pose(1, 2), scores: 1.5 } } }),
      1,
    );
    expect(entries[0].objects[0]).toMatchObject({ frame: 2, track: 7 });
    expect((await read('{}')).simple).toEqual([{ key: '', kind: 'poses', objects: [] }]);
  });
});

it('names the video of a file by its path', () => {
  expect(videoOfFile('cam1/01_0014_alphapose_tracked_person.json')).toBe('cam1/01_0014');
  expect(videoOfFile('cam1/clip.poses.json')).toBe('cam1/clip');
  expect(videoOfFile('cam1/clip/alphapose-results.json')).toBe('cam1/clip');
  expect(videoOfFile('a.b.csv')).toBe('a.b');
});
