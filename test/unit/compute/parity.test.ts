// Every network traced for ONNX Runtime against the same step on TF.js' own backend, on the processor.
// test/integration/webgpu.test.ts does the same on WebGPU.
import { afterAll, test } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { expectParity, networkSteps } from './network-steps.ts';

const device = await openDevice('cpu', { threads: 1 });
afterAll(() => device.dispose());

test.each(Object.keys(networkSteps))('%s', async (name) => {
  await expectParity(device, name, 2e-5);
});
