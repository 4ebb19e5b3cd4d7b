// Answers `app://studio/...`: the built page, and bulk data by id.
// Role: Request -> Response for protocol.handle. Limits: the page's files are those found at start, so no path can be
// made up; what an id means is asked of the engine.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { toErrorData } from '../../shared/errors.ts';
import type { Resource } from '../api/resources.ts';
import { CONTENT_SECURITY_POLICY } from '../api/security.ts';
import { mimeOf, serveFile } from '../media/serve.ts';
import { isOwnUrl } from './security.ts';

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Files of the built page: URL path -> file. `/` is `index.html`. Works inside an asar archive too. */
export async function pageFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, file).replaceAll('\\', '/')}`, file);
  }
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return files;
}

function secured(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

async function serve(
  request: Request,
  files: ReadonlyMap<string, string>,
  resource: (pathname: string) => Promise<Resource | null>,
): Promise<Response> {
  if (!isOwnUrl(request.url)) return new Response('Forbidden', { status: 403 });
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('Method not allowed', { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  const { pathname } = new URL(request.url);
  const file = files.get(pathname);
  const found: Resource | null = file
    ? { kind: 'bytes', bytes: await readFile(file), mime: mimeOf(file) }
    : await resource(pathname);
  if (!found) return new Response('Not found', { status: 404 });
  if (found.kind === 'file') return serveFile(request, found.path, found.mime);
  const headers = {
    'content-type': found.mime,
    'content-length': String(found.bytes.byteLength),
    // Page files are named by their content; scores and labels are immutable, but the engine may open another project.
    'cache-control': 'no-store',
  };
  return new Response(request.method === 'HEAD' ? null : Uint8Array.from(found.bytes), { headers });
}

/** The handler of the scheme. Errors become answers: a request never fails without a sentence. */
export function pageHandler(
  files: ReadonlyMap<string, string>,
  resource: (pathname: string) => Promise<Resource | null>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return secured(await serve(request, files, resource));
    } catch (error) {
      const { code, message } = toErrorData(error);
      return secured(new Response(message, { status: code === 'not_found' ? 404 : 500 }));
    }
  };
}
