// The extractors that need no weights: what moves how fast and how in 48 cells of a fixed camera's picture.
// Role: frames in, features of one video out; default-extractor.md section 2, items 1 to 5 and 7. The two versions
// differ in finishers.ts alone. Limits: unscaled; scaling over a training set is scaling.ts. It sees motion, not objects, poses or context.
import { AppError } from '../../../shared/errors.ts';
import type { GreyFrame } from '../../media/types.ts';
import type { ExtractorName } from '../extractors.ts';
import { createArena } from '../wasm/instance.ts';
import { describePair } from './blocks.ts';
import { finishers } from './finishers.ts';
import { createFlow, flowMemory } from './flow.ts';
import { CELL_DIM, CELLS, FRAME_SIZE } from './layout.ts';
import { createLevels, createPyramid, fillPyramid, pyramidMemory } from './pyramid.ts';
import { createSegmentMeans, frameStep, segmentCount } from './segments.ts';

export interface PairDescriber {
  /**
   * Takes the next frame (160 x 120 grey bytes). From the second one on returns the vector of the pair (previous frame,
   * this frame), `[48, 19]`; it is overwritten by the next call.
   */
  next(pixels: Uint8Array): Float64Array | null;
}

/** One stream of frames, described pair by pair. Holds 1.6 MB and is not shared between videos. */
export function createPairDescriber(extractor: ExtractorName): PairDescriber {
  const finish = finishers[extractor];
  const bytes = FRAME_SIZE.width * FRAME_SIZE.height;
  const arena = createArena(pyramidMemory(2) + flowMemory());
  const levels = createLevels(arena);
  const flow = createFlow(levels, arena);
  const input = arena.allocate(bytes);
  const inputBytes = new Uint8Array(arena.memory.buffer, input, bytes);
  const floats = new Float32Array(arena.memory.buffer);
  const vector = new Float64Array(CELLS * CELL_DIM);
  let previous = createPyramid(arena);
  let current = createPyramid(arena);
  let started = false;
  return {
    next(pixels) {
      [previous, current] = [current, previous];
      inputBytes.set(pixels);
      fillPyramid(levels, input, current);
      if (!started) {
        started = true;
        return null;
      }
      flow.between(previous, current);
      const planes = { first: previous[0] / 4, second: current[0] / 4, u: flow.u / 4, v: flow.v / 4 };
      describePair({ floats, ...planes }, finish, vector);
      return vector;
    },
  };
}

export interface CellmotionOptions {
  extractor: ExtractorName;
  /** Frames of the whole video, from its frame table. */
  frames: number;
  /** Average rate from the frame table; sets the step between the frames that are looked at. */
  fps: number;
  signal: AbortSignal;
  /** Called after each frame that was looked at, with its index. */
  onFrame?: (index: number) => void;
}

export interface CellmotionFeatures {
  segments: number;
  /** Unscaled float32 `[segments, 48, 19]`. */
  data: Float32Array;
}

/**
 * Extracts the features of one video.
 *
 * @param frames every `frameStep(fps)`-th frame from frame 0 on, 160 x 120 grey, in order; decoding gives the event loop
 *   its turns, so that a cancel arrives
 * @throws AppError `unsupported` for a video with fewer than two such frames, `damaged` when more than a segment of
 *   frames at the end cannot be had, `cancelled`
 */
export async function cellmotion(
  frames: AsyncIterable<GreyFrame>,
  { extractor, frames: count, fps, signal, onFrame }: CellmotionOptions,
): Promise<CellmotionFeatures> {
  const step = frameStep(fps);
  if (count <= step) {
    throw new AppError(
      'unsupported',
      `The video has ${count} frames; motion needs at least ${step + 1} at ${fps} frames/s.`,
    );
  }
  const segments = segmentCount(count);
  const describer = createPairDescriber(extractor);
  const means = createSegmentMeans(segments, CELLS * CELL_DIM);
  let expected = 0;
  for await (const { index, data } of frames) {
    if (index !== expected)
      throw new AppError('internal', `Frame ${expected} was expected, frame ${index} came.`);
    const vector = describer.next(data);
    if (vector) means.add(index - step, vector);
    expected += step;
    onFrame?.(index);
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
  }
  // `expected` is now the first frame that did not come.
  if (expected < 2 * step || expected + 16 < count) {
    throw new AppError(
      'damaged',
      `The video ends at frame ${Math.max(0, expected - step)} although it should have ${count} frames. Import it again.`,
    );
  }
  return { segments, data: means.finish() };
}
