// RTFM as the weakly supervised model (methods.md 3.7, 3.9).
// Role: batches of bags into its training step, as many crops at once as fit into memory, scores of whole videos. Limits:
// which snippets are in which bag is the caller's business.
import type { CompiledStep } from '../../compute/device.ts';
import { sizeOf } from '../../compute/graph/graph.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import { type Random, restoreRandom } from '../../compute/random.ts';
import { segmentPool } from '../../features/segment-pool.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { rtfmMasks, rtfmScoreStep } from '../../nets/rtfm.ts';
import {
  rtfmAccumulateStep,
  rtfmApplyStep,
  rtfmGradientSums,
  rtfmMeasureStep,
  rtfmScoreLossStep,
} from '../../nets/rtfm-accumulation.ts';
import {
  initRtfm,
  type RtfmShape,
  rtfmDictionary,
  rtfmDictionaryOf,
  rtfmParameters,
  rtfmRunning,
  rtfmVariables,
} from '../../nets/rtfm-state.ts';
import { type RtfmLossOptions, rtfmTrainMasks, rtfmTrainStep } from '../../nets/rtfm-training.ts';
import type { BagBatch, ComponentInput, WeakLosses, WeakModel } from './components.ts';
import { dataOf, fitting, stateOf } from './state.ts';

export interface RtfmOptions {
  /** `auto` takes the small network for features of at most {@link FEW_DIMENSIONS} numbers. */
  network: 'auto' | 'full' | 'lite';
  /** B: bags of each kind in a batch, 32. */
  bags: number;
  /** Snippets of a bag: 16 in the loop, 32 segments of a video alone. */
  bagSize: number;
  /** Of Adam: 0.001. */
  learningRate: number;
  /** 0.005. */
  weightDecay: number;
  /** 0.7. */
  dropout: number;
  /** Adds the squared length of normal features, as Joint-VAD does. */
  joint: boolean;
  /** Crops treated at once: a divisor of their number; 0 chooses by the memory that they take. */
  cropsAtOnce: number;
}

/** Published factors of the losses. */
export const RTFM_LOSSES = { k: 3, alpha: 1e-4, margin: 100, lambdaSparse: 8e-3, lambdaSmooth: 8e-4 };
/** What the activations of one call may take, bytes. */
const MEMORY = 1.5e9;
/** Arrays as wide as the features that a training step holds at once, measured. */
const HELD = 20;

/** Features of at most so many numbers have small networks, which need fewer updates. */
export const FEW_DIMENSIONS = 256;

/** The network and its widths: the published ones, narrower ones for features of few numbers. */
export function rtfmShape(dim: number, network: RtfmOptions['network']): RtfmShape {
  const few = dim <= FEW_DIMENSIONS;
  const kind = network === 'auto' ? (few ? 'lite' : 'full') : network;
  if (few) return { network: kind, dim, branch: 64, inter: 32, hidden1: 128, hidden2: 32 };
  const branch = Math.ceil(dim / 4);
  return { network: kind, dim, branch, inter: Math.ceil(dim / 8), hidden1: 512, hidden2: 128 };
}

/** The largest divisor of `crops` that keeps the activations below the limit, at least 1. */
export function cropsPerCall(crops: number, rowsPerCrop: number, width: number): number {
  for (let n = crops; n > 1; n--) {
    if (crops % n === 0 && n * rowsPerCrop * width * 4 * HELD <= MEMORY) return n;
  }
  return 1;
}

/**
 * @param bagVideos what bags are made of, where that is not `input.videos`: whole videos of a fixed number of segments.
 */
