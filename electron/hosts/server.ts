// The loopback server: the same engine and the same page for any Chromium.
// Role: HTTP and WebSocket border (token, Host and Origin checks, CSP), static files of the page, resources by id.
// Limits: binds 127.0.0.1 only; a remote machine is reached through an ssh tunnel.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize, sep } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { isResourcePath } from '../../shared/contract/index.ts';
import { AppError, type ErrorCode, toErrorData } from '../../shared/errors.ts';
import type { Engine } from '../api/engine.ts';
import { CONTENT_SECURITY_POLICY } from '../api/security.ts';
import { mimeOf, serveFile } from '../media/serve.ts';
import { builtFile } from './fork.ts';

export interface RunningServer {
  /** Address with the token, to be opened in a browser. */
  url: string;
  port: number;
  close(): Promise<void>;
}

const MAX_BODY = 4 * 1024 * 1024;

export const newServerKey = (): string => randomBytes(24).toString('base64url');

/** Starts the server. `port` 0 takes a free one. @param options.key what pages prove themselves with; a new one if left out */
export async function startServer(
  engine: Engine,
  options: { port: number; key?: string },
): Promise<RunningServer> {
  const token = options.key ?? newServerKey();
  const pages = dirname(builtFile('renderer/index.html'));
  let port = 0;

  const hostAllowed = (host: string | null | undefined): boolean =>
    host === `127.0.0.1:${port}` || host === `localhost:${port}`;
  const originAllowed = (origin: string | null | undefined): boolean =>
    !origin || origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`;
  const tokenMatches = (given: string | null | undefined): boolean => {
    const a = Buffer.from(given ?? '');
    const b = Buffer.from(token);
    return a.length === b.length && timingSafeEqual(a, b);
  };
  /** The page proves itself by header, or by the cookie that its first load set (media elements send no headers). */
  const authorised = (headers: { get(name: string): string | null }): boolean =>
    tokenMatches(headers.get('x-zerolabel-token')) ||
    (headers.get('cookie') ?? '')
      .split('; ')
      .some((pair) => pair.startsWith(`zl${port}=`) && tokenMatches(pair.slice(`zl${port}=`.length)));

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = pathOfUrl(url);
    if (path === null) return new Response('Bad request', { status: 400 });
    if (!hostAllowed(request.headers.get('host')) || !originAllowed(request.headers.get('origin'))) {
      return new Response('Forbidden: wrong host or origin', { status: 403 });
    }
    if (path === '/' || path === '/index.html') {
      if (!tokenMatches(url.searchParams.get('token')) && !authorised(request.headers)) {
        return new Response(
          'Open the address that Zerolabel printed when it started; it carries the key for this session.',
          { status: 401 },
        );
      }
      const page = await readFile(join(pages, 'index.html'), 'utf8');
      const meta = `<meta name="zerolabel-token" content="${token}">`;
      return secured(
        new Response(page.replace('</head>', `${meta}</head>`), {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'cache-control': 'no-store',
            'set-cookie': `zl${port}=${token}; HttpOnly; SameSite=Strict; Path=/`,
          },
        }),
      );
    }
    if (path.startsWith('/api/')) {
      if (!tokenMatches(request.headers.get('x-zerolabel-token')))
        return new Response('Unauthorized', { status: 401 });
      if (request.method !== 'POST') return new Response('Method not allowed', { status: 405 });
      return secured(
        Response.json(await engine.answer(path.slice('/api/'.length), await body(request)), {
          headers: { 'cache-control': 'no-store' },
        }),
      );
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response('Method not allowed', { status: 405 });
    if (isResourcePath(path)) {
      if (!authorised(request.headers)) return new Response('Unauthorized', { status: 401 });
      return secured(await engine.respond(request));
    }
    const file = normalize(join(pages, path));
    if (!file.startsWith(pages + sep) || !(await stat(file).catch(() => null))?.isFile()) {
      return new Response('Not found', { status: 404 });
    }
    return secured(await serveFile(request, file, mimeOf(file)));
  }

  const listener = getRequestListener(async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      const data = toErrorData(error);
      return new Response(data.message, { status: STATUS[data.code] ?? 500 });
    }
  });
  const server = createServer(listener);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    // Whatever a client sends as its address; what cannot be parsed must not end the server.
    const url = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`);
    socket.on('error', () => socket.destroy());
    const allowed =
      url?.pathname === '/events' &&
      hostAllowed(request.headers.host) &&
      originAllowed(request.headers.origin) &&
      tokenMatches(url.searchParams.get('token'));
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const stop = engine.on((event) => client.send(JSON.stringify(event)));
      client.on('close', stop);
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new AppError(
              'conflict',
              `Port ${options.port} is in use. Choose another one with --port, or leave it out.`,
            )
          : error,
      ),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const STATUS: Partial<Record<ErrorCode, number>> = { not_found: 404, bad_input: 400 };

/** The path with its escapes undone; null where they make no sense. */
function pathOfUrl(url: URL): string | null {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
}

function secured(response: Response): Response {
  response.headers.set('content-security-policy', CONTENT_SECURITY_POLICY);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('cross-origin-resource-policy', 'same-origin');
  return response;
}

async function body(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY)
    throw new AppError('bad_input', 'The request is too large.');
  const text = await request.text();
  if (text.length > MAX_BODY) throw new AppError('bad_input', 'The request is too large.');
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AppError('bad_input', 'The request is not JSON.');
  }
}
