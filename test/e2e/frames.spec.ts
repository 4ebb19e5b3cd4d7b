// Frame exactness: the number burnt into the picture, read back from the screen, after many seeks and steps. Role: constant
// rate with B-frames, variable rate that starts late, an AVI through its playable copy. Limits: a few of each here; the long
// run is `ZEROLABEL_FRAME_CHECKS=1000` seeks and as many steps over all videos together (docs/performance.md).
import type { Page } from 'playwright/test';
import { createRandom } from '../../electron/compute/random.ts';
import { expect, test } from './fixtures.ts';
import { burntIn, CLIPS } from './review-footage.ts';

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
  test(`${checks} seeks and ${checks} steps show their frame: ${clip.name}`, async ({ app: { page } }) => {
    test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
    test.setTimeout(300_000 + checks * 8_000);
    await openReview(page, clip.name);
    const video = page.locator('video[data-ready]');
    // Where the browser cannot play the file, a copy is made without being asked for.
    await expect(video).toBeVisible({ timeout: 120_000 });
    const settled = page.locator('[data-testid=frame][data-settled=true]');
    const wrong: string[] = [];
    const check = async (what: string, frame: number): Promise<void> => {
      await expect(settled).toHaveText(String(frame));
      const seen = await burntIn(video);
      const exact = await page.getByText('Exact', { exact: true }).isVisible();
      if (seen !== frame || !exact)
        wrong.push(`${what} to ${frame} shows ${seen}${exact ? '' : ', not as exact'}`);
    };

    const random = createRandom(7);
    const places = new Float32Array(2 * checks);
    random.fillUniform(places, 0, 1);
    const frames = clip.timesMs.length;
    for (let i = 0; i < checks; i++) {
      const frame = Math.min(frames - 1, Math.floor(places[i] * frames));
      await page.keyboard.press('g');
      await page.getByRole('textbox', { name: 'Frame or time' }).fill(String(frame));
      await page.keyboard.press('Enter');
      await check('A seek', frame);
    }
    // From there on by single frames, mostly forwards, turning at the ends.
    let at = Number((await settled.textContent())?.replaceAll(',', ''));
    for (let i = 0; i < checks; i++) {
      const by = at === 0 ? 1 : at === frames - 1 ? -1 : places[checks + i] < 0.8 ? 1 : -1;
      at += by;
      await page.keyboard.press(by === 1 ? 'ArrowRight' : 'ArrowLeft');
      await check('A step', at);
    }
    expect(wrong).toEqual([]);
  });
}

test('the picture of the next event is the frame it names, made ready or not', async ({ app: { page } }) => {
  test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
  await openReview(page, 'constant.mp4');
  const video = page.locator('video[data-ready]');
  const position = page.getByTestId('event-count');
  await page.getByRole('button', { name: /Order$/ }).click();
  await page.getByRole('option', { name: 'By video and time' }).click();
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
      expect(await burntIn(video)).toBe(Number((await settled.textContent())?.replaceAll(',', '')));
      await expect(page.getByText('Exact', { exact: true })).toBeVisible();
    }
  }
});
