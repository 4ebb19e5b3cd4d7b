// Calls about this program and this machine.
import { totalmem } from 'node:os';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { type Device, device as deviceSchema } from '../../shared/contract/index.ts';
import { DEVICE_NAMES, describeDevice, withChoice } from '../compute/catalogue.ts';
import { fromTrainer } from '../tasks/protocol.ts';
import type { Context, HandlersOf } from './context.ts';
import { listPlaces } from './places.ts';

export const VERSION: string = packageJson.version;

export function appHandlers(
  context: Context,
): HandlersOf<'app'> & HandlersOf<'settings'> & HandlersOf<'places'> {
  return {
    'app.info': () => ({
      version: VERSION,
      licence: packageJson.license,
      host: context.options.host,
      nativeDialogs: context.options.host === 'electron',
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    }),
    'app.devices': ({ again }) => devices(context, again),
    'settings.get': ({ key }) => context.appData.settings[key] ?? null,
    'settings.set': async ({ key, value }) => {
      context.appData.settings[key] = value;
      await context.saveAppData();
      return {};
    },
    'places.list': ({ grant }) => listPlaces(context, grant),
  };
}

const remembered = z.object({ signature: z.string(), devices: z.array(deviceSchema) });

/** The devices of this machine: probed once in child processes with a real step, then remembered for the same machine. */
export async function devices(context: Context, again: boolean): Promise<Device[]> {
  const signature = [VERSION, process.platform, process.arch, process.versions.node, totalmem()].join(' ');
  const known = remembered.safeParse(context.appData.settings.devices);
  if (!again && known.success && known.data.signature === signature) return known.data.devices;
  const probed: Device[] = [];
  for (const name of DEVICE_NAMES) {
    const refusal = describeDevice(name).refusedOn(process.platform);
    probed.push(refusal ? unusable(name, refusal) : await probe(context, name));
  }
  const found = withChoice(probed);
  context.appData.settings.devices = { signature, devices: found };
  await context.saveAppData();
  return found;
}

function unusable(name: Device['name'], reason: string): Device {
  return {
    name,
    title: describeDevice(name).title,
    adapter: null,
    memoryBytes: null,
    install: null,
    usable: false,
    chosen: false,
    reason,
    stepMs: null,
    gflops: null,
  };
}

/** In a process of its own, so that a driver that crashes takes nothing along. */
async function probe(context: Context, name: Device['name']): Promise<Device> {
  const child = context.options.spawn('trainer');
  let found: Device | null = null;
  child.port.onMessage((raw) => {
    const message = fromTrainer.parse(raw);
    if (message.type === 'done' && message.result.kind === 'device') {
      const { kind: _, ...facts } = message.result;
      found = { name, chosen: false, ...facts };
    } else if (message.type === 'failed') found = unusable(name, message.error.message);
  });
  child.port.post({ type: 'run', task: { kind: 'device', device: name } });
  const timeout = setTimeout(() => child.kill(), 60_000);
  const end = await child.exited;
  clearTimeout(timeout);
  return found ?? unusable(name, `The test on this device did not finish (${end.reason}).`);
}
