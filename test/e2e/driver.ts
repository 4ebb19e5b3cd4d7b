// The product as end-to-end specs see it: a page, the project that is open in it, and a way to end and begin again.
// Role: two launchers of one interface: Chromium against the built server, and Electron where its program is there.
// Limits: specs know the driver, never the host; everything lives in a temporary folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron, type Browser, chromium, type Page } from 'playwright/test';
import { electronBinary } from '../../electron/hosts/cli/electron-binary.ts';
import { findBrowser } from '../browser.ts';
import { REMOVE } from '../remove.ts';

export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cli = join(repository, 'out', 'hosts', 'cli.js');
const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

export interface AppDriver {
  readonly host: 'browser' | 'electron';
  readonly page: Page;
  /** Absolute path of the project that was opened at the start; null when none was. */
  readonly project: string | null;
  /** Folder in which the page may look around: the home of the project and of what specs put there. */
  readonly folder: string;
  /** What the page complained about: uncaught errors, violated policies, failed requests. */
  readonly complaints: string[];
  /** From now on the page may complain about this: the spec brings it about. */
  excuse(what: RegExp): void;
  /** Address with the key, as the product printed it; '' where there is none. */
  readonly address: string;
  /** Ends the product as a crash would (no goodbye), starts it anew on the same project and shows the same address. */
  restart(): Promise<void>;
  /** Ends the engine alone as a crash would; the page stays and is not reloaded. */
  stopEngine(): Promise<void>;
  /** Starts the engine again, where the page looks for it. */
  startEngine(): Promise<void>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Folder of the project, made before; null starts without one. */
  project: string | null;
  /** Working folder; removed at the end. */
  folder: string;
  /** Leave the folder where it is. */
  keepFolder?: boolean;
}

/**
 * `ZEROLABEL_DELAY_MS=800` lets each answer of the engine wait up to so long, in no order: specs that take for granted
 * what they did not wait for fail with it.
 */
const LONGEST_DELAY_MS = Number(process.env.ZEROLABEL_DELAY_MS ?? 0);

/** An empty folder for one test. */
export const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'zerolabel-e2e-'));

const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ZEROLABEL_DATA: join(folder, 'data'),
});

/** Runs the command line, as a person would to prepare a project. @throws Error with what it wrote when it fails. */
export function runCli(folder: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      env: environment(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, said] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${args.join(' ')} ended with ${code}: ${said}${out}`)),
    );
  });
}

function watch(page: Page, complaints: string[], excused: (complaint: string) => boolean): void {
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const complaint = `${message.text()} ${message.location().url}`.trim();
    if (message.type() === 'error' && !excused(complaint)) complaints.push(complaint);
  });
}

interface Serving {
  url: string;
  kill(): Promise<void>;
}

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function startServer({ folder, project }: LaunchOptions, port: number): Promise<Serving> {
  const args = ['serve', ...(project ? [project] : []), '--port', String(port), '--root', folder];
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], {
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const url = /http:\/\/\S+/.exec(line)?.[0];
      if (!url) return;
      resolve({
        url,
        async kill() {
          child.kill('SIGKILL');
          await ended;
        },
      });
    });
  });
}

/** Chromium against `zerolabel serve`, at a port of its own. @throws Error when there is no browser. */
export async function launchBrowser(options: LaunchOptions): Promise<AppDriver> {
  const found = findBrowser();
  if (typeof found === 'string') throw new Error(found);
  await mkdir(join(options.folder, 'data'), { recursive: true });
  // A port of its own: the address stays the same when the server starts again.
  const port = await freePort();
  let server = await startServer(options, port);
  const browser: Browser = await chromium.launch({ executablePath: found.path, args: BROWSER_FLAGS });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  if (LONGEST_DELAY_MS > 0)
    await context.route(/\/(api|frames|scores|camera-scores|labels|detections)\//, async (route) => {
      await setTimeout(Math.random() * LONGEST_DELAY_MS);
      // The page may have gone meanwhile, or the engine: what then becomes of the call is the page's own matter.
      await route.fallback().catch(() => {});
    });
  const page = await context.newPage();
  const complaints: string[] = [];
  let away = false;
  const excuses: RegExp[] = [];
  // While the engine is away on purpose, lost connections are no fault of the page.
  watch(
    page,
    complaints,
    (what) => (away && /ERR_|WebSocket/.test(what)) || excuses.some((excuse) => excuse.test(what)),
  );
  await page.goto(server.url);
  return {
    host: 'browser',
    page,
    project: options.project,
    folder: options.folder,
    complaints,
    excuse: (what) => excuses.push(what),
    address: server.url,
    async restart() {
      const { hash } = new URL(page.url());
      away = true;
      await server.kill();
      server = await startServer(options, port);
      // The address may be the one that is shown, and going there would only move within the page that lost its engine.
      await page.goto('about:blank');
      await page.goto(server.url + hash);
      away = false;
    },
    async stopEngine() {
      away = true;
      await server.kill();
    },
    async startEngine() {
      server = await startServer(options, port);
    },
    async close() {
      await browser.close();
      await server.kill();
      if (!options.keepFolder) await rm(options.folder, REMOVE);
    },
  };
}

/** Whether the Electron program is installed here; the package alone does not bring it. */
export const electronThere = (): boolean => electronBinary(repository) !== null;

/** The desktop app itself, driven by Playwright. @throws Error when the Electron program is not there. */
export async function launchElectron(options: LaunchOptions): Promise<AppDriver> {
  const executablePath = electronBinary(repository);
  if (executablePath === null) throw new Error('The Electron program is not installed here.');
  await mkdir(join(options.folder, 'data'), { recursive: true });
  const complaints: string[] = [];
  const excuses: RegExp[] = [];
  const start = async () => {
    const app = await _electron.launch({
      executablePath,
      args: [
        repository,
        ...(options.project ? [options.project] : []),
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
      env: Object.fromEntries(
        Object.entries(environment(options.folder)).filter(
          (entry): entry is [string, string] => entry[1] !== undefined,
        ),
      ),
    });
    const page = await app.firstWindow();
    watch(page, complaints, (what) => excuses.some((excuse) => excuse.test(what)));
    return { app, page };
  };
  let running = await start();
  return {
    host: 'electron',
    get page() {
      return running.page;
    },
    project: options.project,
    folder: options.folder,
    complaints,
    excuse: (what) => excuses.push(what),
    address: '',
    async restart() {
      const { hash } = new URL(running.page.url());
      running.app.process().kill('SIGKILL');
      await running.app.waitForEvent('close').catch(() => {});
      running = await start();
      await running.page.evaluate((to) => {
        location.hash = to;
      }, hash);
    },
    // Main starts the engine again by itself.
    async stopEngine() {
      await running.app.evaluate(({ app: electron }) => {
        const engine = electron
          .getAppMetrics()
          .find(({ type, name }) => type === 'Utility' && name === 'engine');
        if (engine) process.kill(engine.pid, 'SIGKILL');
      });
    },
    async startEngine() {},
    async close() {
      await running.app.close();
      await rm(options.folder, REMOVE);
    },
  };
}
