// The network of RTFM (Tian et al., ICCV 2021; methods.md 3.7): a multi-scale temporal network that looks at a segment
// together with its surroundings, near and far, and a classifier of the features that come out.
// Role: the forward pass and the score step. Limits: what it is made of is in rtfm-state.ts, the losses and the training step
// in rtfm-training.ts; widths are parameters (published: 2048-512-256-512-128). `lite` is our cut for features of few
// numbers: two branches, neither non-local block nor batch normalisation (methods/wocc-ws/README.md).
import {
  add,
  concat,
  mean,
  mul,
  relu,
  reshape,
  sigmoid,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Spec, Step } from '../compute/device.ts';
import { highestOfRows, lengths, linear, TOP_CROPS } from './layers.ts';
import { type Affine, batchNorm, batchNormTraining, type RunningStatistics } from './normalisation.ts';
import { DILATIONS, type RtfmShape, rtfmParameters, rtfmRunning, tapNames } from './rtfm-state.ts';
import { conv3, nonLocal, pointwise } from './temporal.ts';

/** Features of one call: `[videos, crops, segments, dim]`, the crop axis before the segments. */
export interface RtfmExtent {
  videos: number;
  crops: number;
  segments: number;
  /** `mean` of all crops, as published, or of the three highest: for crops that are cells of the picture. `mean` if left out. */
  aggregation?: 'mean' | 'top3';
}

/** `[videos, crops, segments]` -> `[videos, segments]`. */
function overCrops(values: Tensor, { videos, crops, segments, aggregation = 'mean' }: RtfmExtent): Tensor {
  if (aggregation === 'mean') return mean(values, 1);
  const rows = reshape(transpose(values, [0, 2, 1]), [videos * segments, crops]);
  return reshape(mean(highestOfRows(rows, TOP_CROPS), 1), [videos, segments]);
}

type Tensors = Record<string, Tensor>;

/** Shapes of the dropout masks of the network, one row per crop and segment; empty without dropout (published: 0.7). */
export function rtfmMasks(
  { dim, hidden1, hidden2 }: RtfmShape,
  { videos, crops, segments }: RtfmExtent,
  dropout: number,
): Record<string, Spec> {
  if (dropout === 0) return {};
  const rows = videos * crops * segments;
  return {
    maskFeatures: { shape: [rows, dim] },
    mask1: { shape: [rows, hidden1] },
    mask2: { shape: [rows, hidden2] },
  };
}

export interface RtfmForward {
  /** `[videos, crops, segments, dim]`, after dropout. */
  features: Tensor;
  /** `[videos, crops, segments]`, probabilities. */
  cropScores: Tensor;
  /** `[videos, segments]`, over crops. */
  scores: Tensor;
  /** `[videos, segments]`, over crops of the lengths of the features. */
  magnitudes: Tensor;
  /** New running statistics; empty at test. */
  running: Tensors;
}

/**
 * The network on features `[videos, crops, segments, dim]`; any number of segments.
 * @param p parameters. @param running statistics of `rtfmRunning`.
 * @param training normalises by the batch and applies `masks`, those of `rtfmMasks` or none.
 */
export function rtfmForward(
  p: Tensors,
  running: Tensors,
  x: Tensor,
  extent: RtfmExtent,
  { training, masks = {} }: { training: boolean; masks?: Tensors },
): RtfmForward {
  const { videos, crops, segments } = extent;
  const dim = x.shape[3]!;
  const samples = videos * crops;
  const rows = samples * segments;
  const updated: Tensors = {};
  const taps = (name: string): Tensor[] => tapNames(`${name}.weight`).map((tap) => p[tap]);
  const biased = (name: string, y: Tensor): Tensor => add(y, p[`${name}.bias`]);
  const normalise = (name: string, y: Tensor): Tensor => {
    const affine: Affine = { weight: p[`${name}.weight`], bias: p[`${name}.bias`] };
    const before: RunningStatistics = {
      mean: running[`${name}.running_mean`],
      variance: running[`${name}.running_var`],
    };
    if (!training) return batchNorm(y, affine, before);
    const result = batchNormTraining(y, affine, before);
    updated[`${name}.running_mean`] = result.running.mean;
    updated[`${name}.running_var`] = result.running.variance;
    return result.y;
  };
  const drop = (y: Tensor, mask: Tensor | undefined): Tensor => (mask ? mul(y, mask) : y);

  const sequences = reshape(x, [samples, segments, dim]);
  // Which network it is shows in its parameters.
  const full = 'Aggregate.conv_4.0.weight' in p;
  const near = DILATIONS[full ? 'full' : 'lite'].map((dilation, i) => {
    const name = `Aggregate.conv_${i + 1}.0`;
    const y = relu(biased(name, conv3(sequences, taps(name), dilation)));
    return full ? normalise(`Aggregate.conv_${i + 1}.2`, y) : y;
  });
  const far = (): Tensor => {
    const reduced = relu(pointwise(sequences, p['Aggregate.conv_4.0.weight']));
    const block = (name: string): Affine => ({
      weight: p[`Aggregate.non_local.${name}.weight`],
      bias: p[`Aggregate.non_local.${name}.bias`],
    });
    const everywhere = nonLocal(reshape(reduced, [samples, segments, reduced.shape[1]!]), {
      theta: block('theta'),
      phi: block('phi'),
      g: block('g'),
    });
    const last = 'Aggregate.non_local.W.0';
    return add(
      normalise('Aggregate.non_local.W.1', biased(last, pointwise(everywhere, p[`${last}.weight`]))),
      reduced,
    );
  };
  const branches = concat(full ? [...near, far()] : near, 1);
  const together = reshape(branches, [samples, segments, branches.shape[1]!]);
  const fusion = relu(conv3(together, taps('Aggregate.conv_5.0')));
  const fused = full ? normalise('Aggregate.conv_5.2', fusion) : fusion;
  const features = drop(add(fused, reshape(x, [rows, dim])), masks.maskFeatures);

  const hidden1 = drop(relu(linear(features, p['fc1.weight'], p['fc1.bias'])), masks.mask1);
  const hidden2 = drop(relu(linear(hidden1, p['fc2.weight'], p['fc2.bias'])), masks.mask2);
  const probabilities = sigmoid(linear(hidden2, p['fc3.weight'], p['fc3.bias']));
  const cropScores = reshape(probabilities, [videos, crops, segments]);
  return {
    features: reshape(features, [videos, crops, segments, dim]),
    cropScores,
    scores: overCrops(cropScores, extent),
    magnitudes: overCrops(reshape(lengths(features), [videos, crops, segments]), extent),
    running: updated,
  };
}

/**
 * Scores videos. Input `features` `[videos, crops, segments, dim]`. Outputs `cropScores` `[videos, crops, segments]`,
 * `scores` and `magnitudes` `[videos, segments]`.
 */
export function rtfmScoreStep(shape: RtfmShape, extent: RtfmExtent): Step {
  const { videos, crops, segments } = extent;
  const running = rtfmRunning(shape);
  return {
    name: 'temporal network score',
    variables: { ...rtfmParameters(shape), ...running },
    inputs: { features: { shape: [videos, crops, segments, shape.dim] } },
    run(variables, { features }) {
      const { cropScores, scores, magnitudes } = rtfmForward(variables, variables, features, extent, {
        training: false,
      });
      return { outputs: { cropScores, scores, magnitudes } };
    },
  };
}
