// Which objects become cubes (Jigsaw; methods.md 3.6): boxes that are sure, large enough and not inside another one, in
// frames that have neighbours on both sides.
// Role: stored boxes to a list of places. Limits: reads no video; the order is that of frames, then of boxes.
import { BOX_VALUES, type Detections, objectsOfFrame } from '../../../shared/labels/detections.ts';

export interface CubeOptions {
  /** T, frames of a cube: odd. */
  timeLength: number;
  /** Every which frame is looked at: 5 as published for ShanghaiTech's training. */
  every: number;
  /** Boxes have to be surer than this: 0.8, or 0.5 for Ped2. */
  confidence: number;
}

/** Boxes whose longer side is shorter are left out. Pixels. */
const LEAST_SIDE = 10;

export interface PlannedCube {
  /** Its middle frame, 0-based. */
  frame: number;
  /** x1, y1, x2, y2 in pixels, inside the picture. */
  box: readonly [number, number, number, number];
}

type Box = PlannedCube['box'];

const isInside = (a: Box, b: Box): boolean => a[0] > b[0] && a[1] > b[1] && a[2] < b[2] && a[3] < b[3];

/** The cubes of a video of `frames` frames of `width` x `height` pixels. */
export function planCubes(
  boxes: Detections,
  { frames, width, height }: { frames: number; width: number; height: number },
  { timeLength, every, confidence }: CubeOptions,
): PlannedCube[] {
  const half = (timeLength - 1) / 2;
  const planned: PlannedCube[] = [];
  for (let frame = half; frame + half < frames; frame += every) {
    const { from, to } = objectsOfFrame(boxes, frame);
    const here: Box[] = [];
    for (let i = from; i < to; i++) {
      const [x1, y1, x2, y2, sure] = boxes.values.subarray(i * BOX_VALUES, (i + 1) * BOX_VALUES);
      const box: Box = [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
      const longer = Math.max(box[2] - box[0], box[3] - box[1]);
      if (sure > confidence && longer >= LEAST_SIDE && box[2] > box[0] && box[3] > box[1]) here.push(box);
    }
    for (const box of here) if (!here.some((other) => isInside(box, other))) planned.push({ frame, box });
  }
  return planned;
}
