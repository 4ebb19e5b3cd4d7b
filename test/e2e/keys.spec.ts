// Keys that people change, and commands by name.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test.use({ state: 'scored' });

test('a key is refused where it is taken, can be taken from there, and outlives the product', async ({
  app,
}) => {
  const { page } = app;
  await page.getByRole('link', { name: /^Review/ }).click();
  await page.locator('video[data-ready]').waitFor();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  const line = sheet.locator('[data-action="review.goTo"]');
  await line.getByRole('button', { name: /^Another key/ }).click();
  await page.keyboard.press('n');
  await expect(line.getByRole('alert')).toContainText('N is “Next event');
  await page.keyboard.press('Tab');
  await expect(line.getByRole('alert')).toContainText('Tab moves the focus');
  await page.keyboard.press('n');
  await line.getByRole('button', { name: 'Take it from there' }).click();
  await expect(line.getByRole('button', { name: /^N:/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('n');
  const field = page.getByRole('textbox', { name: 'Frame or time' });
  await expect(field).toBeVisible();
  await page.keyboard.press('Escape');

  await app.restart();
  await app.page.locator('video[data-ready]').waitFor();
  await app.page.keyboard.press('n');
  await expect(app.page.getByRole('textbox', { name: 'Frame or time' })).toBeVisible();
});

test('keys go out as a file and come back', async ({ app: { page, folder } }) => {
  await page.getByRole('grid', { name: 'Videos' }).waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: 'Keys' }).click();
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  const line = sheet.locator('[data-action="library.find"]');
  await line.getByRole('button', { name: /^Another key/ }).click();
  await page.keyboard.press('/');
  await expect(line.getByRole('button', { name: /^\/:/ })).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    sheet.getByRole('button', { name: 'Export as JSON' }).click(),
  ]);
  const file = join(folder, 'keys.json');
  await download.saveAs(file);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    zerolabelKeys: 1,
    keys: { 'library.find': ['ctrl+f', '/'] },
  });
  await sheet.getByRole('button', { name: /^All as they came/ }).click();
  await expect(line.getByRole('button', { name: /^\/:/ })).toBeHidden();
  await sheet.getByLabel('File with keys').setInputFiles(file);
  await expect(line.getByRole('button', { name: /^\/:/ })).toBeVisible();
  await sheet
    .getByLabel('File with keys')
    .setInputFiles({ name: 'no.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect(sheet).toContainText('This file holds no keys of Zerolabel');
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(sheet).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Find by name' })).toBeFocused();
});

test('commands are found by name and done', async ({ app: { page } }) => {
  await page.getByRole('link', { name: /^Review/ }).click();
  await page.locator('video[data-ready]').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('go to a frame');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Frame or time' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('light theme');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});
