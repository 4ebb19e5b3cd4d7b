import { EventEmitter } from 'node:events';
import type { Session, WebContents, WebFrameMain } from 'electron';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../../electron/api/security.ts';
import {
  helpUrl,
  isLocalRequest,
  isOwnUrl,
  isPage,
  isTrusted,
  lockContents,
  lockSession,
  ORIGIN,
  SCHEME_PRIVILEGES,
  WEB_PREFERENCES,
} from '../../../electron/main/security.ts';

describe('what a window may do', () => {
  test('is sandboxed, isolated and without Node', () => {
    expect(WEB_PREFERENCES).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
    expect(WEB_PREFERENCES).not.toHaveProperty('webSecurity');
    expect(WEB_PREFERENCES).not.toHaveProperty('enableBlinkFeatures');
  });

  test('the scheme is standard and secure and cannot get round the policy', () => {
    expect(SCHEME_PRIVILEGES).toEqual({
      standard: true,
      secure: true,
      supportFetchAPI: true,
      stream: true,
      codeCache: true,
    });
  });

  test('the policy names nothing from outside and no inline script', () => {
    const rules = new Map(
      CONTENT_SECURITY_POLICY.split('; ').map((rule) => {
        const [name, ...sources] = rule.split(' ');
        return [name, sources] as const;
      }),
    );
    expect(rules.get('default-src')).toEqual(["'none'"]);
    expect(rules.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(rules.get('frame-ancestors')).toEqual(["'none'"]);
    const allowed = new Set(["'none'", "'self'", "'wasm-unsafe-eval'", 'data:', 'blob:']);
    for (const sources of rules.values()) for (const source of sources) expect(allowed).toContain(source);
  });
});

describe('URLs', () => {
  test.each([
    'https://example.invalid/?next=app://studio/',
    'app://studio.example.invalid/',
    'app://studio@example.invalid/',
    'app://user@studio/',
    'app://other/',
    'app:studio',
    'file:///etc/passwd',
    'http://studio/',
    'javascript:alert(1)',
    '',
  ])('%s is not ours', (url) => {
    expect(isOwnUrl(url)).toBe(false);
    expect(isPage(url)).toBe(false);
  });

  test('the page, and jumps in it, are ours; a resource is ours but not a page', () => {
    for (const url of ['app://studio/', 'app://studio/#/videos/3', 'app://studio/?x'])
      expect(isPage(url)).toBe(true);
    expect(isOwnUrl('app://studio/media/1')).toBe(true);
    expect(isPage('app://studio/media/1')).toBe(false);
  });

  test('links open only on the listed hosts, by https, as they are', () => {
    expect(helpUrl('https://arxiv.org/abs/2203.03962')).toBe('https://arxiv.org/abs/2203.03962');
    for (const url of [
      'http://arxiv.org/',
      'https://arxiv.org.example.invalid/',
      'https://example.invalid/arxiv.org',
      'https://arxiv.org@example.invalid/',
      'https://user:word@arxiv.org/',
      'https://arxiv.org:8443/',
      'file:///usr/bin/true',
      'smb://arxiv.org/share',
      'nonsense',
    ])
      expect(helpUrl(url)).toBe(null);
  });

  test('no request leaves the machine', () => {
    for (const url of ['app://studio/x', 'blob:app://studio/1', 'data:text/plain,a', 'devtools://devtools/x'])
      expect(isLocalRequest(url)).toBe(true);
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https', 'ftp', 'ws', 'wss'] }), (url) => {
        expect(isLocalRequest(url)).toBe(false);
        expect(isOwnUrl(url)).toBe(false);
      }),
    );
    expect(isLocalRequest('file:///etc/passwd')).toBe(false);
  });
});

