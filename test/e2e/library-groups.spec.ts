// The library as pictures, cameras and tags, files that were moved or deleted. Rows 31 and 35 of the feature table.
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { type AppDriver, runCli } from './driver.ts';
import { expect, test } from './fixtures.ts';
import { openFromHome } from './review-steps.ts';

test.use({ state: 'scored' });

const row = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: new RegExp(`^${name}`) });

test('pictures are walked, chosen and opened by keyboard, and stay the form of the list', async ({
  app: { page },
}) => {
  await page.getByRole('grid', { name: 'Videos' }).waitFor();
  await page.getByRole('radio', { name: 'Pictures' }).click({ force: true });
  const cards = page.locator('[data-index]');
  await expect(cards).toHaveCount(6);
  await expect(cards.filter({ hasText: 'constant' }).locator('img')).toHaveJSProperty('complete', true);
  await cards.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(cards.nth(1)).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByText('1 video selected.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(cards).toHaveCount(6);
  const constant = cards.filter({ hasText: 'constant' });
  await constant.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/review\/1\/\d+$/);
});

test('cameras and tags are given to many, filter the list, and scores are shown beside each camera', async ({
  app: { page },
}) => {
  await row(page, 'constant').focus();
  await page.keyboard.press('Space');
  await row(page, 'quiet-1').focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('2 videos selected.')).toBeVisible();
  await page.getByRole('button', { name: 'Camera, tags' }).click();
  const dialog = page.getByRole('dialog', { name: 'Group 2 videos' });
  await dialog.getByLabel('Another camera').fill('gate');
  await dialog.getByRole('button', { name: 'Set' }).click();
  await expect(dialog.getByRole('button', { name: 'gate' })).toHaveAttribute('aria-pressed', 'true');
  await dialog.getByLabel('Another tag').fill('night');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog.getByRole('button', { name: 'night' })).toHaveAttribute('aria-pressed', 'true');
  await dialog.getByRole('button', { name: 'Done' }).click();

  const cameras = page.getByRole('region', { name: 'Cameras' });
  await cameras.getByRole('button', { name: /^gate/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^gate\s*2 of 6$/);
  await expect(row(page, 'variable')).toBeHidden();
  await cameras.getByRole('button', { name: /^gate/ }).click();
  await page
    .getByRole('region', { name: 'Tags' })
    .getByRole('button', { name: /^night/ })
    .click();
  await expect(row(page, 'quiet-1')).toBeVisible();
  await expect(row(page, 'quiet-2')).toBeHidden();
  await page
    .getByRole('region', { name: 'Tags' })
    .getByRole('button', { name: /^night/ })
    .click();
  await page.getByText('Per camera').click();
  await expect(page.getByRole('switch', { name: 'Per camera' })).toBeChecked();
  await page.reload();
  await expect(row(page, 'constant')).toContainText('gate');
  await expect(page.getByRole('switch', { name: 'Per camera' })).toBeChecked();
});

/** Looks at the files again, as opening the project does. */
async function lookAgain(app: AppDriver): Promise<void> {
  await app.restart();
  await openFromHome(app.page, 'project');
  await app.page.getByRole('grid', { name: 'Videos' }).waitFor();
}

test.describe('files that are not where they were', () => {
  // Footage of its own: that of the other tests must stay where it is.
  test.use({ state: 'none' });

  test('a moved file is found by its content, a deleted one keeps scores and says so', async ({ app }) => {
    test.setTimeout(240_000);
    const { page, folder } = app;
    const footage = join(folder, 'footage');
    for (const name of ['variable.mp4', 'quiet-2.mp4', 'old.avi', 'broken.mp4'])
      await rm(join(footage, name));
    const project = join(folder, 'project');
    await runCli(folder, '-p', project, 'import', footage);
    await runCli(folder, '-p', project, 'extract');
    await runCli(folder, '-p', project, 'train', 'motion');
    await openFromHome(page, 'project');
    await expect(row(page, 'constant')).toBeVisible();

    await mkdir(join(folder, 'elsewhere'));
    await rename(join(footage, 'constant.mp4'), join(folder, 'elsewhere', 'renamed.mp4'));
    await rm(join(footage, 'quiet-1.mp4'));
    await lookAgain(app);
    const notice = page.getByRole('status').filter({ hasText: 'no longer in place' });
    await expect(notice).toContainText('2 videos have their files no longer in place', { timeout: 30_000 });
    // What was computed from it is still there, and can be looked at.
    await expect(row(page, 'quiet-1').getByRole('img', { name: /Highest score/ })).toBeVisible();

    await notice.getByRole('button', { name: 'Locate…' }).click();
    const where = page.getByRole('dialog', { name: /Choose videos/ });
    await where.getByRole('row', { name: 'elsewhere' }).click();
    await where.getByRole('button', { name: 'Choose', exact: true }).click();
    await expect(notice).toContainText('1 video has its file no longer in place', { timeout: 60_000 });
    await expect(row(page, 'quiet-1').getByRole('img', { name: /Highest score/ })).toBeVisible();
  });
});
