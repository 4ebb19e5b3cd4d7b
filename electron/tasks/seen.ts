// Boxes and poses for a training. Role: stored files to what methods look at; objects are cut from the footage here.
// Limits: knows no method; which kinds a run needs, and how objects are cut, it is told.
import { cubesOf } from '../features/cubes/cache.ts';
import type { CubeOptions } from '../features/cubes/plan.ts';
import { readDetections } from '../features/detections/stored.ts';
import { personsOf } from '../features/poses/stored.ts';
import type { TrainInput, VideoPoses } from '../methods/method.ts';
import type { TaskContext, TaskOf } from './protocol.ts';

type Seen = NonNullable<TaskOf<'train'>['seen']>;
type Inputs = Pick<TrainInput, 'poses' | 'cubes'>;

async function posesOf({ videos }: Seen): Promise<(VideoPoses | null)[]> {
  const poses: (VideoPoses | null)[] = [];
  for (const { poses: path, frames } of videos)
    poses.push(path === null ? null : { frames, persons: personsOf(await readDetections(path)) });
  return poses;
}

/**
 * What the run sees of persons and objects. @param cutting how objects are cut; null: the method has no use for any.
 * @throws AppError as `cubesOf`
 */
export async function readSeen(
  seen: Seen | undefined,
  cutting: CubeOptions | null,
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Inputs> {
  if (!seen) return {};
  const inputs: Inputs = {};
  if (seen.kinds.includes('poses')) inputs.poses = await posesOf(seen);
  if (seen.kinds.includes('boxes') && cutting) {
    const { cubes } = await cubesOf(
      seen.videos.map(({ path, ...video }) => (path === null ? null : { ...video, path })),
      cutting,
      seen.cache,
      signal,
      (done, total) => progress(done, total, 'frames', 'Cutting objects from the footage'),
    );
    inputs.cubes = { ...cubes, frames: Int32Array.from(seen.videos, ({ frames }) => frames) };
  }
  return inputs;
}
