// What events look like, as points of feature space. Role: mean features of events, distances between them, novelty.
// Limits: reads feature files while the caller waits, so it refuses sets that are too large to read at once; scales are
// those of the events compared, not of the whole set.
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../shared/errors.ts';
import { segmentOfFrame } from '../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { createRandom } from '../../compute/random.ts';
import { loadFeatures } from '../../features/load.ts';
import { artifactPath } from '../../files/atomic.ts';
import type { Store } from '../../store/store.ts';

export type Place = FrameRange & { videoId: number };

/** More than this is not read for a comparison. */
const MOST_BYTES = 4 * 2 ** 30;
/** Wider features are projected to so many numbers, which keeps distances nearly as they are. */
const MOST_DIM = 48;
/** Distances are computed to so many reviewed events at most, the latest ones. */
const MOST_REVIEWED = 400;

export const placeKey = ({ videoId, start, end }: Place): string => `${videoId}:${start}:${end}`;

/** Vectors of events by `placeKey`, filled when asked for; one for each feature set that was compared. */
export type Vectors = Map<string, Float32Array>;

/**
 * Reads the features of the events that `known` does not hold yet: means over crops and segments, `[dim]`, or a random
 * projection of them to 48 numbers.
 * @throws AppError `unsupported` when the feature files are larger than 4 GB, `damaged` as `loadFeatures`
 */
export async function describe(
  store: Store,
  setId: number,
  places: readonly Place[],
  known: Vectors,
): Promise<void> {
  const missing = Map.groupBy(
    places.filter((place) => !known.has(placeKey(place))),
    (place) => place.videoId,
  );
  if (missing.size === 0) return;
  const files = store.features.ofSet(setId).filter((file) => missing.has(file.videoId));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_BYTES) {
    throw new AppError(
      'unsupported',
      `Comparing events by features would read ${(bytes / 2 ** 30).toFixed(1)} GB. Filter the queue to fewer videos, or choose another order.`,
      { bytes },
    );
  }
  let projection: Float32Array | null = null;
  for (const file of files) {
    const { videoId, segments, crops, dim, sha256 } = file;
    const [video] = await loadFeatures([
      { videoId, segments, crops, dim, path: artifactPath(store.artifactsFolder, sha256) },
    ]);
    if (dim > MOST_DIM)
      projection ??= createRandom(1).fillNormal(new Float32Array(dim * MOST_DIM), 0, 1 / Math.sqrt(MOST_DIM));
    for (const place of missing.get(videoId) ?? []) {
      const mean = new Float32Array(dim);
      const first = segmentOfFrame(place.start, segments);
      const last = segmentOfFrame(place.end - 1, segments);
      for (let t = first; t <= last; t++)
        for (let c = 0; c < crops; c++)
          for (let d = 0; d < dim; d++) mean[d] += video.data[(t * crops + c) * dim + d];
      const n = (last - first + 1) * crops;
      for (let d = 0; d < dim; d++) mean[d] /= n;
      known.set(placeKey(place), projection ? project(mean, projection) : mean);
    }
    await setImmediate();
  }
}

function project(vector: Float32Array, projection: Float32Array): Float32Array {
  const out = new Float32Array(MOST_DIM);
  for (let d = 0; d < vector.length; d++)
    for (let k = 0; k < MOST_DIM; k++) out[k] += vector[d] * projection[d * MOST_DIM + k];
  return out;
}

/**
 * Distance between described events: root mean square over dimensions, each divided by its standard deviation over
 * `places`. About 1.4 for two events that have nothing to do with each other.
 */
export function distances(places: readonly Place[], known: Vectors): (a: Place, b: Place) => number | null {
  const vectors = places.flatMap((place) => known.get(placeKey(place)) ?? []);
  const dim = vectors[0]?.length ?? 0;
  const scale = new Float32Array(dim);
  for (let d = 0; d < dim; d++) {
    let [sum, squares] = [0, 0];
    for (const vector of vectors) {
      sum += vector[d];
      squares += vector[d] * vector[d];
    }
    const variance = squares / vectors.length - (sum / vectors.length) ** 2;
    scale[d] = variance > 1e-12 ? 1 / variance : 0;
  }
  return (a, b) => {
    const [x, y] = [known.get(placeKey(a)), known.get(placeKey(b))];
    if (!x || !y) return null;
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += scale[d] * (x[d] - y[d]) ** 2;
    return Math.sqrt(sum / Math.max(1, dim));
  };
}

/** Distance of an event to the nearest of the reviewed ones; null without any. */
export function noveltyAmong(
  distance: (a: Place, b: Place) => number | null,
  reviewed: readonly Place[],
): (place: Place) => number | null {
  const latest = reviewed.slice(-MOST_REVIEWED);
  return (place) => {
    let nearest: number | null = null;
    for (const other of latest) {
      if (placeKey(other) === placeKey(place)) continue;
      const d = distance(place, other);
      if (d !== null && (nearest === null || d < nearest)) nearest = d;
    }
    return nearest;
  };
}
