// From answers to puzzles to scores (Jigsaw; methods.md 3.6). Role: how sure the network is of cubes that were not
// shuffled, by object and by frame. Limits: numbers only; normality is high = normal, anomaly = 1 - normality.

/** Moving mean over the frames of a video. */
const MOVING_MEAN = 43;
/** Taps of the last smoothing, and its deviation in frames. */
const TAPS = 49;
const SIGMA = 20;

/**
 * Least probability on the diagonal of the row-wise softmax: the place the network is least sure of. `[N]`.
 * @param logits `[N, n, n]`.
 */
export function diagonalNormality(logits: ArrayLike<number>, n: number): Float64Array {
  const count = logits.length / (n * n);
  return Float64Array.from({ length: count }, (_, i) => {
    let least = 1;
    for (let row = 0; row < n; row++) {
      const at = (i * n + row) * n;
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < n; k++) largest = Math.max(largest, logits[at + k]);
      let sum = 0;
      for (let k = 0; k < n; k++) sum += Math.exp(logits[at + k] - largest);
      least = Math.min(least, Math.exp(logits[at + row] - largest) / sum);
    }
    return least;
  });
}

/** 1 - mean of spatial and temporal normality, `[N]`: what wOCC-WS takes as an object's score. */
export function objectAnomaly(spatial: ArrayLike<number>, temporal: ArrayLike<number>): Float64Array {
  return Float64Array.from(spatial, (value, i) => 1 - 0.5 * (value + temporal[i]));
}

/** Objects scored in videos: the frame of each within the concatenation of all videos. */
export interface PlacedObjects {
  /** `[N]`. */
  video: ArrayLike<number>;
  /** Within its video, `[N]`. */
  frame: ArrayLike<number>;
  /** `[V + 1]`, in frames. */
  offsets: ArrayLike<number>;
}

/** Least value of the objects in each frame, 1 without any. `[F]`. */
export function frameMinimum(
  values: ArrayLike<number>,
  { video, frame, offsets }: PlacedObjects,
): Float64Array {
  const frames = new Float64Array(offsets[offsets.length - 1]).fill(1);
  for (let i = 0; i < values.length; i++) {
    const at = offsets[video[i]] + frame[i];
    frames[at] = Math.min(frames[at], values[i]);
  }
  return frames;
}

/**
 * Each video to [0, 1] over the frames with objects (those below 1), then a moving mean of 43 frames where it fits whole.
 * `[F]`.
 */
export function videoNormality(frames: Float64Array, offsets: ArrayLike<number>): Float64Array {
  const result = frames.slice();
  for (let v = 0; v + 1 < offsets.length; v++) {
    const own = result.subarray(offsets[v], offsets[v + 1]);
    const seen = own.filter((value) => value < 1);
    if (seen.length > 0) {
      const low = seen.reduce((a, b) => Math.min(a, b));
      const high = seen.reduce((a, b) => Math.max(a, b));
      for (const [i, value] of own.entries())
        if (value < 1 && high > low) own[i] = (value - low) / (high - low);
    }
    movingMean(own);
  }
  return result;
}

/** In place; the first and last 21 frames stay. */
function movingMean(values: Float64Array): void {
  const before = values.slice();
  const half = (MOVING_MEAN - 1) / 2;
  for (let i = half; i + half < values.length; i++) {
    let sum = 0;
    for (let k = i - half; k <= i + half; k++) sum += before[k];
    values[i] = sum / MOVING_MEAN;
  }
}

/**
 * The published last smoothing of each video: 49 taps of a Gaussian density of deviation 20, one tap early, edges padded by
 * the first and last 24 values as they are. `[F]`.
 */
export function smoothNormality(frames: Float64Array, offsets: ArrayLike<number>): Float64Array {
  const half = (TAPS - 1) / 2;
  const taps = Float64Array.from({ length: TAPS }, (_, i) => {
    const x = (i - (half - 1)) / SIGMA;
    return Math.exp(-0.5 * x * x) / (SIGMA * Math.sqrt(2 * Math.PI));
  });
  const result = new Float64Array(frames.length);
  for (let v = 0; v + 1 < offsets.length; v++) {
    const own = frames.subarray(offsets[v], offsets[v + 1]);
    const padded = Float64Array.of(
      ...own.subarray(0, half),
      ...own,
      ...own.subarray(Math.max(0, own.length - half)),
    );
    for (let i = 0; i < own.length; i++) {
      let sum = 0;
      for (let k = 0; k < TAPS; k++) sum += taps[k] * (padded[i + k] ?? 0);
      result[offsets[v] + i] = sum;
    }
  }
  return result;
}
