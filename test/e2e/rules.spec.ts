// The rule: its lengths on the curve, a rule for a camera or a video, and what the runs together say, explained.
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { openVideo as openByKeys, openReview, options, queueAnswered } from './review-steps.ts';

const slider = (page: Page, name: RegExp): Locator => page.getByRole('slider', { name });
const saved = (page: Page): Promise<void> => expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
const boxOf = async (what: Locator) => {
  const box = await what.boundingBox();
  if (!box) throw new Error('what is to be dragged is not on the screen');
  return box;
};

async function openVideo(page: Page, name: string): Promise<void> {
  await openByKeys(page, name);
  await expect(slider(page, /^Threshold on/)).toBeVisible();
}

test.describe('the lengths of a rule', () => {
  test.use({ state: 'scored' });

  test('are dragged on the curve, say what they do there, and are undone', async ({ app: { page } }) => {
    await openReview(page);
    await openVideo(page, 'constant.mp4');
    const on = slider(page, /^Threshold on/);
    await on.press('End');
    for (let i = 0; i < 5; i++) await on.press('PageDown');
    await expect(on).toHaveAttribute('aria-valuenow', '0.5');
    const inVideo = page.getByTestId('video-events');
    await expect(inVideo).toContainText(/^[1-9]/);
    await saved(page);
    const before = (await inVideo.textContent()) ?? '';

    const shortest = slider(page, /^Minimum length/);
    await expect(shortest).toHaveAttribute('aria-valuenow', '0');
    const lane = await boxOf(page.getByRole('region', { name: 'Timeline' }).locator('[data-cursor]'));
    const grip = await boxOf(shortest);
    const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + lane.width / 4, y, { steps: 6 });
    // A quarter of 320 frames, in whole segments.
    await expect(shortest).toHaveAttribute('aria-valuenow', '80');
    const readout = page.getByTestId('length-readout');
    await expect(readout).toContainText('80 frames, 5 segments, 3.2 s');
    await page.mouse.move(x + lane.width * 2, y, { steps: 6 });
    await expect(shortest).toHaveAttribute('aria-valuenow', '320');
    await expect(readout).toContainText(/[1-9]\d* events? dropped, 0 events in this video/);
    await page.mouse.up();
    await expect(inVideo).toContainText('0 events');
    await saved(page);
    await shortest.blur();
    await expect(readout).toHaveCount(0);

    await page.keyboard.press('Control+z');
    await expect(shortest).toHaveAttribute('aria-valuenow', '0');
    await expect(inVideo).toHaveText(before);
    await page.keyboard.press('Control+Shift+Z');
    await expect(shortest).toHaveAttribute('aria-valuenow', '320');
    await page.keyboard.press('Control+z');
    await expect(shortest).toHaveAttribute('aria-valuenow', '0');

    const gap = slider(page, /^Merge gap/);
    await gap.press('ArrowRight');
    await gap.press('Shift+ArrowRight');
    await gap.press('Alt+ArrowLeft');
    await expect(gap).toHaveAttribute('aria-valuenow', '175');
    await expect(gap).toHaveAttribute('aria-valuetext', /^175 frames, 10\.9 segments, .*gaps? closed/);
    await gap.press('Home');
    await expect(gap).toHaveAttribute('aria-valuenow', '0');
  });

  test('the line of a threshold says what it gives while it is dragged', async ({ app: { page } }) => {
    await openReview(page);
    await openVideo(page, 'constant.mp4');
    const on = slider(page, /^Threshold on/);
    await on.press('End');
    for (let i = 0; i < 5; i++) await on.press('PageDown');
    await expect(on).toHaveAttribute('aria-valuenow', '0.5');
    await on.blur();
    const outlook = page.getByTestId('rule-outlook');
    await expect(outlook).toHaveCount(0);
    // The label stands on its line.
    const label = await boxOf(on);
    const lane = await boxOf(page.getByRole('region', { name: 'Timeline' }).locator('[data-cursor]'));
    const [x, y] = [lane.x + lane.width / 2, label.y + label.height];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 12, { steps: 4 });
    await expect(outlook).toContainText('in all');
    await expect.poll(async () => Number(await on.getAttribute('aria-valuenow'))).toBeGreaterThan(0.5);
    await page.mouse.up();
    await expect(outlook).toHaveCount(0);
    await saved(page);
  });
});

