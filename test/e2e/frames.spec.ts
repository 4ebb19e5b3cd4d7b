// Frame exactness: the number burnt into the picture, read back from the screen, after many seeks and steps. Role: constant
// rate with B-frames, variable rate that starts late, an AVI through its playable copy. Limits: a few of each here; the long
// run is `ZEROLABEL_FRAME_CHECKS=1000` seeks, steps and bursts of steps over all videos together (docs/performance.md).
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { createRandom } from '../../electron/compute/random.ts';
import { runCli } from './driver.ts';
import { expect, test } from './fixtures.ts';
import { burntIn, burntInElement, CLIPS, ODD_CLIPS, writeClips } from './review-footage.ts';
import { chooseOrder, openFromHome } from './review-steps.ts';

test.use({ state: 'scored' });

const clips = CLIPS.filter(({ name }) => !name.startsWith('quiet'));
const checks = Math.ceil(Number(process.env.ZEROLABEL_FRAME_CHECKS ?? 24) / clips.length);

async function openReview(page: Page, name: string): Promise<void> {
  const row = page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: new RegExp(`^${name}`) });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

for (const clip of clips) {
  test(`${checks} seeks, steps and bursts of steps show their frame: ${clip.name}`, async ({
    app: { page },
  }) => {
    test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
    test.setTimeout(300_000 + checks * 8_000);
    await openReview(page, clip.name);
    const video = page.locator('video[data-ready]');
    // Where the browser cannot play the file, a copy is made without being asked for.
    await expect(video).toBeVisible({ timeout: 120_000 });
    const wrong: string[] = [];
    let done = 0;
    const check = async (what: string, frame: number, fromScreen = done++ % 10 === 0): Promise<void> => {
      const exact = await page.evaluate(frameSettled, frame);
      // One in ten from a screenshot; the others, for speed, from the element whose picture that is.
      const seen = await (fromScreen ? burntIn(video, frame) : burntInElement(video));
      if (seen !== frame || !exact)
        wrong.push(`${what} to ${frame} shows ${seen}${exact ? '' : ', not as exact'}`);
    };

    const random = createRandom(7);
    const places = new Float32Array(2 * checks);
    random.fillUniform(places, 0, 1);
    const frames = clip.timesMs.length;
    const box = await page.locator('[data-cursor]').boundingBox();
    if (!box) throw new Error('The timeline is not on the screen.');
    let at = 0;
    for (let i = 0; i < checks; i++) {
      at = Math.min(frames - 1, Math.floor(places[i] * frames));
      await page.mouse.click(box.x + ((at + 0.5) / frames) * box.width, box.y + 8); // on the ruler
      await check('A seek', at);
    }
    // From there on by single frames, mostly forwards, turning at the ends.
    for (let i = 0; i < checks; i++) {
      const by = at === 0 ? 1 : at === frames - 1 ? -1 : places[checks + i] < 0.8 ? 1 : -1;
      at += by;
      await page.keyboard.press(by === 1 ? 'ArrowRight' : 'ArrowLeft');
      await check('A step', at);
    }
    // Steps faster than the screen: the last picture may come before the one before it was put there.
    for (let i = 0; i < checks; i++) {
      const by = at < frames / 2 ? 3 + (i % 5) : -3 - (i % 5);
      at += by;
      for (let k = 0; k < Math.abs(by); k++) await page.keyboard.press(by > 0 ? 'ArrowRight' : 'ArrowLeft');
      await check('A burst of steps', at, true);
    }
    expect(wrong).toEqual([]);
  });
}

/** Runs in the page: waits until the page says that `frame` is on the screen. @returns whether it calls it exact */
function frameSettled(frame: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const until = performance.now() + 60_000;
    const look = () => {
      const shown = document.querySelector<HTMLElement>('[data-testid=frame]');
      if (shown?.dataset.settled === 'true' && shown.textContent === String(frame))
        return resolve(
          document.querySelector('section[aria-label=Video] header')?.textContent?.includes('Exact') ?? false,
        );
      if (performance.now() > until)
        return reject(new Error(`Frame ${frame} did not come; ${shown?.textContent} did.`));
      requestAnimationFrame(look);
    };
    look();
  });
}

test('the picture of the next event is the frame it names, made ready or not', async ({ app: { page } }) => {
  test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
  await openReview(page, 'constant.mp4');
  const video = page.locator('video[data-ready]');
  const position = page.getByTestId('event-count');
  await chooseOrder(page, 'By video and time');
  await page.getByRole('listbox', { name: 'Events', exact: true }).getByRole('option').first().click();
  await expect(position).toHaveText(/^1 of /);
  const total = Number(/\d+$/.exec((await position.textContent()) ?? '')?.[0]);
  expect(total).toBeGreaterThan(2);
  for (const [key, from, to] of [
    ['n', 1, total],
    ['p', total, 1],
    ['n', 1, total],
  ] as const) {
    for (let i = from; i !== to; i += Math.sign(to - from)) {
      await page.keyboard.press(key);
      await expect(position).toHaveText(`${i + Math.sign(to - from)} of ${total}`);
      await expect(video).toBeVisible({ timeout: 120_000 });
      const settled = page.locator('[data-testid=frame][data-settled=true]');
      await settled.waitFor();
      const named = Number((await settled.textContent())?.replaceAll(',', ''));
      expect(await burntIn(video, named)).toBe(named);
      await expect(page.getByText('Exact', { exact: true })).toBeVisible();
    }
  }
});

test.describe('what cameras write and browsers do not play', () => {
  test.use({ state: 'none' });

  test('HEVC and Motion JPEG are shown through playable copies, frame by frame, without being asked for', async ({
    app: { page, folder },
  }) => {
    test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
    test.setTimeout(300_000);
    const project = join(folder, 'project');
    await writeClips(join(folder, 'odd'), ODD_CLIPS);
    await runCli(folder, '-p', project, 'import', join(folder, 'odd'));
    await runCli(folder, '-p', project, 'extract');
    await runCli(folder, '-p', project, 'train', 'motion');
    await openFromHome(page, 'project');
    const grid = page.getByRole('grid', { name: 'Videos' });
    await expect(grid.getByRole('row', { name: /^camera\.mp4/ })).toContainText(
      'HEVC, needs a playable copy',
    );
    await expect(grid.getByRole('row', { name: /^camera\.avi/ })).toContainText(
      'Motion JPEG, needs a playable copy',
    );
    for (const { name, timesMs } of ODD_CLIPS) {
      await page.getByRole('link', { name: /^Library/ }).press('Enter');
      await openReview(page, name);
      const video = page.locator('video[data-ready]');
      await expect(video).toBeVisible({ timeout: 120_000 });
      await page.keyboard.press('Home');
      for (const [key, frame] of [
        ['ArrowRight', 1],
        ['ArrowRight', 2],
        ['End', timesMs.length - 1],
        ['ArrowLeft', timesMs.length - 2],
      ] as const) {
        await page.keyboard.press(key);
        await page.evaluate(frameSettled, frame);
        expect(await burntIn(video, frame), `${name} after ${key}`).toBe(frame);
      }
    }
  });
});
