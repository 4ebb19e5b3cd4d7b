import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterAll, describe, expect, test } from 'vitest';
import { projectArgument } from '../../../electron/main/arguments.ts';
import { menuTemplate } from '../../../electron/main/menu.ts';
import {
  boundsFor,
  readWindowState,
  SMALLEST,
  writeWindowState,
} from '../../../electron/main/window-state.ts';

describe('the place of the window', () => {
  const folder = mkdtempSync(join(tmpdir(), 'window-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const main = { x: 0, y: 25, width: 1920, height: 1055 };
  const second = { x: 1920, y: 0, width: 1280, height: 1024 };
  const at = (x: number, y: number, width = 1300, height = 800) => ({
    bounds: { x, y, width, height },
    maximized: false,
  });

  test('is remembered', async () => {
    const file = join(folder, 'window.json');
    expect(await readWindowState(file)).toBe(null);
    await writeWindowState(file, at(10, 40));
    expect(await readWindowState(file)).toEqual(at(10, 40));
    for (const bad of ['{', '{"bounds":{"x":"a"}}', '[]']) {
      writeFileSync(file, bad);
      expect(await readWindowState(file)).toBe(null);
    }
  });

  test('is taken back while it can be reached', () => {
    expect(boundsFor(at(2000, 10), [main, second])).toEqual(at(2000, 10).bounds);
    expect(boundsFor(at(100, 100, 300, 200), [main])).toEqual({ x: 100, y: 100, ...SMALLEST });
  });

  test('is the middle of the first screen when the other is gone, or there is no memory', () => {
    const middle = { x: 240, y: 103, width: 1440, height: 900 };
    expect(boundsFor(at(2000, 10), [main])).toEqual(middle);
    expect(boundsFor(at(100, -500), [main])).toEqual(middle);
    expect(boundsFor(null, [main])).toEqual(middle);
    const small = { x: 0, y: 0, width: 1200, height: 700 };
    expect(boundsFor(null, [small])).toEqual(small);
  });
});

describe('the menu', () => {
  const roles = (items: MenuItemConstructorOptions[]): string[] =>
    items.flatMap((item) => [
      ...(item.role ? [item.role] : []),
      ...(Array.isArray(item.submenu) ? roles(item.submenu) : []),
    ]);

  test('leaves undo and redo to the page on every system', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const all = roles(menuTemplate({ platform, developing: false, name: 'Zerolabel' }));
      expect(all).not.toContain('undo');
      expect(all).not.toContain('redo');
      expect(all).toContain('quit');
      expect(all).toContain('about');
      expect(all.some((role) => ['reload', 'forceReload', 'toggleDevTools'].includes(role))).toBe(false);
    }
  });

  test('has developer tools in a source checkout', () => {
    expect(roles(menuTemplate({ platform: 'linux', developing: true, name: 'Zerolabel' }))).toContain(
      'toggleDevTools',
    );
  });
});

test('the project is the first argument that is no switch', () => {
  expect(projectArgument(['electron', '.', '--no-sandbox', 'work/a'], false)).toBe(resolve('work/a'));
  expect(projectArgument(['/opt/zerolabel', '/data/b', '/data/c'], true)).toBe('/data/b');
  expect(projectArgument(['/opt/zerolabel'], true)).toBe(null);
  expect(projectArgument(['electron', '.'], false)).toBe(null);
});
