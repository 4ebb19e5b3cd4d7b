// The cubes of a training set, cut once and kept in files. Role: what is there is read, what is not is cut, with progress;
// cubes are read one by one when a batch asks for them. Limits: the files may be deleted at any time between runs.
import { createHash } from 'node:crypto';
import { mkdir, open, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { writeFileAtomic } from '../../files/atomic.ts';
import { fingerprint } from '../../media/fingerprint.ts';
import { readDetections } from '../detections/stored.ts';
import { CUBE_SIDE, type CubeSource, cubeBytes, cutCubes } from './cut.ts';
import { type CubeOptions, type PlannedCube, planCubes } from './plan.ts';

/** A video with boxes. */
export interface BoxedVideo extends CubeSource {
  /** What the file was like when its frames were counted. */
  fingerprint: string | null;
  /** File of its boxes; null: it has none. */
  boxes: string | null;
}

export interface CutCubes {
  count: number;
  timeLength: number;
  size: number;
  /** Index into the videos. `[O]`. */
  video: Int32Array;
  /** `[O]`. */
  centreFrame: Int32Array;
  /** RGB of the chosen cubes, `[chosen, T, 64, 64, 3]`. */
  copy(chosen: ArrayLike<number>, target: Uint8Array): Promise<void>;
}

export interface CutReport {
  cubes: CutCubes;
  /** Videos that had to be decoded. */
  cut: number;
}

interface Kept {
  path: string;
  /** Number of its first cube among all. */
  first: number;
}

/** Name of the file of a video's cubes: everything that decides what is in it. */
function nameOf(
  { fingerprint: print, frames, width, height }: BoxedVideo,
  plan: readonly PlannedCube[],
  time: number,
): string {
  return createHash('sha256')
    .update(JSON.stringify({ version: 1, print, frames, width, height, time, plan }))
    .digest('hex');
}

/**
 * Cubes of all videos with boxes; those not in `folder` yet are cut from the footage.
 * @param progress frames decoded so far, and in all.
 * @throws AppError `conflict` when a video is not the one whose boxes these are any more; as `cutCubes`; `cancelled`
 */
export async function cubesOf(
  videos: readonly (BoxedVideo | null)[],
  options: CubeOptions,
  folder: string,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<CutReport> {
  await mkdir(folder, { recursive: true });
  const { timeLength } = options;
  const size = cubeBytes(timeLength);
  const kept: Kept[] = [];
  const owner: number[] = [];
  const centres: number[] = [];
  const missing: { video: BoxedVideo; plan: PlannedCube[]; path: string }[] = [];
  for (const [v, video] of videos.entries()) {
    const plan = video?.boxes ? planCubes(await readDetections(video.boxes), video, options) : [];
    const path = video ? join(folder, `${nameOf(video, plan, timeLength)}.rgb`) : '';
    kept.push({ path, first: owner.length });
    for (const { frame } of plan) {
      owner.push(v);
      centres.push(frame);
    }
    if (!video || plan.length === 0) continue;
    const bytes = await stat(path).then(
      ({ size: found }) => found,
      () => -1,
    );
    // The time of the last use says which files may go when the project is opened.
    if (bytes === plan.length * size) await utimes(path, new Date(), new Date());
    else missing.push({ video, plan, path });
  }
  const total = missing.reduce((sum, { video }) => sum + video.frames, 0);
  let before = 0;
  for (const { video, plan, path } of missing) {
    if (video.fingerprint !== null && (await fingerprint(video.path)) !== video.fingerprint) {
      throw new AppError(
        'conflict',
        `${video.path} has changed since it was imported. Import it again, and then its boxes.`,
        { path: video.path },
      );
    }
    const cubes = await cutCubes(video, plan, timeLength, signal, (done) => progress(before + done, total));
    await writeFileAtomic(path, cubes);
    before += video.frames;
  }
  return {
    cut: missing.length,
    cubes: {
      count: owner.length,
      timeLength,
      size: CUBE_SIDE,
      video: Int32Array.from(owner),
      centreFrame: Int32Array.from(centres),
      async copy(chosen, target) {
        const wanted = Array.from({ length: chosen.length }, (_, i) => ({ at: i, object: chosen[i] }));
        for (const [v, own] of Map.groupBy(wanted, ({ object }) => owner[object])) {
          const handle = await open(kept[v].path);
          try {
            for (const { at, object } of own)
              await handle.read(target, at * size, size, (object - kept[v].first) * size);
          } finally {
            await handle.close();
          }
        }
      },
    },
  };
}