test.describe('a rule of its own', () => {
  test.use({ state: 'compared' });

  test('holds for a camera or a video until it is taken away', async ({ app }) => {
    let { page } = app;
    await openReview(page);
    await openVideo(page, 'constant.mp4');
    await expect(options(page)).toHaveCount(5);
    const panel = () => page.getByRole('dialog', { name: 'Threshold' });
    const holds = () => page.getByTestId('rule-scope');
    const shortest = async (frames: string) => {
      await panel().getByLabel('Shortest event').fill(frames);
      await panel().getByLabel('Shortest event').press('Tab');
      await saved(page);
    };
    await page.keyboard.press('t');
    await expect(holds()).toHaveText('This video goes by the rule of all videos.');
    await panel().getByRole('radio', { name: 'This camera' }).check({ force: true });
    await shortest('100000');
    await expect(holds()).toHaveText('This video goes by the rule of the camera gate.');
    await expect(options(page)).toHaveCount(3);
    // Wider than what holds here: a change would not be seen.
    await expect(panel().getByRole('radio', { name: 'All videos' })).toBeDisabled();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('video-events')).toContainText('0 events');

    await openVideo(page, 'variable.mp4');
    await expect(page.getByTestId('video-events')).toContainText('0 events');
    await page.keyboard.press('t');
    await panel().getByRole('radio', { name: 'This video' }).check({ force: true });
    await shortest('0');
    await expect(holds()).toHaveText(
      'This video goes by a rule of its own. 1 camera and 1 video have rules of their own.',
    );
    await expect(options(page)).toHaveCount(4);
    await panel().getByRole('button', { name: 'Back to the rule of the camera gate' }).click();
    await expect(holds()).toHaveText('This video goes by the rule of the camera gate.');
    await expect(options(page)).toHaveCount(3);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await expect(options(page)).toHaveCount(4);
    await expect(page.getByTestId('video-events')).toContainText('1 event');

    await app.restart();
    ({ page } = app);
    await expect(options(page)).toHaveCount(4);
    await openVideo(page, 'constant.mp4');
    await expect(page.getByTestId('video-events')).toContainText('0 events');
    await openVideo(page, 'old.avi');
    await expect(page.getByTestId('video-events')).toContainText('1 event');

    // What an export would be made of says so, too.
    await page.getByRole('link', { name: /^Export/ }).click();
    await expect(page.getByText(/1 camera and 1 video have rules of their own/)).toBeVisible();
  });
});

test.describe('what the runs together say', () => {
  test.use({ state: 'compared' });

  test('is explained at a place of the lane, for an event, by key and by name', async ({ app: { page } }) => {
    await openReview(page);
    await openVideo(page, 'constant.mp4');
    await queueAnswered(page);
    const why = page.getByRole('dialog', { name: 'Which runs fired' });
    const closed = async () => {
      await page.keyboard.press('Escape');
      await expect(why).toBeHidden();
    };
    await page.keyboard.press('c');
    // The second run labels every frame.
    await expect(why).toContainText(/[12] of 2 runs reach their threshold here/);
    await expect(why.getByRole('listitem').filter({ hasText: 'second' })).toContainText('segments 0 to 20');
    await expect(why.getByRole('listitem').filter({ hasText: 'baseline' })).toHaveCount(1);
    await expect(why).toContainText('20 reviewed random samples; there are 0.');
    await closed();

    const timeline = page.getByRole('region', { name: 'Timeline' });
    const lane = await boxOf(timeline.locator('[data-cursor]'));
    const name = await boxOf(timeline.getByText('Consensus', { exact: true }));
    await page.mouse.click(lane.x + lane.width / 2, name.y + name.height / 2);
    await expect(why).toContainText('Frames 0 to 320');
    const frame = page.getByTestId('frame');
    await expect(frame).toHaveText('160');
    await why.getByRole('button', { name: 'second: go to frame 0' }).click();
    await expect(frame).toHaveText('0');
    await closed();

    await page.keyboard.press('n');
    await page
      .getByRole('complementary', { name: 'Event', exact: true })
      .getByRole('button', { name: /^[012] of 2 agree$/ })
      .click();
    await expect(why).toBeVisible();
    await closed();

    await timeline.getByRole('button', { name: 'Which runs fired at the playhead' }).press('Enter');
    await expect(why).toBeVisible();
    await closed();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('which runs fired');
    await page.getByRole('option', { name: /Which runs fired here/ }).click();
    await expect(why).toBeVisible();
  });
});
