import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createHttpClient } from '../../../../renderer/platform/http-client.ts';

/** The default, a second, is short where many processes share a processor. */
const SOON = { timeout: 20_000 };

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A small server with the two borders of the real one; `answer` gives status and body of a call. */
async function server(
  answer: (call: string, input: unknown, token: string) => { status?: number; body: string },
  port = 0,
) {
  const sockets = new Set<WebSocket>();
  const http: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const input: unknown = JSON.parse(Buffer.concat(parts).toString());
      const { status = 200, body } = answer(
        request.url!.slice('/api/'.length),
        input,
        String(request.headers['x-zerolabel-token']),
      );
      response.writeHead(status).end(body);
    });
  });
  const upgrades = new WebSocketServer({ server: http });
  const tokens: (string | null)[] = [];
  upgrades.on('connection', (socket, request) => {
    tokens.push(new URL(request.url!, 'http://x').searchParams.get('token'));
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.terminate();
      upgrades.close();
      http.closeAllConnections();
      http.close(() => resolve());
    });
  ends.push(() => void close());
  const at = (http.address() as AddressInfo).port;
  return {
    at,
    base: `http://127.0.0.1:${at}`,
    tokens,
    close,
    send(text: string) {
      for (const socket of sockets) socket.send(text);
    },
  };
}

function open(base: string) {
  const client = createHttpClient({ base, token: 'to/ken' });
  ends.push(() => client.close());
  return client;
}

const ok = (value: unknown) => ({ body: JSON.stringify({ ok: true, value }) });

it('posts the call with its token and reads the value', async () => {
  const seen: unknown[] = [];
  const { base } = await server((...call) => {
    seen.push(call);
    return ok(null);
  });
  expect(await open(base).call('settings.get', { key: 'theme' })).toBeNull();
  expect(seen).toEqual([['settings.get', { key: 'theme' }, 'to/ken']]);
});

it('throws the error of the engine with its code', async () => {
  const { base } = await server(() => ({
    body: JSON.stringify({ ok: false, error: { code: 'disk_full', message: 'Full.' } }),
  }));
  await expect(open(base).call('projects.close', {})).rejects.toMatchObject({
    code: 'disk_full',
    message: 'Full.',
  });
});

it('says so when the server refuses or is not there', async () => {
  const { base, close } = await server(() => ({ status: 401, body: 'Unauthorized' }));
  const client = open(base);
  await expect(client.call('projects.close', {})).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('401'),
  });
  await close();
  await expect(client.call('projects.close', {})).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('does not answer'),
  });
});

it('hears events, and again after the server came back', async () => {
  const first = await server(() => ok(null));
  const client = open(first.base);
  const heard = vi.fn();
  client.on('videos.changed', heard);
  await vi.waitFor(() => expect(client.connection()).toBe('open'), SOON);
  expect(first.tokens).toEqual(['to/ken']);
  first.send('not json');
  first.send(JSON.stringify({ event: 'videos.changed', payload: {} }));
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), SOON);
  await first.close();
  await vi.waitFor(() => expect(client.connection()).toBe('lost'), SOON);
  const second = await server(() => ok(null), first.at);
  await vi.waitFor(() => expect(client.connection()).toBe('open'), SOON);
  second.send(JSON.stringify({ event: 'videos.changed', payload: {} }));
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), SOON);
});
