import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../../electron/api/security.ts';
import { pageFiles, pageHandler } from '../../../electron/main/protocol.ts';
import { AppError } from '../../../shared/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-'));
afterAll(() => rmSync(folder, { recursive: true }));
const page = join(folder, 'renderer');
mkdirSync(join(page, 'assets'), { recursive: true });
writeFileSync(join(page, 'index.html'), '<!doctype html>');
writeFileSync(join(page, 'assets', 'index-1a.js'), 'export {};');
writeFileSync(join(folder, 'secret.txt'), 'secret');
const video = join(folder, 'clip.mp4');
writeFileSync(
  video,
  Uint8Array.from({ length: 100 }, (_, i) => i),
);

const asked: string[] = [];
const handler = pageHandler(await pageFiles(page), async (pathname) => {
  asked.push(pathname);
  if (pathname === '/media/1') return { kind: 'file', path: video, mime: 'video/mp4' };
  if (pathname === '/scores/1/2')
    return { kind: 'bytes', bytes: new Uint8Array([1, 2, 3]), mime: 'application/octet-stream' };
  if (pathname === '/media/9')
    throw new AppError('not_found', 'clip.mp4 is no longer where it was imported from.');
  return null;
});
const get = (path: string, init?: RequestInit) => handler(new Request(`app://studio${path}`, init));

describe('the handler of app://studio', () => {
  test('serves the page and its files with type and policy, without asking the engine', async () => {
    asked.length = 0;
    for (const path of ['/', '/index.html', '/?x=1']) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await answer.text()).toBe('<!doctype html>');
    }
    const script = await get('/assets/index-1a.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asked).toEqual([]);
  });

  test('puts the policy on every answer, errors too', async () => {
    for (const [path, status] of [
      ['/', 200],
      ['/media/1', 200],
      ['/nothing', 404],
      ['/media/9', 404],
    ] as const) {
      const answer = await get(path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('answers ranges, so that a video can seek', async () => {
    const part = await get('/media/1', { headers: { range: 'bytes=10-19' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 10-19/100');
    expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect((await get('/media/1', { headers: { range: 'bytes=100-' } })).status).toBe(416);
    const head = await get('/media/1', { method: 'HEAD' });
    expect([head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual(['100', 'bytes']);
  });

  test('gives bytes from the engine', async () => {
    const answer = await get('/scores/1/2');
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(answer.headers.get('content-length')).toBe('3');
  });

  test('cannot be led out of its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      `//${folder}/secret.txt`,
      '/assets/',
    ])
      expect((await get(path)).status).toBe(404);
  });

  test('refuses other hosts and methods', async () => {
    expect((await handler(new Request('app://other/'))).status).toBe(403);
    expect((await get('/', { method: 'POST', body: 'x' })).status).toBe(405);
  });
});
