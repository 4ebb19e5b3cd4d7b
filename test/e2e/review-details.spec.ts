// Details of the review: a log longer than a page, more cameras than are shown, the order by novelty, events that play by
// themselves, digits of classes that are only being made, keys that belong to dialogs.
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { stepOf } from '../../electron/api/review/edits.ts';
import { openProject } from '../../electron/store/open.ts';
import { runCli } from './driver.ts';
import { expect, test } from './fixtures.ts';
import {
  atEvent,
  chooseOrder,
  everythingIsAnEvent,
  openFromHome,
  openReview,
  openTool,
  options,
  queueAnswered,
  queueNames,
} from './review-steps.ts';

const LONG = 430;

test.describe('a log of many edits', () => {
  test.use({ state: 'none' });

  test('is read page by page, by button and by the slider, and its oldest row is shown as it was', async ({
    app,
    prepared,
  }) => {
    const { page, folder } = app;
    const project = join(folder, 'project');
    await cp(join(prepared.projects, 'scored'), project, { recursive: true });
    const store = openProject(project);
    const [run] = store.runs.list();
    const [video] = store.videos.list().filter(({ state }) => state === 'ready');
    const target = { runId: run.id, videoId: video.id, range: { start: 0, end: 16 } };
    for (let n = 0; n < LONG; n++) {
      const verdict = n % 2 === 0 ? 'accepted' : 'rejected';
      const rows = store.review.all(1);
      store.review.commit(
        stepOf(
          store,
          { reviewer: 'ada', pass: 1 },
          { type: 'change', target: rows[0] ? { id: rows[0].id } : target, set: { verdict } },
        ),
      );
    }
    store.close();
    await openFromHome(page, 'project');
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    await openReview(page);
    await page.keyboard.press('h');
    const history = page.getByRole('dialog', { name: 'History' });
    const rows = history.getByRole('list', { name: /What was done/ }).locator('[aria-current]');
    const older = history.getByRole('button', { name: 'Older' });
    await expect(rows).toHaveCount(200);
    await older.click();
    await expect(rows).toHaveCount(400);
    // At its left end the slider goes on into what is older.
    const slider = history.getByRole('slider', { name: 'Point in time' });
    await slider.focus();
    await page.keyboard.press('Home');
    await expect(rows).toHaveCount(LONG);
    await expect(older).toBeHidden();
    await rows.last().click();
    await expect(rows.last()).toHaveAttribute('aria-current', 'true');
    await expect(history.getByTestId('as-of')).toContainText('1 accepted, 0 rejected');
    await rows.first().click();
    await expect(history.getByTestId('as-of')).toContainText('0 accepted, 1 rejected');
  });
});

test.describe('a site with many cameras', () => {
  test.use({ state: 'none' });

  test('finds those that a filter is for by a part of their names', async ({ app, prepared }) => {
    const { page, folder } = app;
    const project = join(folder, 'project');
    const site = join(folder, 'site');
    for (let n = 1; n <= 26; n++) {
      const camera = join(site, `${n % 2 === 0 ? 'gate' : 'yard'} ${n}`);
      await mkdir(camera, { recursive: true });
      await cp(
        join(prepared.footage, n === 8 ? 'constant.mp4' : 'quiet-1.mp4'),
        join(camera, `clip ${n}.mp4`),
      );
    }
    await runCli(folder, '-p', project, 'import', site);
    await runCli(folder, '-p', project, 'videos', '--camera-from-folder');
    await runCli(folder, '-p', project, 'extract');
    await runCli(folder, '-p', project, 'train', 'motion');
    await runCli(folder, '-p', project, 'label', '--on', '0', '--off', '0');
    await openFromHome(page, 'project');
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    await openReview(page);
    await expect(options(page).first()).toBeVisible();
    await page.keyboard.press('Control+f');
    const panel = page.getByRole('dialog', { name: 'Filter' });
    const find = panel.getByLabel('Find cameras');
    await expect(find).toHaveAttribute('placeholder', 'Find among 26 cameras');
    await find.fill('GATE 8');
    await expect(panel.getByRole('button', { name: /^(gate|yard) \d+$/ })).toHaveCount(1);
    await panel.getByRole('button', { name: 'gate 8', exact: true }).click();
    await find.fill('no such');
    // What is chosen stays in sight.
    await expect(panel.getByRole('button', { name: /^(gate|yard) \d+$/ })).toHaveText('gate 8');
    await expect(panel.getByText('None has this name')).toBeVisible();
    await page.keyboard.press('Escape');
    await queueAnswered(page);
    await expect(options(page)).toHaveCount(1);
    await expect(options(page)).toHaveAttribute('aria-label', /clip 8\.mp4/);
  });
});

