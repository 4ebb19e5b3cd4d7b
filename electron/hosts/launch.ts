// What the npm scripts start: makes sure the bundles in out/ are as new as the sources, then runs one of them.
// Role: launcher for a source checkout, run by Node directly (types are stripped). Limits: imports nothing of the
// product; a packaged app never sees this file.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const out = join(root, 'out');

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Zerolabel needs Node 24; this is ${process.versions.node}. Use the npm scripts (npm run -s zerolabel -- ...), which bring their own Node 24.`,
  );
  process.exit(2);
}

function newestSource(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestSource(path) : statSync(path).mtimeMs);
  }
  return newest;
}

const BUILDS = {
  renderer: ['renderer', 'shared'],
  preload: ['electron/preload', 'shared'],
  hosts: ['electron', 'shared', 'test/golden', 'test/bench'],
} as const;

function build(mode: keyof typeof BUILDS): void {
  const stamp = join(out, `.built-${mode}`);
  const sources = [
    ...BUILDS[mode].map((f) => join(root, f)),
    join(root, 'vite.config.ts'),
    join(root, 'package-lock.json'),
  ];
  const newest = Math.max(
    ...sources.map((s) => (statSync(s).isDirectory() ? newestSource(s) : statSync(s).mtimeMs)),
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest) return;
  mkdirSync(out, { recursive: true });
  const lock = join(out, '.building');
  try {
    closeSync(openSync(lock, 'wx'));
  } catch {
    // Another launcher builds right now: wait for it, then look again. A lock older than two minutes is an orphan.
    while (existsSync(lock) && Date.now() - statSync(lock, { throwIfNoEntry: false })!.mtimeMs < 120_000) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
    rmSync(lock, { force: true });
    build(mode);
    return;
  }
  try {
    process.stderr.write(`Building ${mode} ...\n`);
    const started = Date.now();
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const { status } = spawnSync(process.execPath, [vite, 'build', '--mode', mode, '--logLevel', 'error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) process.exit(status ?? 1);
    writeFileSync(stamp, new Date(started).toISOString());
  } finally {
    rmSync(lock, { force: true });
  }
}

const args = process.argv.slice(2);
const entryFlag = args.indexOf('--entry');
const entry = entryFlag >= 0 ? args.splice(entryFlag, 2)[1] : 'cli';
build('hosts');
if (args[0] === '--build-only' || ['start', 'serve'].includes(args[0])) build('renderer');
if (args[0] === '--build-only' || args[0] === 'start') build('preload');
if (args[0] !== '--build-only') {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join(out, 'hosts', `${entry}.js`), ...args],
    {
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) =>
    process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)),
  );
}
