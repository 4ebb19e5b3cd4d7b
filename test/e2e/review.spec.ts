// The review: which frame is on the screen, thresholds and events, going through them, keyboard alone.
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { burntIn, CLIPS } from './review-footage.ts';
import { atEvent, chooseOrder, openVideo } from './review-steps.ts';

test.use({ state: 'scored' });

const slider = (page: Page, kind: 'on' | 'off'): Locator =>
  page.getByRole('slider', { name: new RegExp(`^Threshold ${kind}`) });
const selected = (page: Page): Locator => page.getByRole('complementary', { name: 'Event', exact: true });
const events = (page: Page): Locator => page.getByRole('listbox', { name: 'Events', exact: true });

async function openReview(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Review/ }).click();
  await expect(page.getByRole('region', { name: 'Timeline' })).toBeVisible();
  await expect(slider(page, 'on')).toBeVisible();
}

async function rest(page: Page): Promise<number> {
  await page.locator('[data-testid=frame][data-settled=true]').waitFor();
  return Number((await page.getByTestId('frame').textContent())?.replaceAll(',', ''));
}

/** Where playback came to rest after it was told to stop. */
async function stopped(page: Page): Promise<number> {
  let [before, at] = [-1, await rest(page)];
  while (before !== at) {
    await page.waitForTimeout(300);
    [before, at] = [at, await rest(page)];
  }
  return at;
}

for (const clip of CLIPS.filter(({ name }) => !name.startsWith('quiet'))) {
  test(`shows the frame it names: ${clip.name}`, async ({ app: { page } }) => {
    test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
    await openReview(page);
    await openVideo(page, clip.name);
    const video = page.locator('video[data-ready]');
    // Where the browser cannot play the file, a copy is made without being asked for.
    await expect(video).toBeVisible({ timeout: 60_000 });
    const last = clip.timesMs.length - 1;
    const check = async (expected: number): Promise<void> => {
      // Number and rest in one look: between two looks a key may still arrive. Then the picture is put on the screen.
      await expect(page.locator('[data-testid=frame][data-settled=true]')).toHaveText(
        expected.toLocaleString('en-US'),
      );
      await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      expect(await burntIn(video, expected)).toBe(expected);
      await expect(page.getByText('Exact', { exact: true })).toBeVisible();
    };
    await check(0);
    for (const [key, frame] of [
      ['ArrowRight', 1],
      ['.', 2],
      ['ArrowRight', 3],
      ['Shift+ArrowRight', 19],
      ['ArrowLeft', 18],
      [',', 17],
      ['End', last],
      ['ArrowRight', last],
      ['ArrowLeft', last - 1],
      ['Shift+ArrowLeft', last - 17],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key);
      await check(frame);
    }
    for (let i = 1; i <= 12; i++) {
      const frame = (i * 7919) % clip.timesMs.length;
      await page.keyboard.press('g');
      await page.getByRole('textbox', { name: 'Frame or time' }).fill(String(frame));
      await page.keyboard.press('Enter');
      await check(frame);
    }
    // Faster than the browser can follow: the newest wish wins, and no step is lost.
    await page.keyboard.press('Home');
    await check(0);
    for (let i = 0; i < 25; i++) await page.keyboard.press('ArrowRight', { delay: 0 });
    await check(25);
    // Playing, forwards and backwards, ends on the frame that is named.
    await page.keyboard.press('Space');
    await expect.poll(() => rest(page)).toBeGreaterThan(35);
    await page.keyboard.press('Space');
    const turned = await stopped(page);
    await check(turned);
    await page.keyboard.press('j');
    await expect.poll(() => rest(page)).toBeLessThan(turned);
    await page.keyboard.press('k');
    await check(await stopped(page));
  });
}

