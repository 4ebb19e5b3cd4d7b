// The network of RTFM (Tian et al., ICCV 2021; methods.md 3.7): a multi-scale temporal network that looks at a segment
// together with its surroundings, near and far, and a classifier of the features that come out.
// Role: parameters, running statistics, initial values, the forward pass and the score step. Limits: the losses and
// the training step are in rtfm-training.ts; widths are parameters (published: 2048-512-256-512-128). `lite` is our cut for
// features of few numbers: two branches, neither non-local block nor batch normalisation (methods/wocc-ws/README.md).
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
import type { Spec, Step, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { xavierUniform, zeros } from '../compute/init.ts';
import type { Random } from '../compute/random.ts';
import { highestOfRows, lengths, linear, TOP_CROPS } from './layers.ts';
import {
  type Affine,
  batchNorm,
  batchNormTraining,
  initRunning,
  type RunningStatistics,
  runningSpecs,
} from './normalisation.ts';
import { conv1d, nonLocal } from './temporal.ts';

export interface RtfmShape {
  /** The published network, or the small one. `full` if left out. */
  network?: 'full' | 'lite';
  /** Width of the features, and of those that the network makes of them: 2048. */
  dim: number;
  /** Width of each branch, four or two: 512. */
  branch: number;
  /** Width inside the non-local block: 256. `lite` has none. */
  inter: number;
  /** Hidden layers of the classifier: 512 and 128. */
  hidden1: number;
  hidden2: number;
}

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

/** Branches that look at neighbours, by how far apart these are: branch i has the name `conv_i`. */
const DILATIONS = { full: [1, 2, 4], lite: [1, 2] } as const;

/** Batch normalisation layers and their widths. */
function normLayers({ network = 'full', dim, branch }: RtfmShape): Record<string, number> {
  if (network === 'lite') return {};
  return {
    'Aggregate.conv_1.2': branch,
    'Aggregate.conv_2.2': branch,
    'Aggregate.conv_3.2': branch,
    'Aggregate.non_local.W.1': branch,
    'Aggregate.conv_5.2': dim,
  };
}

/** Names and shapes of what is trained, those of PyTorch's state dictionary: weights `[out, in]` or `[out, in, taps]`. */
export function rtfmParameters(shape: RtfmShape): Record<string, Spec> {
  const { network = 'full', dim, branch, inter, hidden1, hidden2 } = shape;
  const near = DILATIONS[network];
  const layer = (name: string, weight: number[]): Record<string, Spec> => ({
    [`${name}.weight`]: { shape: weight },
    [`${name}.bias`]: { shape: [weight[0]] },
  });
  const farAway: Record<string, Spec> = {
    'Aggregate.conv_4.0.weight': { shape: [branch, dim, 1] },
    ...layer('Aggregate.non_local.theta', [inter, branch, 1]),
    ...layer('Aggregate.non_local.phi', [inter, branch, 1]),
    ...layer('Aggregate.non_local.g', [inter, branch, 1]),
    ...layer('Aggregate.non_local.W.0', [branch, inter, 1]),
  };
  const branches = near.length + (network === 'full' ? 1 : 0);
  return {
    ...Object.assign({}, ...near.map((_, i) => layer(`Aggregate.conv_${i + 1}.0`, [branch, dim, 3]))),
    ...(network === 'full' && farAway),
    'Aggregate.conv_5.0.weight': { shape: [dim, branches * branch, 3] },
    ...Object.assign({}, ...Object.entries(normLayers(shape)).map(([name, width]) => layer(name, [width]))),
    ...layer('fc1', [hidden1, dim]),
    ...layer('fc2', [hidden2, hidden1]),
    ...layer('fc3', [1, hidden2]),
  };
}

/** Names and shapes of the running statistics, variables that a training step changes without a gradient. */
export function rtfmRunning(shape: RtfmShape): Record<string, Spec> {
  return Object.assign(
    {},
    ...Object.entries(normLayers(shape)).map(([name, width]) => runningSpecs(name, width)),
  );
}

/** Trainable numbers: 24,718,849 for the published widths. */
export function rtfmParameterCount(shape: RtfmShape): number {
  return Object.values(rtfmParameters(shape)).reduce((total, spec) => total + sizeOf(spec.shape), 0);
}

/**
 * Parameters and running statistics before training: xavier uniform for layers and convolutions, biases 0, scales of
 * batch normalisation 1, except in the non-local block, which starts at 0 and so leaves its input as it is.
 */
export function initRtfm(shape: RtfmShape, random: Random): Record<string, Values> {
  const initial = (name: string, { shape: extent }: Spec): Values => {
    if (name.endsWith('.bias') || name.startsWith('Aggregate.non_local.W.1.')) return zeros(extent);
    if (extent.length === 1) return { shape: extent, data: new Float32Array(extent[0]).fill(1) };
    return xavierUniform(extent, random);
  };
  const parameters = Object.entries(rtfmParameters(shape)).map(([name, spec]) => [name, initial(name, spec)]);
  return { ...Object.fromEntries(parameters), ...initRunning(rtfmRunning(shape)) };
}

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
  const biased = (name: string, sequences: Tensor, dilation: number): Tensor =>
    add(conv1d(sequences, p[`${name}.weight`], dilation), p[`${name}.bias`]);
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
    const y = relu(biased(`Aggregate.conv_${i + 1}.0`, sequences, dilation));
    return full ? normalise(`Aggregate.conv_${i + 1}.2`, y) : y;
  });
  const far = (): Tensor => {
    const reduced = relu(conv1d(sequences, p['Aggregate.conv_4.0.weight']));
    const block = (name: string): Affine => ({
      weight: p[`Aggregate.non_local.${name}.weight`],
      bias: p[`Aggregate.non_local.${name}.bias`],
    });
    const everywhere = nonLocal(reshape(reduced, [samples, segments, reduced.shape[1]!]), {
      theta: block('theta'),
      phi: block('phi'),
      g: block('g'),
    });
    return add(
      normalise('Aggregate.non_local.W.1', biased('Aggregate.non_local.W.0', everywhere, 1)),
      reduced,
    );
  };
  const branches = concat(full ? [...near, far()] : near, 1);
  const together = reshape(branches, [samples, segments, branches.shape[1]!]);
  const fusion = relu(conv1d(together, p['Aggregate.conv_5.0.weight']));
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
