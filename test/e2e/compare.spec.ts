// Two runs beside each other: lanes, consensus, what the newer one changes, disagreement; labels from elsewhere, boxes
// over the picture. Rows 4, 5, 24-26 and 38 of the feature table.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import {
  atEvent,
  chooseOrder,
  firstVideo,
  openReview,
  openTool,
  options,
  queueAnswered,
  queueNames,
  reviewSeen,
} from './review-steps.ts';

test.use({ state: 'compared' });

const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' });
const lanesMenu = async (page: Page) => {
  await page.getByRole('button', { name: 'Lanes', exact: true }).click();
  return page.getByRole('dialog', { name: 'Lanes' });
};

test('each run has its lane, together they have a consensus, and all can be hidden by key or choice', async ({
  app: { page },
}) => {
  await openReview(page);
  const lanes = timeline(page);
  await expect(lanes.getByText('Consensus', { exact: true })).toBeVisible();
  await expect(lanes.getByText('Uncertainty', { exact: true })).toBeVisible();
  const large = await lanes.getByText(/^(baseline|second)$/).allTextContents();
  expect(large.sort()).toEqual(['baseline', 'second']);
  for (const name of ['Median of runs', 'Share of runs', 'By reliability']) {
    await page.keyboard.press('Shift+M');
    await expect(lanes.getByText(name, { exact: true })).toBeVisible();
  }
  await page.keyboard.press('Shift+M');
  await expect(lanes.getByText(/^(Consensus|Median of runs|Share of runs|By reliability)$/)).toHaveCount(0);
  const menu = await lanesMenu(page);
  await menu.getByRole('radio', { name: 'Consensus: mean' }).check({ force: true });
  await menu.getByRole('checkbox', { name: /^(baseline|second)$/ }).uncheck({ force: true });
  await menu.getByRole('checkbox', { name: 'Uncertainty' }).uncheck({ force: true });
  await page.keyboard.press('Escape');
  await expect(lanes.getByText('Uncertainty', { exact: true })).toHaveCount(0);
  await expect(lanes.getByText(/^(baseline|second)$/)).toHaveCount(1);
  // The next run becomes the large lane, by key.
  const here = page.url();
  await page.keyboard.press('m');
  await expect(page).not.toHaveURL(here);
  await expect(lanes.getByText('Consensus', { exact: true })).toBeVisible();
  await page.reload();
  await expect(lanes.getByText('Consensus', { exact: true })).toBeVisible();
  await expect(lanes.getByText('Uncertainty', { exact: true })).toHaveCount(0);
});

test('a drag goes on when lanes go in the middle of it', async ({ app: { page } }) => {
  await openReview(page);
  const lanes = timeline(page);
  const consensus = lanes.getByText(/^(Consensus|Median of runs|Share of runs|By reliability)$/);
  await expect(consensus).toHaveCount(1);
  const ruler = lanes.locator('[data-cursor]');
  const box = await ruler.boundingBox();
  if (!box) throw new Error('the timeline is not on the screen');
  const frame = async () => Number((await page.getByTestId('frame').textContent())?.replace(/\D/g, ''));
  await page.mouse.move(box.x + box.width / 4, box.y + 8);
  await page.mouse.down();
  const from = await frame();
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+M');
  await expect(consensus).toHaveCount(0);
  await page.mouse.move(box.x + (box.width * 3) / 4, box.y + 8, { steps: 3 });
  await page.mouse.up();
  await expect.poll(frame).toBeGreaterThan(from + 100);
});

