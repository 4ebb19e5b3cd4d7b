// Playing and the timeline: smart playback, marks and edges, what repeats, what is drawn over the picture, the large
// picture, an engine that goes away.
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { atEvent, chooseOrder, options, queueNames } from './review-steps.ts';

const timeline = (page: Page): Locator => page.getByRole('region', { name: 'Timeline' });
const frame = (page: Page) => page.getByTestId('frame');
const edge = (page: Page, which: 'Start' | 'End'): Locator =>
  page.getByRole('slider', { name: `${which} of the marked stretch` });

async function openReview(page: Page, name: string): Promise<void> {
  await page
    .getByRole('grid', { name: 'Videos' })
    .getByRole('row', { name: new RegExp(`^${name}`) })
    .focus();
  await page.keyboard.press('Enter');
  await expect(timeline(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await page.locator('video[data-ready]').waitFor();
}

async function goTo(page: Page, to: number): Promise<void> {
  await page.keyboard.press('g');
  await page.getByRole('textbox', { name: 'Frame or time' }).fill(String(to));
  await page.keyboard.press('Enter');
  await expect(frame(page)).toHaveText(String(to));
}

test.describe('one run', () => {
  test.use({ state: 'scored' });

  test('marks by keys, on the grid of segments or free, and repeats what is marked', async ({
    app: { page },
  }) => {
    await openReview(page, 'constant.mp4');
    await goTo(page, 20);
    await page.keyboard.press('i');
    await goTo(page, 70);
    await page.keyboard.press('o');
    await expect(edge(page, 'Start')).toHaveAttribute('aria-valuenow', '16');
    await expect(edge(page, 'End')).toHaveAttribute('aria-valuenow', '80');

    await edge(page, 'End').focus();
    await page.keyboard.press('ArrowLeft');
    await expect(edge(page, 'End')).toHaveAttribute('aria-valuenow', '64');
    await expect(frame(page)).toHaveText('63');
    await page.keyboard.press('Shift+g'); // off the grid
    await edge(page, 'End').focus();
    await page.keyboard.press('ArrowRight');
    await expect(edge(page, 'End')).toHaveAttribute('aria-valuenow', '65');
    await expect(edge(page, 'End')).toHaveAttribute('aria-valuetext', 'Frame 65, 0:02.600');

    // Repeated without context, playback never leaves the stretch.
    await page.getByRole('button', { name: 'Context of what is repeated' }).click();
    await page.getByRole('menuitem', { name: 'No context' }).click();
    await page.keyboard.press('Shift+l');
    await goTo(page, 60);
    await page.keyboard.press('Space');
    const seen: number[] = [];
    const turned = () => seen.filter((at, i) => i > 0 && at < seen[i - 1]).length;
    await expect
      .poll(
        async () => {
          seen.push(Number((await frame(page).textContent())?.replaceAll(',', '')));
          return turned();
        },
        { intervals: [80], timeout: 60_000 },
      )
      .toBeGreaterThan(1);
    await page.keyboard.press('k');
    expect(Math.max(...seen)).toBeLessThan(72);

    await page.keyboard.press('Escape');
    await expect(edge(page, 'Start')).toBeHidden();
  });

  test('speed, repeat and playing go with one to the next event, in another video too', async ({
    app: { page },
  }) => {
    await openReview(page, 'constant.mp4');
    await chooseOrder(page, 'By video and time');
    const names = await queueNames(page);
    const at = names.findIndex((name) => name?.startsWith('variable.mp4'));
    expect(at).toBeGreaterThan(0);
    await options(page)
      .nth(at - 1)
      .click();
    await atEvent(page, at);

    const speed = page.getByRole('button', { name: /^Speed/ });
    await speed.click();
    await page.getByRole('menuitem', { name: '2×' }).click();
    await speed.click();
    await page.getByRole('menuitem', { name: /^Play the next event/ }).click();
    await page.getByRole('button', { name: 'Context of what is repeated' }).click();
    await page.getByRole('menuitem', { name: 'No context' }).click();
    await page.keyboard.press('Shift+l');
    await page.keyboard.press('n');
    await atEvent(page, at + 1);
    const picture = page.locator('video[data-ready]');
    const playback = () =>
      picture.evaluate(
        (video: HTMLVideoElement) => `${video.paused ? 'rests' : 'plays'} ${video.playbackRate}`,
      );
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('variable.mp4');
    await expect.poll(playback).toBe('plays 2');
    const field = async (name: string) =>
      Number((await page.getByRole('textbox', { name }).inputValue()).replaceAll(',', ''));
    const [start, end] = [await field('In, frame'), await field('Out, frame')];
    const seen: number[] = [];
    await expect
      .poll(
        async () => {
          seen.push(Number((await frame(page).textContent())?.replaceAll(',', '')));
          return seen.filter((now, i) => i > 0 && now < seen[i - 1]).length;
        },
        { intervals: [80], timeout: 60_000 },
      )
      .toBeGreaterThan(1);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(start);
    expect(Math.max(...seen)).toBeLessThan(end + 64); // the screen may be late, not elsewhere

    // Chosen once, found again; but nobody wants a page that plays when it opens.
    await page.keyboard.press('k');
    await page.reload();
    await expect(speed).toHaveAccessibleName('Speed 2×');
    await expect(page.getByRole('button', { name: /^Repeat what is marked/ })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await picture.waitFor();
    await atEvent(page, at + 1);
    await expect(picture).toHaveJSProperty('paused', true);
    await page.keyboard.press('Space');
    await expect.poll(playback).toBe('plays 2');
    await page.keyboard.press('Control+ArrowDown');
    await expect.poll(playback).toBe('plays 1');
    await page.keyboard.press('k');
  });

  test('the strip shows the pictures of its frames, the plate the one under the pointer', async ({
    app: { page },
  }) => {
    await openReview(page, 'constant.mp4');
    await page.keyboard.press('0');
    const body = page.locator('[data-cursor]');
    /** How many levels of grey a part of a canvas has: one where nothing is drawn. */
    const greys = (canvas: Locator, from: number, to: number): Promise<number> =>
      canvas.evaluate(
        (element: HTMLCanvasElement, [low, high]) => {
          const scale = element.height / element.clientHeight;
          const top = Math.round(low * scale);
          const height = Math.max(1, Math.round((high - low) * scale));
          const data = element.getContext('2d')?.getImageData(0, top, element.width, height).data ?? [];
          const seen = new Set<number>();
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) seen.add(data[i]);
          return seen.size;
        },
        [from, to],
      );
    const still = body.locator('canvas').first();
    await expect.poll(() => greys(still, 22, 50)).toBeGreaterThan(30);
    await page.keyboard.press('Alt+p'); // without the strip the curve is there
    await expect(timeline(page).getByText('Picture', { exact: true })).toHaveCount(0);
    await page.keyboard.press('Alt+p');
    await expect.poll(() => greys(still, 22, 50)).toBeGreaterThan(30);

    const box = await body.boundingBox();
    if (!box) throw new Error('the timeline is not on the screen');
    const plate = body.locator('canvas').last();
    const print = (): Promise<string> => plate.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await page.mouse.move(box.x + (box.width * 20) / 320, box.y + 60);
    await expect(plate).toBeVisible();
    await expect.poll(() => greys(plate, 0, 60)).toBeGreaterThan(30);
    const quiet = await print();
    await page.mouse.move(box.x + (box.width * 160) / 320, box.y + 60);
    await expect.poll(print).not.toBe(quiet);
    await page.mouse.move(box.x + 20, box.y - 200);
    await expect(plate).toBeHidden();
  });

  test('says “exact” of a picture with its own time, and “approximate” where the browser tells another', async ({
    app: { page },
  }) => {
    await openReview(page, 'constant.mp4');
    const video = page.getByRole('region', { name: 'Video' });
    await expect(video.getByText('Exact', { exact: true })).toBeVisible();
    await page.addInitScript(() => {
      const { requestVideoFrameCallback: request } = HTMLVideoElement.prototype;
      HTMLVideoElement.prototype.requestVideoFrameCallback = function later(callback) {
        return request.call(this, (now, metadata) =>
          callback(now, { ...metadata, mediaTime: metadata.mediaTime + 0.013 }),
        );
      };
    });
    await page.reload();
    await page.locator('video[data-ready]').waitFor();
    await expect(video.getByText('Approximate', { exact: true })).toBeVisible();
    await expect(video.getByText('Exact', { exact: true })).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(video.getByText('Approximate', { exact: true })).toBeVisible();
  });

  test('draws a mark with Shift and the pointer', async ({ app: { page } }) => {
    await openReview(page, 'constant.mp4');
    const box = await page.locator('[data-cursor]').boundingBox();
    if (!box) throw new Error('the timeline is not on the screen');
    const x = (at: number) => box.x + (box.width * at) / 320;
    await page.keyboard.down('Shift');
    await page.mouse.move(x(100), box.y + 70);
    await page.mouse.down();
    await page.mouse.move(x(150), box.y + 70, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect(edge(page, 'Start')).toHaveAttribute('aria-valuenow', '96');
    await expect(edge(page, 'End')).toHaveAttribute('aria-valuenow', '160');
  });

  test('smart playback hurries through low scores and says how much it covered', async ({
    app: { page },
  }) => {
    await openReview(page, 'quiet-1.mp4');
    const threshold = page.getByRole('slider', { name: /^Threshold on/ });
    await threshold.press('End');
    await threshold.blur(); // its keys are its own
    await page.keyboard.press('Home');
    await page.keyboard.press('w');
    await expect(page.getByRole('button', { name: /^Smart playback/ })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    const rate = () => page.locator('video').evaluate((video: HTMLVideoElement) => video.playbackRate);
    await page.keyboard.press('Space');
    await expect.poll(rate).toBeGreaterThan(3);
    await page.keyboard.press('k');
    await page.keyboard.press('w');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await expect.poll(rate).toBe(1);
    await expect(page.getByTestId('watched')).toHaveText(/of footage in .*×$/, { timeout: 60_000 });
    await page.keyboard.press('k');
  });

  test('shows a large picture and comes back', async ({ app: { page } }) => {
    await openReview(page, 'constant.mp4');
    const picture = page.locator('video[data-ready]');
    const before = (await picture.boundingBox())?.width ?? 0;
    await page.keyboard.press('f');
    await expect(page.getByRole('complementary', { name: 'Event', exact: true })).toBeHidden();
    await expect.poll(async () => (await picture.boundingBox())?.width ?? 0).toBeGreaterThan(before + 300);
    await expect(timeline(page)).toBeVisible();
    await page.keyboard.press('f');
    await expect.poll(async () => (await picture.boundingBox())?.width ?? 0).toBeCloseTo(before, 0);
  });

  test('writes over the picture, or not', async ({ app: { page } }) => {
    await openReview(page, 'constant.mp4');
    const drawn = page.locator('section[aria-label=Video] canvas');
    await expect(drawn).toHaveCount(1);
    const marks = () =>
      drawn.evaluate((canvas: HTMLCanvasElement) => {
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let seen = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i] > 0) seen++;
        return seen;
      });
    await expect.poll(marks).toBeGreaterThan(500);
    await page.keyboard.press('v');
    await expect(drawn).toHaveCount(0);
    await page.reload();
    await page.locator('video[data-ready]').waitFor();
    await expect(drawn).toHaveCount(0);
    await page.keyboard.press('v');
    await expect(drawn).toHaveCount(1);
  });

  test('goes on after the engine was away, without a reload', async ({ app }) => {
    const { page } = app;
    await openReview(page, 'constant.mp4');
    await goTo(page, 100);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await app.stopEngine();
    await expect(page.getByRole('alert')).toContainText('The engine does not answer');
    await page.keyboard.press('ArrowRight'); // what is here already goes on
    const readAgain = page.waitForResponse(/\/frames\/\d+$/);
    await app.startEngine();
    await expect(page.getByText('Engine ready')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('alert')).toBeHidden();
    await readAgain;
    await page.getByRole('slider', { name: /^Threshold on/ }).press('Home');
    await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
    // What was read again says the same, so the person is where they were.
    await expect(frame(page)).toHaveText('101');
    await page.getByRole('button', { name: 'Next video' }).click();
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('constant.mp4');
    await expect(page.locator('video[data-ready], [class*=notice]').first()).toBeVisible();
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });
});
