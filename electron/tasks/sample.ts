// Task `sample`: draws the sample scenes into video files, with their ground truth beside them.
// Role: order of work, files, progress, cancelling. Limits: what is in the scenes is decided in electron/samples.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { writeOwnPoses } from '../features/poses/own.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { encodeVideo } from '../media/encode.ts';
import type { RgbFrame } from '../media/types.ts';
import { HEIGHT, WIDTH } from '../samples/camera.ts';
import { scenePoses } from '../samples/poses.ts';
import { renderScene } from '../samples/render.ts';
import { sampleScenes } from '../samples/scenes.ts';
import type { Scene } from '../samples/script.ts';
import { sceneTruth } from '../samples/truth.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

/** Everybody gets the same scenes, so that numbers in the documentation can be checked. */
export const SAMPLE_SEED = 20240514;

/**
 * Writes the sample videos below `task.folder`, one folder per camera, then `ground_truth.json` (frames 0-based, ends
 * inclusive, keys without extension), `scenes.json` (events with their class, actors with when they are visible) and the poses
 * of the people in each video, `poses/<video>.poses.json`.
 * A video appears whole or not at all; files of an earlier run are replaced.
 *
 * @throws AppError `cancelled` when the signal fires
 */
export async function runSample(task: TaskOf<'sample'>, context: TaskContext): Promise<TaskResult> {
  return renderSamples(sampleScenes(SAMPLE_SEED), task.folder, context);
}

/** As `runSample`, for given scenes. */
export async function renderSamples(
  scenes: readonly Scene[],
  folder: string,
  context: TaskContext,
): Promise<TaskResult> {
  const total = scenes.reduce((sum, scene) => sum + scene.timesMs.length, 0);
  let done = 0;
  const videos: string[] = [];
  const poses: string[] = [];
  const truth: Record<string, { n_frames: number; anomalous: unknown }> = {};
  const details: Record<string, unknown> = {};
  for (const scene of scenes) {
    const path = join(folder, `${scene.name}.${scene.container}`);
    await mkdir(dirname(path), { recursive: true });
    const frames = watched(scene, context, (drawn) =>
      context.progress(done + drawn, total, 'frames', scene.name),
    );
    await encodeVideo(path, { width: WIDTH, height: HEIGHT, codec: scene.codec, fps: scene.fps }, frames);
    done += scene.timesMs.length;
    videos.push(path);
    const posePath = join(folder, 'poses', `${scene.name}.poses.json`);
    await writeFileAtomic(posePath, writeOwnPoses(scene.name, scenePoses(scene)));
    poses.push(posePath);
    const { events, actors, anomalous } = sceneTruth(scene);
    truth[scene.name] = { n_frames: scene.timesMs.length, anomalous };
    details[scene.name] = {
      camera: scene.view,
      started: scene.clock,
      n_frames: scene.timesMs.length,
      events,
      actors,
    };
  }
  const layout = { frame_index: '0-based', interval_end: 'inclusive' };
  const truthPath = join(folder, 'ground_truth.json');
  await writeFileAtomic(truthPath, `${JSON.stringify({ ...layout, videos: truth }, null, 1)}\n`);
  await writeFileAtomic(
    join(folder, 'scenes.json'),
    `${JSON.stringify({ ...layout, videos: details }, null, 1)}\n`,
  );
  return { kind: 'sample', videos, truth: truthPath, poses };
}

/** The frames of a scene; ends with an error as soon as the task is cancelled. */
function* watched(scene: Scene, context: TaskContext, drawn: (count: number) => void): Generator<RgbFrame> {
  let count = 0;
  for (const frame of renderScene(scene)) {
    if (context.signal.aborted) {
      throw new AppError(
        'cancelled',
        'Drawing the sample scenes was cancelled. Videos that were finished are kept.',
      );
    }
    yield frame;
    drawn(++count);
  }
}
