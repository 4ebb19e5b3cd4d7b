// A training step of RTFM in parts, for batches whose crops do not fit into memory together (methods.md 3.7).
// Role: a pass over the crops that measures, the losses of the scores, a pass over the crops that adds up gradients, and
// the update. Limits: crops are averaged (`mean`), a few at a time, as many in every call.
//
// The losses of the scores need the mean over all crops, so a first pass measures it; with its gradient known, the second
// pass treats a few crops at a time and adds up. The sum is that of one step over all crops but for batch normalisation,
// which takes its mean and variance from the crops that are there.
import { add, mul, sum } from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../compute/autodiff.ts';
import type { Spec, Step } from '../compute/device.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import { type RtfmExtent, rtfmForward, rtfmMasks } from './rtfm.ts';
import { type RtfmShape, rtfmParameters, rtfmRunning } from './rtfm-state.ts';
import {
  type RtfmLossOptions,
  rtfmChosen,
  rtfmMagnitudeTerms,
  rtfmScoreTerms,
  rtfmTrainMasks,
} from './rtfm-training.ts';

const sumName = (parameter: string): string => `gradient/${parameter}`;

/** Names and shapes of the summed gradients, variables beside the parameters; zero between two updates. */
export function rtfmGradientSums(shape: RtfmShape): Record<string, Spec> {
  return Object.fromEntries(
    Object.entries(rtfmParameters(shape)).map(([name, spec]) => [sumName(name), spec]),
  );
}

/** Scores and magnitudes `[videos, segments]` of some crops as training sees them. Input `features` and the masks of `rtfmMasks`. */
export function rtfmMeasureStep(shape: RtfmShape, extent: RtfmExtent, dropout: number): Step {
  const { videos, crops, segments } = extent;
  return {
    name: 'temporal network measuring',
    variables: { ...rtfmParameters(shape), ...rtfmRunning(shape) },
    inputs: {
      features: { shape: [videos, crops, segments, shape.dim] },
      ...rtfmMasks(shape, extent, dropout),
    },
    run(variables, { features, ...masks }) {
      const { scores, magnitudes } = rtfmForward(variables, variables, features, extent, {
        training: true,
        masks,
      });
      return { outputs: { scores, magnitudes } };
    },
  };
}

/**
 * The choice of segments and the losses of the scores. Inputs `scores` and `magnitudes` `[videos, segments]`, means over all
 * crops, and the masks of the choice. Outputs `chosen` (1/k where chosen) and `scoreGradients`, both `[videos, segments]`,
 * and `bce`, `sparse`, `smooth` `[]`.
 */
export function rtfmScoreLossStep(
  shape: RtfmShape,
  extent: RtfmExtent,
  options: RtfmLossOptions,
  dropout: number,
): Step {
  const spec: Spec = { shape: [extent.videos, extent.segments] };
  const masks = Object.entries(rtfmTrainMasks(shape, extent, dropout));
  return {
    name: 'temporal network score losses',
    variables: {},
    inputs: {
      scores: spec,
      magnitudes: spec,
      ...Object.fromEntries(masks.filter(([name]) => name === 'maskNormal' || name === 'maskAbnormal')),
    },
    run(_, { scores, magnitudes, ...given }) {
      const chosen = rtfmChosen(magnitudes, given, options.k);
      const { gradients, extras } = differentiate({ scores }, (p) => {
        const { bce, sparse, smooth } = rtfmScoreTerms(p.scores, chosen, options);
        return { loss: add(bce, add(sparse, smooth)), extras: { bce, sparse, smooth } };
      });
      return { outputs: { chosen, scoreGradients: gradients.scores, ...extras } };
    },
  };
}

/**
 * Adds the gradients of some crops to the sums. Inputs `features`, the masks, `scoreGradients` `[videos, segments]` (of the
 * losses by the mean scores) and `chosen` `[videos, segments]` (1/k at the chosen segments). Outputs `magnitudeTerm` and
 * `extraTerm` `[]`, means over these crops.
 * @param extent of the crops of this call. @param share of all crops that these are.
 */
export function rtfmAccumulateStep(
  shape: RtfmShape,
  extent: RtfmExtent,
  share: number,
  options: RtfmLossOptions,
  dropout: number,
): Step {
  const { videos, crops, segments } = extent;
  const parameters = rtfmParameters(shape);
  const running = rtfmRunning(shape);
  const sums = rtfmGradientSums(shape);
  return {
    name: 'temporal network gradients',
    variables: { ...parameters, ...running, ...sums },
    inputs: {
      features: { shape: [videos, crops, segments, shape.dim] },
      scoreGradients: { shape: [videos, segments] },
      chosen: { shape: [videos, segments] },
      ...rtfmMasks(shape, extent, dropout),
    },
    run(variables, { features, scoreGradients, chosen, ...masks }) {
      const { gradients, extras } = differentiate(pick(variables, parameters), (p) => {
        const out = rtfmForward(p, variables, features, extent, { training: true, masks });
        const terms = rtfmMagnitudeTerms(out.features, chosen, options);
        const ofMagnitudes = mul(add(terms.magnitudeTerm, terms.extraTerm), options.alpha);
        const loss = mul(add(sum(mul(out.scores, scoreGradients)), ofMagnitudes), share);
        return { loss, extras: { ...terms, ...out.running } };
      });
      const added = Object.fromEntries(
        Object.entries(gradients).map(([name, g]) => [sumName(name), add(variables[sumName(name)], g)]),
      );
      const { magnitudeTerm, extraTerm } = extras;
      return {
        variables: { ...added, ...pick(extras, running) },
        outputs: { magnitudeTerm, extraTerm },
      };
    },
  };
}

/** The update from the summed gradients, which are zero again afterwards. Input `learningRate` `[]`. */
export function rtfmApplyStep(shape: RtfmShape, optimiser: Optimiser): Step {
  const parameters = rtfmParameters(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'temporal network update',
    variables: { ...parameters, ...slots, ...rtfmGradientSums(shape) },
    inputs: { learningRate: { shape: [] } },
    run(variables, { learningRate }) {
      const names = Object.keys(parameters);
      const gradients = Object.fromEntries(names.map((name) => [name, variables[sumName(name)]]));
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate,
      );
      const cleared = Object.fromEntries(
        Object.entries(gradients).map(([name, g]) => [sumName(name), mul(g, 0)]),
      );
      return { variables: { ...updated.parameters, ...updated.slots, ...cleared }, outputs: {} };
    },
  };
}
