// The report of a bench run: medians, JSON, text. Role: what all parts measure into. Limits: measures nothing itself.
import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';

export const report = z.object({
  device: z.string(),
  threads: z.int(),
  machine: z.string(),
  /** Largest speed of a plain matrix product. GFLOP/s. */
  ceilingGflops: z.number().nullable(),
  steps: z.record(
    z.string(),
    z.object({ stepMs: z.number(), samplesPerSecond: z.number(), gflops: z.number() }),
  ),
  stages: z.record(z.string(), z.object({ value: z.number(), unit: z.string() })),
});
export type Report = z.infer<typeof report>;

export function emptyReport(device: string): Report {
  const threads = availableParallelism();
  return {
    device,
    threads,
    machine: `${cpus()[0]?.model.trim() ?? 'unknown'} x ${threads}`,
    ceilingGflops: null,
    steps: {},
    stages: {},
  };
}

/** Slow work is not repeated more than 5 times once this has passed. */
const PATIENCE_MS = 15_000;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median over `repeats` runs; two before them do not count. */
export async function medianMs(repeats: number, work: () => unknown | Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const begun = performance.now();
  for (let i = 0; i < repeats + 2; i++) {
    const start = performance.now();
    await work();
    if (i >= 2) times.push(performance.now() - start);
    if (times.length >= 5 && performance.now() - begun > PATIENCE_MS) break;
  }
  return median(times);
}

const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });

/** Lines for people; with `before`, each with its ratio to the saved one. */
export function reportText({ ceilingGflops, steps, stages }: Report, before: Report | null): string {
  const lines: string[] = [];
  for (const [name, { stepMs, samplesPerSecond, gflops }] of Object.entries(steps)) {
    const parts = [
      `${number(stepMs)} ms/step`,
      `${number(samplesPerSecond)} samples/s`,
      `${number(gflops)} GFLOP/s`,
    ];
    if (ceilingGflops) parts.push(`${((gflops / ceilingGflops) * 100).toFixed(0)} % of the product`);
    const saved = before?.steps[name];
    if (saved) parts.push(`${(stepMs / saved.stepMs).toFixed(2)} x the saved time`);
    lines.push(`${name.padEnd(34)} ${parts.join(', ')}`);
  }
  for (const [name, { value, unit }] of Object.entries(stages)) {
    const saved = before?.stages[name];
    const ratio = saved ? `, ${(value / saved.value).toFixed(2)} x the saved value` : '';
    lines.push(`${name.padEnd(34)} ${number(value)} ${unit}${ratio}`);
  }
  return lines.join('\n');
}
