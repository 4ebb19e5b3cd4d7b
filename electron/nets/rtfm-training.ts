// How RTFM learns (Tian et al., ICCV 2021; methods.md 3.7): in every video the k segments with the longest features
// stand for it; those of abnormal videos are to be long, those of normal ones short, and a classifier learns from both.
// Role: selection, losses and the training step. Limits: no loop, no data; which segments are chosen has no gradient.
import {
  abs,
  add,
  cast,
  concat,
  equal,
  matMul,
  mean,
  mul,
  ones,
  range,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  topk,
  zeros,
} from '@tensorflow/tfjs-core';
import { differentiate, withoutGradient } from '../compute/autodiff.ts';
import type { Spec, Step } from '../compute/device.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import { binaryCrossEntropy, lengths } from './layers.ts';
import {
  type RtfmExtent,
  type RtfmShape,
  rtfmForward,
  rtfmMasks,
  rtfmParameters,
  rtfmRunning,
} from './rtfm.ts';

export interface RtfmLossOptions {
  /** Segments chosen per video: 3. */
  k: number;
  /** Weight of the magnitudes: 1e-4. */
  alpha: number;
  /** Length that features of abnormal videos are to have: 100. */
  margin: number;
  /** 8e-3. */
  lambdaSparse: number;
  /** 8e-4. */
  lambdaSmooth: number;
  /** Adds the mean squared length of normal features, as Joint-VAD does. */
  joint: boolean;
}

type Tensors = Record<string, Tensor>;

/**
 * The segments with the longest features: int32 `[videos, k]`, longest first, equal lengths by lower index.
 * @param magnitudes `[videos, T]`. @param mask of the same shape, multiplies the magnitudes for this choice only.
 */
export function rtfmSelection(magnitudes: Tensor, mask: Tensor, k: number): Tensor {
  return topk(withoutGradient(mul(magnitudes, mask)), k).indices;
}

/** `[videos, T]`: 1/k at the segments that `indices` `[videos, k]` names, else 0. */
function selectionWeights(indices: Tensor, segments: number): Tensor {
  const [videos, k] = indices.shape as [number, number];
  const places = equal(reshape(indices, [videos, k, 1]), range(0, segments, 1, 'int32'));
  return mul(sum(cast(places, 'float32'), 1), 1 / k);
}

export interface RtfmSelected {
  /** int32 `[B, k]`. */
  indexNormal: Tensor;
  indexAbnormal: Tensor;
}

export interface RtfmLosses {
  /** `[B]`, mean score of the chosen segments. */
  scoreNormal: Tensor;
  scoreAbnormal: Tensor;
  bce: Tensor;
  /** mean of (|margin - |F_abn|| + |F_nor|)^2 over videos and crops, before alpha. */
  magnitudeTerm: Tensor;
  /** mean of |F_nor|^2, before alpha; 0 unless joint. */
  extraTerm: Tensor;
  /** With their factors. */
  sparse: Tensor;
  smooth: Tensor;
  total: Tensor;
}

/**
 * Losses of B normal videos followed by B abnormal ones, scalars unless said otherwise.
 * @param features `[2B, crops, T, D]`. @param scores `[2B, T]`, means over crops.
 */
