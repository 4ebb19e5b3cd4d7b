// The state of RTFM's network (Tian et al., ICCV 2021; methods.md 3.7): names, shapes, initial values.
// Role: PyTorch's state dictionary on one side, the variables of a training on the other. They differ in the convolutions
// over three segments: one weight `[out, in, 3]` there, three of `[out, in]` here, as temporal.ts takes them. Limits: plain
// arrays, no TF.js; counters of batches are not part.
import type { Spec, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { xavierUniform, zeros } from '../compute/init.ts';
import type { Random } from '../compute/random.ts';
import { initRunning, runningSpecs } from './normalisation.ts';

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

/** Branches that look at neighbours, by how far apart these are: branch i has the name `conv_i`. */
export const DILATIONS = { full: [1, 2, 4], lite: [1, 2] } as const;
/** Segments that such a branch sees at once. */
const TAPS = 3;

/** The weights of a convolution over three segments, by the name of the one weight in the state dictionary. */
export const tapNames = (weight: string): string[] =>
  Array.from({ length: TAPS }, (_, tap) => `${weight}.${tap}`);

const isSplit = ({ shape }: Spec): boolean => shape.length === 3 && shape[2] === TAPS;

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

/** What is trained, by the names and shapes of the state dictionary: weights `[out, in]` or `[out, in, taps]`. */
function trained(shape: RtfmShape): Record<string, Spec> {
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
    ...Object.assign({}, ...near.map((_, i) => layer(`Aggregate.conv_${i + 1}.0`, [branch, dim, TAPS]))),
    ...(network === 'full' && farAway),
    'Aggregate.conv_5.0.weight': { shape: [dim, branches * branch, TAPS] },
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

/** Names and shapes of PyTorch's state dictionary, running statistics included. */
export const rtfmDictionary = (shape: RtfmShape): Record<string, Spec> => ({
  ...trained(shape),
  ...rtfmRunning(shape),
});

/** Names and shapes of the variables that are trained: those of the state dictionary but for {@link tapNames}. */
export function rtfmParameters(shape: RtfmShape): Record<string, Spec> {
  return Object.fromEntries(
    Object.entries(trained(shape)).flatMap(
      ([name, spec]): Array<[string, Spec]> =>
        isSplit(spec)
          ? tapNames(name).map((tap) => [tap, { shape: spec.shape.slice(0, 2) }])
          : [[name, spec]],
    ),
  );
}

/** Trainable numbers: 24,718,849 for the published widths. */
export function rtfmParameterCount(shape: RtfmShape): number {
  return Object.values(rtfmParameters(shape)).reduce((total, spec) => total + sizeOf(spec.shape), 0);
}

/** The variables that hold a state dictionary of {@link rtfmDictionary}. */
export function rtfmVariables(dictionary: Record<string, Values>): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(dictionary).flatMap(([name, values]): Array<[string, Values]> => {
      if (!isSplit(values)) return [[name, values]];
      const shape = values.shape.slice(0, 2);
      return tapNames(name).map((tap, t) => [
        tap,
        { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => values.data[i * TAPS + t]) },
      ]);
    }),
  );
}

/** The state dictionary that variables hold: what {@link rtfmVariables} was given. */
export function rtfmDictionaryOf(
  shape: RtfmShape,
  variables: Record<string, Values>,
): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(rtfmDictionary(shape)).map(([name, spec]) => {
      if (!isSplit(spec)) return [name, variables[name]];
      const data = new Float32Array(sizeOf(spec.shape));
      for (const [t, tap] of tapNames(name).entries()) {
        for (const [i, weight] of variables[tap].data.entries()) data[i * TAPS + t] = weight;
      }
      return [name, { shape: spec.shape, data }];
    }),
  );
}

/**
 * Variables before training: xavier uniform for layers and convolutions, biases 0, scales of batch normalisation 1, except
 * in the non-local block, which starts at 0 and so leaves its input as it is.
 */
export function initRtfm(shape: RtfmShape, random: Random): Record<string, Values> {
  const initial = (name: string, { shape: extent }: Spec): Values => {
    if (name.endsWith('.bias') || name.startsWith('Aggregate.non_local.W.1.')) return zeros(extent);
    if (extent.length === 1) return { shape: extent, data: new Float32Array(extent[0]).fill(1) };
    return xavierUniform(extent, random);
  };
  const parameters = Object.entries(trained(shape)).map(([name, spec]) => [name, initial(name, spec)]);
  return { ...rtfmVariables(Object.fromEntries(parameters)), ...initRunning(rtfmRunning(shape)) };
}
