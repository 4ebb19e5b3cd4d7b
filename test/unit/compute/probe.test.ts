import { describe, expect, test } from 'vitest';
import { softwareAdapter } from '../../../electron/compute/adapters.ts';
import { chooseDevice, withChoice } from '../../../electron/compute/catalogue.ts';
import { probeDevice } from '../../../electron/compute/probe.ts';
import { runDevice } from '../../../electron/tasks/device.ts';

const context = { signal: new AbortController().signal, send: () => {}, progress: () => {} };

describe('probing', () => {
  test('the cpu works and has a speed', async () => {
    const result = await probeDevice('cpu', { size: 128 });
    expect(result).toMatchObject({ usable: true, reason: '', install: null });
    expect(result.adapter).toMatch(/threads$/);
    expect(result.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(result.stepMs).toBeGreaterThan(0);
    expect(result.gflops).toBeGreaterThan(0);
  });

  test('a device that is not there says why', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'directml';
    expect(await probeDevice(absent)).toMatchObject({
      usable: false,
      stepMs: null,
      reason: expect.stringMatching(/^Only on/),
    });
  });

  test.skipIf(process.platform === 'darwin')(
    'CUDA without its libraries names the command, which nobody runs',
    async () => {
      const { usable, reason, install } = await probeDevice('cuda', { size: 16 });
      if (usable) return;
      expect(install).toBe(
        'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12',
      );
      expect(reason).not.toBe('');
    },
  );

  test('the task answers for a device and refuses another name', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'directml';
    expect(await runDevice({ kind: 'device', device: absent }, context)).toMatchObject({
      kind: 'device',
      usable: false,
      install: null,
    });
    await expect(runDevice({ kind: 'device', device: 'abacus' }, context)).rejects.toMatchObject({
      code: 'bad_input',
    });
  });
});

describe('software adapters', () => {
  const lavapipe = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';
  const nvidia = '/etc/vulkan/icd.d/nvidia_icd.json';
  const swiftshader = '/usr/lib/chromium/vk_swiftshader_icd.json';
  test.each([
    ['only SwiftShader', [swiftshader], [], 'SwiftShader'],
    ['SwiftShader by choice beside a card', [swiftshader], ['/dev/nvidia0'], 'SwiftShader'],
    ['drivers without a card', [lavapipe, nvidia], [], 'lavapipe'],
    ['a card with its driver', [lavapipe, nvidia], ['/dev/nvidia0'], null],
    ['only a real driver', [nvidia], ['/dev/dri/renderD128'], null],
    ['nothing', [], [], null],
  ])('%s', (_, manifests, nodes, expected) => {
    expect(softwareAdapter({ manifests, nodes, model: null, memoryBytes: null })).toBe(expected);
  });
});

describe('the choice by itself', () => {
  const device = (name: 'cpu' | 'webgpu' | 'cuda', gflops: number | null, usable = true) => ({
    name,
    usable,
    gflops,
  });
  test('is the first usable one that is not slower than the cpu', () => {
    expect(chooseDevice([device('cpu', 100), device('webgpu', 900), device('cuda', 5000)])).toBe('cuda');
    expect(chooseDevice([device('cpu', 100), device('webgpu', 900), device('cuda', null, false)])).toBe(
      'webgpu',
    );
    expect(chooseDevice([device('cpu', 100), device('webgpu', 5)])).toBe('cpu');
    expect(chooseDevice([])).toBe('cpu');
  });

  test('comes with a reason for every device that was not chosen', () => {
    const given = [
      { ...device('cuda', null, false), reason: 'Not here.' },
      { ...device('webgpu', 5), reason: '' },
      { ...device('cpu', 100), reason: '' },
    ];
    expect(withChoice(given).map(({ name, chosen, reason }) => [name, chosen, reason])).toEqual([
      ['cuda', false, 'Not here.'],
      [
        'webgpu',
        false,
        'Works; CPU is taken when nothing else is said. It is slower: 5 against 100 GFLOP/s.',
      ],
      ['cpu', true, ''],
    ]);
  });
});
