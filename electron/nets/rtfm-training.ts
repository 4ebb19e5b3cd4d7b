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
import { differentiate, pick, withoutGradient } from '../compute/autodiff.ts';
import type { Spec, Step } from '../compute/device.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import { binaryCrossEntropy, highestOfRows, lengths, TOP_CROPS } from './layers.ts';
import { type RtfmExtent, rtfmForward, rtfmMasks } from './rtfm.ts';
import { type RtfmShape, rtfmParameters, rtfmRunning } from './rtfm-state.ts';

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
 * What the losses say about lengths: scalars before alpha, for B normal videos followed by B abnormal ones.
 * @param features `[2B, crops, T, D]`. @param weights `[2B, T]`, 1/k at the chosen segments.
 */
export function rtfmMagnitudeTerms(
  features: Tensor,
  weights: Tensor,
  { margin, joint }: RtfmLossOptions,
  aggregation: RtfmExtent['aggregation'] = 'mean',
): Pick<RtfmLosses, 'magnitudeTerm' | 'extraTerm'> {
  const [videos, crops, segments, dim] = features.shape as [number, number, number, number];
  const batch = videos / 2;
  // The mean of the chosen features of every crop, as a product with the weights of its video.
  const perCrop = matMul(
    reshape(mul(reshape(weights, [videos, 1, segments]), ones([1, crops, 1])), [videos * crops, 1, segments]),
    reshape(features, [videos * crops, segments, dim]),
  );
  const ofCrops = reshape(lengths(reshape(perCrop, [videos * crops, dim])), [videos, crops]);
  // Of cells of the picture most are empty: the longest three of a video stand for it, each against its like.
  const magnitude = aggregation === 'top3' ? highestOfRows(ofCrops, TOP_CROPS) : ofCrops;
  const counted = magnitude.shape[1]!;
  const normal = slice(magnitude, [0, 0], [batch, counted]);
  const abnormal = slice(magnitude, [batch, 0], [batch, counted]);
  return {
    magnitudeTerm: mean(square(add(abs(sub(margin, abnormal)), normal))),
    extraTerm: joint ? mean(square(normal)) : zeros([]),
  };
}

/**
 * What the losses say about scores, with their factors.
 * @param scores `[2B, T]`, over crops. @param weights `[2B, T]`, 1/k at the chosen segments.
 */
export function rtfmScoreTerms(
  scores: Tensor,
  weights: Tensor,
  { lambdaSparse, lambdaSmooth }: RtfmLossOptions,
): Pick<RtfmLosses, 'scoreNormal' | 'scoreAbnormal' | 'bce' | 'sparse' | 'smooth'> {
  const [videos, segments] = scores.shape as [number, number];
  const batch = videos / 2;
  const chosen = sum(mul(scores, weights), 1);
  const scoreNormal = slice(chosen, [0], [batch]);
  const scoreAbnormal = slice(chosen, [batch], [batch]);
  const bce = binaryCrossEntropy(chosen, concat([zeros([batch]), ones([batch])], 0));
  // One vector of all abnormal scores: neighbours may belong to two videos, as published.
  const line = reshape(slice(scores, [batch, 0], [batch, segments]), [batch * segments]);
  const sparse = mul(lengths(line), lambdaSparse);
  const pairs = batch * segments - 1;
  const smooth = mul(sum(square(sub(slice(line, [1], [pairs]), slice(line, [0], [pairs])))), lambdaSmooth);
  return { scoreNormal, scoreAbnormal, bce, sparse, smooth };
}

/** `[2B, T]`: 1/k at the segments with the longest features, which have no gradient. @param masks as in the training step. */
export function rtfmChosen(
  magnitudes: Tensor,
  { maskNormal, maskAbnormal }: Partial<Record<'maskNormal' | 'maskAbnormal', Tensor>>,
  k: number,
): Tensor {
  const [videos, segments] = magnitudes.shape as [number, number];
  const batch = videos / 2;
  const half = (from: number): Tensor => slice(magnitudes, [from, 0], [batch, segments]);
  const everything = ones([batch, segments]);
  return selectionWeights(
    concat(
      [
        rtfmSelection(half(0), maskNormal ?? everything, k),
        rtfmSelection(half(batch), maskAbnormal ?? everything, k),
      ],
      0,
    ),
    segments,
  );
}

/**
 * Losses of B normal videos followed by B abnormal ones, scalars unless said otherwise.
 * @param features `[2B, crops, T, D]`. @param scores `[2B, T]`, over crops. @param weights `[2B, T]`, 1/k where chosen.
 */
export function rtfmLossesOf(
  features: Tensor,
  scores: Tensor,
  weights: Tensor,
  options: RtfmLossOptions,
  aggregation: RtfmExtent['aggregation'] = 'mean',
): RtfmLosses {
  const ofScores = rtfmScoreTerms(scores, weights, options);
  const ofLengths = rtfmMagnitudeTerms(features, weights, options, aggregation);
  const { bce, sparse, smooth } = ofScores;
  const lengthLoss = mul(add(ofLengths.magnitudeTerm, ofLengths.extraTerm), options.alpha);
  return { ...ofScores, ...ofLengths, total: add(add(bce, lengthLoss), add(sparse, smooth)) };
}

/** The same for segments given by their numbers. */
export function rtfmLosses(
  features: Tensor,
  scores: Tensor,
  { indexNormal, indexAbnormal }: RtfmSelected,
  options: RtfmLossOptions,
): RtfmLosses {
  const weights = selectionWeights(concat([indexNormal, indexAbnormal], 0), scores.shape[1]!);
  return rtfmLossesOf(features, scores, weights, options);
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
      const { loss, gradients, extras } = differentiate(pick(variables, parameters), (p) => {
        const out = rtfmForward(p, variables, features, extent, { training: true, masks });
        const chosen = rtfmChosen(out.magnitudes, { maskNormal, maskAbnormal }, options.k);
        const { total, scoreNormal, scoreAbnormal, ...terms } = rtfmLossesOf(
          out.features,
          out.scores,
          chosen,
          options,
          extent.aggregation,
        );
        return { loss: total, extras: { ...terms, ...out.running } };
      });
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate,
      );
      const statistics = Object.fromEntries(Object.keys(running).map((name) => [name, extras[name]]));
      const { bce, magnitudeTerm, extraTerm, sparse, smooth } = extras;
      return {
        variables: { ...updated.parameters, ...updated.slots, ...statistics },
        outputs: { bce, magnitudeTerm, extraTerm, sparse, smooth, total: loss },
      };
    },
  };
}
