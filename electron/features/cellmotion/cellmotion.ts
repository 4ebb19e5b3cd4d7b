// The extractors that need no weights: what moves how fast and how in 48 cells of a fixed camera's picture.
// Role: frames in, features of one video out; default-extractor.md section 2, items 1 to 5 and 7. The two versions
// differ in finishers.ts alone. Limits: unscaled; scaling over a training set is scaling.ts. It sees motion, not objects, poses or context.
import { AppError } from '../../../shared/errors.ts';
import type { GreyFrame } from '../../media/types.ts';
import type { ExtractorName } from '../extractors.ts';
import { createArena } from '../wasm/instance.ts';
import { describePair } from './blocks.ts';
import type { Describers, StretchOrder } from './describers.ts';
import { finishers } from './finishers.ts';
import { createFlow, flowMemory } from './flow.ts';
import { CELL_DIM, CELLS, FRAME_SIZE } from './layout.ts';
import { createLevels, createPyramid, fillPyramid, pyramidMemory } from './pyramid.ts';
import { createSegmentMeans, frameStep, segmentCount } from './segments.ts';

/** Numbers of one pair. */
const VECTOR = CELLS * CELL_DIM;
/** Pairs that a thread is given at a time. */
const STRETCH = 32;

export interface PairDescriber {
  /**
   * Takes the next frame (160 x 120 grey bytes). From the second one on returns the vector of the pair (previous frame,
   * this frame), `[48, 19]`; it is overwritten by the next call.
   */
  next(pixels: Uint8Array): Float64Array | null;
  /** The next frame is the first of another stretch. */
  restart(): void;
}

/** Describes stretches of frames, each by itself: `[frames - 1, 48, 19]`. Keeps one describer per extractor. */
export function createStretchDescriber(): (order: StretchOrder) => Float64Array {
  const known = new Map<ExtractorName, PairDescriber>();
  return ({ extractor, frames }) => {
    const describer = known.get(extractor) ?? createPairDescriber(extractor);
    known.set(extractor, describer);
    const vectors = new Float64Array((frames.length - 1) * VECTOR);
    describer.restart();
    for (const [i, pixels] of frames.entries()) {
      const vector = describer.next(pixels);
      if (vector) vectors.set(vector, (i - 1) * VECTOR);
    }
    return vectors;
  };
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
  const vector = new Float64Array(VECTOR);
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
    restart() {
      started = false;
    },
  };
}

/** Frames on their way to vectors; `add` hears of each pair by its first frame, in order. */
interface Description {
  next(pixels: Uint8Array): Promise<void> | void;
  finish(): Promise<void> | void;
}
type Add = (index: number, vector: Float64Array) => void;

function describeHere(extractor: ExtractorName, step: number, add: Add): Description {
  const describer = createPairDescriber(extractor);
  let first = 0;
  return {
    next(pixels) {
      const vector = describer.next(pixels);
      if (!vector) return;
      add(first, vector);
      first += step;
    },
    finish() {},
  };
}

/** Stretches overlap by a frame, so that every pair lies in one of them. */
function describeInStretches(
  describers: Describers,
  extractor: ExtractorName,
  step: number,
  add: Add,
): Description {
  let frames: Uint8Array[] = [];
  let first = 0;
  const waiting: Promise<Float64Array>[] = [];
  const takeOldest = async (): Promise<void> => {
    const vectors = await waiting.shift()!;
    for (let at = 0; at < vectors.length; at += VECTOR, first += step) {
      add(first, vectors.subarray(at, at + VECTOR));
    }
  };
  const send = (): void => {
    const described = describers.describe(extractor, frames);
    // Its failure is told when its turn comes.
    described.catch(() => {});
    waiting.push(described);
    frames = frames.slice(-1);
  };
  return {
    async next(pixels) {
      frames.push(pixels);
      if (frames.length > STRETCH) send();
      while (waiting.length > 2 * describers.threads) await takeOldest();
    },
    async finish() {
      if (frames.length > 1) send();
      while (waiting.length > 0) await takeOldest();
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
  /** Threads that describe, started by the caller; left out: this thread does. The features are the same. */
  describers?: Describers;
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
  { extractor, frames: count, fps, signal, onFrame, describers }: CellmotionOptions,
): Promise<CellmotionFeatures> {
  const step = frameStep(fps);
  if (count <= step) {
    throw new AppError(
      'unsupported',
      `The video has ${count} frames; motion needs at least ${step + 1} at ${fps} frames/s.`,
    );
  }
  const segments = segmentCount(count);
  const means = createSegmentMeans(segments, VECTOR);
  const add = (index: number, vector: Float64Array): void => means.add(index, vector);
  const description = describers
    ? describeInStretches(describers, extractor, step, add)
    : describeHere(extractor, step, add);
  let expected = 0;
  for await (const { index, data } of frames) {
    if (index !== expected)
      throw new AppError('internal', `Frame ${expected} was expected, frame ${index} came.`);
    await description.next(data);
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
  await description.finish();
  return { segments, data: means.finish() };
}
