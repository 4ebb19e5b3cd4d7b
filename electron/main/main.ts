// The desktop shell's entry: opens one window on the built page.
// Role: start of Electron's main process. Limits: no project work happens here.
import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

app.enableSandbox();

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false },
  });
  void window.loadFile(join(import.meta.dirname, '../renderer/index.html'));
});

app.on('window-all-closed', () => app.quit());
