// Pose segments: what the pose flow looks at (STG-NF; methods.md 3.5).
// Role: cuts the detections of each person into segments of L, in 18 joints, and normalises them. Limits: no filter on
// confidence, as published; a segment counts detections, so up to two frames may be missing inside it.
import { COCO_JOINTS } from '../../../shared/labels/detections.ts';
import type { PosePerson } from './read.ts';

/** Joints in OpenPose order, the neck between the shoulders among them. */
export const JOINTS = 18;

/** For each joint its place among the 17 keypoints followed by the neck. */
const FROM_COCO = [0, 17, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3];
const SHOULDERS = [5, 6];
/** So many of the L frames may be missing. */
const MISSING = 2;
/** The published constants, for videos of any size: pixels. */
const WIDTH = 856;
const HEIGHT = 480;

export interface PoseSegments {
  count: number;
  /** L, detections per segment. */
  length: number;
  /** `[N]`. */
  person: Int32Array;
  /** 0-based, `[N]`. */
  firstFrame: Int32Array;
  /** x, y in pixels, and confidence. `[N, 3, L, 18]`. */
  joints: Float32Array;
  /** Person scores, `[N, L]`. */
  scores: Float64Array;
}

/** Begins of the segments of one person: every `stride` detections while more than L are left, if few frames are missing. */
function begins({ frames }: PosePerson, length: number, stride: number): number[] {
  const found: number[] = [];
  // The last possible begin is never used, as in the published code.
  for (let begin = 0; begin < frames.length - length; begin += stride) {
    const inside = frames.subarray(begin, begin + length).filter((frame) => frame < frames[begin] + length);
    if (inside.length >= length - MISSING) found.push(begin);
  }
  return found;
}

/** Writes one detection `[17, 3]` into joint `[., frame, .]` of a segment `[3, L, 18]`. */
function toJoints(keypoints: Float32Array, target: Float32Array, frame: number, length: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const neck = SHOULDERS.reduce((sum, joint) => sum + keypoints[joint * 3 + channel], 0) / SHOULDERS.length;
    for (const [j, from] of FROM_COCO.entries()) {
      target[(channel * length + frame) * JOINTS + j] =
        from === COCO_JOINTS ? neck : keypoints[from * 3 + channel];
    }
  }
}

/**
 * Segments of all persons of a video, person by person.
 * @param length L: 24 (ShanghaiTech) or 16 (UBnormal). @param stride detections between begins: 6 to train, 1 to score.
 */
export function poseSegments(persons: readonly PosePerson[], length: number, stride: number): PoseSegments {
  const list = persons.flatMap((person) =>
    begins(person, length, stride).map((begin) => ({ person, begin })),
  );
  const size = 3 * length * JOINTS;
  const joints = new Float32Array(list.length * size);
  const scores = new Float64Array(list.length * length);
  for (const [i, { person, begin }] of list.entries()) {
    const segment = joints.subarray(i * size, (i + 1) * size);
    for (let t = 0; t < length; t++) {
      const at = (begin + t) * 3 * COCO_JOINTS;
      toJoints(person.keypoints.subarray(at, at + 3 * COCO_JOINTS), segment, t, length);
    }
    scores.set(person.scores.subarray(begin, begin + length), i * length);
  }
  return {
    count: list.length,
    length,
    person: Int32Array.from(list, ({ person }) => person.id),
    firstFrame: Int32Array.from(list, ({ person, begin }) => person.frames[begin]),
    joints,
    scores,
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * What the network sees, `[N, 2, L, 18]`: each segment in units of the published picture size, around its own mean, in
 * units of the deviation of its y. Points that all have one height keep their distances (a deviation of 0 counts as 1).
 * @param flip mirrors x, the published augmentation; left and right joints keep their places.
 */
export function poseInput({ count, length, joints }: PoseSegments, flip = false): Float32Array {
  const points = length * JOINTS;
  const input = new Float32Array(count * 2 * points);
  const x = new Float64Array(points);
  const y = new Float64Array(points);
  for (let i = 0; i < count; i++) {
    const from = i * 3 * points;
    for (let p = 0; p < points; p++) {
      x[p] = (flip ? -1 : 1) * (joints[from + p] / WIDTH);
      y[p] = joints[from + points + p] / HEIGHT;
    }
    const [meanX, meanY] = [meanOf(x), meanOf(y)];
    const deviation = Math.sqrt(meanOf(y.map((value) => (value - meanY) ** 2))) || 1;
    for (let p = 0; p < points; p++) {
      input[2 * i * points + p] = (x[p] - meanX) / deviation;
      input[(2 * i + 1) * points + p] = (y[p] - meanY) / deviation;
    }
  }
  return input;
}
