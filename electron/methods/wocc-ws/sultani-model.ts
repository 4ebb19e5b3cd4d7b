// The ranking network of Sultani et al. as the weakly supervised model (methods.md 3.8).
// Role: batches of bags into its training step, scores of snippets. Limits: which snippets are in which bag is the caller's
// business. Crops that show the whole picture are averaged before they come in.
import type { CompiledStep } from '../../compute/device.ts';
import { sizeOf } from '../../compute/graph/graph.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import type { CropAggregation } from '../../features/extractors.ts';
import { segmentPool } from '../../features/segment-pool.ts';
import type { FeatureVideo } from '../../features/types.ts';
import {
  initSultani,
  type SultaniShape,
  sultaniMasks,
  sultaniParameters,
  sultaniScoreStep,
  sultaniTrainStep,
} from '../../nets/sultani.ts';
import type { ComponentInput, WeakModel } from './components.ts';
import { dataOf, stateOf } from './state.ts';

export interface SultaniOptions {
  /** B: bags of each kind in a batch: 32 in the loop, 30 alone. */
  bags: number;
  bagSize: number;
  /** Of Adagrad: 0.01. */
  learningRate: number;
  /** Penalty of the squared weights: 0.001. */
  l2: number;
  /** 0.6. */
  dropout: number;
  /** 8e-5; 0 where bags have no order. */
  lambdaSmooth: number;
}

const MARGIN = 1;
const LAMBDA_SPARSE = 8e-5;
/** Snippets scored in one call. */
const SCORE_BATCH = 512;

/** 512-32 as published; 128-32 for features of at most 256 dimensions. */
export function sultaniShape(dim: number): SultaniShape {
  return { dim, hidden1: dim <= 256 ? 128 : 512, hidden2: 32 };
}

/** Snippets as the network sees them: every crop, or the mean of all as one. */
interface Rows {
  segments: number;
  crops: number;
  dim: number;
  copy(chosen: Int32Array, target: Float32Array): void;
}

function rowsOf(videos: readonly FeatureVideo[], aggregation: CropAggregation): Rows {
  const pool = segmentPool(videos);
  const { segments, crops, dim } = pool;
  if (aggregation === 'top3' || crops === 1) return pool;
  let whole = new Float32Array(0);
  return {
    segments,
    crops: 1,
    dim,
    copy(chosen, target) {
      if (whole.length < chosen.length * crops * dim) whole = new Float32Array(chosen.length * crops * dim);
      pool.copy(chosen, whole);
      target.fill(0, 0, chosen.length * dim);
      for (let i = 0, at = 0; i < chosen.length; i++) {
        for (let c = 0; c < crops; c++) {
          for (let d = 0; d < dim; d++, at++) target[i * dim + d] += whole[at] / crops;
        }
      }
    },
  };
}

/** @param bagVideos what bags are made of, where that is not `input.videos`: whole videos of a fixed number of segments. */
export async function sultaniModel(
  { device, videos, offsets, aggregation, check, rehearsal }: ComponentInput,
  options: SultaniOptions,
  bagVideos: readonly FeatureVideo[] = videos,
): Promise<WeakModel> {
  const scored = rowsOf(videos, aggregation);
  const pool = bagVideos === videos ? scored : rowsOf(bagVideos, aggregation);
  const { crops, dim } = pool;
  const { bags, bagSize, dropout } = options;
  const shape = sultaniShape(dim);
  const extent = { bags: 2 * bags, segments: bagSize, crops };
  const optimiser = createOptimiser({ name: 'adagrad', eps: 1e-8 });
  const parameters = sultaniParameters(shape);
  const names = Object.keys(parameters);
  const slots = allZeros(optimiser.slots(parameters));
  const variables = device.variables({ ...allZeros(parameters), ...slots });
  const masks = Object.entries(sultaniMasks(shape, extent, dropout)).map(
    ([name, spec]): [string, Float32Array] => [name, new Float32Array(sizeOf(spec.shape))],
  );
  const features = new Float32Array(2 * bags * bagSize * crops * dim);
  const rate = Float32Array.of(options.learningRate);
  const size = Math.min(SCORE_BATCH, scored.segments);
  let training: CompiledStep | null = null;
  let scoring: CompiledStep | null = null;

  return {
    title: 'ranking network',
    bags,
    bagSize,
    fresh: (random) => variables.write(dataOf({ ...initSultani(shape, random), ...slots })),
    freshOptimiser: () => variables.write(dataOf(slots)),
    async trainBatch({ abnormal, normal, random }) {
      training ??= await device.compile(
        sultaniTrainStep(
          shape,
          { ...extent, abnormal: bags },
          { margin: MARGIN, lambdaSparse: LAMBDA_SPARSE, lambdaSmooth: options.lambdaSmooth, l2: options.l2 },
          optimiser,
          dropout,
        ),
        variables,
      );
      pool.copy(Int32Array.of(...abnormal, ...normal), features);
      for (const [, mask] of masks) random.fillDropout(mask, dropout);
      const out = await training.run({ features, learningRate: rate, ...Object.fromEntries(masks) });
      return { total: out.total[0], ranking: out.hinge[0] };
    },
    async scoreSnippets() {
      const count = offsets[videos.length];
      scoring ??= await device.compile(
        sultaniScoreStep(shape, { bags: 1, segments: size, crops }),
        variables,
      );
      const scores = new Float64Array(count);
      const batch = new Float32Array(size * crops * dim);
      for (let from = 0; from < count; from += size) {
        if (rehearsal?.enough({ kind: 'scores of the ranking network', done: from, total: count })) break;
        check();
        scored.copy(
          Int32Array.from({ length: size }, (_, i) => Math.min(from + i, count - 1)),
          batch,
        );
        const out = await scoring.run({ features: batch });
        scores.set(out.scores.subarray(0, Math.min(size, count - from)), from);
      }
      return scores;
    },
    save: () => stateOf(variables),
    load: (state) => variables.write(dataOf(state)),
    parameters: () => stateOf(variables, names),
    async dispose() {
      await training?.dispose();
      await scoring?.dispose();
      await variables.dispose();
    },
  };
}