test.describe('with five events in five videos', () => {
  test.use({ state: 'scored' });

  test('the most novel comes first, and what is like anything reviewed comes last', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await chooseOrder(page, 'Most novel');
    // Nothing was reviewed that anything could be unlike.
    await expect(page.getByText('Novelty is the distance')).toBeVisible();
    await chooseOrder(page, 'By video and time');
    await options(page).filter({ hasText: 'quiet-1.mp4' }).click();
    await page.keyboard.press('x');
    await expect(options(page).filter({ hasText: 'quiet-1.mp4' })).toHaveAttribute('aria-label', /rejected/);
    await chooseOrder(page, 'Most novel');
    await expect(page.getByText('Novelty is the distance')).toBeHidden();
    const names = (await queueNames(page)).map((name) => name?.split(',')[0]);
    const open = names.filter((name) => name !== 'quiet-1.mp4');
    expect(open.at(-1)).toBe('quiet-2.mp4');
    // It goes by distance to what was reviewed: after another verdict its like is no longer far.
    expect(open[0]).not.toBe('quiet-2.mp4');
  });

  test('an event that plays by itself rests at its end, or goes on to the next, as chosen', async ({
    app: { page },
  }) => {
    await openReview(page);
    await chooseOrder(page, 'By video and time');
    const names = await queueNames(page);
    expect(names.length).toBeGreaterThan(1);
    await options(page).first().click();
    await atEvent(page, 1);
    const frame = async (): Promise<number> =>
      Number((await page.getByTestId('frame').textContent())?.replaceAll(',', ''));
    const speed = page.getByRole('button', { name: /^Speed/ });
    const choose = async (name: string | RegExp): Promise<void> => {
      await speed.click();
      await page.getByRole('menuitem', { name }).click();
    };
    await choose('4×');
    await page.keyboard.press('Shift+K');
    const field = async (name: string): Promise<number> =>
      Number((await page.getByRole('textbox', { name }).inputValue()).replaceAll(',', ''));

    await page.keyboard.press('n');
    await atEvent(page, 2);
    const picture = page.locator('video[data-ready]');
    await expect(picture).toBeVisible({ timeout: 60_000 });
    const [start, end] = [await field('In, frame'), await field('Out, frame')];
    // It has played to its end, with a second of context, and no further.
    await expect.poll(frame, { timeout: 60_000 }).toBeGreaterThanOrEqual(end);
    await expect(picture).toHaveJSProperty('paused', true);
    await expect.poll(frame).toBeLessThan(end + 80);
    expect(start).toBeLessThan(end);
    // Once: whoever plays on is not stopped again.
    const rested = await frame();
    await page.keyboard.press('Space');
    await expect.poll(frame, { timeout: 60_000 }).not.toBe(rested);
    await page.keyboard.press('k');

    await choose('then play the one after it');
    await page.keyboard.press('p');
    await atEvent(page, 1);
    // It goes to the second event by itself.
    await expect(page.getByTestId('event-count')).toHaveText(/^2 of /, { timeout: 60_000 });
    await page.keyboard.press('k');
  });

  test('a digit that is pressed before its class is there is taken when it comes', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.keyboard.press('n');
    await atEvent(page, 1);
    // A digit without a class says so.
    await page.keyboard.press('3');
    await expect(page.getByText(/No class has the digit 3/)).toBeVisible();
    const there = Promise.withResolvers<void>();
    await page.route(/\/api\/review\.(classes|edit)/, async (route) => {
      await there.promise;
      await route.continue();
    });
    await page.keyboard.press('e');
    const classes = page.getByRole('dialog', { name: 'Classes' });
    await classes.getByLabel('Class of this event').fill('Cart');
    await page.keyboard.press('Enter');
    await expect(classes).toBeHidden();
    await page.keyboard.press('n');
    await page.keyboard.press('1');
    there.resolve();
    await expect(options(page).filter({ hasText: 'Cart' })).toHaveCount(2);
  });

  test('the list of keys has those of classes and of dialogs; kappa says what settling did to it', async ({
    app: { page },
  }) => {
    await openReview(page);
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await expect(sheet.getByRole('region', { name: 'Classes' })).toContainText('class with this digit');
    await expect(sheet.getByRole('region', { name: 'In dialogs' })).toContainText('Ctrl Enter');
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();

    await page.keyboard.press('n');
    await atEvent(page, 1);
    await page.keyboard.press('a');
    await expect(options(page).first()).toHaveAttribute('aria-label', /accepted/);
    await blindReview(page);
    await options(page).first().click();
    await atEvent(page, 1);
    await page.keyboard.press('x');
    await expect(options(page).first()).toHaveAttribute('aria-label', /rejected/);
    await page.getByRole('button', { name: 'End' }).click();
    await openTool(page, /Second review/);
    const dialog = page.getByRole('dialog', { name: 'Second review' });
    const meaning = dialog.getByTestId('kappa-meaning');
    await expect(meaning).toContainText('of two independent reviews as long as nothing is settled');
    await dialog.getByRole('list', { name: 'Differences' }).getByRole('button', { name: 'Second' }).click();
    await expect(dialog).toContainText('They agree everywhere');
    await expect(meaning).toContainText('Differences were settled');
  });
});

async function blindReview(page: Page): Promise<void> {
  await openTool(page, /Second review/);
  const dialog = page.getByRole('dialog', { name: 'Second review' });
  await dialog.getByLabel('Name of the second reviewer').fill('Bo');
  await dialog.getByRole('button', { name: 'Review blind' }).click();
  await expect(page.getByText('Bo reviews blind')).toBeVisible();
}
