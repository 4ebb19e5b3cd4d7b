// The bridge as the page sees it, with Electron's own modules replaced.
import { MessageChannel } from 'node:worker_threads';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Bridge } from '../../../renderer/platform/bridge.ts';
import { createPortClient } from '../../../renderer/platform/port-client.ts';
import { CHANNELS } from '../../../shared/bridge.ts';

const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  sent: [] as unknown[][],
  listeners: new Map<string, (event: { ports: unknown[] }) => void>(),
}));
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: unknown) => electron.exposed.set(name, api) },
  ipcRenderer: {
    on: (channel: string, listener: (event: { ports: unknown[] }) => void) =>
      electron.listeners.set(channel, listener),
    send: (...args: unknown[]) => void electron.sent.push(args),
    invoke: async (...args: unknown[]) => {
      electron.sent.push(args);
      return null;
    },
  },
  webUtils: { getPathForFile: (file: { name: string }) => `/dropped/${file.name}` },
}));

let bridge: Bridge;
let copies = 0;
beforeEach(async () => {
  electron.exposed.clear();
  electron.sent.length = 0;
  // A fresh copy by its address: resetting all modules would load the product again for the files that follow.
  copies += 1;
  await import(/* @vite-ignore */ `../../../electron/preload/preload.ts?copy=${copies}`);
  bridge = electron.exposed.get('zerolabel') as Bridge;
});
const portArrives = () => {
  const { port1, port2 } = new MessageChannel();
  electron.listeners.get(CHANNELS.port)?.({ ports: [port2] });
  return port1;
};

test('the page gets exactly these calls and nothing raw', () => {
  expect([...electron.exposed.keys()]).toEqual(['zerolabel']);
  expect(Object.keys(bridge).sort()).toEqual([
    'chooseFiles',
    'chooseFolder',
    'grantDropped',
    'onPort',
    'reveal',
    'setTheme',
  ]);
  for (const value of Object.values(bridge)) expect(typeof value).toBe('function');
});

test('calls go out on their own channel with their input alone', async () => {
  await bridge.chooseFolder('export');
  await bridge.chooseFiles('videos');
  await bridge.grantDropped({ name: 'a.mp4' } as File);
  bridge.reveal('video/3');
  bridge.setTheme('light');
  expect(electron.sent).toEqual([
    [CHANNELS.port, null],
    [CHANNELS.chooseFolder, 'export'],
    [CHANNELS.chooseFiles, 'videos'],
    [CHANNELS.grantDropped, '/dropped/a.mp4'],
    [CHANNELS.reveal, 'video/3'],
    [CHANNELS.theme, 'light'],
  ]);
});

test('a port that was there first is handed over later, and a new one after a restart; the client works over both', async () => {
  const engines = [portArrives()];
  const client = createPortClient((listener) => bridge.onPort(listener));
  engines.push(portArrives());
  for (const engine of engines) {
    engine.on('message', ({ id }: { id: number }) =>
      engine.postMessage({ id, result: { ok: false, error: { code: 'conflict', message: 'no project' } } }),
    );
  }
  await expect(client.call('projects.current', {})).rejects.toMatchObject({
    code: 'conflict',
    message: 'no project',
  });
  const gone = new Promise<void>((resolve) => client.onConnection((state) => state === 'lost' && resolve()));
  engines[1].close();
  await gone;
  client.close();
  engines[0].close();
});
