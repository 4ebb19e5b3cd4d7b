// Bulk data by URL: media, thumbnails, frame tables, scores, labels, boxes and poses (shared/contract resourceUrl).
// Role: URL -> file or bytes, checked against the project. Limits: ids only; a path never comes from the page.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { detectionKind } from '../../shared/contract/index.ts';
import { AppError, toErrorData } from '../../shared/errors.ts';
import { readDetectionRange } from '../features/detections/stored.ts';
import { artifactPath } from '../files/atomic.ts';
import { mimeOf, serveFile } from '../media/serve.ts';
import type { Context } from './context.ts';
import { pictureFile } from './projects.ts';

export type Resource =
  | { kind: 'file'; path: string; mime: string }
  | { kind: 'bytes'; bytes: Uint8Array; mime: string };

const BINARY = 'application/octet-stream';

/** @returns null when the URL names nothing. */
export async function resourceOf(context: Context, pathname: string): Promise<Resource | null> {
  const picture = /^\/picture\/([0-9a-f]{16})$/.exec(pathname);
  if (picture) return { kind: 'file', path: pictureFile(context, picture[1]), mime: 'image/jpeg' };
  const seen = /^\/detections\/(\d+)\/(boxes|poses)\/(\d+)-(\d+)$/.exec(pathname);
  if (seen && context.current) {
    const { store } = context.current;
    const stored = store.detections.get(Number(seen[1]), detectionKind.parse(seen[2]));
    if (!stored) return null;
    const path = artifactPath(store.artifactsFolder, stored.sha256);
    return {
      kind: 'bytes',
      bytes: await readDetectionRange(path, Number(seen[3]), Number(seen[4])),
      mime: BINARY,
    };
  }
  const match = /^\/(media|thumbnail|frames|scores|camera-scores|labels)\/(\d+)(?:\/(\d+))?$/.exec(pathname);
  if (!match || !context.current) return null;
  const { store } = context.current;
  const [area, first, second] = [match[1], Number(match[2]), match[3] === undefined ? -1 : Number(match[3])];
  const stored = (file: { sha256: string } | null, mime: string): Resource | null =>
    file && { kind: 'file', path: artifactPath(store.artifactsFolder, file.sha256), mime };
  switch (area) {
    case 'media': {
      const proxy = store.videos.proxy(first);
      if (proxy) return stored(proxy, 'video/mp4');
      const { path } = store.videos.get(first);
      if (path === null) return null;
      // Links were followed at import; a path that leads elsewhere now is not the file that was allowed.
      const real = await realpath(path).catch(() => null);
      if (real !== path) throw new AppError('not_found', `${path} is no longer where it was imported from.`);
      return { kind: 'file', path, mime: mimeOf(path) };
    }
    case 'thumbnail':
      return stored(store.videos.thumbnail(first, second), 'image/jpeg');
    case 'frames':
      return stored(store.videos.frameTable(first), BINARY);
    case 'scores':
      return numbers(store.runs.scores(first, second));
    case 'camera-scores': {
      const own = context.current.scores.of(first, true).find((video) => video.videoId === second);
      return own && own.camera !== null ? numbers(own.scores) : null;
    }
    default: {
      const labels = store.runs.labels(first, second);
      return labels && { kind: 'bytes', bytes: labels, mime: BINARY };
    }
  }
}

const numbers = (values: Float32Array | null): Resource | null =>
  values && {
    kind: 'bytes',
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    mime: BINARY,
  };

/** The resource as an HTTP answer, for the server. */
export async function respond(context: Context, request: Request): Promise<Response> {
  try {
    const resource = await resourceOf(context, new URL(request.url).pathname);
    if (!resource) return new Response('Not found', { status: 404 });
    if (resource.kind === 'file') return await serveFile(request, resource.path, resource.mime);
    const headers = {
      'content-type': resource.mime,
      'content-length': String(resource.bytes.byteLength),
      'cache-control': 'no-store',
    };
    return new Response(request.method === 'HEAD' ? null : Buffer.from(resource.bytes), { headers });
  } catch (error) {
    const { code, message } = toErrorData(error);
    return new Response(message, { status: code === 'not_found' ? 404 : 500 });
  }
}

/** What "show in folder" shows. */
export function pathOf(
  context: Context,
  target: 'project' | 'exports' | 'video',
  of: number | null,
): string | null {
  if (!context.current) return null;
  const { store } = context.current;
  if (target === 'project') return store.folder;
  if (target === 'exports') return join(store.folder, 'exports');
  return of === null ? null : store.videos.get(of).path;
}
