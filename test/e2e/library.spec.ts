import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { everythingIsAnEvent, openReview, options } from './review-steps.ts';

test.describe('an empty project', () => {
  test.use({ state: 'empty' });

  test('takes a folder of videos, says what is wrong with one, and goes on with the others', async ({
    app: { page, folder },
  }) => {
    await expect(page.getByRole('heading', { name: 'Import the videos to be labelled' })).toBeVisible();
    await page.keyboard.press('Control+i');
    const picker = page.getByRole('dialog', { name: /Choose videos/ });
    await expect(picker.getByRole('row', { name: 'footage' })).toBeVisible();
    await page.keyboard.press('Escape');
    // A folder is read anew each time it is looked into.
    await mkdir(join(folder, 'late'));
    await page.keyboard.press('Control+i');
    await expect(picker.getByRole('row', { name: 'late' })).toBeVisible();
    await picker.getByRole('row', { name: 'footage' }).click();
    await picker.getByRole('button', { name: 'Choose', exact: true }).click();
    const grid = page.getByRole('grid', { name: 'Videos' });
    await expect(grid.getByRole('row', { name: /^constant\.mp4/ })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Extract features' })).toBeVisible({ timeout: 60_000 });
    const broken = grid.getByRole('row', { name: /^broken\.mp4/ });
    await expect(broken).toContainText('The original stays untouched.');
    await expect(broken.getByRole('button', { name: 'Remove' })).toBeVisible();
    await expect(grid.getByRole('row', { name: /^variable\.mp4/ })).toContainText('VFR');
    await expect(
      grid.getByRole('row', { name: /^old\.avi/ }).getByRole('button', { name: 'Make copy' }),
    ).toBeVisible();
  });
});

test.describe('imported videos', () => {
  test.use({ state: 'imported' });

  test('get features, and the next step is a run', async ({ app: { page } }) => {
    await page.getByRole('button', { name: 'Extract features' }).click();
    await expect(page.getByRole('button', { name: 'New run' })).toBeVisible({ timeout: 90_000 });
    await expect(
      page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: /^constant\.mp4/ }),
    ).toContainText('cellmotion-v1');
  });

  test('get features on one core where all are not wanted, which is remembered', async ({
    app: { page },
  }) => {
    const menu = page.getByRole('button', { name: 'Features', exact: true });
    await menu.click();
    const all = page.getByRole('menuitem', { name: /^Use all cores/ });
    await expect(all.locator('svg')).toBeVisible();
    await all.click();
    await page.reload();
    await menu.click();
    await expect(page.getByRole('menu', { name: 'Features' })).toBeVisible();
    await expect(all.locator('svg')).toHaveCount(0);
    const [asked] = await Promise.all([
      page.waitForRequest('**/api/features.extract'),
      page.getByRole('menuitem', { name: /^Motion, version 1/ }).click(),
    ]);
    expect(asked.postDataJSON()).toEqual({ extractor: 'cellmotion-v1', threads: 0 });
    await expect(page.getByRole('button', { name: 'New run' })).toBeVisible({ timeout: 90_000 });
  });

  test('get boxes from a table, with a report of which video got what', async ({ app: { page, folder } }) => {
    const rows = [0, 1, 2].map((frame) => `quiet-1,${frame},10,10,40,60,0.9`);
    await writeFile(
      join(folder, 'footage', 'boxes.csv'),
      ['video,frame,x1,y1,x2,y2,conf', ...rows, 'elsewhere,0,1,1,9,9,1', ''].join('\n'),
    );
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Boxes and poses/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Import boxes and poses' });
    await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Choose files…' }).click();
    const picker = page.getByRole('dialog', { name: /Choose boxes or poses/ });
    await picker.getByRole('row', { name: 'footage' }).dblclick();
    await picker.getByRole('row', { name: /^boxes\.csv/ }).click();
    await picker.getByRole('button', { name: 'Choose', exact: true }).click();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    const report = page.getByRole('dialog', { name: 'Boxes and poses imported' });
    await expect(report.getByRole('row', { name: /^quiet-1\.mp4 Boxes 3 3/ })).toBeVisible({
      timeout: 30_000,
    });
    await expect(report).toContainText('elsewhere in boxes.csv: No video of the project has this name.');
    await report.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByText('1 video · 3')).toBeVisible();
  });

  test('are found, filtered and put in order', async ({ app: { page } }) => {
    const grid = page.getByRole('grid', { name: 'Videos' });
    const names = () =>
      grid
        .locator('[role=row][data-index]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')!.split(',')[0]));
    await expect(grid.getByRole('row', { name: /^constant/ })).toBeVisible();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('quiet');
    await expect.poll(names).toEqual(['quiet-1.mp4', 'quiet-2.mp4']);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('nowhere');
    await expect(page.getByRole('heading', { name: 'No video fits' })).toBeVisible();
    await page.getByRole('button', { name: 'Show all videos' }).click();
    await page.getByRole('button', { name: /^Needs attention/ }).click();
    await expect.poll(names).toEqual(['broken.mp4', 'old.avi', 'variable.mp4']);
    await page.getByRole('button', { name: /^All videos/ }).click();
    await page.getByRole('button', { name: /Order$/ }).click();
    await page.getByRole('option', { name: 'Longest' }).click();
    await expect.poll(async () => (await names())[0]).toBe('constant.mp4');
  });

  test('are walked, chosen and removed with the keyboard', async ({ app: { page } }) => {
    const grid = page.getByRole('grid', { name: 'Videos' });
    await grid.getByRole('row', { name: /^broken\.mp4/ }).focus();
    await page.keyboard.press('Space');
    await expect(page.getByText('1 video selected.')).toBeVisible();
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByText('2 videos selected.')).toBeVisible();
    await expect(grid.getByRole('row', { name: /^constant\.mp4/ })).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await expect(grid.getByRole('row', { name: /^broken\.mp4/ })).toBeFocused();
    await page.keyboard.press('Space');
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Remove broken.mp4?' });
    await expect(dialog).toContainText('stay where they are');
    await dialog.getByRole('button', { name: 'Remove from the project' }).click();
    await expect(grid.getByRole('row', { name: /^broken\.mp4/ })).toBeHidden();
    await expect(grid.getByRole('row', { name: /^constant\.mp4/ })).toBeVisible();
  });

  test('show pictures from along the video under the pointer', async ({ app: { page } }) => {
    const row = page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: /^constant\.mp4/ });
    const picture = row.locator('img');
    await expect(picture).toHaveJSProperty('complete', true);
    const middle = await picture.getAttribute('src');
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await expect(picture).toHaveAttribute('src', /\/0$/);
    await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
    await expect(picture).not.toHaveAttribute('src', /\/0$/);
    await page.mouse.move(0, 0);
    await expect(picture).toHaveAttribute('src', middle!);
  });
});

