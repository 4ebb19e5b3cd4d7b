// Features with planted anomalies: what a method finds here it has learnt, because length says nothing.
// Role: a feature set with known ground truth and known share of anomalies, made from a seed. Limits: no video; says
// nothing about real footage.
//
// Normal segments lie on a curved surface of few dimensions along which a video drifts slowly; anomalous ones lie on another
// surface of the same kind. Both get lengths from the same distribution.
import { createRandom, type Random } from '../../electron/compute/random.ts';

export interface PlantedVideo {
  name: string;
  segments: number;
  /** `[segments, dim]`. */
  data: Float32Array;
  /** Anomalous segments, [start, end), or null. */
  anomalous: [number, number] | null;
}

export interface PlantedOptions {
  seed: number;
  videos: number;
  segments: number;
  dim: number;
  /** How many of the videos have an anomaly, the last ones. */
  anomalousVideos: number;
  /** Segments of each anomaly. */
  anomalousSegments: number;
}

/** 40 videos of 60 segments, 10 % of them anomalous, 64 dimensions. */
export const PLANTED: PlantedOptions = {
  seed: 1,
  videos: 40,
  segments: 60,
  dim: 64,
  anomalousVideos: 15,
  anomalousSegments: 16,
};

const LATENT = 4;
const HIDDEN = 16;
const NOISE = 0.02;
/** How much of its place on the surface a segment keeps from the one before. */
const KEPT = 0.9;
/** Standard deviation of the logarithm of a length. */
const LENGTHS = 0.2;

type Surface = (place: Float32Array) => Float32Array;

/** A random smooth map from few dimensions to many, onto vectors of length 1. */
function surface(dim: number, random: Random): Surface {
  const inner = random.fillNormal(new Float32Array(HIDDEN * LATENT), 0, 1);
  const outer = random.fillNormal(new Float32Array(dim * HIDDEN), 0, 1);
  return (place) => {
    const hidden = Float32Array.from({ length: HIDDEN }, (_, h) =>
      Math.tanh(place.reduce((sum, x, i) => sum + x * inner[h * LATENT + i], 0)),
    );
    const out = Float32Array.from({ length: dim }, (_, d) =>
      hidden.reduce((sum, x, h) => sum + x * outer[d * HIDDEN + h], 0),
    );
    const length = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0));
    return out.map((x) => x / length);
  };
}

/** The whole set; the same options give the same bytes. */
export function plantedVideos(options: PlantedOptions): PlantedVideo[] {
  const { seed, videos, segments, dim, anomalousVideos, anomalousSegments } = options;
  const random = createRandom(seed);
  const usual = surface(dim, random);
  const unusual = surface(dim, random);
  return Array.from({ length: videos }, (_, v) => {
    const start = random.integer(segments - anomalousSegments + 1);
    const has = v >= videos - anomalousVideos;
    const anomalous: [number, number] | null = has ? [start, start + anomalousSegments] : null;
    const data = new Float32Array(segments * dim);
    const place = random.fillNormal(new Float32Array(LATENT), 0, 1);
    for (let t = 0; t < segments; t++) {
      for (let i = 0; i < LATENT; i++)
        place[i] = KEPT * place[i] + Math.sqrt(1 - KEPT * KEPT) * random.normal();
      const inside = anomalous !== null && t >= anomalous[0] && t < anomalous[1];
      const vector = (inside ? unusual : usual)(place).map((x) => x + NOISE * random.normal());
      const length = Math.exp(LENGTHS * random.normal()) / Math.sqrt(vector.reduce((s, x) => s + x * x, 0));
      for (let d = 0; d < dim; d++) data[t * dim + d] = length * vector[d];
    }
    return { name: `planted-${String(v + 1).padStart(2, '0')}`, segments, data, anomalous };
  });
}
