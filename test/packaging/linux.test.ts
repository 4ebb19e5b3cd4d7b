// A real package of the app, made on a stub in place of the Electron program: what is in it, what lies outside the
// archive, the fuses, the size, and whether the packed engine and trainer run from the packed files alone.
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineState, superviseEngine } from '../../electron/main/supervise.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { createPortClient, type Port } from '../../renderer/platform/port-client.ts';
import type { EventPayload } from '../../shared/contract/index.ts';
import { REMOVE } from '../remove.ts';
import { workerForks } from './worker-fork.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(folder, REMOVE));

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

/** A folder that stands for Electron: only its program file is looked into, for the fuses. */
function stub(name: string, program: string): string {
  const dist = join(folder, name);
  mkdirSync(join(dist, 'resources'), { recursive: true });
  writeFileSync(join(dist, 'electron'), program, 'latin1');
  chmodSync(join(dist, 'electron'), 0o755);
  writeFileSync(join(dist, 'LICENSE'), 'licence of the program');
  return dist;
}

async function pack(dist: string, output: string): Promise<string> {
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const options = [`-c.electronDist=${dist}`, `-c.directories.output=${output}`];
  await promisify(execFile)(process.execPath, [builder, '--linux', 'dir', ...options], {
    cwd: root,
    maxBuffer: 1 << 26,
  });
  return join(output, arch() === 'x64' ? 'linux-unpacked' : `linux-${arch()}-unpacked`);
}

let app: string;
let files: string[];
beforeAll(async () => {
  const wire = `${SENTINEL}\x01${String.fromCharCode(FUSES)}${'1'.repeat(FUSES)}`;
  app = await pack(stub('electron', `program\0${wire}\0rest`), join(folder, 'dist'));
  files = listPackage(join(app, 'resources', 'app.asar'), { isPack: false }).map((file) =>
    file.replaceAll('\\', '/'),
  );
});

const unpacked = (path: string) => join(app, 'resources', 'app.asar.unpacked', path);
const bytesIn = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
    : statSync(path).size;

describe('the package', () => {
  test('holds the app and its packages, nothing else', () => {
    expect([...new Set(files.map((file) => file.split('/')[1]))].sort()).toEqual([
      'LICENSE',
      'NOTICE',
      'node_modules',
      'out',
      'package.json',
    ]);
    expect(files.filter((file) => /^\/out\/(main|preload|hosts)\/./.test(file)).sort()).toEqual([
      '/out/hosts/describer.js',
      '/out/hosts/engine.js',
      '/out/hosts/trainer.js',
      '/out/main/main.js',
      '/out/preload/preload.cjs',
    ]);
    expect(files).toContain('/out/renderer/index.html');
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).main).toBe('out/main/main.js');
  });

  test('has no sources, tests or source maps', () => {
    const unwanted = files.filter(
      (file) =>
        /\.(map|tsx?|[cm]ts|c|cc|cpp|h|hpp|gyp)$/.test(file) ||
        /\/(tests?|__tests__|golden|bench)\//.test(file),
    );
    expect(unwanted).toEqual([]);
  });

  test('has each chunk once: nothing of earlier builds', () => {
    const texts = readdirSync(join(root, 'out', 'package'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js') && !file.startsWith('renderer'))
      .map((file) => readFileSync(join(root, 'out', 'package', file), 'utf8'));
    for (const file of files.filter((name) => name.startsWith('/out/chunks/'))) {
      const name = file.slice('/out/chunks/'.length);
      expect(
        texts.some((text) => text.includes(name)),
        `${name} is used`,
      ).toBe(true);
    }
  });

  test('keeps licences and leaves out what is for other systems and for networks', () => {
    const modules = files.filter((file) => file.startsWith('/node_modules/'));
    for (const module of ['better-sqlite3', 'node-av']) {
      expect(modules.some((file) => file.startsWith(`/node_modules/${module}/LICENSE`))).toBe(true);
    }
    expect(modules.filter((file) => /prebuilds\/.+\.node$/.test(file))).toEqual([
      `/node_modules/better-sqlite3/prebuilds/linux-${arch()}.node`,
    ]);
    expect(modules.filter((file) => /(win32|darwin)\b.*\.(node|dll|dylib)$/.test(file))).toEqual([]);
    expect(
      modules.filter((file) => /^\/node_modules\/(werift|global-agent|adm-zip|@peculiar)/.test(file)),
    ).toEqual([]);
  });

  test('has addons and their libraries outside the archive', () => {
    for (const path of [
      `node_modules/better-sqlite3/prebuilds/linux-${arch()}.node`,
      `node_modules/@seydx/node-av-linux-${arch()}/node-av.node`,
      `node_modules/onnxruntime-node/bin/napi-v6/linux/${arch()}/onnxruntime_binding.node`,
      `node_modules/onnxruntime-node/bin/napi-v6/linux/${arch()}/libonnxruntime.so.1`,
    ])
      expect(existsSync(unpacked(path)), path).toBe(true);
  });

  test('stays small: 10 MB in the archive, 240 MB with FFmpeg and ONNX Runtime', () => {
    expect(statSync(join(app, 'resources', 'app.asar')).size).toBeLessThan(10e6);
    expect(bytesIn(join(app, 'resources'))).toBeLessThan(240e6);
  });

  test('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(app, 'zerolabel'));
    const on = (fuse: FuseV1Options) => wire[fuse] === FuseState.ENABLE;
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
      integrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      fileProtocol: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
      cookies: on(FuseV1Options.EnableCookieEncryption),
    }).toEqual({
      runAsNode: false,
      nodeOptions: false,
      inspect: false,
      onlyAsar: true,
      integrity: true,
      fileProtocol: false,
      cookies: false,
    });
  });
});

