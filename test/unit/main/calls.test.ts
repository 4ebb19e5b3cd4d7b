import type { IpcMain, OpenDialogOptions, WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { registerCalls } from '../../../electron/main/calls.ts';
import { dialogFor } from '../../../electron/main/dialogs.ts';
import { CHANNELS, PURPOSES } from '../../../shared/bridge.ts';

type Listener = (event: unknown, input?: unknown) => unknown;
const handlers = new Map<string, Listener>();
const ipc = {
  handle: (channel: string, listener: Listener) => void handlers.set(channel, listener),
  on: (channel: string, listener: Listener) => void handlers.set(channel, listener),
} as unknown as IpcMain;

const page = { id: 1 } as WebContents;
const from = (sender: WebContents, origin = 'app://studio') => ({
  sender,
  senderFrame: { origin, parent: null },
});
let chosen: string[];
let shown: OpenDialogOptions[];
let log: unknown[];
const complaints: unknown[] = [];
afterEach(() => {
  vi.restoreAllMocks();
});
beforeEach(() => {
  complaints.length = 0;
  vi.spyOn(console, 'error').mockImplementation((line) => complaints.push(line));
  chosen = [];
  shown = [];
  log = [];
  handlers.clear();
  registerCalls(ipc, {
    isOurs: (contents) => contents === page,
    chooser: () => ({
      show: async (options) => {
        shown.push(options);
        return chosen;
      },
      grant: async (path) => ({ grant: `grant of ${path}`, name: path.slice(1) }),
    }),
    pathOf: async (target, of) => (target === 'exports' ? null : `/${target}/${of}`),
    showInFolder: (path) => log.push(path),
    setTheme: (choice) => log.push(choice),
    wantsPort: (contents) => log.push(contents),
  });
});
const call = (channel: string, input: unknown, event: unknown = from(page)) =>
  Promise.resolve(handlers.get(channel)?.(event, input));

describe('calls of a page', () => {
  test('are exactly the listed ones', () => {
    expect([...handlers.keys()].sort()).toEqual(Object.values(CHANNELS).sort());
  });

  test('choosing gives grants, never paths', async () => {
    chosen = ['/a.mp4', '/b.mp4'];
    expect(await call(CHANNELS.chooseFiles, 'videos')).toEqual([
      { grant: 'grant of /a.mp4', name: 'a.mp4' },
      { grant: 'grant of /b.mp4', name: 'b.mp4' },
    ]);
    expect(await call(CHANNELS.chooseFolder, 'project')).toEqual({ grant: 'grant of /a.mp4', name: 'a.mp4' });
    chosen = [];
    expect(await call(CHANNELS.chooseFolder, 'project')).toBe(null);
    expect(await call(CHANNELS.chooseFiles, 'videos')).toEqual([]);
    expect(shown.map((options) => options.properties?.[0])).toEqual([
      'openFile',
      'openDirectory',
      'openDirectory',
      'openFile',
    ]);
  });

  test('a drop of something that is no file is null', async () => {
    expect(await call(CHANNELS.grantDropped, '')).toBe(null);
    expect(await call(CHANNELS.grantDropped, '/c.mkv')).toEqual({ grant: 'grant of /c.mkv', name: 'c.mkv' });
  });

  test('show in folder takes ids only', async () => {
    await call(CHANNELS.reveal, 'video/12');
    await call(CHANNELS.reveal, 'project');
    await call(CHANNELS.reveal, 'exports');
    for (const bad of ['/etc/passwd', 'video/../1', 'video/1x', 'video/', 3, null])
      await call(CHANNELS.reveal, bad);
    expect(log).toEqual(['/video/12', '/project/null']);
    expect(complaints).toHaveLength(6);
  });

  test('a page asks for its port and sets the theme', async () => {
    await call(CHANNELS.port, null);
    await call(CHANNELS.theme, 'dark');
    await call(CHANNELS.theme, 'pink');
    expect(log).toEqual([page, 'dark']);
  });

  test('are refused from elsewhere, and with what does not fit', async () => {
    chosen = ['/a.mp4'];
    const strangers = [
      from({} as WebContents),
      from(page, 'https://example.invalid'),
      { sender: page, senderFrame: null },
    ];
    for (const event of strangers) {
      await expect(call(CHANNELS.chooseFiles, 'videos', event)).rejects.toThrow(/not for this page/);
      await call(CHANNELS.reveal, 'project', event);
      await call(CHANNELS.port, null, event);
    }
    await expect(call(CHANNELS.chooseFiles, 'passwords')).rejects.toThrow();
    await expect(call(CHANNELS.grantDropped, { path: '/x' })).rejects.toThrow();
    expect([...shown, ...log]).toEqual([]);
  });
});

describe('dialogs', () => {
  test('have a title for every purpose, and may create folders only where one writes', () => {
    for (const purpose of PURPOSES) {
      const folder = dialogFor(purpose, 'folder');
      expect(folder.title).toMatch(/\w/);
      expect(folder.properties?.includes('createDirectory')).toBe(
        purpose === 'export' || purpose === 'project-parent',
      );
      expect(dialogFor(purpose, 'files').title).toMatch(/\w/);
    }
  });

  test('offer videos by extension without dots, and always all files', () => {
    const filters = dialogFor('videos', 'files').filters ?? [];
    expect(filters[0].extensions).toContain('avi');
    expect(filters[0].extensions.some((extension) => extension.startsWith('.'))).toBe(false);
    expect(filters[1].extensions).toEqual(['*']);
  });
});
