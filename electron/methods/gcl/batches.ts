// One stage's training steps over batches of one size. Role: compiles the graphs of a stage and feeds them: features, who
// counts, noise, dropout masks, partners. Limits: knows no epochs; where the order of samples comes from is not its business.
import type { CompiledStep, ComputeDevice, HostArray, Variables } from '../../compute/device.ts';
import { sizeOf } from '../../compute/graph/graph.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import type { Random } from '../../compute/random.ts';
import type { SegmentPool } from '../../features/segment-pool.ts';
import { autoencoderTrainStep } from '../../nets/autoencoder.ts';
import type { GclConfig } from './config.ts';
import type { Plan, Stage } from './plan.ts';
import {
  cooperativeStep,
  discriminatorMasks,
  discriminatorStep,
  discriminatorTurnStep,
  G,
  generatorTurnStep,
  type StepOptions,
  selfLabellingStep,
  selfVerdictStep,
  targetInputs,
} from './steps.ts';

/** Everything a batch is made from. */
export interface BatchSource {
  /** Samples: every crop of every segment is a segment of one crop here. */
  pool: SegmentPool;
  /** `[samples]`: 0 for samples known to be normal, else 1. */
  counted: Uint8Array;
  /** Standard deviation of each dimension `[dim]` for noise in that unit; null for noise as it is. */
  deviations: Float32Array | null;
  sigma: number;
}

/** What a step reports, each a mean over its samples. */
export type Report = Partial<Record<'lossG' | 'lossD' | 'shareG' | 'shareD' | 'agreement', number>>;

export interface BatchRunner {
  run(samples: Int32Array, random: Random): Promise<Report>;
  dispose(): Promise<void>;
}

/** Settings of the training steps of one stage. */
export function stepOptions(config: GclConfig, plan: Plan, stage: Stage): StepOptions {
  return {
    generator: plan.generator,
    // Without one no step that needs it is compiled; its shape then describes nothing.
    discriminator: plan.discriminator ?? { widths: [], slope: 0 },
    errorNorm: config.errorNorm,
    target: plan.target,
    ruleG: plan.ruleG,
    ruleD: plan.ruleD,
    softLabels: config.variant === 'soft_labels',
    dropout: config.dropout,
    optimiser: createOptimiser(stage.optimiser),
  };
}

/** For every anomalous sample of a batch a normal one at random; itself where there is none. */
function partnersFor(z: Float32Array, random: Random, target: Int32Array): Int32Array {
  const normal: number[] = [];
  for (let i = 0; i < z.length; i++) if (z[i] === 0) normal.push(i);
  for (let i = 0; i < z.length; i++) {
    target[i] = z[i] === 0 || normal.length === 0 ? i : normal[random.integer(normal.length)];
  }
  return target;
}

/** Compiles what a stage needs for batches of `size` samples. */
export async function batchRunner(
  device: ComputeDevice,
  variables: Variables,
  stage: Stage,
  size: number,
  options: StepOptions,
  { pool, counted, deviations, sigma }: BatchSource,
): Promise<BatchRunner> {
  const inTwo = options.target === 'replace' && (stage.name === 'cooperation' || stage.name === 'self');
  const steps: CompiledStep[] = [];
  const compile = async (step: Parameters<ComputeDevice['compile']>[0]): Promise<CompiledStep> => {
    const compiled = await device.compile(step, variables);
    steps.push(compiled);
    return compiled;
  };
  const first = await compile(
    {
      autoencoder: () =>
        autoencoderTrainStep(options.generator, size, options.optimiser, options.errorNorm, G),
      discriminator: () => discriminatorStep(options, size),
      cooperation: () => (inTwo ? discriminatorTurnStep(options, size) : cooperativeStep(options, size)),
      self: () => (inTwo ? selfVerdictStep(options, size) : selfLabellingStep(options, size)),
    }[stage.name](),
  );
  const second = inTwo ? await compile(generatorTurnStep(options, size)) : null;

  const features = new Float32Array(size * pool.dim);
  const counts = new Float32Array(size);
  const learningRate = Float32Array.of(stage.learningRate);
  const learnsD = stage.name === 'discriminator' || stage.name === 'cooperation';
  const masks = Object.entries(learnsD ? discriminatorMasks(options, size) : {}).map(
    ([name, { shape }]) => [name, new Float32Array(sizeOf(shape))] as const,
  );
  const negative = stage.name === 'cooperation' || stage.name === 'self' ? targetInputs(options, size) : {};
  const noise = negative.noise ? new Float32Array(size * pool.dim) : null;
  const partners = new Int32Array(inTwo ? size : 0);

  return {
    async run(samples, random) {
      pool.copy(samples, features);
      for (let i = 0; i < size; i++) counts[i] = counted[samples[i]];
      for (const [, mask] of masks) random.fillDropout(mask, options.dropout);
      if (noise) {
        random.fillNormal(noise, 0, sigma);
        if (deviations) for (let i = 0; i < noise.length; i++) noise[i] *= deviations[i % pool.dim];
      }
      const inputs: Record<string, HostArray> = { features };
      if (stage.name !== 'autoencoder') inputs.counted = counts;
      if (!(inTwo && stage.name === 'self')) inputs.learningRate = learningRate;
      for (const [name, mask] of masks) inputs[name] = mask;
      if (noise) inputs.noise = noise;
      const out = await first.run(inputs);
      const report: Report = {};
      for (const name of ['lossG', 'lossD', 'shareG', 'shareD', 'agreement'] as const) {
        if (out[name]) report[name] = out[name][0];
      }
      if (stage.name === 'autoencoder') report.lossG = out.loss[0];
      if (second) {
        const z = out.z;
        const learnt = await second.run({
          features,
          learningRate,
          z,
          partners: partnersFor(z, random, partners),
        });
        report.lossG = learnt.lossG[0];
      }
      return report;
    },
    async dispose() {
      for (const step of steps) await step.dispose();
    },
  };
}