test('a program whose fuses cannot be set fails the build', async () => {
  const failed = await pack(stub('blank', 'no sentinel here'), join(folder, 'blank-dist')).then(
    () => null,
    (error: { stderr: string; stdout: string }) => error.stderr + error.stdout,
  );
  expect(failed).toMatch(/sentinel/i);
});

test('the packed engine and trainer run from the packed files alone: database, video, ONNX Runtime', async () => {
  const extracted = join(folder, 'app');
  extractAll(join(app, 'resources', 'app.asar'), extracted);
  const { fork, started } = workerForks(join(extracted, 'out', 'hosts'), join(folder, 'data'));
  let running: (state: EngineState) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    running = (state) => {
      if (state.kind === 'running') resolve();
      else if (state.kind === 'waiting' || state.kind === 'failed') reject(new Error(state.reason));
    };
  });
  const engine = superviseEngine<MessagePort>({
    fork,
    channel: () => new MessageChannel(),
    onState: (state) => running(state),
  });
  engine.start();
  await ready;
  const { port1, port2 } = new MessageChannel();
  engine.connect(port1);
  const client = createPortClient((listener) => listener(port2 as unknown as Port));
  try {
    const video = join(folder, 'clip.mp4');
    const data = new Uint8Array(64 * 48 * 3).fill(120);
    await encodeVideo(
      video,
      { width: 64, height: 48, codec: 'h264', fps: 25 },
      Array.from({ length: 20 }, (_, k) => ({ timeMs: 40 * k, data })),
    );
    await client.call('projects.create', { grant: (await engine.grant(folder)).grant, name: 'packed' });
    const imported = new Promise<EventPayload<'job.changed'>>((resolve) => {
      client.on('job.changed', (job) => {
        if (job.kind === 'import' && !['queued', 'running'].includes(job.state)) resolve(job);
      });
    });
    await client.call('videos.import', { grants: [(await engine.grant(video)).grant] });
    expect(await imported).toMatchObject({ state: 'done' });
    expect(await client.call('videos.list', {})).toMatchObject([{ frames: 20, state: 'ready' }]);
    const cpu = (await client.call('app.devices', { again: true })).find((device) => device.name === 'cpu');
    expect(cpu).toMatchObject({ usable: true });
  } finally {
    client.close();
    await engine.stop();
    await Promise.all(started.map(({ worker }) => worker.terminate()));
  }
});
