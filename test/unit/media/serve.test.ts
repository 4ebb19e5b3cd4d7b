import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mimeOf, serveFile } from '../../../electron/media/serve.ts';

const SIZE = 700_001; // more than two chunks of reading
const content = randomBytes(SIZE);
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zl-serve-'));
  path = join(folder, 'video.mp4');
  await writeFile(path, content);
});
afterAll(() => rm(folder, { recursive: true }));

function ask(
  headers: Record<string, string> = {},
  method = 'GET',
  file = path,
  signal?: AbortSignal,
): Promise<Response> {
  return serveFile(new Request('http://127.0.0.1/media/1', { method, headers, signal }), file, mimeOf(file));
}
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

describe('whole files', () => {
  test('200 with length, type and the exact bytes', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(SIZE));
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('content-range')).toBeNull();
    expect(digest(await bytesOf(response))).toBe(digest(content));
  });

  test('HEAD has the headers and no body', async () => {
    const response = await ask({}, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(SIZE));
    expect(response.body).toBeNull();
    const part = await ask({ range: 'bytes=10-19' }, 'HEAD');
    expect([part.status, part.headers.get('content-length'), part.body]).toEqual([206, '10', null]);
  });

  test('an empty file', async () => {
    const empty = join(folder, 'empty.mp4');
    await writeFile(empty, '');
    expect([
      (await ask({}, 'GET', empty)).status,
      (await ask({}, 'GET', empty)).headers.get('content-length'),
    ]).toEqual([200, '0']);
    expect((await ask({ range: 'bytes=0-' }, 'GET', empty)).status).toBe(416);
  });

  test('a missing file, a folder, another method', async () => {
    expect((await ask({}, 'GET', join(folder, 'absent.mp4'))).status).toBe(404);
    expect((await ask({}, 'GET', folder)).status).toBe(404);
    expect((await ask({}, 'DELETE')).status).toBe(405);
  });

  test('304 for a known tag; another tag gets the file', async () => {
    const etag = (await ask({}, 'HEAD')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^".+"$/);
    expect((await ask({ 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    expect((await ask({ 'if-none-match': '"x"' }, 'HEAD')).status).toBe(200);
  });
});

describe('ranges', () => {
  test.each([
    ['bytes=0-', 0, SIZE],
    ['bytes=0-0', 0, 1],
    ['bytes=300000-', 300_000, SIZE],
    ['bytes=262140-524300', 262_140, 524_301],
    ['bytes=700000-700000', 700_000, SIZE],
    ['bytes=699990-9999999', 699_990, SIZE],
    ['bytes=-1', SIZE - 1, SIZE],
    ['bytes=-9999999', 0, SIZE],
    ['BYTES= 5-6 ', 5, 7],
  ])('%s', async (range, start, end) => {
    const response = await ask({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${SIZE}`);
    expect(response.headers.get('content-length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(content.subarray(start, end))).toBe(true);
  });

  test('any satisfiable range gives exactly its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.nat(SIZE + 100), async (start, length) => {
        const response = await ask({ range: `bytes=${start}-${start + length}` });
        const expected = content.subarray(start, start + length + 1);
        expect(response.headers.get('content-length')).toBe(String(expected.length));
        expect((await bytesOf(response)).equals(expected)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test.each(['bytes=700001-', 'bytes=900000-900001', 'bytes=-0'])('416 for %s', async (range) => {
    const response = await ask({ range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${SIZE}`);
  });

  test.each(['bytes=5-2', 'bytes=-', 'bytes=a-b', 'seconds=1-2', 'bytes=0-1,4-5'])(
    '%s is ignored: 200',
    async (range) => {
      const response = await ask({ range }, 'HEAD');
      expect([response.status, response.headers.get('content-length')]).toEqual([200, String(SIZE)]);
    },
  );

  test('If-Range: the range only for the same file', async () => {
    const etag = (await ask({}, 'HEAD')).headers.get('etag') ?? '';
    expect((await ask({ range: 'bytes=0-9', 'if-range': etag }, 'HEAD')).status).toBe(206);
    expect((await ask({ range: 'bytes=0-9', 'if-range': '"other"' }, 'HEAD')).status).toBe(200);
  });
});

describe('endings', () => {
  test('an aborted request stops the reading', async () => {
    const abort = new AbortController();
    const response = await ask({}, 'GET', path, abort.signal);
    const reader = response.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    abort.abort();
    await expect(reader.read()).rejects.toThrow();
  });

  test('a cancelled body ends quietly and the file can be served again', async () => {
    const response = await ask();
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect((await bytesOf(await ask({ range: 'bytes=0-3' }))).equals(content.subarray(0, 4))).toBe(true);
  });

  test('a file that shrinks while it is read is an error, not a short answer', async () => {
    const shrinking = join(folder, 'shrinking.mp4');
    await writeFile(shrinking, content);
    const response = await ask({}, 'GET', shrinking);
    const reader = response.body!.getReader();
    await reader.read();
    await truncate(shrinking, 1000);
    await expect(
      (async () => {
        for (;;) if ((await reader.read()).done) return;
      })(),
    ).rejects.toThrow(/shorter/);
  });
});

test('types by extension', () => {
  expect(mimeOf('/a/B.MP4')).toBe('video/mp4');
  expect(mimeOf('/a/page.html')).toBe('text/html; charset=utf-8');
  expect(mimeOf('/a/none')).toBe('application/octet-stream');
});
