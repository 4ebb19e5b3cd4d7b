// Finds the Chromium that end-to-end specs run in, or installs it where that is allowed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

export interface Browser {
  path: string;
  /** Whether it decodes H.264; Playwright's own Chromium does not, and specs that play video are skipped there. */
  h264: boolean;
}

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const ADVICE =
  'No browser for the end-to-end tests: install Chromium or Chrome (Debian: apt-get install chromium), or set ZEROLABEL_CHROMIUM to the path of one.';

/** @returns the browser, or a sentence that says what to do. */
export function findBrowser(): Browser | string {
  const given = process.env.ZEROLABEL_CHROMIUM;
  if (given)
    return existsSync(given)
      ? { path: given, h264: true }
      : `ZEROLABEL_CHROMIUM names ${given}, which does not exist.`;
  const system = () => SYSTEM.find((path) => existsSync(path));
  const found = system();
  if (found) return { path: found, h264: true };
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.error('Installing Chromium with apt-get for the end-to-end tests ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-q'], { stdio: ['ignore', 2, 2], env });
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 2, 2],
      env,
    });
    const installed = system();
    if (installed) return { path: installed, h264: true };
  }
  const own = chromium.executablePath();
  if (existsSync(own)) return { path: own, h264: false };
  try {
    console.error("Installing Playwright's own Chromium for the end-to-end tests ...");
    execFileSync(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'], {
      stdio: ['ignore', 2, 2],
    });
  } catch {
    return ADVICE;
  }
  return existsSync(own) ? { path: own, h264: false } : ADVICE;
}
