// Starts built entries as utility processes and keeps what they said last.
// Role: utilityProcess.fork in the form the supervisor wants. Limits: Electron's function comes in as an argument.
import { join } from 'node:path';
import type { MessagePortMain, UtilityProcess, utilityProcess } from 'electron';
import type { Forked } from './supervise.ts';

const KEPT = 4000;

/**
 * @param hosts folder of the built `engine.js` and `trainer.js`
 * @param profile Chromium's folder, which the engine names in the privacy report
 */
export function forkFrom(
  fork: typeof utilityProcess.fork,
  hosts: string,
  profile: () => string,
): (entry: 'engine' | 'trainer') => Forked<MessagePortMain> {
  return (entry) => {
    const child: UtilityProcess = fork(join(hosts, `${entry}.js`), entry === 'engine' ? [profile()] : [], {
      serviceName: `zerolabel ${entry}`,
      stdio: ['ignore', 'inherit', 'pipe'],
      execArgv: ['--enable-source-maps'],
    });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      words = (words + chunk.toString()).slice(-KEPT);
    });
    return { process: child, lastWords: () => words.trim() };
  };
}
