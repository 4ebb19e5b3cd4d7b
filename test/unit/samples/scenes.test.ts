import { describe, expect, test } from 'vitest';
import { sampleScenes } from '../../../electron/samples/scenes.ts';
import type { Scene } from '../../../electron/samples/script.ts';
import { sceneTruth } from '../../../electron/samples/truth.ts';
import { SAMPLE_SEED } from '../../../electron/tasks/sample.ts';

const scenes = sampleScenes(SAMPLE_SEED);
const truths = scenes.map(sceneTruth);
const find = (name: string): [Scene, ReturnType<typeof sceneTruth>] => {
  const at = scenes.findIndex((scene) => scene.name.endsWith(name));
  return [scenes[at], truths[at]];
};

describe('the set of scenes', () => {
  test('comes from the seed alone', () => {
    expect(sampleScenes(7)).toEqual(sampleScenes(7));
    expect(sampleScenes(7)).not.toEqual(sampleScenes(8));
  });

  test('is half normal, and every camera has both', () => {
    const normal = truths.map((truth) => truth.anomalous.length === 0);
    expect(normal.filter(Boolean).length * 2).toBe(scenes.length);
    for (const view of ['plaza-east', 'entrance-north', 'parking-west']) {
      const kinds = scenes.flatMap((scene, i) => (scene.view === view ? [normal[i]] : []));
      expect(kinds).toContain(true);
      expect(kinds).toContain(false);
    }
  });

  test('keeps anomalies rare: 15 to 25 % of the frames, whatever the seed', () => {
    for (const set of [truths, sampleScenes(1).map(sceneTruth)]) {
      const frames = set.reduce((sum, truth) => sum + truth.frames, 0);
      const anomalous = set.flatMap((truth) => truth.anomalous).reduce((sum, [a, b]) => sum + b - a + 1, 0);
      expect(anomalous / frames).toBeGreaterThan(0.15);
      expect(anomalous / frames).toBeLessThan(0.25);
    }
  });

  test('has one variable rate and one AVI with MPEG-4 part 2', () => {
    const steps = scenes.map(
      (scene) => new Set(scene.timesMs.slice(1).map((t, i) => t - scene.timesMs[i])).size,
    );
    expect(steps.filter((count) => count > 1)).toHaveLength(1);
    expect(scenes.filter((scene) => scene.container === 'avi' && scene.codec === 'mpeg4')).toHaveLength(1);
    expect(scenes.filter((scene) => scene.container === 'mp4' && scene.codec === 'h264')).toHaveLength(
      scenes.length - 1,
    );
  });

  test('names are unique and sit in the folder of their camera; times ascend', () => {
    expect(new Set(scenes.map((scene) => scene.name)).size).toBe(scenes.length);
    for (const scene of scenes) {
      expect(scene.name).toMatch(new RegExp(`^${scene.view}/${scene.view}_\\d{4}$`));
      expect(scene.timesMs.every((t, i) => i === 0 || t > scene.timesMs[i - 1])).toBe(true);
      expect(new Set(scene.actors.map((actor) => actor.id)).size).toBe(scene.actors.length);
    }
  });

  test('has a moment without anybody and a crowd among the normal scenes', () => {
    const crowds = truths.map((truth) =>
      Array.from(
        { length: truth.frames },
        (_, f) => truth.actors.filter((a) => a.visible.some(([x, y]) => f >= x && f <= y)).length,
      ),
    );
    const normal = crowds.filter((_, i) => truths[i].anomalous.length === 0).flat();
    expect(Math.min(...normal)).toBe(0);
    expect(Math.max(...normal)).toBeGreaterThanOrEqual(8);
  });
});

describe('the ground truth', () => {
  test('of a fight and of loitering is the time of the script', () => {
    for (const [name, kind] of [
      ['entrance-north_1130', 'fight'],
      ['parking-west_1540', 'loitering'],
    ] as const) {
      const [scene, truth] = find(name);
      const { from, to } = scene.anomalies[0];
      const frames = truth.events.filter((event) => event.class === kind).map((event) => event.frames);
      expect(frames).toEqual([[Math.ceil(from * 25), Math.floor(to * 25)]]);
    }
  });

  test('of an object starts when it is left and lasts to the end', () => {
    const [scene, truth] = find('entrance-north_1645');
    const bag = scene.actors.find((actor) => actor.kind === 'bag');
    expect(bag?.kind === 'bag' && Math.ceil(bag.from * 25)).toBe(truth.anomalous[0][0]);
    expect(truth.anomalous).toEqual([[truth.anomalous[0][0], scene.timesMs.length - 1]]);
  });

  test('joins events that follow each other: loitering, then running off', () => {
    const [, truth] = find('parking-west_1540');
    expect(truth.events.map((event) => event.class)).toEqual(['loitering', 'running']);
    const [first, second] = truth.events.map((event) => event.frames);
    expect(second[0]).toBeLessThanOrEqual(first[1] + 1);
    expect(truth.anomalous).toEqual([[first[0], second[1]]]);
  });

  test('of runners and vehicles lasts from the first to the last frame in which one of them can be seen', () => {
    for (const name of ['plaza-east_1340', 'plaza-east_1725', 'parking-west_1020']) {
      const [scene, truth] = find(name);
      const ids = scene.anomalies.flatMap((anomaly) => anomaly.actors);
      const visible = truth.actors
        .filter((actor) => ids.includes(actor.id))
        .flatMap((actor) => actor.visible);
      const ends = visible.flat();
      expect(truth.anomalous).toEqual([[Math.min(...ends), Math.max(...ends)]]);
      expect(truth.events.map((event) => event.frames)).toEqual(truth.anomalous);
      expect(truth.anomalous[0][0]).toBeGreaterThan(25);
      expect(truth.anomalous.at(-1)?.[1]).toBeLessThan(truth.frames - 25);
    }
  });

  test('names the class and the actors of every event', () => {
    const classes = new Set(truths.flatMap((truth) => truth.events.map((event) => event.class)));
    expect([...classes].sort()).toEqual(['fight', 'left object', 'loitering', 'running', 'vehicle']);
    truths.forEach((truth, i) => {
      for (const event of truth.events) {
        for (const id of event.actors) expect(scenes[i].actors.some((actor) => actor.id === id)).toBe(true);
      }
    });
  });
});
