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

function intervals(flags: readonly boolean[]): FrameInterval[] {
  const found: [number, number][] = [];
  flags.forEach((flag, frame) => {
    if (!flag) return;
    const last = found.at(-1);
    if (last && last[1] === frame - 1) last[1] = frame;
    else found.push([frame, frame]);
  });
  return found;
}

/** An anomaly lasts while its script does and at least one of its actors is visible. */
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
  return {
    frames: scene.timesMs.length,
    anomalous: intervals(scene.timesMs.map((_, frame) => flags.some((flag) => flag[frame]))),
    events: scene.anomalies.flatMap((anomaly, k) =>
      intervals(flags[k]).map((frames) => ({ class: anomaly.class, actors: anomaly.actors, frames })),
    ),
    actors: scene.actors.map((actor) => ({
      id: actor.id,
      kind: actor.kind,
      visible: intervals(seen.get(actor.id) ?? []),
    })),
  };
}
