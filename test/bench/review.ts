// npm run bench -- --only review: what a reviewer waits for, in a real browser, on a project of 10,000 videos and 24 hours;
// `--only review-open`, `review-gestures`, `review-next`, `review-memory`: one part of it.
// Role: makes the project (or takes one that was made), drives the built page, prints figures as JSON. Limits: figures,
// never a verdict; run by run.ts as a process of its own, because Playwright is no part of the bundles.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright/test';
import { createHttpClient } from '../../renderer/platform/http-client.ts';
import type { Run } from '../../shared/contract/index.ts';
import { type AppDriver, launchBrowser } from '../e2e/driver.ts';
import { framesOf } from './frames.ts';
import { makeReviewProject } from './review-project.ts';

const { values: options } = parseArgs({
  options: {
    videos: { type: 'string', default: '9999' },
    hours: { type: 'string', default: '24' },
    runs: { type: 'string', default: '5' },
    /** Folder made by an earlier run with `--keep`. */
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
    /** How often the part next goes to the next event, in each of four ways. */
    events: { type: 'string', default: '100' },
    /** One part: open, gestures, next or memory. */
    only: { type: 'string' },
  },
});
const wanted = (part: string): boolean => options.only === undefined || options.only === part;

type Stages = Record<string, { value: number; unit: string }>;
const stages: Stages = {};
const put = (name: string, value: number, unit = 'ms') => {
  stages[name] = { value, unit };
  console.error(`${name.padEnd(52)} ${value.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`);
};
const share = (values: number[], quantile: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(quantile * values.length))];

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  put(name, performance.now() - started);
  return result;
}

const painted = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Script and paint of the frames of a gesture, as the thread counts it and as the clock does. */
async function gesture(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  const { thread, clock } = await framesOf(page, act);
  put(`${name}, script and paint of a frame, median`, share(thread, 0.5));
  put(`${name}, script and paint of a frame, 95th percentile`, share(thread, 0.95));
  put(`${name}, from frame to frame by the clock, median`, share(clock, 0.5));
}

/** Milliseconds after the key. */
interface Next {
  selected: number;
  picture: number;
}

/** Runs in the page: from the next key to another position in the queue, and to the picture of the event there. */
function watchForNext(before: string | null): { seen: Promise<Next> } {
  const seen = new Promise<Next>((resolve) => {
    let pressed = 0;
    let selected: number | null = null;
    window.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        pressed = timeStamp;
      },
      { capture: true, once: true },
    );
    const look = () => {
      const handle = requestAnimationFrame(look);
      if (pressed === 0) return;
      const now = performance.now() - pressed;
      const text = document.querySelector('[data-testid=event-count]')?.textContent ?? '';
      if (selected === null && text !== before && text.includes(' of ')) selected = now;
      const there =
        document.querySelector('video[data-ready]') && document.querySelector('[data-settled=true]');
      if (selected === null || !there) return;
      cancelAnimationFrame(handle);
      resolve({ selected, picture: now });
    };
    look();
  });
  return { seen };
}

async function heapMegabytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6;
}

/** The project as the parts find it. */
interface Opened {
  page: Page;
  client: ReturnType<typeof createHttpClient>;
  run: Run;
  videos: number;
  /** Ids of the day-long video and of another one. */
  whole: number;
  other: number;
  show(videoId: number): Promise<void>;
}

async function openProject({ page, address }: AppDriver, day: string): Promise<Opened> {
  const rows = page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: /clip-|whole-day/ });
  const url = new URL(page.url());
  const client = createHttpClient({ base: url.origin, token: /token=([^&]+)/.exec(address)?.[1] ?? '' });
  await rows.first().waitFor();
  await client.call('app.devices', {}); // the first page asks for them; the devices are tried once

  await client.call('projects.close', {});
  await page.goto(`${url.origin}/#/`);
  const [recent] = await client.call('projects.recent', {});
  await page
    .getByRole('button', { name: new RegExp(recent.name) })
    .first()
    .waitFor();
  await timed('open the project, to the first rows of the library', async () => {
    await client.call('projects.openRecent', { key: recent.key });
    await page.evaluate(() => {
      location.hash = '#/library';
    });
    await rows.first().waitFor();
  });
  const videos = await client.call('videos.list', {});
  const [run] = await client.call('runs.list', {});
  const whole = videos.find((video) => video.relPath === day);
  if (!whole) throw new Error(`${day} is not in the project.`);
  const other = videos.find((video) => video.relPath !== day) ?? whole;
  const show = (id: number) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#/review/${run.id}/${id}`);
  // A first visit loads the code of the review; what is measured is the video.
  await show(other.id);
  await page.locator('video[data-ready]').waitFor();
  return { page, client, run, videos: videos.length, whole: whole.id, other: other.id, show };
}

async function openDay({ page, client, run, videos, whole, show }: Opened): Promise<void> {
  for (let i = 0; i < 3; i++) await client.call('runs.events', { id: run.id });
  const answers: number[] = [];
  for (let i = 0; i < 9; i++) {
    const rule = { on: 0.5 + 0.03 * i, off: 0.4, minFrames: 16, gapFrames: 32 };
    const started = performance.now();
    await client.call('runs.events', { id: run.id, rule });
    answers.push(performance.now() - started);
  }
  put(`events of all ${videos} videos under another rule`, share(answers, 0.5));
  const heading = page.getByRole('heading', { level: 1 });
  await timed('open the 24 h video, to its curve and events', async () => {
    await show(whole);
    await heading.filter({ hasText: 'whole-day' }).waitFor();
    await page
      .getByTestId('video-events')
      .filter({ hasText: /[1-9][\d,]* events/ })
      .waitFor();
    await painted(page);
  });
  await timed('and from there to its picture', () => page.locator('video[data-ready]').waitFor());
}

