// The privacy report against processes that do what they must not: connections to another machine from the engine and a
// trainer, and a socket that is opened past Node's own functions, as a driver would. A clean command beside it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeVideo } from '../../electron/media/encode.ts';
import type { FileKind, FileSeen, PrivacyReport, SessionRecord } from '../../shared/contract/index.ts';
import { REMOVE } from '../remove.ts';

const root = join(import.meta.dirname, '..', '..');
const node = join(root, 'node_modules', '.bin', 'node');

/** Whether the kernel's table shows a socket that is known to be open: not outside Linux, nor in every sandbox. */
const kernelTells = await new Promise<boolean>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    const table = existsSync('/proc/self/net/tcp') ? readFileSync('/proc/self/net/tcp', 'utf8') : '';
    server.close(() =>
      resolve(table.includes(`0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`)),
    );
  });
});

// An address that is reserved for documentation: nobody answers there.
const MISBEHAVIOUR = `
  import net from 'node:net';
  const past = net.Server.prototype.listen; // before anyone wraps it
  const server = net.createServer();
  server.unref();
  past.call(server, 0, '0.0.0.0');
  setInterval(() => {
    const socket = net.connect(9, '192.0.2.1');
    socket.on('error', () => {});
    setTimeout(() => socket.destroy(), 30).unref();
  }, 50).unref();
`;

let folder: string;
let video: string;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'zerolabel-report-')));
  video = join(folder, 'clip.mp4');
  const [width, height] = [160, 120];
  await encodeVideo(
    video,
    { width, height, codec: 'h264', fps: 25 },
    (function* () {
      for (let f = 0; f < 64; f++)
        yield { timeMs: f * 40, data: new Uint8Array(width * height * 3).fill(2 * f) };
    })(),
  );
  writeFileSync(join(folder, 'misbehaves.mjs'), MISBEHAVIOUR);
});
afterAll(() => rmSync(folder, REMOVE));

function run(args: string[], misbehaves = false): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync(
    node,
    [join(root, 'out/hosts/cli.js'), '--json', '-p', join(folder, 'project'), ...args],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        ZEROLABEL_DATA: join(folder, 'data'),
        ...(misbehaves && { NODE_OPTIONS: `--import ${join(folder, 'misbehaves.mjs')}` }),
      },
    },
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

type Saved = PrivacyReport & { list: (FileSeen & { kind: FileKind })[] };
const saved = (name: string): Saved => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Saved;

describe('a command whose processes connect to another machine', () => {
  let report: Saved;
  beforeAll(() => {
    run(['--privacy-report', join(folder, 'bad.json'), 'import', video], true);
    report = saved('bad.json');
  });

  test('is told on: engine and trainer with the address, as their code asked for it', () => {
    for (const process of ['engine', 'trainer (import)']) {
      const found = report.sockets.find(
        (socket) => socket.process === process && socket.remote === '192.0.2.1:9',
      );
      expect(found, process).toMatchObject({ protocol: 'tcp', direction: 'outgoing', scope: 'outside' });
      expect(found?.by).toContain('code');
      expect(found?.pid).toBe(report.processes.find(({ name }) => name === process)?.pid);
    }
  });

  test.skipIf(!kernelTells)('a socket that Node knew nothing of is in the kernel’s table', () => {
    expect(report.session.looks).toBeGreaterThan(0);
    expect(report.sockets).toContainEqual(
      expect.objectContaining({
        process: 'engine',
        direction: 'listening',
        local: expect.stringMatching(/^0\.0\.0\.0:\d+$/),
        scope: 'outside',
        by: ['kernel'],
      }),
    );
  });

  test('lists what was read and written, by what it is', () => {
    const of = (kind: FileKind) => report.list.filter((file) => file.kind === kind);
    expect(of('source')).toEqual([
      expect.objectContaining({
        path: video,
        read: true,
        written: false,
        by: expect.arrayContaining(['task']),
      }),
    ]);
    expect(
      of('artifact').some(({ written, processes }) => written && processes.includes('trainer (import)')),
    ).toBe(true);
    expect(of('settings').some(({ path, written }) => written && path.endsWith('zerolabel.json'))).toBe(true);
    expect(report.files.total).toBe(report.list.length);
    expect(report.places.find(({ key }) => key === 'database')?.bytes).toBeGreaterThan(0);
  });
});

test('sessions stay in the project: the one that connected elsewhere, and the clean one after it', () => {
  run(['--privacy-report', join(folder, 'good.json'), 'extract']);
  const clean = saved('good.json');
  expect(clean.sockets).toEqual([]);
  expect(clean.processes.map(({ name }) => name)).toContain('trainer (extract)');
  expect(clean.list.find(({ path }) => path === video)).toMatchObject({ kind: 'source', written: false });
  const told = run(['privacy']) as { sessions: SessionRecord[]; outside: number };
  const [newest, before] = told.sessions;
  expect(newest).toMatchObject({ host: 'cli', closed: true, outside: [], loopback: 0 });
  expect(before.outside.map(({ remote }) => remote)).toContain('192.0.2.1:9');
  expect(told.outside).toBe(before.outside.length);
  // Names of files stay out of what is kept.
  expect(JSON.stringify(told.sessions)).not.toContain('clip');
});

test('the cache is cleared by a word, and a folder without a project says only what is elsewhere', () => {
  expect(run(['privacy', '--clear-cache'])).toMatchObject({ cleared: { files: 0, bytes: 0 } });
  const { status, stdout } = spawnSync(node, [join(root, 'out/hosts/cli.js'), '--json', 'privacy'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ZEROLABEL_DATA: join(folder, 'data') },
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ folder: null, sessions: [], places: [{ key: 'settings' }] });
});
