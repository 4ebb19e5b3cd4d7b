// Sample scenes through the encoder and back: every frame still carries its number.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDetectionFile } from '../../electron/features/detections/read.ts';
import { decodeGrey } from '../../electron/media/decode.ts';
import { HEIGHT, WIDTH } from '../../electron/samples/camera.ts';
import { sampleScenes } from '../../electron/samples/scenes.ts';
import type { Scene } from '../../electron/samples/script.ts';
import type { TaskContext } from '../../electron/tasks/protocol.ts';
import { renderSamples } from '../../electron/tasks/sample.ts';
import { readCounter } from '../unit/samples/read-counter.ts';

const folder = mkdtempSync(join(tmpdir(), 'samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const all = sampleScenes(11);
const short = (test: (scene: Scene) => boolean, from: number, frames: number): Scene => {
  const scene = all.find(test);
  if (!scene) throw new Error('no such scene');
  const first = scene.timesMs[from];
  // Starts again at zero, as files do; what happens is then what happens at the start.
  return { ...scene, timesMs: scene.timesMs.slice(from, from + frames).map((t) => t - first) };
};
const scenes = [
  short((s) => s.name.endsWith('plaza-east_1215'), 0, 120),
  short((s) => s.name.endsWith('entrance-north_0910'), 0, 90),
  short((s) => s.container === 'avi', 0, 60),
];

function context(signal = new AbortController().signal): { context: TaskContext; seen: [number, number][] } {
  const seen: [number, number][] = [];
  return { context: { signal, send: () => {}, progress: (done, total) => seen.push([done, total]) }, seen };
}

describe('the sample task', () => {
  test('writes videos whose frame k shows k, and the truth beside them', async () => {
    const { context: running, seen } = context();
    const result = await renderSamples(scenes, folder, running);
    if (result.kind !== 'sample') throw new Error('wrong kind');
    expect(result.videos).toEqual(scenes.map((scene) => join(folder, `${scene.name}.${scene.container}`)));

    for (const [i, path] of result.videos.entries()) {
      const numbers: number[] = [];
      for await (const frame of decodeGrey(path, { width: WIDTH, height: HEIGHT, step: 1 })) {
        expect(frame.index).toBe(numbers.length);
        numbers.push(readCounter(frame.data, WIDTH));
      }
      expect(numbers).toEqual(Array.from(scenes[i].timesMs.keys()));
    }

    const frames = scenes.reduce((sum, scene) => sum + scene.timesMs.length, 0);
    expect(seen).toEqual(Array.from({ length: frames }, (_, k) => [k + 1, frames]));
    const truth = JSON.parse(readFileSync(result.truth, 'utf8'));
    expect(Object.keys(truth.videos)).toEqual(scenes.map((scene) => scene.name));
    for (const scene of scenes) expect(truth.videos[scene.name].n_frames).toBe(scene.timesMs.length);
    const details = JSON.parse(readFileSync(join(folder, 'scenes.json'), 'utf8'));
    expect(details.videos[scenes[0].name].actors.length).toBe(scenes[0].actors.length);
    const poses = await Promise.all(result.poses.map((path) => readDetectionFile(path, null)));
    expect(poses.map(({ entries }) => entries[0].key)).toEqual(scenes.map((scene) => scene.name));
    const seenFrames = new Set(poses[0].entries[0].objects.map(({ frame }) => frame));
    expect(seenFrames.size).toBeGreaterThan(scenes[0].timesMs.length / 2);
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /part|tmp/.test(name),
    );
    expect(left).toEqual([]);
  });

  test('stops when cancelled and leaves no half of a video', async () => {
    const target = join(folder, 'cancelled');
    const controller = new AbortController();
    const { context: running, seen } = context(controller.signal);
    const stopping: TaskContext = {
      ...running,
      progress: (done, total, unit, message) => {
        running.progress(done, total, unit, message);
        if (done === 10) controller.abort();
      },
    };
    await expect(renderSamples(scenes, target, stopping)).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toHaveLength(10);
    expect(existsSync(join(target, 'ground_truth.json'))).toBe(false);
    const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toEqual([]);
  });
});
