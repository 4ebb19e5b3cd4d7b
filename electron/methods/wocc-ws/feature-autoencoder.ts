// The one-class model on features: an autoencoder whose samples are weighted (methods.md 3.2, 3.3).
// Role: objects are the crops of snippets, the score of a snippet is the length of what the network does not redraw.
// Limits: widths follow from the features.

import { SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import type { CompiledStep } from '../../compute/device.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import { aggregateCrops } from '../../features/aggregate.ts';
import { segmentPool } from '../../features/segment-pool.ts';
import { autoencoderErrorStep, weightedAutoencoderTrainStep } from '../../nets/autoencoder.ts';
import { initMlp, type MlpShape, mlpParameters } from '../../nets/mlp.ts';
import { stepCache } from './compiled.ts';
import type { ComponentInput, OneClassModel } from './components.ts';
import { dataOf, stateOf } from './state.ts';

export interface AutoencoderOptions {
  /** Crops of a training step: 512. */
  batchSize: number;
  /** Of Adam: 0.001. */
  learningRate: number;
}

/** Slope of the hidden activation below zero: plain ReLU lets the few units in the middle die. */
const SLOPE = 0.1;
/** Vectors scored in one call. */
const SCORE_BATCH = 4096;

/** Hidden layers h, h / 4 and h / 16, with h the power of two from D / 4 up and at least 64: 19 numbers get 64-16-4. */
export function autoencoderShape(dim: number): MlpShape {
  const hidden = Math.max(64, 2 ** Math.ceil(Math.log2(dim / 4)));
  return { widths: [dim, hidden, hidden / 4, hidden / 16, hidden / 4, hidden, dim], slope: SLOPE };
}

export async function featureAutoencoder(
  { device, videos, offsets, aggregation, check, rehearsal }: ComponentInput,
  { batchSize, learningRate }: AutoencoderOptions,
): Promise<OneClassModel> {
  const { crops } = videos[0];
  const pool = segmentPool(
    videos.map((video) => ({ ...video, segments: video.segments * video.crops, crops: 1 })),
  );
  const count = pool.segments;
  const video = new Int32Array(count);
  const firstFrame = new Int32Array(count);
  for (const v of videos.keys()) {
    for (let i = pool.offsets[v]; i < pool.offsets[v + 1]; i++) {
      video[i] = v;
      firstFrame[i] = Math.floor((i - pool.offsets[v]) / crops) * SEGMENT_FRAMES;
    }
  }
  const shape = autoencoderShape(pool.dim);
  const optimiser = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });
  const parameters = mlpParameters(shape);
  const names = Object.keys(parameters);
  const slots = allZeros(optimiser.slots(parameters));
  const variables = device.variables({ ...allZeros(parameters), ...slots });
  const training = stepCache((size) =>
    device.compile(weightedAutoencoderTrainStep(shape, size, optimiser), variables),
  );
  const size = Math.min(SCORE_BATCH, count);
  let scoring: CompiledStep | null = null;
  const rate = Float32Array.of(learningRate);
  const buffer = new Float32Array(Math.max(batchSize, size) * pool.dim);

  return {
    title: 'autoencoder',
    objects: { video, firstFrame, length: SEGMENT_FRAMES },
    frames: Int32Array.from(videos, ({ segments }) => segments * SEGMENT_FRAMES),
    batchSize: Math.min(batchSize, count),
    notes: [],
    fresh: (random) => variables.write(dataOf({ ...initMlp(shape, random), ...slots })),
    expect: (order) => pool.expect(order),
    async trainBatch({ chosen, weights }) {
      const features = buffer.subarray(0, chosen.length * pool.dim);
      pool.copy(chosen, features);
      const step = await training.of(chosen.length);
      return (await step.run({ features, weights, learningRate: rate })).loss[0];
    },
    async scoreSnippets() {
      scoring ??= await device.compile(autoencoderErrorStep(shape, size, 'l2'), variables);
      const errors = new Float32Array(count);
      const features = buffer.subarray(0, size * pool.dim);
      pool.expect(Int32Array.from({ length: count }, (_, i) => i));
      for (let from = 0; from < count; from += size) {
        if (rehearsal?.enough({ kind: 'scores of the autoencoder', done: from, total: count })) break;
        check();
        // The last batch is filled up with copies of its last vector, which do not count.
        pool.copy(
          Int32Array.from({ length: size }, (_, i) => Math.min(from + i, count - 1)),
          features,
        );
        const outputs = await scoring.run({ features });
        errors.set(outputs.errors.subarray(0, Math.min(size, count - from)), from);
      }
      return Float64Array.from(aggregateCrops(errors, offsets[videos.length], crops, aggregation));
    },
    save: () => stateOf(variables),
    load: (state) => variables.write(dataOf(state)),
    parameters: () => stateOf(variables, names),
    async dispose() {
      await training.dispose();
      await scoring?.dispose();
      await variables.dispose();
    },
  };
}
