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
      d.adapter ?? '-',
      d.memoryBytes === null ? '-' : `${(d.memoryBytes / GIB).toFixed(1)} GiB`,
      d.gflops === null ? '-' : d.gflops.toFixed(1),
      d.stepMs === null ? '-' : d.stepMs.toFixed(1),
      // The command has a line of its own.
      d.chosen ? 'chosen' : d.reason.replace(/ With an NVIDIA GPU, run this command.*$/, ''),
    ]);
    const installs = devices.filter((d) => d.install !== null);
    io.result(
      { devices, facts },
      [
        table(
          [['', 'device', 'usable', 'adapter', 'memory', 'GFLOP/s', 'ms/step', ''], ...deviceRows],
          [4, 5, 6],
        ),
        '* is used when --device is left out. GFLOP/s: a product of 2048 x 2048 matrices; ms/step: a training step of a network 1024-512-32-1 on 256 rows.',
        ...installs.map(
          (d) => `To install ${d.title}, run this yourself in the folder of Zerolabel: ${d.install}`,
        ),
        '',
        table(
          Object.entries(facts).map(([name, value]) => [name, value === null ? 'not found' : String(value)]),
        ),
      ].join('\n'),
    );
  });
}
