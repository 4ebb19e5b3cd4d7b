// The network of Jigsaw (Wang et al., ECCV 2022; methods.md 3.6): it looks at a cube of a few frames of one object, whose
// frames or patches were shuffled, and tells the places they came from.
// Role: parameters, initial values, forward pass, loss, training and scoring steps. Limits: widths are parameters
// (published: 32, 64, 512); makes no puzzles (jigsaw-puzzles.ts) and no scores (jigsaw-scores.ts); cubes are 64 x 64.
import {
  add,
  concat,
  conv2d,
  conv3d,
  exp,
  log,
  max,
  maxPool,
  maxPool3d,
  mean,
  mul,
  neg,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  type Tensor5D,
  transpose,
} from '@tensorflow/tfjs-core';
import { differentiate, withoutGradient } from '../compute/autodiff.ts';
import type { Spec, Step, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { pytorchDefault } from '../compute/init.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import type { Random } from '../compute/random.ts';
import { linear } from './layers.ts';
import { instanceNorm } from './normalisation.ts';
import { weightedNllLoss } from './stg-nf.ts';

/** Height and width of a cube in pixels. */
export const CUBE_SIZE = 64;
/** Patches of a spatial puzzle: 3 x 3. */
export const PATCHES = 9;
/** Share of the channels that Dropout2d silences in training. */
export const JIGSAW_DROPOUT = 0.3;

/** Height and width of what the heads see: 64 halved four times. */
const LAST_SIZE = 4;

export interface JigsawShape {
  /** T, frames of a cube: 9 (ShanghaiTech) or 7. */
  timeLength: number;
  /** Channels of the first two convolutions, and of all others: 32 and 64. */
  channels: readonly [number, number];
  /** Width inside the heads: 512. */
  hidden: number;
}

type Tensors = Record<string, Tensor>;

/** Names in the published state dictionary: convolutions in order, with channels in and out. */
function convolutions({ channels: [a, b] }: JigsawShape): [name: string, inputs: number, outputs: number][] {
  return [
    ['model.0', 3, a],
    ['model.3', a, a],
    ['model.7', a, b],
    ['model.10', b, b],
    ['model.14', b, b],
    ['model.17', b, b],
  ];
}

/** Names and shapes, those of PyTorch's state dictionary: Conv3d `[out, in, t, h, w]`, Conv2d `[out, in, h, w]`, Linear `[out, in]`. */
export function jigsawParameters(shape: JigsawShape): Record<string, Spec> {
  const {
    timeLength,
    channels: [, b],
    hidden,
  } = shape;
  const head = (name: string, outputs: number): Record<string, Spec> => ({
    [`${name}.0.weight`]: { shape: [hidden, b * LAST_SIZE ** 2] },
    [`${name}.0.bias`]: { shape: [hidden] },
    [`${name}.2.weight`]: { shape: [outputs, hidden] },
    [`${name}.2.bias`]: { shape: [outputs] },
  });
  return {
    ...Object.fromEntries(
      convolutions(shape).map(([name, inputs, outputs]) => [
        `${name}.weight`,
        { shape: [outputs, inputs, 3, 3, 3] },
      ]),
    ),
    'conv2d.0.weight': { shape: [b, b, 3, 3] },
    'conv2d.0.bias': { shape: [b] },
    ...head('classifier_1', timeLength ** 2),
    ...head('classifier_2', PATCHES ** 2),
  };
}

/** Trainable numbers: 1,586,946 for T = 9 and 1,570,530 for T = 7 with the published widths. */
export function jigsawParameterCount(shape: JigsawShape): number {
  return Object.values(jigsawParameters(shape)).reduce((total, spec) => total + sizeOf(spec.shape), 0);
}

/** PyTorch's defaults: weights and biases uniform in +-1/sqrt(fan_in). */
export function initJigsaw(shape: JigsawShape, random: Random): Record<string, Values> {
  const specs = jigsawParameters(shape);
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const [, ...fan] = specs[name.replace(/\.bias$/, '.weight')].shape;
      return [name, pytorchDefault(spec.shape, sizeOf(fan), random)];
    }),
  );
}

/** Each channel of each sample by its own mean and deviation over space and time. */
function normalised(x: Tensor): Tensor {
  const [samples, ...inner] = x.shape;
  const channels = inner.at(-1)!;
  return reshape(instanceNorm(reshape(x, [samples, sizeOf(inner) / channels, channels]), null), x.shape);
}

export interface JigsawForward {
  /** Row k: which frame stands at place k. `[N, T, T]`. */
  temporalLogits: Tensor;
  /** Row k: at which cell patch k stands. `[N, 9, 9]`. */
  spatialLogits: Tensor;
}

/**
 * The network. @param cubes RGB in [0, 1], `[N, T, 64, 64, 3]`. @param mask of the channels before the heads, `[N, b]`; none
 * when scoring.
 */
