// The built engine and trainer as Electron runs them, under main's own supervisor and scheme handler. Worker threads stand
// in for utility processes: they have the same shape (a parent port that carries ports) and run the same bundles.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtFile } from '../../electron/hosts/fork.ts';
import { pageFiles, pageHandler } from '../../electron/main/protocol.ts';
import { type EngineState, superviseEngine } from '../../electron/main/supervise.ts';
import { encodeVideo } from '../../electron/media/encode.ts';
import { burnCounter } from '../../electron/samples/overlay.ts';
import { createPortClient, type Port } from '../../renderer/platform/port-client.ts';
import type { EventPayload } from '../../shared/contract/index.ts';
import { workerForks } from '../packaging/worker-fork.ts';
import { REMOVE } from '../remove.ts';

const folder = mkdtempSync(join(tmpdir(), 'electron-'));
const { fork, started: workers } = workerForks(dirname(builtFile('hosts/engine.js')), join(folder, 'data'));
const states: EngineState[] = [];
let changed: () => void = () => {};
const engine = superviseEngine<MessagePort>({
  fork,
  channel: () => new MessageChannel(),
  onState: (state) => {
    states.push(state);
    changed();
  },
});
const until = (kind: EngineState['kind']) =>
  new Promise<void>((resolve, reject) => {
    changed = () => {
      const state = engine.state();
      if (state.kind === kind) resolve();
      else if (state.kind === 'failed') reject(new Error(state.reason));
    };
    changed();
  });

/** As main does: a new port for the page whenever the engine runs. */
let give: (port: Port) => void = () => {};
const client = createPortClient((listener) => {
  give = listener;
});
function connect(): void {
  const { port1, port2 } = new MessageChannel();
  engine.connect(port1);
  give(port2 as unknown as Port);
}

beforeAll(async () => {
  engine.start();
  await until('running');
  connect();
});
afterAll(async () => {
  client.close();
  await engine.stop();
  await Promise.all(workers.map(({ worker }) => worker.terminate()));
  rmSync(folder, REMOVE);
});

test('a page creates a project and imports a video: dialog, grant, job, trainer, media by URL', async () => {
  const path = join(folder, 'clip.mp4');
  const picture = new Uint8Array(640 * 360 * 3).fill(90);
  await encodeVideo(
    path,
    { width: 640, height: 360, codec: 'h264', fps: 25 },
    Array.from({ length: 40 }, (_, k) => {
      const data = picture.slice();
      burnCounter(data, k);
      return { timeMs: 40 * k, data };
    }),
  );
  const parent = await engine.grant(folder);
  await client.call('projects.create', { grant: parent.grant, name: 'first' });
  const done = new Promise<EventPayload<'job.changed'>>((resolve) => {
    client.on('job.changed', (job) => {
      if (job.kind === 'import' && !['queued', 'running'].includes(job.state)) resolve(job);
    });
  });
  const video = await engine.grant(path);
  await client.call('videos.import', { grants: [video.grant] });
  expect(await done).toMatchObject({ state: 'done', error: null });
  expect(workers.filter(({ entry }) => entry === 'trainer')).toHaveLength(1);
  const [row] = await client.call('videos.list', {});
  expect(row).toMatchObject({ frames: 40, state: 'ready' });

  const handler = pageHandler(await pageFiles(folder), engine.resource);
  const media = await handler(
    new Request(`app://studio/media/${row.id}`, { headers: { range: 'bytes=0-99' } }),
  );
  expect(media.status).toBe(206);
  expect((await media.arrayBuffer()).byteLength).toBe(100);
  const table = await handler(new Request(`app://studio/frames/${row.id}`));
  expect(table.status).toBe(200);
  expect((await handler(new Request('app://studio/media/999'))).status).toBe(404);
  expect(await engine.pathOf('video', row.id)).toBe(path);
  expect(await engine.pathOf('exports', null)).toBe(join(folder, 'first', 'exports'));
});

test('an engine that dies comes back, and the page goes on over a new port with the same project', async () => {
  const { worker } = workers.filter(({ entry }) => entry === 'engine')[0];
  await worker.terminate();
  await until('waiting');
  await until('running');
  connect();
  await engine.open(join(folder, 'first'));
  expect(await client.call('projects.current', {})).toMatchObject({ name: 'first', videos: 1 });
  await expect(engine.open(join(folder, 'missing'))).rejects.toMatchObject({
    code: expect.stringMatching(/not_found|foreign/),
  });
});
