// The devices by name, and which one is chosen by itself.
// Role: facts that need no library to be loaded, so that the engine process can list devices. Limits: probing is in
// probe.ts and happens in a process of its own.
import type { DeviceName } from './device.ts';

/** Order of choice: the first usable one wins. A software adapter reports itself as not usable by choice. */
export const DEVICE_NAMES: readonly DeviceName[] = [
  'cuda',
  'tensorflow',
  'directml',
  'coreml',
  'webgpu',
  'cpu',
];

interface Description {
  title: string;
  /** Why the device cannot exist on a platform, or null when it is worth a probe. */
  refusedOn(platform: string): string | null;
}

const anywhere = (): null => null;
const only = (wanted: string, where: string) => (platform: string) =>
  platform === wanted ? null : `Only on ${where}.`;

const descriptions: Record<DeviceName, Description> = {
  cuda: { title: 'CUDA (ONNX Runtime)', refusedOn: (p) => (p === 'darwin' ? 'Not on macOS.' : null) },
  tensorflow: { title: 'TensorFlow (tfjs-node-gpu)', refusedOn: anywhere },
  directml: { title: 'DirectML', refusedOn: only('win32', 'Windows') },
  coreml: { title: 'Core ML', refusedOn: only('darwin', 'macOS') },
  webgpu: { title: 'WebGPU', refusedOn: anywhere },
  cpu: { title: 'CPU', refusedOn: anywhere },
};

export function describeDevice(name: DeviceName): Description {
  return descriptions[name];
}

/**
 * The device a run takes when the user says `auto`: the first usable one in the order above, unless it is slower than
 * the CPU of this machine.
 */
export function chooseDevice(
  probed: readonly { name: DeviceName; usable: boolean; gflops: number | null }[],
): DeviceName {
  const cpu = probed.find((device) => device.name === 'cpu')?.gflops ?? 0;
  const worthwhile = probed.filter((device) => device.usable && (device.gflops ?? cpu) >= cpu);
  return DEVICE_NAMES.find((name) => worthwhile.some((device) => device.name === name)) ?? 'cpu';
}
