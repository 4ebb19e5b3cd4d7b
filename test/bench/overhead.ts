// What a call costs beside the work in it: a step that does next to nothing. It bounds what several steps in one call
// could gain.
import { add } from '@tensorflow/tfjs-core';
import type { ComputeDevice, Step } from '../../electron/compute/device.ts';
import { medianMs, type Report } from './report.ts';

const CALLS = 200;

export async function overhead(device: ComputeDevice, result: Report): Promise<void> {
  const names = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const specs = Object.fromEntries(names.map((name) => [name, { shape: [4] }]));
  const step: Step = {
    name: 'next to nothing',
    variables: specs,
    inputs: { by: { shape: [] } },
    run: (values, { by }) => ({
      variables: Object.fromEntries(names.map((name) => [name, add(values[name], by)])),
      outputs: { by },
    }),
  };
  const variables = device.variables(
    Object.fromEntries(names.map((name) => [name, { shape: [4], data: new Float32Array(4) }])),
  );
  const compiled = await device.compile(step, variables);
  const by = Float32Array.of(1);
  const ms = await medianMs(9, async () => {
    for (let i = 0; i < CALLS; i++) await compiled.run({ by });
  });
  result.stages['a call over 20 variables'] = { value: ms / CALLS, unit: 'ms' };
  await compiled.dispose();
  await variables.dispose();
}
