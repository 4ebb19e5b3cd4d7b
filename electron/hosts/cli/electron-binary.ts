// Where the Electron program is, if it is there at all. Role: a look at files. Limits: never starts a download; the
// package's own main file would, so it is not loaded.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PROGRAM: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Absolute path of the program, null when it is not installed. @param from folder from which node_modules is looked for */
export function electronBinary(from: string = import.meta.dirname): string | null {
  const program = PROGRAM[process.platform] ?? 'electron';
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, program);
    return existsSync(path) ? path : null;
  }
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', 'electron');
    if (existsSync(join(home, 'package.json'))) {
      const pointer = join(home, 'path.txt');
      const path = existsSync(pointer) ? join(home, 'dist', readFileSync(pointer, 'utf8').trim()) : null;
      return path && existsSync(path) ? path : null;
    }
    if (dirname(folder) === folder) return null;
  }
}
