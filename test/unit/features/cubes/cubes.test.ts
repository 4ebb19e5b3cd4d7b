import { describe, expect, it } from 'vitest';
import { CUBE_SIDE, cropTo } from '../../../../electron/features/cubes/cut.ts';
import { planCubes } from '../../../../electron/features/cubes/plan.ts';
import { gatherDetections } from '../../../../shared/labels/detections.ts';

const box = (frame: number, ...values: number[]) => ({ frame, track: -1, values });
const video = { frames: 20, width: 100, height: 80 };
const options = { timeLength: 7, every: 4, confidence: 0.5 };

describe('cubes of a video', () => {
  it('are planned in frames with neighbours, for sure and large boxes that lie in no other', () => {
    const boxes = gatherDetections('boxes', [
      box(2, 10, 10, 30, 40, 0.9), // too early
      box(3, 10, 10, 30, 40, 0.9),
      box(3, 12, 12, 28, 38, 0.9), // inside the one before
      box(3, 50, 10, 58, 19, 0.9), // too small
      box(4, 10, 10, 30, 40, 0.9), // not looked at
      box(7, 10, 10, 30, 40, 0.5), // not sure enough
      box(11, -5, 60, 20, 95, 0.8),
      box(17, 10, 10, 30, 40, 0.9), // too late
    ]);
    expect(planCubes(boxes, video, options)).toEqual([
      { frame: 3, box: [10, 10, 30, 40] },
      { frame: 11, box: [0, 60, 20, 80] },
    ]);
  });

  it('show what lies in the box, whatever its size', () => {
    const [width, height] = [100, 80];
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 7], i * 3);
    const crop = new Uint8Array(CUBE_SIDE * CUBE_SIDE * 3);
    const at = (y: number, x: number) =>
      Array.from(crop.subarray((y * CUBE_SIDE + x) * 3, (y * CUBE_SIDE + x) * 3 + 3));
    cropTo({ data, width, height }, [10, 20, 42, 52], crop);
    expect(at(0, 0)).toEqual([10, 20, 7]);
    expect(at(63, 63)).toEqual([42, 52, 7]);
    expect(at(32, 0)).toEqual([10, 36, 7]);
    cropTo({ data, width, height }, [0, 0, 100, 80], crop);
    expect(at(32, 32)[0]).toBeCloseTo(50.5, -0.5);
    expect(at(63, 63)).toEqual([99, 79, 7]);
  });
});
