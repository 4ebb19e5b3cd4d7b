// The bridge: all that a page under Electron can do beyond a page in a browser.
// Role: a port to the engine and five named calls. Limits: nothing raw (no ipcRenderer, no event objects, no paths); a
// sandboxed preload is one CommonJS file, so it imports constants only.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CHANNELS, type Purpose, type ThemeChoice } from '../../shared/bridge.ts';

type MessageListener = (event: { data: unknown }) => void;
/** What is used of the page's MessagePort. */
interface RawPort {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: MessageListener): void;
  start(): void;
  close(): void;
}

/** A MessagePort as functions: ports themselves do not pass the context bridge. */
function portForPage(port: RawPort) {
  return {
    postMessage: (message: unknown) => port.postMessage(message),
    addEventListener: (type: 'message' | 'close', listener: MessageListener | (() => void)) => {
      if (type === 'message')
        port.addEventListener('message', ({ data }) => (listener as MessageListener)({ data }));
      else port.addEventListener('close', () => (listener as () => void)());
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}
type PortForPage = ReturnType<typeof portForPage>;

let listener: ((port: PortForPage) => void) | null = null;
/** The newest port, as long as nobody has taken it. */
let untaken: RawPort | null = null;

ipcRenderer.on(CHANNELS.port, ({ ports: [port] }) => {
  if (listener) listener(portForPage(port));
  else untaken = port;
});
ipcRenderer.send(CHANNELS.port, null);

contextBridge.exposeInMainWorld('zerolabel', {
  /** The listener gets a port now or as soon as there is one, and a new one after each restart of the engine. */
  onPort(given: (port: PortForPage) => void): void {
    listener = given;
    if (untaken) given(portForPage(untaken));
    untaken = null;
  },
  chooseFolder: (purpose: Purpose) => ipcRenderer.invoke(CHANNELS.chooseFolder, purpose),
  chooseFiles: (purpose: Purpose) => ipcRenderer.invoke(CHANNELS.chooseFiles, purpose),
  /** Null for something that is no file of this machine, for example a picture dragged from a web page. */
  grantDropped: (file: File) => ipcRenderer.invoke(CHANNELS.grantDropped, webUtils.getPathForFile(file)),
  /** `project`, `exports` or `video/<id>`. */
  reveal: (id: string): void => ipcRenderer.send(CHANNELS.reveal, id),
  setTheme: (choice: ThemeChoice): void => ipcRenderer.send(CHANNELS.theme, choice),
});