test('what a new run changes is counted beside verdicts, and queued alone', async ({ app: { page } }) => {
  await openReview(page);
  await openTool(page, /What this run changes/);
  const dialog = page.getByRole('dialog', { name: 'What second changes' });
  await expect(dialog).toContainText('Against');
  const count = async (what: string) =>
    Number(
      (
        await dialog
          .getByRole('definition')
          .nth(['New', 'Moved', 'Gone', 'The same'].indexOf(what))
          .textContent()
      )?.replace(/\D/g, ''),
    );
  await expect(dialog.getByTestId('contradictions')).toHaveText('It contradicts none of your verdicts.');
  const changed = (await count('New')) + (await count('Moved')) + (await count('Gone'));
  // One run was made to see everything, the other what stands out.
  expect(changed).toBeGreaterThan(0);
  await dialog.getByRole('button', { name: `Queue just these (${changed})` }).click();
  await expect(dialog).toBeHidden();
  await expect(options(page).filter({ hasNotText: 'Probe' })).toHaveCount(changed);
  await expect(options(page).filter({ hasText: /New|Moved|Gone/ })).toHaveCount(changed);
  await page
    .getByRole('status')
    .filter({ hasText: 'Only what changed' })
    .getByRole('button', { name: 'Show all' })
    .click();

  // A verdict against the run: rejected, and seen all the same.
  await page.keyboard.press('n');
  await atEvent(page, 1);
  await page.keyboard.press('x');
  await expect(options(page).filter({ hasText: /./ }).first()).toHaveAttribute('aria-label', /rejected/);
  // Of which the second reviewer is told nothing.
  await openTool(page, /Second review/);
  const second = page.getByRole('dialog', { name: 'Second review' });
  await second.getByLabel('Name of the second reviewer').fill('Bo');
  await second.getByRole('button', { name: 'Review blind' }).click();
  await expect(page.getByText('Bo reviews blind')).toBeVisible();
  await openTool(page, /What this run changes/);
  await expect(dialog.getByTestId('contradictions')).toHaveText('It contradicts none of your verdicts.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'End' }).click();
  await openTool(page, /What this run changes/);
  await expect(dialog.getByTestId('contradictions')).toContainText('1 of your verdicts');
  await dialog.getByRole('button', { name: /^Queue just these/ }).click();
  await expect(options(page).filter({ hasText: 'Contradicts' })).toHaveCount(1);
});

test('where methods disagree most comes first, with the scores of each', async ({ app: { page } }) => {
  await openReview(page);
  await chooseOrder(page, 'Methods disagree most');
  await expect(page.getByText('Methods can disagree once')).toBeHidden();
  const disagree = await queueNames(page);
  await chooseOrder(page, 'By video and time');
  await expect.poll(() => queueNames(page)).not.toEqual(disagree);
  expect((await queueNames(page)).length).toBe(disagree.length);
  await expect(options(page).first().locator('[title*="baseline"][title*="second"]')).toHaveCount(1);
});

test('edges of events go on in the next video, and back', async ({ app: { page } }) => {
  await openReview(page);
  const heading = page.getByRole('heading', { level: 1 });
  const settled = page.locator('[data-testid=frame][data-settled=true]');
  await firstVideo(page, 'broken.mp4');
  const seen: string[] = [];
  const note = async () => {
    const now = (await heading.textContent()) ?? '';
    if (seen.at(-1) !== now) seen.push(now);
  };
  await note();
  for (let i = 0; i < 30 && seen.length < 3; i++) {
    await page.keyboard.press('Alt+ArrowRight');
    await settled.waitFor();
    await note();
  }
  expect(seen.length).toBeGreaterThanOrEqual(3);
  await settled.waitFor(); // the video that was come to last is open
  await page.keyboard.press('Home');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(heading).toHaveText(seen[1]);
});

test('labels from elsewhere are a lane that people can hide, and the second reviewer does not see', async ({
  app,
}) => {
  const { page, folder } = app;
  await writeFile(join(folder, 'annotations.txt'), 'constant 2 9');
  await page.getByRole('link', { name: 'Export' }).click();
  await page.getByRole('button', { name: 'Import labels…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import labels' });
  await dialog.getByRole('button', { name: 'Choose files…' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose labels' });
  await picker.getByText('annotations.txt').click();
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  await expect(dialog.getByRole('status', { name: 'What matches' })).toContainText('1 video');
  await dialog.getByLabel('Name of the layer').fill('Theirs');
  await dialog.getByRole('button', { name: 'Import as a layer' }).click();
  await expect(dialog).toBeHidden();

  await openReview(page);
  await options(page).filter({ hasText: 'constant' }).first().click();
  const lane = page.getByRole('list', { name: 'Theirs' });
  await expect(lane.getByRole('button', { name: /^Theirs.*, 1 of 1, frames/ })).toBeVisible();
  await openTool(page, /Second review/);
  const second = page.getByRole('dialog', { name: 'Second review' });
  await second.getByLabel('Name of the second reviewer').fill('Bo');
  await second.getByRole('button', { name: 'Review blind' }).click();
  await expect(page.getByText('Bo reviews blind')).toBeVisible();
  await expect(lane).toHaveCount(0);
  await page.getByRole('button', { name: 'End' }).click();
  await lane.getByRole('button').focus();
  await page.keyboard.press('Enter');
  const menu = await lanesMenu(page);
  await menu.getByRole('checkbox', { name: 'Theirs' }).uncheck({ force: true });
  await page.keyboard.press('Escape');
  await expect(lane).toHaveCount(0);
});

test('scores beside the level of each camera are in list and timeline alike', async ({ app }) => {
  const { page } = app;
  await openReview(page);
  await page.getByRole('button', { name: /^Filter/ }).click();
  const panel = page.getByRole('dialog', { name: 'Filter' });
  const before = await queueNames(page);
  await panel.getByText('Scores per camera').click();
  await expect(panel.getByRole('switch', { name: 'Scores per camera' })).toBeChecked();
  await expect.poll(() => queueNames(page)).not.toEqual(before);
  await queueAnswered(page);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  const event = options(page).filter({ hasText: 'constant' }).first();
  const highest = /highest (\d?\.\d\d)/.exec((await event.getAttribute('aria-label')) ?? '')?.[1];
  await event.click();
  // What the list says is what the timeline says.
  await expect(
    page
      .getByRole('list', { name: 'Events of this video' })
      .getByRole('button', { name: new RegExp(`highest score ${highest?.replace('.', '\\.')}`) })
      .first(),
  ).toBeVisible();
});

test.describe('boxes', () => {
  test.use({ state: 'none' });
  test('are drawn over the picture while they are there, with their class', async ({ app }) => {
    test.setTimeout(240_000);
    const { page } = app;
    const rows = Array.from({ length: 40 }, (_, frame) => `constant,${frame},100,80,300,240,0.9`);
    await reviewSeen(app, 'boxes.csv', ['video,frame,x1,y1,x2,y2,conf', ...rows, ''].join('\n'));
    const drawn = page.locator('section[aria-label=Video] canvas');
    /** Marks along the left edge of the box, in the middle of its height. */
    const onEdge = () =>
      drawn.evaluate((canvas: HTMLCanvasElement) => {
        const [width, height] = [640, 360];
        const scale = Math.min(canvas.width / width, canvas.height / height);
        const x = (canvas.width - width * scale) / 2 + 100 * scale;
        const y = (canvas.height - height * scale) / 2 + 160 * scale;
        const data = canvas.getContext('2d')?.getImageData(Math.round(x) - 3, Math.round(y), 7, 1).data ?? [];
        return [...data].some((value, i) => i % 4 === 3 && value > 60);
      });
    await expect.poll(onEdge).toBe(true);
    await page.keyboard.press('End');
    await expect.poll(onEdge).toBe(false);
  });
});
