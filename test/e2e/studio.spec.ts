// The review where it is not plain sailing: keys before the video is open, a file that is gone, poses over the picture,
// neighbours in feature space, filters without a pointer. Rows 15, 17-19, 26, 35 of the feature table.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOwnPoses } from '../../electron/features/poses/own.ts';
import { runCli } from './driver.ts';
import { expect, test } from './fixtures.ts';
import {
  atEvent,
  everythingIsAnEvent,
  openFromHome,
  openReview,
  options,
  reviewSeen,
} from './review-steps.ts';

test.describe('with five events in five videos', () => {
  test.use({ state: 'scored' });

  test('verdicts that are given before the next video is open are for the event that is selected', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    const there = Promise.withResolvers<void>();
    await page.route(/\/(frames|scores|media)\/\d/, async (route) => {
      await there.promise;
      await route.continue();
    });
    await page.keyboard.press('n');
    await expect(page.getByTestId('event-count')).toHaveText('1 of 5');
    await page.keyboard.press('a');
    await expect(page.getByTestId('event-count')).toHaveText('2 of 5');
    await page.keyboard.press('x');
    await expect(page.getByTestId('event-count')).toHaveText('3 of 5');
    await page.keyboard.press('u');
    await expect(page.getByTestId('event-count')).toHaveText('4 of 5');
    const said = ['accepted', 'rejected', 'unsure'];
    for (const [i, word] of said.entries())
      await expect(options(page).nth(i)).toHaveAttribute('aria-label', new RegExp(word));
    await expect(page.getByTestId('undo-fact')).toContainText('4 steps to undo');
    there.resolve();
    await expect(page.locator('video[data-ready]')).toBeVisible({ timeout: 60_000 });
    await expect(options(page).nth(3)).not.toHaveAttribute('aria-label', /accepted|rejected|unsure/);
  });

  test('a step that is asked for before the queue is there is taken when it comes', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    const there = Promise.withResolvers<void>();
    await page.route(/\/(frames|scores)\/\d|\/api\/review\.queue/, async (route) => {
      await there.promise;
      await route.continue();
    });
    await page.reload();
    await expect(page.getByRole('region', { name: 'Video' })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.keyboard.press('n');
    there.resolve();
    await atEvent(page, 1);
    await expect(options(page).nth(0)).toHaveAttribute('aria-selected', 'true');
    await expect(page.locator('video[data-ready]')).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('n');
    await atEvent(page, 2);
  });

  test('filters are set and taken away without a pointer', async ({ app: { page } }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.keyboard.press('n');
    await page.keyboard.press('a');
    await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
    await page.keyboard.press('Control+f');
    const panel = page.getByRole('dialog', { name: 'Filter' });
    await expect(panel).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('button', { name: 'Not decided' })).toBeFocused();
    await page.keyboard.press('Space');
    await expect(options(page)).toHaveCount(4);
    await expect(panel.getByText('4 of 5 events')).toBeVisible();
    const path = panel.getByLabel('Path');
    for (let i = 0; i < 20 && !(await path.evaluate((field) => field === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.type('q*-2.mp4');
    await expect(options(page)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(page.getByRole('button', { name: 'Filter, 2 conditions on' })).toBeVisible();
    await page.keyboard.press('Control+f');
    await expect(panel).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(panel.getByRole('button', { name: 'Show all' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(options(page)).toHaveCount(5);
  });

  test('an event is shown beside the reviewed ones it looks like, and they decide for it', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.keyboard.press('n');
    await expect(page.getByTestId('event-count')).toHaveText('1 of 5');
    await expect(page.getByRole('heading', { name: 'Looks like' })).toBeHidden();
    await page.keyboard.press('a');
    await expect(page.getByTestId('event-count')).toHaveText('2 of 5');
    const like = page.getByRole('list', { name: 'Reviewed events that look like this one' });
    await expect(like.getByRole('listitem')).toHaveCount(1);
    await expect(like.getByRole('listitem')).toContainText('Accepted');
    const apply = page.getByRole('button', { name: /^Apply to \d+ within/ });
    await expect(apply).toBeVisible();
    await page.keyboard.press('Shift+A');
    const rule = page.getByRole('dialog', { name: 'Decide by rule' });
    await expect(rule.getByText(/^Accept open events within/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(rule).toBeHidden();
    await apply.press('Enter');
    await expect(rule.getByTestId('bulk-affected')).toContainText('open event');
    await expect(rule.getByText(/^Accept open events within/)).toBeVisible();
    await rule.getByRole('button', { name: /^Decide on/ }).press('Enter');
    await expect(rule).toBeHidden();
    await expect(options(page).nth(1)).toHaveAttribute('aria-label', /accepted by rule/);
  });
});

test.describe('with footage of its own', () => {
  test.use({ state: 'none' });

  test('poses are drawn over the picture, and only while they are there', async ({ app }) => {
    test.setTimeout(240_000);
    const { page } = app;
    // A person in the first 40 frames: joints on a grid, so that the bones between them are where one looks.
    const joints = Array.from({ length: 17 }, (_, j) => [
      120 + 30 * (j % 4),
      80 + 40 * Math.floor(j / 4),
      0.9,
    ]);
    const person = {
      id: 1,
      frames: Int32Array.from({ length: 40 }, (_, frame) => frame),
      keypoints: Float32Array.from(Array.from({ length: 40 }, () => joints.flat()).flat()),
      scores: new Float64Array(40).fill(0.9),
    };
    await reviewSeen(app, 'constant.poses.json', writeOwnPoses('constant', [person]));
    const drawn = page.locator('section[aria-label=Video] canvas');
    /** Share of marked points over the person. */
    const marked = () =>
      drawn.evaluate((canvas: HTMLCanvasElement) => {
        const [width, height] = [640, 360];
        const scale = Math.min(canvas.width / width, canvas.height / height);
        const x = (canvas.width - width * scale) / 2 + 110 * scale;
        const y = (canvas.height - height * scale) / 2 + 70 * scale;
        const data =
          canvas.getContext('2d')?.getImageData(x, y, Math.round(110 * scale), Math.round(180 * scale))
            .data ?? [];
        let sum = 0;
        for (let i = 3; i < data.length; i += 4) sum += data[i] > 60 ? 1 : 0;
        return sum / Math.max(1, data.length / 4);
      });
    await expect.poll(marked).toBeGreaterThan(0.01);
    await page.keyboard.press('v');
    await expect(drawn).toBeHidden();
    await page.keyboard.press('v');
    await expect.poll(marked).toBeGreaterThan(0.01);
    await page.keyboard.press('End');
    await expect.poll(marked).toBe(0);
  });

  test('a video whose file is gone keeps curve, events and verdicts, and says the way on', async ({
    app,
  }) => {
    test.setTimeout(240_000);
    const { page, folder } = app;
    // Whoever is faster than the engine's look at the files finds out by asking for this one.
    app.excuse(/404 \(Not Found\) \S+\/media\//);
    const project = join(folder, 'project');
    const footage = join(folder, 'footage');
    for (const name of ['old.avi', 'broken.mp4', 'quiet-1.mp4', 'quiet-2.mp4']) await rm(join(footage, name));
    await runCli(folder, '-p', project, 'import', footage);
    await runCli(folder, '-p', project, 'extract');
    await runCli(folder, '-p', project, 'train', 'motion');
    await rm(join(footage, 'constant.mp4'));
    await openFromHome(page, 'project');
    await page.getByRole('row', { name: /constant/ }).dblclick();
    // The picture says what is the matter; curve, events and verdicts are there.
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('constant.mp4');
    const stage = page.getByRole('region', { name: 'Video' });
    await expect(stage.getByRole('heading', { name: 'The file is not where it was' })).toBeVisible();
    await expect(stage.getByText(/Scores and events are kept/)).toBeVisible();
    await page.keyboard.press('n');
    await expect(page.getByTestId('event-count')).toHaveText(/^1 of \d/);
    await page.keyboard.press('a');
    await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
    await expect(page.getByTestId('saved')).toHaveText(/^Saved/);
  });
});
