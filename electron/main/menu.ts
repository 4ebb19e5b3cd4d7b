// The application menu.
// Role: what the system expects of a menu. Limits: no undo and redo and no single keys: those belong to the page, which
// knows what they undo; a menu shortcut would take the key away from it.
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuOptions {
  platform: NodeJS.Platform;
  /** Reload and developer tools, for a source checkout. */
  developing: boolean;
  name: string;
}

export function menuTemplate({ platform, developing, name }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac
      ? [
          {
            label: name,
            submenu: [
              { role: 'about' },
              separator,
              { role: 'hide' },
              { role: 'hideOthers' },
              separator,
              { role: 'quit' },
            ],
          } satisfies MenuItemConstructorOptions,
        ]
      : [{ label: 'File', submenu: [{ role: 'quit' }] } satisfies MenuItemConstructorOptions]),
    { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    {
      label: 'View',
      submenu: [
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        separator,
        { role: 'togglefullscreen' },
        ...(developing
          ? ([
              separator,
              { role: 'reload' },
              { role: 'toggleDevTools' },
            ] satisfies MenuItemConstructorOptions[])
          : []),
      ],
    },
    { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
    ...(mac ? [] : [{ label: 'Help', submenu: [{ role: 'about' }] } satisfies MenuItemConstructorOptions]),
  ];
}