test('events follow the threshold, and the rule outlives the product', async ({ app }) => {
  const { page } = app;
  await openReview(page);
  await openVideo(page, 'constant.mp4');
  const inVideo = page.getByTestId('video-events');
  const saved = page.getByTestId('rule-saved');

  const handle = slider(page, 'on');
  const top = await handle.boundingBox();
  if (!top) throw new Error('the handle is not on the screen');
  const [x, y] = [top.x + top.width / 2, top.y + top.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 200, { steps: 8 });
  await expect(handle).toHaveAttribute('aria-valuenow', '1');
  await page.mouse.move(x, y + 200, { steps: 8 });
  await page.mouse.up();
  await expect(handle).toHaveAttribute('aria-valuenow', '0');
  await expect(slider(page, 'off')).toHaveAttribute('aria-valuenow', '0');
  // At zero everything is one event in each video that has scores.
  await expect(inVideo).toContainText('1 event');
  await expect(page.getByTestId('event-count')).toHaveText('5');
  await expect(saved).toHaveText('Rule saved');

  await handle.press('End');
  await handle.press('Shift+ArrowDown');
  await handle.press('ArrowDown');
  await expect(handle).toHaveAttribute('aria-valuenow', '0.89');
  await expect(handle).toHaveAttribute('aria-valuetext', /^\.89, /);
  await expect(saved).toHaveText('Rule saved');

  await page.keyboard.press('t');
  const panel = page.getByRole('dialog', { name: 'Threshold' });
  await panel.getByLabel('Shortest event').fill('32');
  await panel.getByLabel('Gaps closed under').fill('48');
  await expect(panel).toContainText('about 1.3 s in this video');
  await page.keyboard.press('Escape');
  await expect(saved).toHaveText('Rule saved');

  await page.reload();
  await expect(slider(page, 'on')).toHaveAttribute('aria-valuenow', '0.89');
  await app.restart();
  await expect(slider(app.page, 'on')).toHaveAttribute('aria-valuenow', '0.89');
  await expect(app.page.getByRole('heading', { level: 1 })).toHaveText('constant.mp4');
  await app.page.keyboard.press('t');
  await expect(app.page.getByLabel('Shortest event')).toHaveValue('32');
  await expect(app.page.getByLabel('Gaps closed under')).toHaveValue('48');
});

test('the off threshold is dragged for itself: events then last until the scores fall below it', async ({
  app: { page },
}) => {
  await openReview(page);
  await openVideo(page, 'constant.mp4');
  const [on, off] = [slider(page, 'on'), slider(page, 'off')];
  // In the middle of the scores something starts, and something is below.
  await on.press('End');
  for (let i = 0; i < 5; i++) await on.press('PageDown');
  await expect(on).toHaveAttribute('aria-valuenow', '0.5');
  const labelled = (): Promise<string | null> => page.getByTestId('video-events').textContent();
  await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
  const before = await labelled();

  const place = await off.boundingBox();
  if (!place) throw new Error('the handle is not on the screen');
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 200, { steps: 8 });
  await page.mouse.up();
  await expect(off).toHaveAttribute('aria-valuenow', '0');
  await expect(on).toHaveAttribute('aria-valuenow', '0.5');
  // Whatever has begun goes on to the end of the video.
  await expect(page.getByTestId('video-events')).toContainText('1 event');
  await expect.poll(labelled).not.toBe(before);
  await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
});

test('goes from event to event across videos, by keys and by the list', async ({ app: { page } }) => {
  await openReview(page);
  await slider(page, 'on').press('Home');
  await expect(page.getByTestId('event-count')).toHaveText('5');
  await chooseOrder(page, 'By video and time');

  const heading = page.getByRole('heading', { level: 1 });
  const list = events(page);
  await list.getByRole('option').first().click();
  await atEvent(page, 1);
  const seen: (string | null)[] = [await heading.textContent()];
  for (let i = 2; i <= 5; i++) {
    await page.keyboard.press('n');
    await expect(page.getByTestId('event-count')).toHaveText(`${i} of 5`);
    await expect(selected(page).getByTestId('selected-event')).toHaveText('Event 1 of 1');
    await expect(list.getByRole('option', { selected: true })).toHaveAttribute('aria-posinset', String(i));
    seen.push(await heading.textContent());
  }
  expect([...seen].sort()).toEqual(CLIPS.map((clip) => clip.name).sort());
  await page.keyboard.press('n'); // past the end nothing happens
  await expect(page.getByTestId('event-count')).toHaveText('5 of 5');
  for (let i = 4; i >= 1; i--) {
    await page.keyboard.press('p');
    await expect(page.getByTestId('event-count')).toHaveText(`${i} of 5`);
    await expect(heading).toHaveText(seen[i - 1] ?? '');
  }
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('event-count')).toHaveText('2 of 5');
});

