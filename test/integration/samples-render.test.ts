// Rendering of whole scenes, which takes longer than a unit test may: the same pixels every time, and people in the picture.
import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { HEIGHT, WIDTH } from '../../electron/samples/camera.ts';
import { isVisible, posesAt, renderScene } from '../../electron/samples/render.ts';
import { sampleScenes } from '../../electron/samples/scenes.ts';
import type { Scene } from '../../electron/samples/script.ts';

const scenes = sampleScenes(5);
const [crowded] = scenes.filter((scene) => scene.name.endsWith('plaza-east_1215'));
const part = (scene: Scene, from: number, to: number): Scene => ({
  ...scene,
  timesMs: scene.timesMs.slice(from, to),
});
const digest = (scene: Scene) =>
  [...renderScene(scene)].map(({ data }) => createHash('sha256').update(data).digest('hex'));

test('gives the same pixels for the same scene, also in a fresh process state', async () => {
  const scene = part(crowded, 100, 103);
  const once = digest(scene);
  expect(digest(scene)).toEqual(once);
  vi.resetModules();
  const fresh = await import('../../electron/samples/render.ts');
  const again = [...fresh.renderScene(scene)].map(({ data }) =>
    createHash('sha256').update(data).digest('hex'),
  );
  expect(again).toEqual(once);
  expect(digest({ ...scene, seed: scene.seed + 1 })).not.toEqual(once);
});

test('a visible actor has joints inside the picture; an unknown frame is refused', () => {
  for (const scene of scenes.filter((s) => s.view !== 'parking-west')) {
    for (let frame = 0; frame < scene.timesMs.length; frame += 20) {
      const poses = new Map(posesAt(scene, frame).map((pose) => [pose.actor, pose]));
      for (const actor of scene.actors) {
        if (actor.kind !== 'person' || !isVisible(scene, actor, frame)) continue;
        const pose = poses.get(actor.id);
        const inside = pose?.joints.filter(
          ([x, y], i) => pose.seen[i] && x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT,
        );
        expect(inside?.length).toBeGreaterThanOrEqual(4);
      }
    }
  }
  expect(() => posesAt(crowded, crowded.timesMs.length)).toThrow(/has no frame/);
});