export function rtfmLosses(
  features: Tensor,
  scores: Tensor,
  { indexNormal, indexAbnormal }: RtfmSelected,
  { alpha, margin, lambdaSparse, lambdaSmooth, joint }: RtfmLossOptions,
): RtfmLosses {
  const [videos, crops, segments, dim] = features.shape as [number, number, number, number];
  const batch = videos / 2;
  const weights = selectionWeights(concat([indexNormal, indexAbnormal], 0), segments);
  const chosen = sum(mul(scores, weights), 1);
  const scoreNormal = slice(chosen, [0], [batch]);
  const scoreAbnormal = slice(chosen, [batch], [batch]);
  const bce = binaryCrossEntropy(chosen, concat([zeros([batch]), ones([batch])], 0));

  // The mean of the chosen features of every crop, as a product with the weights of its video.
  const perCrop = matMul(
    reshape(mul(reshape(weights, [videos, 1, segments]), ones([1, crops, 1])), [videos * crops, 1, segments]),
    reshape(features, [videos * crops, segments, dim]),
  );
  const magnitude = lengths(reshape(perCrop, [videos * crops, dim]));
  const normal = slice(magnitude, [0], [batch * crops]);
  const abnormal = slice(magnitude, [batch * crops], [batch * crops]);
  const magnitudeTerm = mean(square(add(abs(sub(margin, abnormal)), normal)));
  const extraTerm = joint ? mean(square(normal)) : zeros([]);

  // One vector of all abnormal scores: neighbours may belong to two videos, as published.
  const line = reshape(slice(scores, [batch, 0], [batch, segments]), [batch * segments]);
  const sparse = mul(lengths(line), lambdaSparse);
  const pairs = batch * segments - 1;
  const smooth = mul(sum(square(sub(slice(line, [1], [pairs]), slice(line, [0], [pairs])))), lambdaSmooth);
  const total = add(add(bce, mul(add(magnitudeTerm, extraTerm), alpha)), add(sparse, smooth));
  return { scoreNormal, scoreAbnormal, bce, magnitudeTerm, extraTerm, sparse, smooth, total };
}

/** Shapes of the masks of a training step: those of the network, and one for the choice in each half of the batch. */
export function rtfmTrainMasks(shape: RtfmShape, extent: RtfmExtent, dropout: number): Record<string, Spec> {
  if (dropout === 0) return {};
  const selection = { shape: [extent.videos / 2, extent.segments] };
  return { ...rtfmMasks(shape, extent, dropout), maskNormal: selection, maskAbnormal: selection };
}

/**
 * One update on B normal videos followed by B abnormal ones. Inputs `features` `[2B, crops, segments, dim]`,
 * `learningRate` `[]` and the masks of `rtfmTrainMasks`. Outputs `bce`, `magnitudeTerm`, `extraTerm`, `sparse`, `smooth`
 * and `total` `[]`, taken before the update. Running statistics are variables too.
 */
export function rtfmTrainStep(
  shape: RtfmShape,
  extent: RtfmExtent,
  options: RtfmLossOptions,
  optimiser: Optimiser,
  dropout: number,
): Step {
  const { videos, crops, segments } = extent;
  const batch = videos / 2;
  const parameters = rtfmParameters(shape);
  const running = rtfmRunning(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'temporal network training',
    variables: { ...parameters, ...running, ...slots },
    inputs: {
      features: { shape: [videos, crops, segments, shape.dim] },
      learningRate: { shape: [] },
      ...rtfmTrainMasks(shape, extent, dropout),
    },
    run(variables, { features, learningRate, maskNormal, maskAbnormal, ...masks }) {
      const pick = (specs: Record<string, Spec>): Tensors =>
        Object.fromEntries(Object.keys(specs).map((name) => [name, variables[name]]));
      const { loss, gradients, extras } = differentiate(pick(parameters), (p) => {
        const out = rtfmForward(p, variables, features, extent, { training: true, masks });
        const half = (from: number): Tensor => slice(out.magnitudes, [from, 0], [batch, segments]);
        const everything = ones([batch, segments]);
        const { total, scoreNormal, scoreAbnormal, ...terms } = rtfmLosses(
          out.features,
          out.scores,
          {
            indexNormal: rtfmSelection(half(0), maskNormal ?? everything, options.k),
            indexAbnormal: rtfmSelection(half(batch), maskAbnormal ?? everything, options.k),
          },
          options,
        );
        return { loss: total, extras: { ...terms, ...out.running } };
      });
      const updated = optimiser.update(pick(parameters), gradients, pick(slots), learningRate);
      const statistics = Object.fromEntries(Object.keys(running).map((name) => [name, extras[name]]));
      const { bce, magnitudeTerm, extraTerm, sparse, smooth } = extras;
      return {
        variables: { ...updated.parameters, ...updated.slots, ...statistics },
        outputs: { bce, magnitudeTerm, extraTerm, sparse, smooth, total: loss },
      };
    },
  };
}
