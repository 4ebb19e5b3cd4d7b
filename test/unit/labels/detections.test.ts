import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readDetectionRange } from '../../../electron/features/detections/stored.ts';
import {
  decodeDetections,
  encodeDetections,
  framesWithObjects,
  gatherDetections,
  objectsOfFrame,
} from '../../../shared/labels/detections.ts';

const box = (frame: number, x: number) => ({ frame, track: -1, values: [x, 1, x + 2, 3, 0.5] });
const some = () => gatherDetections('boxes', [box(5, 50), box(2, 20), box(5, 51), box(9, 90)]);

describe('detections', () => {
  it('are put in order of frames and found by frame', () => {
    const detections = some();
    expect(detections.starts).toHaveLength(11);
    const at = (frame: number) => {
      const { from, to } = objectsOfFrame(detections, frame);
      return Array.from({ length: to - from }, (_, i) => detections.values[(from + i) * 5]);
    };
    expect([at(2), at(5), at(3), at(9), at(10), at(-1)]).toEqual([[20], [50, 51], [], [90], [], []]);
    expect(framesWithObjects(detections)).toBe(3);
  });

  it('come back from their bytes', () => {
    expect(decodeDetections(encodeDetections(some()))).toEqual(some());
    const none = gatherDetections('poses', []);
    expect(decodeDetections(encodeDetections(none))).toEqual(none);
  });

  it('say when the bytes are not whole, or something else', () => {
    const bytes = encodeDetections(some());
    for (const broken of [
      bytes.subarray(0, 20),
      bytes.subarray(0, -4),
      bytes.map((b, i) => (i === 0 ? b + 1 : b)),
    ])
      expect(() => decodeDetections(broken)).toThrow(/damaged/);
  });

  it('are read from a file by range of frames', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'detections-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'boxes');
    writeFileSync(path, encodeDetections(some()));
    const range = async (start: number, end: number) =>
      decodeDetections(await readDetectionRange(path, start, end));
    const middle = await range(3, 9);
    expect(middle.first).toBe(3);
    expect(Array.from(middle.starts)).toEqual([0, 0, 0, 2, 2, 2, 2]);
    expect(Array.from(middle.values.filter((_, i) => i % 5 === 0))).toEqual([50, 51]);
    expect((await range(8, 1000)).tracks).toHaveLength(1);
    expect((await range(20, 30)).tracks).toHaveLength(0);
    expect(await range(0, 10)).toEqual(some());
    writeFileSync(path, encodeDetections(some()).subarray(0, 100));
    await expect(readDetectionRange(path, 0, 10)).rejects.toThrow(/cut short/);
  });
});
