// What events look like, as points of feature space. Role: mean features of events, distances between them, novelty.
// Limits: reads of the feature files what the events cover and no more, a long event by segments spread over it; scales
// are those of the events compared, not of the whole set.
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../shared/errors.ts';
import { segmentOfFrame } from '../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { createRandom } from '../../compute/random.ts';
import { headerOf, nameOf } from '../../features/load.ts';
import { openFeatureStore } from '../../features/stored.ts';
import { artifactPath } from '../../files/atomic.ts';
import type { Store } from '../../store/store.ts';

export type Place = FrameRange & { videoId: number };

/** A longer event is described by so many of its segments, evenly apart. */
const MOST_SEGMENTS = 64;
/** Milliseconds of work between two turns of the event loop. */
const TURN = 8;
/** Wider features are projected to so many numbers, which keeps distances nearly as they are. */
const MOST_DIM = 48;
/** Distances are computed to so many reviewed events at most, the latest ones. */
const MOST_REVIEWED = 400;

export const placeKey = ({ videoId, start, end }: Place): string => `${videoId}:${start}:${end}`;

/** Vectors of events by `placeKey`, filled when asked for; one for each feature set that was compared. */
export type Vectors = Map<string, Float32Array>;

/** Segments that stand for an event: all of a short one. @param total segments of the video */
export function segmentsFor({ start, end }: FrameRange, total: number): number[] {
  const first = segmentOfFrame(start, total);
  const count = segmentOfFrame(end - 1, total) - first + 1;
  const taken = Math.min(count, MOST_SEGMENTS);
  return Array.from({ length: taken }, (_, i) => first + Math.floor(((i + 0.5) * count) / taken));
}

/** What is being read for these vectors. */
const reading = new WeakMap<Vectors, Promise<void>>();

/**
 * Reads the features of the events that `known` does not hold yet: means over crops and segments, `[dim]`, or a random
 * projection of them to 48 numbers. Whoever asks while others are being read waits for these: what both need is read once.
 * @throws AppError `damaged` naming the file when it is not what it should be, or holds values that are no numbers
 */
export async function describe(
  store: Store,
  setId: number,
  places: readonly Place[],
  known: Vectors,
): Promise<void> {
  const before = reading.get(known);
  const own = (async () => {
    await before?.catch(() => {}); // who asked for that is told
    await readMissing(store, setId, places, known);
  })();
  reading.set(known, own);
  await own;
}

async function readMissing(
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
  const reader = openFeatureStore(0, null);
  let projection: Float32Array | null = null;
  let turn = performance.now();
  try {
    for (const { videoId, segments, crops, dim, sha256 } of store.features.ofSet(setId)) {
      const wanted = missing.get(videoId);
      if (!wanted) continue;
      const source = { videoId, segments, crops, dim, path: artifactPath(store.artifactsFolder, sha256) };
      const file = reader.file(source.path, nameOf(source), await headerOf(source));
      const vectors = new Float32Array(crops * dim);
      if (dim > MOST_DIM)
        projection ??= createRandom(1).fillNormal(
          new Float32Array(dim * MOST_DIM),
          0,
          1 / Math.sqrt(MOST_DIM),
        );
      for (const place of wanted) {
        const mean = new Float32Array(dim);
        const taken = segmentsFor(place, segments);
        for (const t of taken) {
          file.read(t * crops * dim, vectors);
          for (let i = 0; i < vectors.length; i++) mean[i % dim] += vectors[i];
        }
        for (let d = 0; d < dim; d++) mean[d] /= taken.length * crops;
        if (!mean.every(Number.isFinite))
          throw new AppError(
            'damaged',
            `${nameOf(source)} holds values that are no numbers. Extract or import the features again.`,
            { path: source.path },
          );
        known.set(placeKey(place), projection ? project(mean, projection) : mean);
        if (performance.now() - turn > TURN) {
          await setImmediate();
          turn = performance.now();
        }
      }
    }
  } finally {
    reader.close();
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
