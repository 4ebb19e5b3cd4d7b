// Entry of the desktop app.
// Role: order of start-up and shut-down; the only file that touches Electron's objects by itself. Limits: no SQL, no
// computing, no reading of videos: the engine's process and its trainers do that.
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from 'electron';
import { CHANNELS, type ThemeChoice } from '../../shared/bridge.ts';
import { toErrorData } from '../../shared/errors.ts';
import { projectArgument } from './arguments.ts';
import { registerCalls } from './calls.ts';
import { forkFrom } from './fork.ts';
import { menuTemplate } from './menu.ts';
import { pageFiles, pageHandler } from './protocol.ts';
import { lockContents, lockSession, ORIGIN, SCHEME, SCHEME_PRIVILEGES, WEB_PREFERENCES } from './security.ts';
import { type EngineState, superviseEngine } from './supervise.ts';
import { boundsFor, readWindowState, SMALLEST, writeWindowState } from './window-state.ts';

const OUT = join(import.meta.dirname, '..');
const PRELOAD = join(OUT, 'preload', 'preload.cjs');
/** Colours of the title bar by theme, as in the page's tokens: behind the window buttons and of their signs. */
const TITLE_BAR = {
  dark: { color: '#101113', symbolColor: '#b7bbc0' },
  light: { color: '#eeeff1', symbolColor: '#454950' },
};
const TITLE_BAR_HEIGHT = 39;

let window: BrowserWindow | null = null;
let leaving = false;
/** Pages that asked for a port while the engine was not there. */
const waiting = new Set<WebContents>();

const engine = superviseEngine<MessagePortMain>({
  fork: forkFrom(
    (...args) => utilityProcess.fork(...args),
    join(OUT, 'hosts'),
    () => app.getPath('userData'),
  ),
  channel: () => new MessageChannelMain(),
  onState: engineChanged,
});

/** Pages that have had a port, and need a new one when the engine is started again. */
const connected = new WeakSet<WebContents>();

function engineChanged(state: EngineState): void {
  if (state.kind === 'running') {
    const pages = new Set(waiting);
    if (window && connected.has(window.webContents)) pages.add(window.webContents);
    for (const page of pages) givePort(page);
  } else if (state.kind === 'failed') void askWhatNow(state.reason);
}

function givePort(contents: WebContents): void {
  if (contents.isDestroyed()) return;
  if (engine.state().kind !== 'running') {
    waiting.add(contents);
    return;
  }
  waiting.delete(contents);
  connected.add(contents);
  const { port1, port2 } = new MessageChannelMain();
  engine.connect(port1);
  contents.postMessage(CHANNELS.port, null, [port2]);
}

async function askWhatNow(reason: string): Promise<void> {
  if (leaving) return;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The engine of Zerolabel does not keep running.',
    detail: `Projects are not touched by this.\n\nLast time ${reason.slice(0, 1500)}`,
    buttons: ['Try again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) engine.start();
  else app.quit();
}

function setTheme(choice: ThemeChoice): void {
  nativeTheme.themeSource = choice;
  colourTitleBar();
}

/** The system draws the window buttons; on macOS it chooses their colours too. */
function colourTitleBar(): void {
  if (process.platform !== 'darwin')
    window?.setTitleBarOverlay({ ...titleBarColours(), height: TITLE_BAR_HEIGHT });
}

function titleBarColours(): (typeof TITLE_BAR)['dark'] {
  return nativeTheme.shouldUseDarkColors ? TITLE_BAR.dark : TITLE_BAR.light;
}

async function openWindow(): Promise<void> {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const state = await readWindowState(stateFile);
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id);
  const opened = new BrowserWindow({
    ...boundsFor(
      state,
      [main, ...others].map((display) => display.workArea),
    ),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    backgroundColor: titleBarColours().color,
    titleBarStyle: 'hidden',
    titleBarOverlay: { ...titleBarColours(), height: TITLE_BAR_HEIGHT },
    autoHideMenuBar: true,
    webPreferences: { ...WEB_PREFERENCES, preload: PRELOAD },
  });
  window = opened;
  if (state?.maximized) opened.maximize();
  opened.once('ready-to-show', () => opened.show());
  opened.on('close', () => {
    const left = { bounds: opened.getNormalBounds(), maximized: opened.isMaximized() };
    // A place that cannot be remembered is not worth a message.
    writeWindowState(stateFile, left).catch(() => {});
  });
  opened.on('closed', () => {
    window = null;
  });
  let reloads = 0;
  opened.webContents.on('render-process-gone', (_event, { reason }) => {
    // The page keeps nothing that the engine does not have; show it again, but not for ever.
    if (reason !== 'clean-exit' && !leaving && reloads++ < 3) opened.reload();
  });
  await opened.loadURL(`${ORIGIN}/`);
}

async function main(): Promise<void> {
  lockSession(session.defaultSession, (url) => engine.happened('blocked', url));
  const files = await pageFiles(join(OUT, 'renderer'));
  protocol.handle(SCHEME, pageHandler(files, engine.resource));
  protocol.handle('file', () => new Response('Forbidden', { status: 403 }));
  registerCalls(ipcMain, {
    isOurs: (contents) => contents === window?.webContents,
    chooser: (contents) => ({
      show: async (options) => {
        const owner = BrowserWindow.fromWebContents(contents);
        const { filePaths } = await (owner
          ? dialog.showOpenDialog(owner, options)
          : dialog.showOpenDialog(options));
        return filePaths;
      },
      grant: engine.grant,
    }),
    pathOf: engine.pathOf,
    showInFolder: (path) => shell.showItemInFolder(path),
    setTheme,
    wantsPort: givePort,
  });
  nativeTheme.on('updated', colourTitleBar);
  const developing = !app.isPackaged;
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ platform: process.platform, developing, name: app.name })),
  );
  app.setAboutPanelOptions({
    applicationName: 'Zerolabel',
    applicationVersion: app.getVersion(),
    copyright: 'GPL-3.0-or-later. Contains FFmpeg in a build under the GPL, version 3; see NOTICE.',
  });
  engine.start();
  const project = projectArgument(process.argv, app.isPackaged);
  // The page asks for the project that is open, so the order of the two does not matter.
  if (project !== null) {
    engine
      .open(project)
      .catch((error: unknown) =>
        dialog.showErrorBox('The project cannot be opened', toErrorData(error).message),
      );
  }
  await openWindow();
}

// Has to come before the app is ready, once.
protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: SCHEME_PRIVILEGES }]);
app.enableSandbox();
app.setName('Zerolabel');

if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('web-contents-created', (_event, contents) => {
    lockContents(contents, (url) => {
      engine.happened('asked', url);
      void shell.openExternal(url);
    });
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (leaving) return;
    leaving = true;
    event.preventDefault();
    // Only once the engine has closed the project.
    engine.stop().finally(() => app.quit());
  });
  app
    .whenReady()
    .then(main)
    .catch((error: unknown) => {
      dialog.showErrorBox('Zerolabel cannot start', toErrorData(error).message);
      app.exit(1);
    });
}
