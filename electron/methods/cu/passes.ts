// A network over all clips: once without dropout for scores, many times with it for labels and uncertainties
// (methods.md 4.3, 4.6). Role: batches of fixed size over a source of any size. Limits: crops are averaged in the step.
import type { ComputeDevice, Spec, Step, Variables } from '../../compute/device.ts';
import { sizeOf } from '../../compute/graph/graph.ts';
import type { Random } from '../../compute/random.ts';
import type { Rehearsal } from '../../features/rehearsal.ts';
import type { ClipSource } from './clips.ts';
import type { Labelling } from './soft-labels.ts';
import { passStatistics } from './uncertainty.ts';

export interface ClipNetwork {
  device: ComputeDevice;
  variables: Variables;
  source: ClipSource;
  /** Gives `scores` `[batch]` for `features` `[batch, crops, dim]` in any split of the same numbers. */
  step(batch: number, dropout: number): Step;
  masks(batch: number, dropout: number): Record<string, Spec>;
  batchSize: number;
  /** Called before each run of the network; throws to stop. */
  check(): void;
  progress(done: number, total: number, unit: string, message: string): void;
  rehearsal?: Rehearsal;
}

/** Runs all clips, each batch `passes` times, and hands the scores of each run on. */
async function runAll(
  network: ClipNetwork,
  { passes, dropout, random }: { passes: number; dropout: number; random: Random | null },
  message: string,
  found: (scores: Float32Array, from: number) => void,
): Promise<void> {
  const { device, variables, source, check, progress, rehearsal } = network;
  const { clips, crops, dim } = source;
  const size = Math.min(network.batchSize, clips);
  const made = network.step(size, dropout);
  const step = await device.compile(made, variables);
  const features = new Float32Array(size * crops * dim);
  const masks = Object.fromEntries(
    Object.entries(network.masks(size, dropout)).map(([name, { shape }]) => [
      name,
      new Float32Array(sizeOf(shape)),
    ]),
  );
  source.expect(Int32Array.from({ length: clips }, (_, clip) => clip));
  try {
    all: for (let from = 0; from < clips; from += size) {
      const count = Math.min(size, clips - from);
      features.fill(0, count * crops * dim);
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < crops; c++) source.write(from + i, c, features, (i * crops + c) * dim);
      }
      for (let pass = 0; pass < passes; pass++) {
        const done = (from / size) * passes + pass;
        const total = Math.ceil(clips / size) * passes;
        if (rehearsal?.enough({ kind: `${made.name}, ${dropout}`, done, total })) break all;
        check();
        for (const mask of Object.values(masks)) random?.fillDropout(mask, dropout);
        const { scores } = await step.run({ features, ...masks });
        found(scores.subarray(0, count), from);
      }
      progress(from + count, clips, 'clips', message);
    }
  } finally {
    source.expect(new Int32Array(0));
    await step.dispose();
  }
}

/** Score of each clip without dropout, `[M]`. */
export async function scoreClips(network: ClipNetwork): Promise<Float32Array> {
  const scores = new Float32Array(network.source.clips);
  await runAll(network, { passes: 1, dropout: 0, random: null }, 'Scoring clips', (part, from) =>
    scores.set(part, from),
  );
  return scores;
}

/** Labels and uncertainties from `passes` passes with dropout. */
export async function labelClips(
  network: ClipNetwork,
  passes: number,
  dropout: number,
  random: Random,
): Promise<Labelling> {
  const statistics = passStatistics(network.source.clips);
  await runAll(network, { passes, dropout, random }, `Labelling clips, ${passes} passes`, (part, from) =>
    statistics.add(part, 1, from),
  );
  const { mean, variance } = statistics.result(passes);
  return { label: Float32Array.from(mean), uncertainty: Float32Array.from(variance) };
}