export function jigsawForward(p: Tensors, cubes: Tensor, shape: JigsawShape, mask?: Tensor): JigsawForward {
  const { timeLength: time, channels } = shape;
  const samples = cubes.shape[0]!;
  const block = (x: Tensor, name: string): Tensor => {
    const filter = transpose(p[`${name}.weight`], [2, 3, 4, 1, 0]) as Tensor5D;
    return relu(normalised(conv3d(x as Tensor5D, filter, 1, 'same')));
  };
  const pool = (x: Tensor, over: number): Tensor =>
    maxPool3d(x as Tensor5D, [over, 2, 2], [over, 2, 2], 'valid');
  let x = block(block(cubes, 'model.0'), 'model.3');
  x = block(block(pool(x, 1), 'model.7'), 'model.10');
  x = block(block(pool(x, 1), 'model.14'), 'model.17');
  const width = channels[1];
  const flat = reshape(pool(x, time), [samples, 2 * LAST_SIZE, 2 * LAST_SIZE, width]);
  const filter = transpose(p['conv2d.0.weight'], [2, 3, 1, 0]) as Tensor4D;
  let y = add(conv2d(flat as Tensor4D, filter, 1, 'same'), p['conv2d.0.bias']);
  y = relu(normalised(y));
  if (mask) y = mul(y, reshape(mask, [samples, 1, 1, width]));
  y = maxPool(y as Tensor4D, 2, 2, 'valid');
  // PyTorch flattens with the channels first.
  const features = reshape(transpose(y, [0, 3, 1, 2]), [samples, width * LAST_SIZE ** 2]);
  const head = (name: string, n: number): Tensor => {
    const inner = relu(linear(features, p[`${name}.0.weight`], p[`${name}.0.bias`]));
    return reshape(linear(inner, p[`${name}.2.weight`], p[`${name}.2.bias`]), [samples, n, n]);
  };
  return { temporalLogits: head('classifier_1', time), spatialLogits: head('classifier_2', PATCHES) };
}

/** Mean cross-entropy of the rows of a puzzle, `[N]`. @param logits and @param targets (one 1 in a row) `[N, n, n]`. */
function puzzleLoss(logits: Tensor, targets: Tensor): Tensor {
  const shifted = sub(logits, withoutGradient(max(logits, 2, true)));
  const logs = sub(shifted, log(sum(exp(shifted), 2, true)));
  return neg(mean(sum(mul(logs, targets), 2), 1));
}

const cubesSpec = ({ timeLength }: JigsawShape, batch: number): Spec => ({
  shape: [batch, timeLength, CUBE_SIZE, CUBE_SIZE, 3],
});

/**
 * One update. The first `temporal` cubes of a batch are puzzles of frames, the others of patches. Inputs `cubes`
 * `[batch, T, 64, 64, 3]`, `frames` `[temporal, T, T]` and `patches` `[batch - temporal, 9, 9]`: one 1 in a row at the right
 * answer, `weights` `[batch]` (v = 1 - w), `mask` `[batch, b]` for Dropout2d, `learningRate` `[]`. Output `loss` `[]` before
 * the update: the mean over cubes whose weighted loss is not 0 (methods.md 3.2).
 * @param optimiser published: Adam. @param temporal at least 1 and less than `batch`, unless `batch` is 1.
 */
export function jigsawTrainStep(
  shape: JigsawShape,
  batch: number,
  temporal: number,
  optimiser: Optimiser,
): Step {
  const parameters = jigsawParameters(shape);
  const slots = optimiser.slots(parameters);
  const spatial = batch - temporal;
  return {
    name: 'puzzle network training',
    variables: { ...parameters, ...slots },
    inputs: {
      cubes: cubesSpec(shape, batch),
      ...(temporal > 0 && { frames: { shape: [temporal, shape.timeLength, shape.timeLength] } }),
      ...(spatial > 0 && { patches: { shape: [spatial, PATCHES, PATCHES] } }),
      weights: { shape: [batch] },
      mask: { shape: [batch, shape.channels[1]] },
      learningRate: { shape: [] },
    },
    run(variables, { cubes, frames, patches, weights, mask, learningRate }) {
      const old = Object.fromEntries(Object.keys(parameters).map((name) => [name, variables[name]]));
      const { loss, gradients } = differentiate(old, (p) => {
        const { temporalLogits, spatialLogits } = jigsawForward(p, cubes, shape, mask);
        const losses = [
          ...(frames
            ? [
                puzzleLoss(
                  slice(temporalLogits, [0, 0, 0], [temporal, shape.timeLength, shape.timeLength]),
                  frames,
                ),
              ]
            : []),
          ...(patches
            ? [puzzleLoss(slice(spatialLogits, [temporal, 0, 0], [spatial, PATCHES, PATCHES]), patches)]
            : []),
        ];
        return { loss: weightedNllLoss(concat(losses), weights).loss };
      });
      const updated = optimiser.update(
        old,
        gradients,
        Object.fromEntries(Object.keys(slots).map((name) => [name, variables[name]])),
        learningRate,
      );
      return { variables: { ...updated.parameters, ...updated.slots }, outputs: { loss } };
    },
  };
}

/** Answers for cubes that are whole. Input `cubes` `[batch, T, 64, 64, 3]`; outputs as {@link JigsawForward}. */
export function jigsawScoreStep(shape: JigsawShape, batch: number): Step {
  return {
    name: 'puzzle network score',
    variables: jigsawParameters(shape),
    inputs: { cubes: cubesSpec(shape, batch) },
    run: (variables, { cubes }) => ({ outputs: { ...jigsawForward(variables, cubes, shape) } }),
  };
}
