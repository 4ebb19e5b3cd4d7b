// Answers a media request from a file, with byte ranges: without 206 answers a browser cannot seek in a video.
// Role: Request -> Response, the same for Electron's protocol.handle and the HTTP server. Limits: who may read which
// file is decided before; several ranges in one request are answered with the whole file, as RFC 9110 allows.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { extname } from 'node:path';

const CHUNK = 256 * 1024;

const MIME: Record<string, string> = {
  '.avi': 'video/x-msvideo',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.m4v': 'video/mp4',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mkv': 'video/x-matroska',
  '.mov': 'video/quicktime',
  '.mp4': 'video/mp4',
  '.mpeg': 'video/mpeg',
  '.mpg': 'video/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ts': 'video/mp2t',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.wmv': 'video/x-ms-wmv',
  '.woff2': 'font/woff2',
};

/** MIME type by extension; `application/octet-stream` for what is not known. */
export function mimeOf(path: string): string {
  return MIME[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

/** A range of bytes, `end` exclusive; `null`: serve everything; `'unsatisfiable'`: 416. */
type Range = { start: number; end: number } | null | 'unsatisfiable';

/** Reads a Range header (RFC 9110 section 14). What is malformed or holds several ranges is ignored. */
function parseRange(header: string | null, size: number): Range {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size : Math.min(Number(match[2]) + 1, size);
  if (match[2] !== '' && Number(match[2]) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/**
 * The bytes [start, end) of a file as they are asked for. The file is opened by the first read, so that an answer
 * nobody reads holds nothing open, and closed at the end, on cancel and on abort.
 */
function fileStream(
  path: string,
  start: number,
  end: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let handle: FileHandle | null = null;
  let position = start;
  const close = async () => {
    signal.removeEventListener('abort', close);
    const open = handle;
    handle = null;
    await open?.close();
  };
  return new ReadableStream<Uint8Array>(
    {
      start() {
        signal.addEventListener('abort', close);
      },
      async pull(controller) {
        try {
          signal.throwIfAborted();
          handle ??= await open(path, 'r');
          const { bytesRead, buffer } = await handle.read(
            new Uint8Array(Math.min(CHUNK, end - position)),
            0,
            null,
            position,
          );
          signal.throwIfAborted();
          if (bytesRead === 0) throw new Error(`${path} became shorter while it was read.`);
          position += bytesRead;
          controller.enqueue(buffer.subarray(0, bytesRead));
          if (position < end) return;
          await close();
          controller.close();
        } catch (error) {
          await close();
          controller.error(error);
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}

/**
 * Serves a file. 200 with everything, 206 for `bytes=a-b`, `bytes=a-` and `bytes=-n`, 304 for a known ETag, 404, 405,
 * and 416 for a range that starts behind the end. HEAD gives the headers alone.
 *
 * @param path absolute path, already checked by the caller
 * @param mime value of the Content-Type header, see {@link mimeOf}
 */
export async function serveFile(request: Request, path: string, mime: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('Method not allowed', { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return new Response('Not found', { status: 404 });
  const size = info.size;
  const etag = `"${size.toString(16)}-${Math.round(info.mtimeMs).toString(16)}"`;
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'content-type': mime,
    etag,
    'cache-control': 'private, no-cache',
  });

  const known = request.headers.get('if-none-match');
  if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    return new Response(null, { status: 304, headers });
  }
  const ifRange = request.headers.get('if-range');
  const range = ifRange && ifRange !== etag ? null : parseRange(request.headers.get('range'), size);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size };
  headers.set('content-length', String(end - start));
  if (range) headers.set('content-range', `bytes ${start}-${end - 1}/${size}`);
  const body =
    request.method === 'HEAD' || end === start ? null : fileStream(path, start, end, request.signal);
  return new Response(body, { status: range ? 206 : 200, headers });
}