test('everything can be reached and read without a pointer', async ({ app: { page } }) => {
  await openReview(page);
  await openVideo(page, 'constant.mp4');
  const focusIn = (region: string) =>
    expect
      .poll(
        () =>
          page.evaluate(
            () => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? null,
          ),
        region,
      )
      .toBe(region);
  const regions: string[] = [];
  for (let i = 0; i < 8 && !regions.includes('timeline'); i++) {
    await page.keyboard.press('F6');
    regions.push(
      await page.evaluate(
        () => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? '',
      ),
    );
  }
  expect(regions).toEqual(expect.arrayContaining(['events', 'video', 'timeline']));
  await focusIn('timeline');

  // Tab from the transport to the thresholds, and change one.
  const on = slider(page, 'on');
  for (let i = 0; i < 25 && !(await on.evaluate((e) => e === document.activeElement)); i++) {
    await page.keyboard.press('Tab');
  }
  await expect(on).toBeFocused();
  await page.keyboard.press('Home');
  await expect(on).toHaveAttribute('aria-valuenow', '0');
  await expect(on).toHaveAttribute('aria-valuetext', /1 event in this video/);

  // The event of the curve is an element with a name; Enter selects it.
  const event = page.getByRole('list', { name: 'Events of this video' }).getByRole('button');
  await expect(event).toHaveAccessibleName(
    /^Event 1 of 1, frames 0 to 320, highest score \d?\.\d\d, mean \d?\.\d\d$/,
  );
  await event.focus();
  await page.keyboard.press('Enter');
  await expect(event).toHaveAttribute('aria-current', 'true');
  await expect(selected(page)).toContainText('0 to 320, end excluded');

  // The playhead is a slider that says frame and time.
  await page.keyboard.press('Control+ArrowRight');
  const playhead = page.getByRole('slider', { name: 'Playhead' });
  await expect(playhead).toHaveAttribute('aria-valuetext', 'Frame 25 of 320, 0:01.000');
  await playhead.focus();
  await page.keyboard.press('ArrowUp');
  await expect(playhead).toHaveAttribute('aria-valuenow', '26');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(playhead).toHaveAttribute('aria-valuenow', '319');

  // Space plays although a button has focus, and the button is not pressed by it.
  const fit = page.getByRole('button', { name: /^Fit/ });
  await page.keyboard.press('Home');
  await fit.focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await expect(sheet).toContainText('Next event of the queue, also in another video');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('zooms to single frames and back, by keys, and says so to the pointer', async ({ app: { page } }) => {
  await openReview(page);
  await openVideo(page, 'constant.mp4');
  const body = page.locator('[data-cursor]');
  const visible = () =>
    body
      .locator('[style*="--scale"]')
      .evaluate((marks: HTMLElement) => marks.clientWidth / Number(marks.style.getPropertyValue('--scale')));
  await expect.poll(visible).toBeCloseTo(320, 0);
  for (let i = 0; i < 12; i++) await page.keyboard.press('+');
  await expect.poll(visible).toBeCloseTo(12, 0);
  await page.keyboard.press('0');
  await expect.poll(visible).toBeCloseTo(320, 0);
  const box = await body.boundingBox();
  if (!box) throw new Error('the timeline is not on the screen');
  await page.mouse.move(box.x + box.width * 0.25, box.y + 60);
  const under = () => page.locator('[data-cursor] [aria-hidden=true] span').last().textContent();
  await expect.poll(under).toMatch(/^80 · 0:03\.200$/);
  await page.mouse.wheel(0, -400);
  await expect.poll(visible).toBeLessThan(150);
  await page.mouse.move(box.x + box.width * 0.25 + 1, box.y + 60);
  await expect.poll(under).toMatch(/^80 · /);
});

test('without events the list says what to do, and the whole screen without a run', async ({
  app: { page },
}) => {
  await openReview(page);
  await page.keyboard.press('t');
  const panel = page.getByRole('dialog', { name: 'Threshold' });
  await panel.getByLabel('Shortest event').fill('100000');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'No events under this rule' })).toBeVisible();
  await page.getByRole('button', { name: 'Change the threshold' }).click();
  await panel.getByLabel('Shortest event').fill('0');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'No events under this rule' })).toBeHidden();
});

test.describe('without a run', () => {
  test.use({ state: 'imported' });
  test('leads to a new run', async ({ app: { page } }) => {
    // The page first finds its own way to the library.
    await expect(page.getByRole('heading', { name: /^All videos/ })).toBeVisible();
    await page.evaluate(() => {
      location.hash = '#/review';
    });
    await expect(page.getByRole('heading', { name: 'There are no scores to review yet' })).toBeVisible();
    await page.getByRole('button', { name: 'New run' }).click();
    await expect(page).toHaveURL(/#\/runs\/new$/);
  });
});
