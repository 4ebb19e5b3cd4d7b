import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, makeProject, test } from './fixtures.ts';

test.describe('without a project', () => {
  test('home says what to do and what this machine can do', async ({ app: { page } }) => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Label anomalies in video nobody annotated',
    );
    await expect(page.getByText('Projects you make or open appear here.')).toBeVisible();
    const machine = page.getByRole('complementary', { name: 'This machine' });
    await expect(machine.getByText('In use')).toBeVisible({ timeout: 60_000 });
    await expect(machine.getByText(/GFLOP\/s · [\d.]+ ms a step/)).toBeVisible();
    await expect(page.getByText('Engine ready')).toBeVisible();
  });

  test('a project is made with the keyboard alone, and remembered', async ({ app }) => {
    const { page } = app;
    await page.getByRole('button', { name: /^New project/ }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New project' });
    await expect(dialog.getByRole('button', { name: 'Make project' })).toBeDisabled();
    await expect(dialog.getByText('Give the project a name first')).toBeVisible();
    await page.keyboard.type('North gate');
    await expect(dialog.getByText('Choose where its folder goes')).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const choose = page
      .getByRole('dialog', { name: /project folder/ })
      .getByRole('button', { name: 'Choose', exact: true });
    // It can be chosen once the folder is listed.
    await expect(choose).toBeEnabled();
    await choose.focus();
    await expect(choose).toBeFocused();
    await page.keyboard.press('Enter');
    // The focus is back where the question was asked.
    await expect(dialog.getByRole('button', { name: /zerolabel-e2e-/ })).toBeFocused();
    await expect(dialog.getByRole('button', { name: 'Make project' })).toBeEnabled();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(dialog.getByRole('button', { name: 'Make project' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Import the videos to be labelled' })).toBeVisible();

    await app.restart();
    await page.getByRole('link', { name: 'Zerolabel, home' }).click();
    await page.getByRole('button', { name: 'Open North gate' }).click();
    await expect(page.getByRole('heading', { name: 'Import the videos to be labelled' })).toBeVisible();
  });

  test('a name that cannot be a folder is refused in words', async ({ app: { page } }) => {
    await page.getByRole('button', { name: /^New project/ }).click();
    const dialog = page.getByRole('dialog', { name: 'New project' });
    await dialog.getByLabel('Name').fill('a/b');
    await dialog.getByRole('button', { name: 'Choose a folder…' }).click();
    await page
      .getByRole('dialog', { name: /project folder/ })
      .getByRole('button', { name: 'Choose', exact: true })
      .click();
    await dialog.getByRole('button', { name: 'Make project' }).click();
    await expect(dialog.getByRole('alert')).toContainText('cannot be the name of a folder');
  });

  test('the theme is switched and remembered', async ({ app }) => {
    const { page } = app;
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitem', { name: 'Light theme' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await expect
      .poll(() => readFile(join(app.folder, 'data', 'zerolabel.json'), 'utf8'))
      .toContain('"theme"');
    await app.restart();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });
});

test.describe('with a project', () => {
  test.use({ state: 'imported' });

  test('it is opened from its folder, shown as open, and closed', async ({ app }) => {
    const { page } = app;
    await page.getByRole('link', { name: 'Zerolabel, home' }).click();
    await expect(page.getByText('Open', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'imported', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Close this project' }).click();
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();

    await page.keyboard.press('Control+o');
    const picker = page.getByRole('dialog', { name: 'Open a project' });
    await expect(picker.getByRole('button', { name: 'Open' })).toBeDisabled();
    await picker.getByRole('row', { name: 'project' }).click();
    await picker.getByRole('button', { name: 'Open' }).click();
    await expect(page.getByRole('grid', { name: 'Videos' })).toBeVisible();
  });

  test('who goes home before the page knows its project stays there', async ({
    app: { page, address, host },
  }) => {
    test.skip(host === 'electron', 'Its answers do not pass through the page.');
    let known: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      known = resolve;
    });
    await page.route('**/api/projects.current', async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByRole('link', { name: 'Zerolabel, home' }).click();
    known();
    await expect(page.getByRole('link', { name: /^Library/ })).toBeVisible();
    await expect(page.getByRole('button', { name: /^New project/ })).toBeVisible();
    expect(new URL(page.url()).hash).toBe('#/');
  });

  test('it goes back to a backup after its database was damaged', async ({ app }) => {
    const { page } = app;
    const { openSync, writeSync, closeSync, statSync } = await import('node:fs');
    await page.getByRole('link', { name: 'Zerolabel, home' }).click();
    await page.getByRole('button', { name: 'imported', exact: true }).click();
    // Closing makes the first copy.
    await page.getByRole('menuitem', { name: 'Close this project' }).click();
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
    const file = join(app.project!, 'project.sqlite');
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(statSync(file).size - 100, 0x5a), 0, undefined, 100);
    closeSync(handle);

    await page.getByRole('main').getByRole('button', { name: 'Open imported' }).click();
    await expect(page.getByText(/is damaged/)).toBeVisible();
    await page.getByRole('button', { name: 'Restore a backup…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restore a backup of imported' });
    await expect(dialog.getByRole('radio')).toHaveCount(1);
    await dialog.getByRole('button', { name: 'Restore and open' }).click();
    await expect(page.getByRole('grid', { name: 'Videos' })).toBeVisible();
    await expect(page.getByText(/This is the backup of/)).toBeVisible();
  });

  test('it is removed from the list, and stays on the disk', async ({ app }) => {
    const { page } = app;
    await page.getByRole('link', { name: 'Zerolabel, home' }).click();
    await page.getByRole('main').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Remove from list' }).click();
    await expect(page.getByText('Projects you make or open appear here.')).toBeVisible();
    const { existsSync } = await import('node:fs');
    expect(existsSync(join(app.project!, 'project.sqlite'))).toBe(true);
  });
});

test('an address without a project leads back home', async ({ app }) => {
  const { page } = app;
  await page.evaluate(() => {
    location.hash = '#/runs/7';
  });
  await expect(page.getByRole('heading', { name: 'No project is open' })).toBeVisible();
  await page.getByRole('button', { name: 'Go to Home' }).click();
  await makeProject(app, 'Later');
});
