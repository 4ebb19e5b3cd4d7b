// Poses of the people in a sample scene, as a tracker would hand them over.
// Role: the exact joints of everybody who can be seen, frame by frame. Limits: no errors of a detector are played; a joint
// behind something or outside of the picture has a low confidence.
import { posesAt } from './render.ts';
import type { Scene } from './script.ts';

/** Whoever shows a smaller share of the joints is not found. */
const LEAST_SEEN = 0.5;
const SEEN = 0.95;
const HIDDEN = 0.2;

export interface ScenePerson {
  /** Number of the actor among those of the scene, from 0. */
  id: number;
  /** Ascending. `[t]`. */
  frames: Int32Array;
  /** x, y in pixels and confidence of 17 COCO keypoints. `[t, 17, 3]`. */
  keypoints: Float32Array;
  /** `[t]`. */
  scores: Float64Array;
}

/** Everybody who is seen in at least one frame, in the order of the scene's actors. */
export function scenePoses(scene: Scene): ScenePerson[] {
  const found = new Map<string, { frames: number[]; keypoints: number[] }>();
  for (const frame of scene.timesMs.keys()) {
    for (const { actor, joints, seen } of posesAt(scene, frame)) {
      if (seen.filter(Boolean).length < LEAST_SEEN * joints.length) continue;
      const person = found.get(actor) ?? { frames: [], keypoints: [] };
      found.set(actor, person);
      person.frames.push(frame);
      for (const [j, [x, y]] of joints.entries()) person.keypoints.push(x, y, seen[j] ? SEEN : HIDDEN);
    }
  }
  return scene.actors.flatMap(({ id: actor }, id) => {
    const person = found.get(actor);
    if (!person) return [];
    const { frames, keypoints } = person;
    const joints = keypoints.length / 3 / frames.length;
    return [
      {
        id,
        frames: Int32Array.from(frames),
        keypoints: Float32Array.from(keypoints),
        // The mean confidence of the joints.
        scores: Float64Array.from(frames, (_, i) => {
          let sum = 0;
          for (let j = 0; j < joints; j++) sum += keypoints[3 * (i * joints + j) + 2];
          return sum / joints;
        }),
      },
    ];
  });
}
