import { describe, expect, test } from 'vitest';
import { aim, HEIGHT, paint, project, rayThrough, WIDTH } from '../../../electron/samples/camera.ts';
import { burnCounter, clockAt } from '../../../electron/samples/overlay.ts';
import { isVisible, posesAt, renderScene } from '../../../electron/samples/render.ts';
import { sampleScenes } from '../../../electron/samples/scenes.ts';
import type { Scene } from '../../../electron/samples/script.ts';
import { box, cluster, flat, traceBackdrop } from '../../../electron/samples/trace.ts';
import { greyOf, readCounter } from './read-counter.ts';

const scenes = sampleScenes(5);
const [crowded] = scenes.filter((scene) => scene.name.endsWith('plaza-east_1215'));
const part = (scene: Scene, from: number, to: number): Scene => ({
  ...scene,
  timesMs: scene.timesMs.slice(from, to),
});

test('a camera sees where it looks: projecting a ray gives its pixel and depth back', () => {
  const camera = aim([1, 2, 6], 12, 25, 500);
  const ray = new Float64Array(3);
  rayThrough(camera, 123, 45, ray);
  const [x, y, depth] = project(camera, [1 + 9 * ray[0], 2 + 9 * ray[1], 6 + 9 * ray[2]]);
  expect([x, y, depth].map((v) => Number(v.toFixed(9)))).toEqual([123, 45, 9]);
});

test('tracing: depth of the ground in closed form, and a box of 2 m under a sun at 45 degrees has a shadow of 2 m', () => {
  const camera = aim([0, 0, 5], 0, 30, 500);
  const grey = flat(paint('#808080'));
  const light = {
    direction: [-Math.SQRT1_2, 0, Math.SQRT1_2],
    sun: [2, 2, 2],
    sky: [0.5, 0.5, 0.5],
    spread: 0,
    strength: 1,
  } as const;
  const backdrop = traceBackdrop({
    camera,
    light,
    lamps: [],
    horizon: [1, 1, 1],
    ground: grey,
    clusters: [cluster([box(0, 10, 0, 1, 1, 2, grey)])],
  });
  const at = ([x, y]: readonly number[]) => Math.floor(y) * WIDTH + Math.floor(x);
  // Height of the camera over the drop of a ray per metre of depth.
  const rowDrop = Math.sin(Math.PI / 6) - ((HEIGHT / 2 - 300.125) / 500) * Math.cos(Math.PI / 6);
  expect(backdrop.depth[300 * WIDTH + 320]).toBeCloseTo(5 / rowDrop, 2);
  const sunnyAt = (x: number) => backdrop.sunny[at(project(camera, [x, 10, 0]))];
  expect([-1.5, 1.5, 2.3, 2.7].map(sunnyAt)).toEqual([1, 0, 0, 1]);
  const [open, shade] = [-1.5, 1.5].map((x) => 3 * at(project(camera, [x, 10, 0])));
  expect(backdrop.lit[open]).toBeGreaterThan(backdrop.shaded[open] + 30);
  expect(backdrop.lit[shade]).toBe(backdrop.shaded[shade]);
});

describe('rendering', () => {
  test('frame k shows k, at its own time', () => {
    const scene = part(crowded, 0, 12);
    [...renderScene(scene)].forEach((frame, k) => {
      expect(frame.timeMs).toBe(scene.timesMs[k]);
      expect(frame.data).toHaveLength(WIDTH * HEIGHT * 3);
      expect(readCounter(greyOf(frame.data), WIDTH)).toBe(k);
    });
  });

  test('the counter reads back for any number on any ground, and nothing reads without it', () => {
    const ground = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 7919) % 256);
    expect(readCounter(greyOf(ground), WIDTH)).toBe(-1);
    for (const n of [0, 9, 10, 365, 1234, 56789, 80808, 99999]) {
      const picture = ground.slice();
      burnCounter(picture, n);
      expect(readCounter(greyOf(picture), WIDTH)).toBe(n);
    }
  });

  test('people are drawn where their poses say', () => {
    const frame = 180;
    const only = crowded.actors.filter((actor) => isVisible(crowded, actor, frame));
    expect(only.length).toBeGreaterThan(3);
    const one = { ...crowded, timesMs: [crowded.timesMs[frame]] };
    const [{ data: empty }] = renderScene({ ...one, actors: [] });
    for (const actor of only) {
      const scene = { ...one, actors: [actor] };
      const [{ data }] = renderScene(scene);
      const [pose] = posesAt(scene, 0);
      const onPicture = pose.joints.filter(
        ([x, y], i) => pose.seen[i] && y < HEIGHT - 40 && !(x < 110 && y < 45),
      );
      const changed = onPicture.filter(([x, y]) => {
        const k = 3 * (Math.floor(y) * WIDTH + Math.floor(x));
        return (
          Math.abs(data[k] - empty[k]) +
            Math.abs(data[k + 1] - empty[k + 1]) +
            Math.abs(data[k + 2] - empty[k + 2]) >
          12
        );
      });
      expect(changed.length).toBeGreaterThanOrEqual(0.8 * onPicture.length);
    }
  });
});

test('the clock runs over midnight', () => {
  expect(clockAt('2024-05-14 23:59:58', 2999)).toBe('2024-05-15 00:00:00');
});
