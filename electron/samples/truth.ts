// Ground truth of the sample scenes, from their scripts.
// Role: which frames are anomalous, and who is in the picture when. Limits: what is scripted, not what is judged.
import { isVisible } from './render.ts';
import type { Actor, AnomalyClass, Scene } from './script.ts';

/** First and last frame, 0-based, both inclusive, as in the ground-truth files of public data sets. */
export type FrameInterval = readonly [first: number, last: number];

export interface SceneEvent {
  readonly class: AnomalyClass;
  readonly actors: readonly string[];
  readonly frames: FrameInterval;
}

export interface SceneTruth {
  readonly frames: number;
  readonly anomalous: readonly FrameInterval[];
  readonly events: readonly SceneEvent[];
  readonly actors: readonly { id: string; kind: Actor['kind']; visible: readonly FrameInterval[] }[];
}

/** Runs of set flags; runs with fewer than `bridge` frames between them are one. */
function intervals(flags: readonly boolean[], bridge = 1): FrameInterval[] {
  const found: [number, number][] = [];
  flags.forEach((flag, frame) => {
    if (!flag) return;
    const last = found.at(-1);
    if (last && frame - last[1] <= bridge) last[1] = frame;
    else found.push([frame, frame]);
  });
  return found;
}

/** Behind a tree for less than a second, an event goes on. */
const BRIDGE = 25;

/**
 * Ground truth of a scene. An anomaly counts from the first frame of its script in which one of its actors is visible to
 * the last; it is cut in two only where they are hidden for a second or longer.
 */
export function sceneTruth(scene: Scene): SceneTruth {
  const seen = new Map(
    scene.actors.map((actor) => [actor.id, scene.timesMs.map((_, frame) => isVisible(scene, actor, frame))]),
  );
  const flags = scene.anomalies.map((anomaly) =>
    scene.timesMs.map((ms, frame) => {
      const t = ms / 1000;
      return t >= anomaly.from && t <= anomaly.to && anomaly.actors.some((id) => seen.get(id)?.[frame]);
    }),
  );
  const events = scene.anomalies.flatMap((anomaly, k) =>
    intervals(flags[k], BRIDGE).map((frames) => ({ class: anomaly.class, actors: anomaly.actors, frames })),
  );
  return {
    frames: scene.timesMs.length,
    anomalous: intervals(
      scene.timesMs.map((_, f) => events.some(({ frames: [first, last] }) => f >= first && f <= last)),
    ),
    events,
    actors: scene.actors.map((actor) => ({
      id: actor.id,
      kind: actor.kind,
      visible: intervals(seen.get(actor.id) ?? []),
    })),
  };
}
