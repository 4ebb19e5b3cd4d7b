// WebGPU on a software adapter: slow, so only a tiny network; real adapters run the same code.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ComputeDevice } from '../../electron/compute/device.ts';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { AppError } from '../../shared/errors.ts';
import { expectParity, networkSteps } from '../unit/compute/network-steps.ts';
import { expectSame } from '../unit/compute/small-training.ts';

const ICD = '/usr/lib/chromium/vk_swiftshader_icd.json';
const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'];
const ready = existsSync(ICD) && folders.some((folder) => existsSync(`${folder}/libvulkan.so.1`));

describe.skipIf(!ready)('webgpu on SwiftShader (skipped without chromium and libvulkan1)', () => {
  let device: ComputeDevice;
  beforeAll(async () => {
    process.env.VK_ICD_FILENAMES = ICD;
    process.env.XDG_RUNTIME_DIR ??= '/tmp';
    device = await openDevice('webgpu');
  });
  afterAll(() => device.dispose());

  test('trains and scores as TF.js does, with values that stay on the device', async () => {
    await expectSame(device, 'feature', 1e-4);
  });

  test.each(Object.keys(networkSteps))('%s', async (name) => {
    await expectParity(device, name, 1e-4);
  });

  test('mixed precision agrees with float32, or an adapter without float16 says so and names the way out', async (t) => {
    const mixed = await openDevice('webgpu', { mixedPrecision: true });
    try {
      const names = Object.keys(networkSteps).filter((name) => name !== 'Jigsaw');
      for (const name of names) await expectParity(mixed, name, 1e-2);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      expect(thrown).toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/mixed precision here.*shader-f16.*Train without mixed precision/),
      });
      t.skip('This adapter has no shader-f16; only its refusal was checked.');
    } finally {
      await mixed.dispose();
    }
  });
});
