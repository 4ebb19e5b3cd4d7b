// `doctor`: what this machine can do for Zerolabel.
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { defaultAppDataFolder } from '../../../files/app-data.ts';
import { builtFile } from '../../fork.ts';
import { electronBinary } from '../electron-binary.ts';
import type { Io } from '../io.ts';
import { type ProjectOptions, withEngine } from '../session.ts';
import { table } from '../text.ts';

const GIB = 2 ** 30;

function built(name: string): string | null {
  try {
    return builtFile(name);
  } catch {
    return null;
  }
}

export function doctor(io: Io, options: ProjectOptions & { again: boolean }): Promise<void> {
  return withEngine(io, async ({ engine }) => {
    io.note('Testing the devices of this machine, each with one training step in a process of its own.');
    const devices = await engine.call('app.devices', { again: options.again });
    const info = await engine.call('app.info', {});
    const folder = resolve(options.project ?? '.');
    const disk = existsSync(folder) ? await statfs(folder) : null;
    const facts = {
      version: info.version,
      licence: info.licence,
      node: info.node,
      platform: info.platform,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Number((totalmem() / GIB).toFixed(1)),
      freeDiskGiB: disk && Number(((disk.bavail * disk.bsize) / GIB).toFixed(1)),
      settings: defaultAppDataFolder(),
      electron: electronBinary(),
      trainer: built('hosts/trainer.js'),
      page: built('renderer/index.html'),
    };
    const deviceRows = devices.map((d) => [
      d.chosen ? '*' : '',
      d.name,
      d.usable ? 'yes' : 'no',
      d.stepMs === null ? '-' : d.stepMs.toFixed(1),
      d.gflops === null ? '-' : d.gflops.toFixed(1),
      d.title,
      d.reason,
    ]);
    io.result(
      { devices, facts },
      [
        table([['', 'device', 'usable', 'ms/step', 'GFLOP/s', 'title', ''], ...deviceRows], [3, 4]),
        '* is used when --device is left out.',
        '',
        table(
          Object.entries(facts).map(([name, value]) => [name, value === null ? 'not found' : String(value)]),
        ),
      ].join('\n'),
    );
  });
}
