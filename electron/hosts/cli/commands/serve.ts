// `serve` and `start`: the page in a browser, or the desktop app.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { defaultAppDataFolder } from '../../../files/app-data.ts';
import { builtFile } from '../../fork.ts';
import { newServerKey, startServer } from '../../server.ts';
import { electronBinary } from '../electron-binary.ts';
import { type Io, usageError } from '../io.ts';
import { startEngine } from '../session.ts';

export interface ServeOptions {
  port: number;
  root?: string[];
}

function projectFolder(project: string | undefined): string | null {
  if (project === undefined) return null;
  const folder = resolve(project);
  if (!existsSync(join(folder, 'project.sqlite'))) throw usageError(`${folder} holds no Zerolabel project.`);
  return folder;
}

/** Resolves with the first signal that asks this process to end. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
}

/** Asks the desktop to show the page. Where there is none (a server, a container) the printed address is enough. */
function showInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

/**
 * The key of a server on a port of its own: the same at each start, so that pages that are open go on after a restart.
 * Kept beside the settings, for this user's eyes only.
 */
async function keyOfPort(port: number): Promise<string> {
  const file = join(defaultAppDataFolder(), `serve-${port}.key`);
  const known = await readFile(file, 'utf8').catch(() => '');
  if (/^[\w-]{32}$/.test(known)) return known;
  const key = newServerKey();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

/** Serves until Ctrl-C. @param show called with the address once the page can be opened. */
export async function serve(
  io: Io,
  options: ServeOptions,
  project: string | undefined,
  show: (url: string) => void = () => {},
): Promise<void> {
  const folder = projectFolder(project);
  const roots = options.root?.map((root) => resolve(root)) ?? [homedir(), process.cwd()];
  const engine = await startEngine('server', [...new Set(roots)]);
  try {
    if (folder !== null) await engine.open(folder);
    const end = interrupted();
    const { port } = options;
    const server = await startServer(engine, port > 0 ? { port, key: await keyOfPort(port) } : { port });
    io.result({ url: server.url, port: server.port, project: folder }, server.url);
    io.note(
      'Open this address in Chromium or Chrome on this machine (through an ssh tunnel from another). Ctrl-C stops the server.',
    );
    show(server.url);
    await end;
    io.note('Stopping.');
    await server.close();
  } finally {
    await engine.close();
  }
}

/** Starts the desktop app; without the Electron program, says so and serves the page instead. */
export async function start(io: Io, options: ServeOptions, project: string | undefined): Promise<void> {
  const folder = projectFolder(project);
  const binary = electronBinary();
  if (binary === null) {
    io.note(
      'The Electron program is not installed here (npm no longer downloads it by itself; "npx install-electron" does). Serving the same page for a browser instead.',
    );
    const desktop = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
    return serve(io, options, project, process.stdout.isTTY && desktop ? showInBrowser : undefined);
  }
  // The folder that holds package.json, whose `main` is the app.
  const app = dirname(dirname(dirname(builtFile('main/main.js'))));
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(binary, [app, ...(folder === null ? [] : [folder])], { stdio: ['ignore', 2, 2], env });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward);
  const code = await new Promise<number | null>((done, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => done(status));
  });
  io.result({ exitCode: code, project: folder }, `The app ended${code === 0 ? '.' : ` with code ${code}.`}`);
}
