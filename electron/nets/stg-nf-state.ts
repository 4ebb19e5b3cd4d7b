// The state of the pose flow STG-NF (Hirschorn and Avidan, ICCV 2023; methods.md 3.5): names, shapes, initial values.
// Role: PyTorch's state dictionary on one side, two flat vectors on the other, because some hundred tensors of two numbers
// would cost more to update than the flow costs to compute. Limits: plain arrays, no TF.js; counters of batches are not part.
import { AppError } from '../../shared/errors.ts';
import type { Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { pytorchDefault } from '../compute/init.ts';
import type { Random } from '../compute/random.ts';
import { type ForeignTensor, misfit } from './foreign-weights.ts';

/** Joints of a pose in OpenPose order. */
export const JOINTS = 18;

export interface StgNfShape {
  /** Frames of a pose segment: 24 (ShanghaiTech) or 16 (UBnormal). */
  segmentLength: number;
  /** Flow steps, 8 as published. */
  steps: number;
}

/** One tensor of the state dictionary and where it begins in its flat vector. */
export interface Entry {
  name: string;
  shape: number[];
  offset: number;
}

/** Length of the convolution over time: floor(L / 2) + 1. @throws AppError `bad_input` when that is even. */
export function temporalKernel({ segmentLength }: StgNfShape): number {
  const length = Math.floor(segmentLength / 2) + 1;
  if (length % 2 === 0) {
    throw new AppError(
      'bad_input',
      `Pose segments of ${segmentLength} frames do not fit STG-NF: half of the length must be even, as with 16 or 24.`,
    );
  }
  return length;
}

/** Prefix of the names of flow step `k`. */
export const stepName = (k: number): string => `flow.layers.${k}`;

function entries(list: ReadonlyArray<readonly [string, number[]]>): Entry[] {
  let offset = 0;
  return list.map(([name, shape]) => {
    const entry = { name, shape, offset };
    offset += sizeOf(shape);
    return entry;
  });
}

/** The trainable tensors in PyTorch's order. */
export function stgNfParameters(shape: StgNfShape): Entry[] {
  const norm = (name: string): Array<[string, number[]]> => [
    [`${name}.weight`, [2]],
    [`${name}.bias`, [2]],
  ];
  return entries(
    Array.from({ length: shape.steps }, (_, k): Array<[string, number[]]> => {
      const block = `${stepName(k)}.block.0`;
      const pointwise = (name: string): Array<[string, number[]]> => [
        [`${name}.weight`, [2, 1, 1, 1]],
        [`${name}.bias`, [2]],
      ];
      return [
        [`${stepName(k)}.actnorm.bias`, [1, 2, 1, 1]],
        [`${stepName(k)}.actnorm.logs`, [1, 2, 1, 1]],
        ...pointwise(`${block}.gcn.conv`),
        ...norm(`${block}.tcn.0`),
        [`${block}.tcn.2.weight`, [2, 2, temporalKernel(shape), 1]],
        [`${block}.tcn.2.bias`, [2]],
        ...norm(`${block}.tcn.3`),
        // The first step has no residual path.
        ...(k === 0 ? [] : [...pointwise(`${block}.residual.0`), ...norm(`${block}.residual.1`)]),
      ];
    }).flat(),
  );
}

/** The running statistics of the batch norms in PyTorch's order. */
export function stgNfBuffers({ steps }: StgNfShape): Entry[] {
  return entries(
    Array.from({ length: steps }, (_, k) => {
      const norms = ['tcn.0', 'tcn.3', ...(k === 0 ? [] : ['residual.1'])];
      return norms.flatMap(
        (name): Array<[string, number[]]> => [
          [`${stepName(k)}.block.0.${name}.running_mean`, [2]],
          [`${stepName(k)}.block.0.${name}.running_var`, [2]],
        ],
      );
    }).flat(),
  );
}

const total = (list: readonly Entry[]): number => list.reduce((sum, entry) => sum + sizeOf(entry.shape), 0);

/** Trainable numbers: 616 for segments of 24 frames, 488 for 16. */
export function stgNfParameterCount(shape: StgNfShape): number {
  return total(stgNfParameters(shape));
}

/** Numbers in the running statistics. */
export function stgNfBufferCount(shape: StgNfShape): number {
  return total(stgNfBuffers(shape));
}

/** The variables of the steps: `parameters` `[P]` and `buffers` `[Q]`. */
export interface StgNfState {
  parameters: Values;
  buffers: Values;
}

/** The state before training: PyTorch's defaults (methods.md 0.6). ActNorm waits for its first batch with zeros. */
export function initStgNf(shape: StgNfShape, random: Random): StgNfState {
  const parameters = new Float32Array(stgNfParameterCount(shape));
  const kernelInputs = 2 * temporalKernel(shape);
  for (const { name, shape: extent, offset } of stgNfParameters(shape)) {
    if (name.includes('.actnorm.')) continue;
    if (/\.(tcn\.0|tcn\.3|residual\.1)\./.test(name)) {
      if (name.endsWith('.weight')) parameters.fill(1, offset, offset + sizeOf(extent));
    } else {
      parameters.set(
        pytorchDefault(extent, name.includes('.tcn.2.') ? kernelInputs : 1, random).data,
        offset,
      );
    }
  }
  const buffers = new Float32Array(stgNfBufferCount(shape));
  for (const { name, offset } of stgNfBuffers(shape))
    if (name.endsWith('.running_var')) buffers.fill(1, offset, offset + 2);
  return {
    parameters: { shape: [parameters.length], data: parameters },
    buffers: { shape: [buffers.length], data: buffers },
  };
}

function pack(list: readonly Entry[], dictionary: Record<string, ForeignTensor>): Values {
  const data = new Float32Array(total(list));
  for (const { name, shape, offset } of list) {
    const found = dictionary[name];
    if (found?.data.length !== sizeOf(shape)) {
      throw misfit(
        'STG-NF',
        name,
        shape,
        found,
        'Choose the length of pose segments that they were made for.',
      );
    }
    data.set(found.data, offset);
  }
  return { shape: [data.length], data };
}

/** From PyTorch's names to the variables; other names are ignored. @throws AppError `bad_input` naming a tensor that does not fit. */
export function packStgNf(shape: StgNfShape, dictionary: Record<string, ForeignTensor>): StgNfState {
  return {
    parameters: pack(stgNfParameters(shape), dictionary),
    buffers: pack(stgNfBuffers(shape), dictionary),
  };
}

/** From the variables, as `Variables.read` gives them, to PyTorch's names. */
export function unpackStgNf(
  shape: StgNfShape,
  state: { parameters: Float32Array; buffers: Float32Array },
): Record<string, Values> {
  const named = (list: readonly Entry[], data: Float32Array): Array<[string, Values]> =>
    list.map(({ name, shape: extent, offset }) => [
      name,
      { shape: extent, data: data.slice(offset, offset + sizeOf(extent)) },
    ]);
  return Object.fromEntries([
    ...named(stgNfParameters(shape), state.parameters),
    ...named(stgNfBuffers(shape), state.buffers),
  ]);
}