test.describe('a project with two runs', () => {
  test.use({ state: 'compared' });

  test('orders its videos by where the runs are apart, and by the scores of either', async ({
    app: { page },
  }) => {
    const grid = page.getByRole('grid', { name: 'Videos' });
    const rows = grid.locator('[role=row][data-index]');
    const numbers = async () =>
      (await rows.locator('[role=gridcell] > b').allTextContents()).filter((text) => text.endsWith('%'));
    await expect(grid.getByRole('row', { name: /^constant/ })).toBeVisible();
    const order = page.getByRole('button', { name: /Order$/ });
    await order.click();
    await page.getByRole('option', { name: 'Runs disagree most' }).click();
    await expect(grid.getByRole('columnheader', { name: 'Differ' })).toBeVisible();
    await expect.poll(async () => (await numbers()).length).toBe(5);
    const shares = (await numbers()).map((text) => Number.parseFloat(text));
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    // To one run every frame is an event, to the other only a few are.
    expect(shares[0]).toBeGreaterThan(50);
    const other = /^Highest score of (baseline|second)$/;
    await order.click();
    await page.getByRole('option', { name: other }).click();
    await expect(grid.getByRole('columnheader', { name: 'Highest' })).toHaveAttribute('title', other);
  });
});

test.describe('a scored project', () => {
  test.use({ state: 'scored' });

  test('shows what the run says of each video and leads to the review', async ({ app: { page } }) => {
    const row = page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: /^constant\.mp4/ });
    await expect(row.getByRole('img', { name: /Highest score/ })).toBeVisible();
    await row.focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/review\/1\/\d+$/);
  });

  test('says which videos are done, part by part, and leaves the others when asked', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await options(page).filter({ hasText: 'constant' }).click();
    await page.keyboard.press('a');
    await expect(page.getByTestId('undo-fact')).toContainText('Accept');
    await page.getByRole('link', { name: /^Library/ }).press('Enter');
    const grid = page.getByRole('grid', { name: 'Videos' });
    const row = grid.getByRole('row', { name: /^constant\.mp4/ });
    await expect(row).toHaveAttribute('aria-label', /1 of 1 event decided, 100 % of the frames looked at/);
    await expect(row).toContainText('Reviewed');
    await expect(grid.getByRole('row', { name: /^quiet-1\.mp4/ })).toContainText('0 of 1');
    const side = page.getByRole('region', { name: 'Review' });
    await side.getByRole('button', { name: /^Not reviewed/ }).click();
    await expect(row).toBeHidden();
    await expect(grid.getByRole('row', { name: /^quiet-1\.mp4/ })).toBeVisible();
    await side.getByRole('button', { name: /^Reviewed/ }).click();
    await expect(grid.locator('[role=row][data-index]')).toHaveCount(1);
    await expect(row).toBeVisible();
    // The same in pictures, and after a look elsewhere.
    await page.getByRole('radio', { name: 'Pictures' }).press('Space');
    const card = page
      .getByRole('listbox', { name: 'Videos' })
      .getByRole('option', { name: /^constant\.mp4/ });
    await expect(card).toContainText('Reviewed');
    await page.getByRole('radio', { name: 'Table' }).press('Space');
    await page.getByRole('button', { name: /Order$/ }).click();
    await page.getByRole('option', { name: 'Most left to decide' }).click();
    await side.getByRole('button', { name: /^Reviewed/ }).click();
    await expect(grid.locator('[role=row][data-index]').first()).not.toHaveAttribute(
      'aria-label',
      /^constant/,
    );
  });

  test('is reached from anywhere by name', async ({ app: { page } }) => {
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    await page.keyboard.press('Control+k');
    const dialog = page.getByRole('dialog', { name: 'Go to' });
    await page.keyboard.type('baseline');
    await expect(dialog.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: /baseline/ })).toBeVisible();
  });

  test('goes on after the engine went away', async ({ app }) => {
    const { page } = app;
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    await app.restart();
    await expect(page.getByText('Engine ready')).toBeVisible();
    await expect(
      page.getByRole('grid', { name: 'Videos' }).getByRole('row', { name: /^constant\.mp4/ }),
    ).toBeVisible();
  });

  test('tells once what opening the project noticed: stored files that are gone', async ({ app }) => {
    const { page, project } = app;
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    app.excuse(/\/thumbnail\//); // those that are gone cannot be shown
    await rm(join(project ?? '', 'artifacts'), { recursive: true });
    await app.restart();
    const notice = page.getByRole('status').filter({ hasText: 'stored files are gone' });
    await expect(notice).toBeVisible();
    await notice.getByRole('button', { name: 'Got it' }).click();
    await expect(notice).toBeHidden();
  });

  test('takes F6 from region to region', async ({ app: { page } }) => {
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    const region = () =>
      page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
    const seen: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('F6');
      seen.push(await region());
    }
    expect(seen).toEqual(['title', 'filters', 'main', 'status']);
    await page.keyboard.press('Shift+F6');
    expect(await region()).toBe('main');
  });
});
