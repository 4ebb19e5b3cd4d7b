// Errors and probabilities of all samples, after training. Role: one graph of a fixed size, the last call filled up.
// Limits: what a segment gets from its crops is decided in method.ts.
import type { ComputeDevice, Values } from '../../compute/device.ts';
import type { SegmentPool } from '../../features/segment-pool.ts';
import type { ErrorNorm } from '../../nets/autoencoder.ts';
import type { TrainInput } from '../method.ts';
import type { Plan } from './plan.ts';
import { scoreStep } from './steps.ts';

export interface Scoring extends Pick<TrainInput, 'progress' | 'rehearsal'> {
  device: ComputeDevice;
  parameters: Record<string, Values>;
  plan: Plan;
  errorNorm: ErrorNorm;
  pool: SegmentPool;
  /** Throws when the run shall stop. */
  check(): void;
}

/** `[samples]` each; probabilities are null without a discriminator. */
export async function scoreSamples({
  device,
  parameters,
  plan,
  errorNorm,
  pool,
  check,
  progress,
  rehearsal,
}: Scoring): Promise<{ errors: Float32Array; probabilities: Float32Array | null }> {
  const { generator, discriminator } = plan;
  const samples = pool.segments;
  // What training could hold, scoring can.
  const size = Math.min(samples, ...plan.stages.map((stage) => stage.batch));
  const errors = new Float32Array(samples);
  const probabilities = discriminator && new Float32Array(samples);
  const variables = device.variables(parameters);
  try {
    const step = await device.compile(scoreStep({ generator, discriminator, errorNorm }, size), variables);
    const features = new Float32Array(size * pool.dim);
    pool.expect(Int32Array.from({ length: samples }, (_, i) => i));
    for (let start = 0; start < samples; start += size) {
      if (rehearsal?.enough({ kind: 'scoring', done: start, total: samples })) break;
      check();
      progress(start, samples, 'samples', 'Scoring');
      const chosen = Int32Array.from({ length: Math.min(size, samples - start) }, (_, i) => start + i);
      pool.copy(chosen, features);
      const out = await step.run({ features });
      errors.set(out.errors.subarray(0, chosen.length), start);
      probabilities?.set(out.probabilities.subarray(0, chosen.length), start);
    }
    await step.dispose();
    return { errors, probabilities };
  } finally {
    await variables.dispose();
  }
}
