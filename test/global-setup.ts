// Integration, fault and packaging tests start the built hosts: build them first if the sources are newer.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default function setup(): void {
  const root = join(import.meta.dirname, '..');
  execFileSync(process.execPath, ['electron/hosts/launch.ts', '--build-only'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
}
