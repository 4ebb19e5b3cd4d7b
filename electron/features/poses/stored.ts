// Poses between two shapes: person by person, as pose segments need them, and frame by frame, as they are stored.
import {
  COCO_JOINTS,
  type Detected,
  type Detections,
  POSE_VALUES,
} from '../../../shared/labels/detections.ts';
import type { PosePerson } from './read.ts';

const KEYPOINTS = 3 * COCO_JOINTS;

/** Every detection of every person, as an object of its frame. */
export function posesByFrame(persons: readonly PosePerson[]): Detected[] {
  return persons.flatMap(({ id, frames, keypoints, scores }) =>
    Array.from(frames, (frame, i) => {
      const values = new Float32Array(POSE_VALUES);
      values.set(keypoints.subarray(i * KEYPOINTS, (i + 1) * KEYPOINTS));
      values[KEYPOINTS] = scores[i];
      return { frame, track: id, values };
    }),
  );
}

/** The persons of stored poses, in numeric order of their ids; of two poses of one person in a frame the first counts. */
export function personsOf({ first, starts, tracks, values }: Detections): PosePerson[] {
  const found = new Map<number, { frames: number[]; objects: number[] }>();
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let object = starts[i]; object < starts[i + 1]; object++) {
      const person = found.get(tracks[object]) ?? { frames: [], objects: [] };
      found.set(tracks[object], person);
      if (person.frames.at(-1) === first + i) continue;
      person.frames.push(first + i);
      person.objects.push(object);
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([id, { frames, objects }]) => {
      const keypoints = new Float32Array(frames.length * KEYPOINTS);
      for (const [i, object] of objects.entries())
        keypoints.set(values.subarray(object * POSE_VALUES, object * POSE_VALUES + KEYPOINTS), i * KEYPOINTS);
      return {
        id,
        frames: Int32Array.from(frames),
        keypoints,
        scores: Float64Array.from(objects, (object) => values[object * POSE_VALUES + KEYPOINTS]),
      };
    });
}