describe('a locked session', () => {
  type Handler = (...args: unknown[]) => unknown;
  function locked() {
    const handlers = new Map<string, Handler>();
    const keep = (name: string) => (handler: Handler) => void handlers.set(name, handler);
    const events = new EventEmitter();
    const session = Object.assign(events, {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('display'),
      webRequest: { onBeforeRequest: keep('web') },
    });
    lockSession(session as unknown as Session);
    return { call: (name: string, ...args: unknown[]) => handlers.get(name)?.(...args), events };
  }

  test('grants full screen and copying, nothing else', () => {
    const { call } = locked();
    const asked = (permission: string) => {
      let answer: unknown;
      call('request', null, permission, (given: unknown) => {
        answer = given;
      });
      expect(call('check', null, permission)).toBe(answer);
      return answer;
    };
    const all = [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'clipboard-read',
      'openExternal',
      'hid',
      'serial',
      'usb',
      'fileSystem',
      'unknown',
      'fullscreen',
      'clipboard-sanitized-write',
    ];
    expect(all.filter(asked)).toEqual(['fullscreen', 'clipboard-sanitized-write']);
    expect(call('device', {})).toBe(false);
    let shared: unknown;
    call('display', {}, (streams: unknown) => {
      shared = streams;
    });
    expect(shared).toEqual({});
  });

  test('cancels requests to the network and downloads', () => {
    const { call, events } = locked();
    const cancelled = (url: string) => {
      let answer: unknown;
      call('web', { url }, (given: unknown) => {
        answer = given;
      });
      return answer;
    };
    expect(cancelled('https://example.invalid/')).toEqual({ cancel: true });
    expect(cancelled('app://studio/')).toEqual({ cancel: false });
    const isPrevented = (url: string) => {
      let prevented = false;
      const preventDefault = () => {
        prevented = true;
      };
      events.emit('will-download', { preventDefault }, { getURL: () => url });
      return prevented;
    };
    expect(isPrevented('https://example.invalid/model.onnx')).toBe(true);
    expect(isPrevented('app://studio/media/3')).toBe(true);
    expect(isPrevented('blob:app://studio/8a4c')).toBe(false); // what the page made itself
  });
});

describe('locked contents', () => {
  function locked() {
    const contents = new EventEmitter();
    const opened: string[] = [];
    let open: (details: { url: string }) => unknown = () => null;
    Object.assign(contents, {
      setWindowOpenHandler: (handler: typeof open) => {
        open = handler;
      },
    });
    lockContents(contents as unknown as WebContents, (url) => opened.push(url));
    const prevents = (name: string, url: string) => {
      let prevented = false;
      contents.emit(name, {
        url,
        preventDefault: () => {
          prevented = true;
        },
      });
      return prevented;
    };
    return { prevents, open: (url: string) => open({ url }), opened };
  }

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s stays on the page', (name) => {
    const { prevents } = locked();
    expect(prevents(name, `${ORIGIN}/#/runs`)).toBe(false);
    for (const url of [
      `${ORIGIN}/media/1`,
      'https://example.invalid/',
      'file:///etc/passwd',
      'data:text/html,x',
    ])
      expect(prevents(name, url)).toBe(true);
  });

  test('no webview and no window; a help link goes to the browser', () => {
    const { prevents, open, opened } = locked();
    expect(prevents('will-attach-webview', 'app://studio/')).toBe(true);
    for (const url of ['https://example.invalid/', `${ORIGIN}/`, 'https://doi.org/10.1/1'])
      expect(open(url)).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://doi.org/10.1/1']);
  });
});

describe('the sender of a message', () => {
  const ours = {} as WebContents;
  const frame = (origin: string, parent: unknown = null) => ({ origin, parent }) as unknown as WebFrameMain;
  const trusted = (senderFrame: WebFrameMain | null, sender: WebContents = ours) =>
    isTrusted({ senderFrame, sender }, (contents) => contents === ours);

  test('is the main frame of our window on our page', () => {
    expect(trusted(frame(ORIGIN))).toBe(true);
    expect(trusted(null)).toBe(false);
    expect(trusted(frame('https://example.invalid'))).toBe(false);
    expect(trusted(frame('null'))).toBe(false);
    expect(trusted(frame(ORIGIN, frame(ORIGIN)))).toBe(false);
    expect(trusted(frame(ORIGIN), {} as WebContents)).toBe(false);
  });
});
