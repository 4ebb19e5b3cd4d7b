// Starts trainer processes with child_process.fork: the `Spawn` of the server and the command line.
// Role: one process per call, its messages as a Port. Limits: not for Electron, where only main may fork.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Child, Spawn } from '../tasks/child.ts';

/** Finds `hosts/<entry>.js` among the built files, from a bundle in out/ or from a source file under test. */
export function builtFile(name: string, from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, name), join(folder, 'out', name)]) {
      if (existsSync(candidate)) return candidate;
    }
    if (dirname(folder) === folder) {
      throw new AppError('unavailable', `The built file ${name} is missing. Run "npm run build" first.`);
    }
  }
}

/**
 * The environment of a process that trains. Every step brings its new weights back as fresh arrays, hundreds of megabytes
 * for the larger networks; with these settings glibc takes them from memory that it keeps, in huge pages, instead of asking
 * the system for each. Other systems and Electron, which has an allocator of its own, look past them.
 */
export const trainerEnvironment = (): NodeJS.ProcessEnv => ({
  GLIBC_TUNABLES:
    'glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=8589934592:glibc.malloc.top_pad=67108864',
  ...process.env,
});

export const forkChild: Spawn = (entry): Child => {
  const child = fork(builtFile(`hosts/${entry}.js`), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: ['--enable-source-maps'],
    env: trainerEnvironment(),
  });
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-4000);
  });
  const exited = new Promise<{ code: number | null; reason: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: null, reason: `could not start: ${error.message}` }));
    child.on('close', (code, signal) => {
      const how = signal ? `ended by ${signal}` : `ended with code ${code}`;
      resolve({ code, reason: lastWords.trim() ? `${how}: ${lastWords.trim()}` : how });
    });
  });
  return {
    port: {
      post: (message) => {
        if (child.connected) child.send(message as object, () => {});
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    exited,
  };
};
