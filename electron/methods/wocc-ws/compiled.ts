// Compiled steps by size. Role: a step has one fixed batch, so a batch of another size needs another step, made once.
// Limits: for the few sizes of a training; what is compiled stays until `dispose`.
import type { CompiledStep } from '../../compute/device.ts';

export interface StepCache {
  of(size: number): Promise<CompiledStep>;
  dispose(): Promise<void>;
}

export function stepCache(compile: (size: number) => Promise<CompiledStep>): StepCache {
  const steps = new Map<number, CompiledStep>();
  return {
    async of(size) {
      const known = steps.get(size);
      if (known) return known;
      const step = await compile(size);
      steps.set(size, step);
      return step;
    },
    async dispose() {
      for (const step of steps.values()) await step.dispose();
      steps.clear();
    },
  };
}