async function gestures({ page, client, run, whole, show }: Opened): Promise<void> {
  await show(whole);
  await page
    .getByTestId('video-events')
    .filter({ hasText: /[1-9][\d,]* events/ })
    .waitFor();
  await page.locator('video[data-ready]').waitFor();
  const body = page.locator('[data-cursor]');
  const box = await body.boundingBox();
  if (!box) throw new Error('The timeline is not on the screen.');
  const middle = box.x + box.width / 2;
  await page.mouse.move(middle, box.y + 80);
  const times = async (n: number, act: (i: number) => Promise<void>) => {
    for (let i = 0; i < n; i++) await act(i);
  };
  await gesture(page, 'zoom over 24 h', () =>
    times(120, (i) => page.mouse.wheel(0, i % 40 < 20 ? -240 : 240)),
  );
  await times(4, () => page.mouse.wheel(0, -240));
  await page.keyboard.down('Shift');
  await gesture(page, 'pan over 24 h', () =>
    times(120, (i) => page.mouse.wheel(0, i % 20 < 10 ? 120 : -120)),
  );
  await page.keyboard.up('Shift');
  await gesture(page, 'hover over 24 h', () =>
    times(90, (i) => page.mouse.move(box.x + 40 + i * 8, box.y + 80)),
  );
  await page.keyboard.press('0');
  const handle = page.getByRole('slider', { name: /^Threshold on/ });
  const grip = await handle.boundingBox();
  if (!grip) throw new Error('The threshold is not on the screen.');
  await page.mouse.move(grip.x + 10, grip.y + 8);
  await page.mouse.down();
  await gesture(page, 'threshold over 24 h, events and drawing', () =>
    times(120, (i) => page.mouse.move(grip.x + 10, grip.y + 8 + 12 * Math.sin(i / 5))),
  );
  await page.mouse.up();

  await client.call('runs.setRule', { id: run.id, rule: run.rule });
}

/** A key that goes on to the next event, pressed once the page shows where it is. */
async function next(page: Page, key: string): Promise<Next> {
  const before = await page.getByTestId('event-count').textContent();
  const watching = await page.evaluateHandle(watchForNext, before);
  await page.keyboard.press(key);
  const seen = await watching.evaluate(({ seen }) => seen);
  await watching.dispose();
  return seen;
}

/** Through the events by keys: first to warm everything up. */
async function through({ page, other, show }: Opened): Promise<void> {
  await show(other);
  await page.getByTestId('event-count').filter({ hasText: /\d/ }).waitFor();
  await next(page, 'n');
}

async function nextEvents(opened: Opened): Promise<void> {
  await through(opened);
  const times = Number(options.events);
  // A key pressed the moment the picture is there meets a page that is still making the one after it ready.
  for (const [key, looking, name] of [
    ['n', 1000, 'N to the next event'],
    ['a', 1000, 'verdict to the next event'],
    ['n', 0, 'N at once to the next event'],
    ['a', 0, 'verdict at once to the next event'],
  ] as const) {
    const seen: Next[] = [];
    // On what is decided already a verdict stays where it is.
    if (key === 'a') await next(opened.page, 'Shift+N');
    for (let i = 0; i < times; i++) {
      await opened.page.waitForTimeout(looking);
      seen.push(await next(opened.page, key));
    }
    for (const what of ['selected', 'picture'] as const) {
      const values = seen.map((one) => one[what]);
      const text = what === 'selected' ? `${name}, selected` : `${name}, with its picture`;
      put(`${text}, median`, share(values, 0.5));
      put(`${text}, 95th percentile`, share(values, 0.95));
    }
  }
}

async function memory(opened: Opened): Promise<void> {
  const cdp = await opened.page.context().newCDPSession(opened.page);
  await cdp.send('Performance.enable');
  await through(opened);
  await next(opened.page, 'Shift+N');
  for (const upTo of [100, 250, 500, 750, 1000]) {
    const from = upTo === 100 ? 0 : upTo === 250 ? 100 : upTo - 250;
    // Every tenth is decided on: that is what adds to what the page knows.
    for (let i = from; i < upTo; i++) await next(opened.page, i % 10 === 0 ? 'a' : 'Shift+N');
    put(`memory of the page after ${upTo} events`, await heapMegabytes(cdp), 'MB');
  }
}

async function measure(app: AppDriver, day: string): Promise<void> {
  const opened = await openProject(app, day);
  if (wanted('open')) await openDay(opened);
  if (wanted('gestures')) await gestures(opened);
  if (wanted('next')) await nextEvents(opened);
  if (wanted('memory')) await memory(opened);
  opened.client.close();
}

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'zerolabel-bench-review-'));
try {
  const day = 'day/whole-day.mp4';
  if (!options.folder) {
    const started = performance.now();
    const made = await makeReviewProject(folder, {
      videos: Number(options.videos),
      hours: Number(options.hours),
      runs: Number(options.runs),
    });
    console.error(
      `${Number(options.videos) + 1} videos, ${made.segments} segments, ${options.runs} runs, made in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
  const app = await launchBrowser({ folder, project: join(folder, 'project'), keepFolder: true });
  try {
    await measure(app, day);
  } finally {
    await app.close();
  }
  const load = loadavg()[0].toFixed(1);
  console.error(`${cpus().length} cores, load ${load}, Chromium without a GPU: software rendering`);
  console.log(JSON.stringify(stages));
} finally {
  if (!options.keep && !options.folder) rmSync(folder, { recursive: true, force: true });
  else console.error(`The project is in ${folder}; --folder uses it again.`);
}
