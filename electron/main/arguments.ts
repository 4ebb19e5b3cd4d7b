// What the app was started with.
// Role: the project folder among the arguments. Limits: everything else is the command line's (electron/hosts/cli).
import { resolve } from 'node:path';

/**
 * The folder given on the command line, absolute, null without one. Switches of Chromium and Electron are passed over.
 *
 * @param argv as of `process.argv`; unpackaged, the second is the app itself
 */
export function projectArgument(argv: readonly string[], packaged: boolean): string | null {
  const given = argv.slice(packaged ? 1 : 2).filter((argument) => !argument.startsWith('-'));
  return given.length === 0 ? null : resolve(given[0]);
}