export async function rtfmModel(
  input: ComponentInput,
  options: RtfmOptions,
  bagVideos: readonly FeatureVideo[] = input.videos,
): Promise<WeakModel> {
  const { device, videos, offsets, aggregation, check, rehearsal } = input;
  const { crops, dim } = videos[0];
  const { bags, bagSize, dropout } = options;
  const shape = rtfmShape(dim, options.network);
  const width = Math.max(dim, 4 * shape.branch);
  const extent = { videos: 2 * bags, crops, segments: bagSize, aggregation };
  // The three highest of all crops need all of them together.
  const together = aggregation === 'top3' ? crops : options.cropsAtOnce;
  const atOnce = together > 0 ? together : cropsPerCall(crops, 2 * bags * bagSize, width);
  const calls = crops / atOnce;
  const part = { ...extent, crops: atOnce };
  const losses: RtfmLossOptions = { ...RTFM_LOSSES, joint: options.joint };
  const optimiser = createOptimiser({
    name: 'adam',
    betas: [0.9, 0.999],
    eps: 1e-8,
    weightDecay: options.weightDecay,
  });
  const parameters = rtfmParameters(shape);
  const running = rtfmRunning(shape);
  const names = [...Object.keys(parameters), ...Object.keys(running)];
  const slots = allZeros(optimiser.slots(parameters));
  const sums = calls > 1 ? allZeros(rtfmGradientSums(shape)) : {};
  const variables = device.variables({ ...allZeros({ ...parameters, ...running }), ...slots, ...sums });
  const kept = [...names, ...Object.keys(slots)];
  const compiled: CompiledStep[] = [];
  const compile = async (step: Parameters<typeof device.compile>[0]): Promise<CompiledStep> => {
    const made = await device.compile(step, variables);
    compiled.push(made);
    return made;
  };

  // Every crop of a snippet is a row of its own, so that a batch can be laid out with crops before segments.
  const rows = segmentPool(bagVideos.map((v) => ({ ...v, segments: v.segments * crops, crops: 1 })));
  const scored = segmentPool(videos.map((v) => ({ ...v, segments: v.segments * crops, crops: 1 })));
  const buffer = new Float32Array(2 * bags * atOnce * bagSize * dim);
  /** Features of the crops from `first` on of all bags, `[bags, crops, snippets, dim]`. */
  const layOut = (batch: Int32Array, first: number): Float32Array => {
    const chosen = new Int32Array(batch.length * atOnce);
    let at = 0;
    for (let b = 0; b < 2 * bags; b++) {
      for (let c = first; c < first + atOnce; c++) {
        for (let t = 0; t < bagSize; t++) chosen[at++] = batch[b * bagSize + t] * crops + c;
      }
    }
    rows.copy(chosen, buffer);
    return buffer;
  };
  const masksOf = (
    specs: Record<string, { shape: number[] }>,
    random: Random,
  ): Record<string, Float32Array> =>
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => {
        maskBuffers[name] ??= new Float32Array(sizeOf(spec.shape));
        return [name, random.fillDropout(maskBuffers[name], dropout)];
      }),
    );
  const maskBuffers: Record<string, Float32Array> = {};
  const allMasks = rtfmTrainMasks(shape, extent, dropout);
  const netMasks = rtfmMasks(shape, part, dropout);
  const choiceMasks = Object.fromEntries(Object.entries(allMasks).filter(([name]) => !(name in netMasks)));
  const rate = Float32Array.of(options.learningRate);

  const whole = async (): Promise<(batch: Int32Array, random: Random) => Promise<WeakLosses>> => {
    const step = await compile(rtfmTrainStep(shape, extent, losses, optimiser, dropout));
    return async (batch, random) => {
      const masks = masksOf(allMasks, random);
      const out = await step.run({ features: layOut(batch, 0), learningRate: rate, ...masks });
      return {
        total: out.total[0],
        classification: out.bce[0],
        magnitude: losses.alpha * (out.magnitudeTerm[0] + out.extraTerm[0]),
      };
    };
  };
  const inParts = async (): Promise<(batch: Int32Array, random: Random) => Promise<WeakLosses>> => {
    const measure = await compile(rtfmMeasureStep(shape, part, dropout));
    const scoreLoss = await compile(rtfmScoreLossStep(shape, extent, losses, dropout));
    const accumulate = await compile(rtfmAccumulateStep(shape, part, 1 / calls, losses, dropout));
    const apply = await compile(rtfmApplyStep(shape, optimiser));
    return async (batch, random) => {
      const size = 2 * bags * bagSize;
      const scores = new Float32Array(size);
      const magnitudes = new Float32Array(size);
      const states: number[][] = [];
      for (let call = 0; call < calls; call++) {
        check();
        // Both passes see the same masks.
        states.push(random.state());
        const out = await measure.run({
          features: layOut(batch, call * atOnce),
          ...masksOf(netMasks, random),
        });
        for (let i = 0; i < size; i++) {
          scores[i] += out.scores[i] / calls;
          magnitudes[i] += out.magnitudes[i] / calls;
        }
      }
      const ofScores = await scoreLoss.run({ scores, magnitudes, ...masksOf(choiceMasks, random) });
      const { chosen, scoreGradients } = ofScores;
      let magnitude = 0;
      for (let call = 0; call < calls; call++) {
        check();
        const out = await accumulate.run({
          features: layOut(batch, call * atOnce),
          scoreGradients,
          chosen,
          ...masksOf(netMasks, restoreRandom(states[call])),
        });
        magnitude += (losses.alpha * (out.magnitudeTerm[0] + out.extraTerm[0])) / calls;
      }
      await apply.run({ learningRate: rate });
      const { bce, sparse, smooth } = ofScores;
      return {
        total: bce[0] + sparse[0] + smooth[0] + magnitude,
        classification: bce[0],
        magnitude,
      };
    };
  };
  let train: ((batch: Int32Array, random: Random) => Promise<WeakLosses>) | null = null;

  return {
    title: 'RTFM',
    bags,
    bagSize,
    fresh: (random) => variables.write(dataOf({ ...initRtfm(shape, random), ...slots })),
    freshOptimiser: () => variables.write(dataOf(slots)),
    async trainBatch({ abnormal, normal, random }: BagBatch) {
      train ??= await (calls === 1 ? whole() : inParts());
      return train(Int32Array.of(...normal, ...abnormal), random);
    },
    async scoreSnippets() {
      const scores = new Float64Array(offsets[videos.length]);
      const byLength = new Map<number, number[]>();
      for (const [v, { segments }] of videos.entries()) {
        if (segments > 0) byLength.set(segments, [...(byLength.get(segments) ?? []), v]);
      }
      let done = 0;
      const total = offsets[videos.length];
      lengths: for (const [segments, list] of byLength) {
        // A video is one sequence of its own length, as published; a long one goes through crop by crop.
        const n = aggregation === 'top3' ? crops : cropsPerCall(crops, segments, width);
        const step = await device.compile(
          rtfmScoreStep(shape, { videos: 1, crops: n, segments, aggregation }),
          variables,
        );
        try {
          const features = new Float32Array(n * segments * dim);
          for (const v of list) {
            if (rehearsal?.enough({ kind: 'scores of RTFM', done, total })) break lengths;
            done += segments;
            for (let first = 0; first < crops; first += n) {
              check();
              const chosen = Int32Array.from(
                { length: n * segments },
                (_, i) => (offsets[v] + (i % segments)) * crops + first + Math.floor(i / segments),
              );
              scored.copy(chosen, features);
              const out = await step.run({ features });
              for (let t = 0; t < segments; t++) scores[offsets[v] + t] += (out.scores[t] * n) / crops;
            }
          }
        } finally {
          await step.dispose();
        }
      }
      return scores;
    },
    save: () => stateOf(variables, kept),
    load: (state) => variables.write(dataOf(state)),
    adopt: (dictionary) =>
      variables.write(dataOf(rtfmVariables(fitting(rtfmDictionary(shape), dictionary, 'RTFM')))),
    parameters: async () => rtfmDictionaryOf(shape, await stateOf(variables, names)),
    async dispose() {
      for (const step of compiled) await step.dispose();
      await variables.dispose();
    },
  };
}
