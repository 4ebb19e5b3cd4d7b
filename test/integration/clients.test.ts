// The contract over both transports: the same suite runs through a MessagePort and through HTTP and WebSocket.
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../electron/api/engine.ts';
import { serveClient } from '../../electron/api/serve-client.ts';
import { forkChild } from '../../electron/hosts/fork.ts';
import { startServer } from '../../electron/hosts/server.ts';
import type { PageClient } from '../../renderer/platform/client.ts';
import { createHttpClient } from '../../renderer/platform/http-client.ts';
import { createPortClient, type Port } from '../../renderer/platform/port-client.ts';
import type { EventPayload } from '../../shared/contract/index.ts';
import { REMOVE } from '../remove.ts';

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zerolabel-clients-'));
  engine = await createEngine({
    spawn: forkChild,
    host: 'server',
    appData: join(folder, 'data'),
    roots: [folder],
  });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, REMOVE);
});

interface Connected {
  client: PageClient;
  close(): Promise<void>;
}

async function overPort(): Promise<Connected> {
  const { port1, port2 } = new MessageChannel();
  const stop = serveClient(engine, {
    post: (message) => port1.postMessage(message),
    onMessage: (listener) => port1.on('message', listener),
  });
  const client = createPortClient((listener) => listener(port2 as unknown as Port));
  return {
    client,
    close: async () => {
      client.close();
      stop();
      port1.close();
      port2.close();
    },
  };
}

async function overHttp(): Promise<Connected> {
  const server = await startServer(engine, { port: 0 });
  const url = new URL(server.url);
  const client = createHttpClient({ base: url.origin, token: url.searchParams.get('token') ?? '' });
  // Events are sent only once the channel is open.
  await new Promise<void>((resolve) => {
    const look = () => (client.connection() === 'open' ? resolve() : setTimeout(look, 20));
    look();
  });
  return {
    client,
    close: async () => {
      client.close();
      await server.close();
    },
  };
}

describe.each([
  ['MessagePort', overPort],
  ['HTTP and WebSocket', overHttp],
])('client over %s', (_name, connect) => {
  let connected: Connected;
  beforeEach(async () => {
    connected = await connect();
  });
  afterEach(() => connected.close());

  test('answers a call with its output', async () => {
    const info = await connected.client.call('app.info', {});
    expect(info).toMatchObject({ host: 'server', nativeDialogs: false, licence: 'GPL-3.0-or-later' });
  });

  test('carries an error with its code and sentence', async () => {
    await expect(connected.client.call('videos.list', {})).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('No project is open'),
    });
  });

  test('refuses input that does not fit the contract', async () => {
    await expect(connected.client.call('projects.create', { grant: '', name: '' })).rejects.toMatchObject({
      code: 'bad_input',
    });
  });

  test('refuses a path in place of a handle', async () => {
    await expect(connected.client.call('projects.open', { grant: '/etc' })).rejects.toMatchObject({
      code: 'no_access',
    });
  });

  test('creates a project and hears the event', async () => {
    const heard = new Promise<EventPayload<'project.changed'>>((resolve) => {
      connected.client.on('project.changed', resolve);
    });
    const { grant } = await engine.grant(folder);
    const project = await connected.client.call('projects.create', { grant, name: 'first' });
    expect(project).toMatchObject({ name: 'first', videos: 0, runs: 0 });
    expect((await heard).project?.id).toBe(project.id);
    expect(await connected.client.call('videos.list', {})).toEqual([]);
    expect((await connected.client.call('projects.recent', {}))[0]).toMatchObject({
      name: 'first',
      missing: false,
    });
  });

  test('calls may overlap and each gets its own answer', async () => {
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
    await Promise.all(keys.map((key, i) => connected.client.call('settings.set', { key, value: { i } })));
    const values = await Promise.all(keys.map((key) => connected.client.call('settings.get', { key })));
    expect(values).toEqual(keys.map((_, i) => ({ i })));
  });
});

/** Sends one request as it is; resolves with the first line of the answer, '' when the connection just ends. */
function raw(port: number, ...lines: string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text.split('\r\n')[0]));
  });
}

describe('the loopback server', () => {
  test('outlives addresses that cannot be parsed, and opens no channel without the key', async () => {
    const server = await startServer(engine, { port: 0 });
    const token = new URL(server.url).searchParams.get('token') ?? '';
    const upgrade = (address: string, ...more: string[]) =>
      raw(
        server.port,
        `GET ${address} HTTP/1.1`,
        `Host: 127.0.0.1:${server.port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ...more,
      );
    try {
      expect(await upgrade('//[')).toContain('403');
      expect(await upgrade('/events')).toContain('403');
      expect(await upgrade('/events?token=wrong')).toContain('403');
      expect(await upgrade(`/events?token=${token}`, 'Origin: http://elsewhere.invalid')).toContain('403');
      expect(await upgrade(`/events?token=${token}`)).toContain('101');
      await raw(server.port, 'GET //[ HTTP/1.1', `Host: 127.0.0.1:${server.port}`);
      expect((await fetch(server.url)).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  test('refuses a wrong token, host and origin, and serves no path outside the page', async () => {
    const server = await startServer(engine, { port: 0 });
    const { origin, searchParams } = new URL(server.url);
    const token = searchParams.get('token') ?? '';
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${origin}${path}`, init)).status;
    const post = (headers: Record<string, string>) =>
      status('/api/app.info', { method: 'POST', headers, body: '{}' });
    try {
      expect(await post({ 'x-zerolabel-token': token })).toBe(200);
      expect(await post({})).toBe(401);
      expect(await post({ 'x-zerolabel-token': 'wrong' })).toBe(401);
      expect(await post({ 'x-zerolabel-token': token, origin: 'http://elsewhere.invalid' })).toBe(403);
      expect(await status('/')).toBe(401);
      expect(await status('/media/1')).toBe(401);
      expect(await status('/..%2f..%2fpackage.json')).toBe(404);
      expect(await status('/', { method: 'DELETE' })).toBe(401);
      expect(await status('/%E0%A4%A')).toBe(400);
      const headers = { 'x-zerolabel-token': token };
      expect(await status('/api/app.info', { method: 'POST', headers, body: '{bad' })).toBe(400);
      const page = await fetch(server.url);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await page.text()).toContain(`content="${token}"`);
    } finally {
      await server.close();
    }
  });
});
