// What a page may do, as tables with "no" as the default.
// Role: window preferences, permissions, navigation, links, network, who may call main. Limits: the Content-Security-
// Policy is in electron/api/security.ts, because the server sends the same one.
import type { IpcMainEvent, IpcMainInvokeEvent, Session, WebContents, WebPreferences } from 'electron';

/** Scheme and host of the one page there is. */
export const SCHEME = 'app';
export const ORIGIN = 'app://studio';

export const SCHEME_PRIVILEGES = {
  standard: true,
  secure: true,
  supportFetchAPI: true,
  stream: true,
  codeCache: true,
} as const;

/** Preferences of every window; `preload` is added by the window. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  disableDialogs: true,
  // Its dictionaries would be downloaded.
  spellcheck: false,
} as const satisfies WebPreferences;

/** All that is granted. Everything else, also what future versions invent, is denied. */
export const PERMISSIONS: ReadonlySet<string> = new Set(['fullscreen', 'clipboard-sanitized-write']);

/** Schemes a request may have: our own, what lives in memory, and the developer tools. */
export const LOCAL_SCHEMES: ReadonlySet<string> = new Set([`${SCHEME}:`, 'blob:', 'data:', 'devtools:']);

/** Hosts whose pages may be opened in the user's browser. Help links point nowhere else. */
export const HELP_HOSTS: ReadonlySet<string> = new Set([
  'arxiv.org',
  'doi.org',
  'www.electronjs.org',
  'ffmpeg.org',
  'www.gnu.org',
]);

function parsed(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

/** Whether a URL is our page or a resource of it; compares parts, never text. */
export function isOwnUrl(url: string): boolean {
  const at = parsed(url);
  return (
    at !== null &&
    at.protocol === `${SCHEME}:` &&
    at.host === 'studio' &&
    at.username === '' &&
    at.password === ''
  );
}

/** Whether a URL is the page itself: a reload, or a jump within it. */
export function isPage(url: string): boolean {
  return isOwnUrl(url) && new URL(url).pathname === '/';
}

/** The URL to hand to the system's browser, null when it may not be. */
export function helpUrl(url: string): string | null {
  const at = parsed(url);
  if (at?.protocol !== 'https:' || at.port !== '' || at.username !== '' || at.password !== '') return null;
  return HELP_HOSTS.has(at.hostname) ? at.href : null;
}

/** Whether a request of a page may be made at all. */
export function isLocalRequest(url: string): boolean {
  const at = parsed(url);
  return at !== null && LOCAL_SCHEMES.has(at.protocol);
}

/**
 * Denies permissions, devices, screen capture and every request that would leave the machine.
 * @param onBlocked called with the address of a request that was not let out
 */
export function lockSession(session: Session, onBlocked: (url: string) => void = () => {}): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(PERMISSIONS.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => PERMISSIONS.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !isLocalRequest(details.url);
    if (cancel) onBlocked(details.url);
    answer({ cancel });
  });
  // What the page made itself (its keys as a file) is saved where the person says; nothing is fetched to be saved.
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith('blob:')) event.preventDefault();
  });
}

/** Keeps a page where it is: no navigation, no windows, no webviews; help links go to the system's browser. */
export function lockContents(contents: WebContents, openExternal: (url: string) => void): void {
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const help = helpUrl(url);
    if (help) openExternal(help);
    return { action: 'deny' };
  });
}

/** Whether a message comes from the main frame of one of our windows, still on our page. */
export function isTrusted(
  event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame' | 'sender'>,
  isOurs: (contents: WebContents) => boolean,
): boolean {
  const { senderFrame, sender } = event;
  // A frame that navigated or went away since it sent the message is null.
  return (
    senderFrame !== null && senderFrame.parent === null && senderFrame.origin === ORIGIN && isOurs(sender)
  );
}
