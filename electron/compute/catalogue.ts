// The devices by name, and which one is chosen by itself.
// Role: facts that need no library to be loaded, so that the engine process can list devices. Limits: probing is in
// probe.ts and happens in a process of its own.
import type { Device } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { takesMixedPrecision } from '../../shared/mixed-precision.ts';
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
  /** What a person may run in the folder of Zerolabel to install what the device needs; null: nothing is to be done. */
  install?: string;
  /** Why the device cannot exist on a platform, or null when it is worth a probe. */
  refusedOn(platform: string): string | null;
}

const anywhere = (): null => null;
const only = (wanted: string, where: string) => (platform: string) =>
  platform === wanted ? null : `Only on ${where}.`;

const descriptions: Record<DeviceName, Description> = {
  cuda: {
    title: 'CUDA (ONNX Runtime)',
    // The package ships without its CUDA part, whose files its install script downloads.
    install: 'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12',
    refusedOn: (p) => (p === 'darwin' ? 'Not on macOS.' : null),
  },
  tensorflow: { title: 'TensorFlow (tfjs-node-gpu)', refusedOn: anywhere },
  directml: { title: 'DirectML', refusedOn: only('win32', 'Windows') },
  coreml: { title: 'Core ML', refusedOn: only('darwin', 'macOS') },
  webgpu: { title: 'WebGPU', refusedOn: anywhere },
  cpu: { title: 'CPU', refusedOn: anywhere },
};

export function describeDevice(name: DeviceName): Description {
  return descriptions[name];
}

/** @throws AppError `bad_input` for a device that cannot train in mixed precision, with the way out. */
export function requireMixedPrecision(name: string): void {
  if (takesMixedPrecision(name)) return;
  throw new AppError(
    'bad_input',
    `Mixed precision works on webgpu, cuda, directml and coreml, and this run would compute on ${name}. Choose one of those devices, or train without mixed precision.`,
  );
}

type Probed = Pick<Device, 'name' | 'usable' | 'gflops' | 'reason'>;

/**
 * The device a run takes when the user says `auto`: the first usable one in the order above, unless it is slower than
 * the CPU of this machine.
 */
export function chooseDevice(probed: readonly Omit<Probed, 'reason'>[]): DeviceName {
  const cpu = probed.find((device) => device.name === 'cpu')?.gflops ?? 0;
  const worthwhile = probed.filter((device) => device.usable && (device.gflops ?? cpu) >= cpu);
  return DEVICE_NAMES.find((name) => worthwhile.some((device) => device.name === name)) ?? 'cpu';
}

/** The devices with the choice marked, and with a reason for every one that was not chosen. */
export function withChoice<P extends Probed>(probed: readonly P[]): (P & { chosen: boolean })[] {
  const name = chooseDevice(probed);
  const chosen = probed.find((device) => device.name === name);
  return probed.map((device) => {
    if (device.name === name || !device.usable) return { ...device, chosen: device.name === name };
    const slower =
      chosen?.gflops && device.gflops && device.gflops < chosen.gflops
        ? ` It is slower: ${Math.round(device.gflops)} against ${Math.round(chosen.gflops)} GFLOP/s.`
        : '';
    return {
      ...device,
      chosen: false,
      reason: `Works; ${descriptions[name].title} is taken when nothing else is said.${slower}`,
    };
  });
}
