// Broken, foreign and vanished files: each is described in a sentence, none takes the others along.
import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeGrey } from '../../electron/media/decode.ts';
import { type EncodeOptions, encodeVideo } from '../../electron/media/encode.ts';
import { inspectVideo } from '../../electron/media/probe.ts';
import { makeProxy } from '../../electron/media/proxy.ts';
import { runImport } from '../../electron/tasks/import.ts';
import type { ImportedVideo, TaskContext } from '../../electron/tasks/protocol.ts';
import { toErrorData } from '../../shared/errors.ts';
import { constantTimes, numberedFrames, numberIn } from '../integration/media-pictures.ts';

const W = 160;
const H = 120;
const COUNT = 200;
let folder: string;
const at = (name: string) => join(folder, name);

async function encode(name: string, codec: EncodeOptions['codec'] = 'h264'): Promise<Buffer> {
  await encodeVideo(
    at(name),
    { width: W, height: H, codec, fps: 25 },
    numberedFrames(constantTimes(COUNT, 25), W, H),
  );
  return readFile(at(name));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zl-media-faults-'));
  const mp4 = await encode('whole.mp4');
  await writeFile(at('cut.mp4'), mp4.subarray(0, Math.floor(mp4.length * 0.6)));
  const mkv = await encode('whole.mkv');
  await writeFile(at('cut.mkv'), mkv.subarray(0, Math.floor(mkv.length * 0.6)));
  const avi = await encode('whole.avi', 'mpeg4');
  await writeFile(at('cut.avi'), avi.subarray(0, Math.floor(avi.length * 0.6)));
  const headless = Buffer.from(mp4);
  headless.write('xxxx', headless.indexOf('moov'));
  await writeFile(at('headless.mp4'), headless);
  const scratched = Buffer.from(mp4);
  const media = scratched.indexOf('mdat');
  const middle = media + Math.floor((scratched.length - media) / 2);
  scratched.fill(0x5a, middle, middle + 3000);
  await writeFile(at('scratched.mp4'), scratched);
  await writeFile(at('empty.mp4'), '');
  await writeFile(at('letter.mp4'), 'This is a letter, whatever its name says.\n'.repeat(50));
  await writeFile(
    at('noise.avi'),
    Buffer.alloc(50_000).map((_, i) => (i * 2_654_435_761) >>> 24),
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function decoded(name: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { data } of decodeGrey(at(name), { width: 80, height: 60, step: 1 }))
    numbers.push(numberIn(data, 80, 60));
  return numbers;
}

describe('inspection', () => {
  test.each(['cut.mp4', 'cut.mkv', 'cut.avi'])(
    '%s: cut short, and the readable part is counted',
    async (name) => {
      const facts = await inspectVideo(at(name));
      const numbers = await decoded(name);
      expect(facts).toMatchObject({ state: 'damaged', frames: numbers.length, playable: 'needs_proxy' });
      expect(facts.frames).toBeGreaterThan(50);
      expect(facts.frames).toBeLessThan(COUNT);
      expect(facts.problem).toContain(
        `${name} is cut short: it announces ${COUNT} frames, and ${facts.frames} frames can be read.`,
      );
      // The last picture may be a broken one, and so show anything.
      const sound = numbers.slice(0, -1);
      expect(sound).toEqual([...new Set(sound)].sort((a, b) => a - b));
      // Near the cut frames may lack that are stored behind it but shown before it.
      const whole = numbers.length - 6;
      expect(numbers.slice(0, whole)).toEqual(Array.from({ length: whole }, (_, i) => i));
    },
  );

  test('a scratch in the middle is noticed, and the table is what decoding gives', async () => {
    const facts = await inspectVideo(at('scratched.mp4'));
    expect(facts.state).toBe('damaged');
    expect(facts.problem).toMatch(
      /^scratched\.mp4 is damaged: decoding failed or guessed in \d+ places?, and \d+ frames can be read\./,
    );
    expect(facts.frames).toBe((await decoded('scratched.mp4')).length);
    expect(facts.frames).toBeGreaterThan(COUNT / 2);
  });

  test.each([
    ['empty.mp4', 'damaged', 'empty.mp4 is empty (0 bytes)'],
    ['headless.mp4', 'damaged', 'its table of contents is missing or broken'],
    ['letter.mp4', 'unsupported', 'letter.mp4 is not a video that can be read'],
    ['noise.avi', 'unsupported', 'noise.avi is not a video that can be read'],
  ])('%s is %s', async (name, state, sentence) => {
    const facts = await inspectVideo(at(name));
    expect(facts).toMatchObject({ state, frames: 0, playable: 'no' });
    expect(facts.problem).toContain(sentence);
    expect(facts.table.pts.length).toBe(0);
  });

  test('a file that is gone is an error', async () => {
    expect(await inspectVideo(at('gone.mp4')).catch(toErrorData)).toMatchObject({ code: 'not_found' });
  });
});

test('a damaged video gets a proxy of what can be read', async () => {
  const source = await inspectVideo(at('cut.avi'));
  const { frames } = await makeProxy(at('cut.avi'), at('cut-proxy.mp4'));
  expect(frames).toBe(source.frames);
  expect(await inspectVideo(at('cut-proxy.mp4'))).toMatchObject({
    state: 'ready',
    playable: 'direct',
    frames,
  });
});

test('no proxy of a file without frames, and no half file left', async () => {
  expect(await makeProxy(at('letter.mp4'), at('letter-proxy.mp4')).catch(toErrorData)).toMatchObject({
    code: 'unsupported',
  });
  expect(await makeProxy(at('empty.mp4'), at('letter-proxy.mp4')).catch(toErrorData)).toMatchObject({
    code: 'damaged',
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('letter-proxy'))).toEqual([]);
});

test('a proxy into a folder that does not exist is an error with the name in it', async () => {
  const target = at('absent/proxy.mp4');
  const error = toErrorData(await makeProxy(at('whole.avi'), target).catch((e: unknown) => e));
  expect(error).toMatchObject({ code: 'not_found' });
  expect(error.message).toContain(target);
});

test('encoding that fails leaves no file', async () => {
  const options: EncodeOptions = { width: W, height: H, codec: 'h264', fps: 25 };
  const refused = async (name: string, change: Partial<EncodeOptions>, times: number[]) =>
    toErrorData(
      await encodeVideo(at(name), { ...options, ...change }, numberedFrames(times, W, H)).catch(
        (e: unknown) => e,
      ),
    ).code;
  expect(await refused('a.mov', {}, [0])).toBe('bad_input');
  expect(await refused('b.mp4', { width: 161 }, [0])).toBe('bad_input');
  expect(await refused('c.mp4', {}, [0, 40, 40])).toBe('bad_input');
  expect(await refused('d.mp4', { width: 320 }, [0])).toBe('bad_input'); // pictures of another size
  expect((await readdir(folder)).filter((name) => /^[abcd]\./.test(name))).toEqual([]);
});

describe('import', () => {
  function listen(signal = new AbortController().signal) {
    const items: ImportedVideo[] = [];
    const context: TaskContext = {
      signal,
      send: (message) => message.type === 'imported' && items.push(message.item),
      progress: () => undefined,
    };
    return { context, items };
  }
  const filesOf = (...names: string[]) => names.map((name) => ({ path: at(name), relPath: name }));

  test('one bad file never stops the rest', async () => {
    const { context, items } = listen();
    const files = filesOf(
      'empty.mp4',
      'gone.mp4',
      'letter.mp4',
      'whole.mp4',
      'cut.mp4',
      'headless.mp4',
      'whole.avi',
    );
    await runImport({ kind: 'import', artifacts: at('artifacts'), files }, context);
    expect(items.map(({ relPath, state }) => [relPath, state])).toEqual([
      ['empty.mp4', 'damaged'],
      ['gone.mp4', 'damaged'],
      ['letter.mp4', 'unsupported'],
      ['whole.mp4', 'ready'],
      ['cut.mp4', 'damaged'],
      ['headless.mp4', 'damaged'],
      ['whole.avi', 'ready'],
    ]);
    for (const { state, problem, relPath, frames, frameTable } of items) {
      expect(problem === null).toBe(state === 'ready');
      expect(problem ?? relPath).toContain(relPath);
      expect(frameTable === null).toBe(frames === 0);
    }
  });

  test('cancelling keeps what was done and ends with `cancelled`', async () => {
    const abort = new AbortController();
    const { context, items } = listen(abort.signal);
    const send = context.send;
    context.send = (message) => {
      send(message);
      abort.abort();
    };
    const files = filesOf('whole.mp4', 'whole.avi');
    const error = await runImport({ kind: 'import', artifacts: at('cancelled'), files }, context).catch(
      toErrorData,
    );
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(items.map(({ relPath }) => relPath)).toEqual(['whole.mp4']);
  });

  test('artifacts that cannot be written end the task instead of blaming each video', async () => {
    await mkdir(at('locked'), { recursive: true });
    await writeFile(at('locked/artifacts'), 'a file where a folder should be');
    const { context, items } = listen();
    const task = { kind: 'import' as const, artifacts: at('locked/artifacts'), files: filesOf('whole.mp4') };
    await expect(runImport(task, context)).rejects.toThrow();
    expect(items).toEqual([]);
  });

  test('a video that is cut while others are imported is described as it is when its turn comes', async () => {
    await encode('shrinking.mp4');
    const { context, items } = listen();
    const send = context.send;
    context.send = (message) => {
      send(message);
      if (items.length === 1) truncateSync(at('shrinking.mp4'), 3000);
    };
    await runImport(
      { kind: 'import', artifacts: at('artifacts'), files: filesOf('whole.mp4', 'shrinking.mp4') },
      context,
    );
    expect(items.map(({ state }) => state)).toEqual(['ready', 'damaged']);
  });
});
