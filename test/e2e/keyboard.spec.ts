// From a new project to the file that was written, by keys alone: nothing here points or clicks. The way of a person who
// cannot, or does not want to, use a pointer.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { options } from './review-steps.ts';

/** Presses a key until the focus is on what is looked for. */
async function reach(page: Page, what: RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < 40; i++) {
    const now = await page.evaluate(() => {
      const at = document.activeElement;
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : null;
      return `${at?.tagName} ${at?.getAttribute('aria-label') ?? label ?? at?.textContent ?? ''}`;
    });
    if (what.test(now)) return;
    seen.push(now.slice(0, 40));
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${what}, but to ${seen.join(' | ')}`);
}

/** Goes somewhere, or does something, by its name. */
async function ask(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  await expect(palette).toBeVisible();
  await page.keyboard.type(name);
  await expect(palette.getByRole('option').first()).toContainText(new RegExp(name, 'i'));
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
}

/** Starts a run of a method with what is proposed for it. */
async function train(page: Page, method: string): Promise<void> {
  const chosen = page.getByRole('radiogroup', { name: 'Method' }).locator('input:checked');
  await expect(chosen).toBeAttached();
  for (let i = 0; i < 25 && !(await chosen.evaluate((radio) => radio === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  await expect(chosen).toBeFocused();
  for (let i = 0; i < 12; i++) {
    const now = await chosen.inputValue();
    if (now === method) break;
    await page.keyboard.press('ArrowRight');
    await expect(chosen).not.toHaveValue(now);
  }
  await expect(chosen).toHaveValue(method);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: 'Export…' })).toBeVisible({ timeout: 120_000 });
}

test('a project is made, filled, trained on twice, reviewed and exported by keys alone', async ({ app }) => {
  const { page, folder } = app;
  for (const name of ['broken.mp4', 'old.avi']) await rm(join(folder, 'footage', name));
  await expect(page.getByText('Engine ready')).toBeVisible();

  await page.keyboard.press('Control+n');
  const dialog = page.getByRole('dialog', { name: 'New project' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('By keys');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const where = page.getByRole('dialog', { name: /project folder/ });
  await expect(where.getByRole('button', { name: 'Choose', exact: true })).toBeEnabled();
  await page.keyboard.press('Control+Enter');
  await expect(where).toBeHidden();
  await expect(dialog.getByRole('button', { name: /zerolabel-e2e-/ })).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Import the videos to be labelled' })).toBeVisible();

  await page.keyboard.press('Control+i');
  const footage = page.getByRole('dialog', { name: /Choose videos/ });
  await expect(footage.getByRole('row', { name: 'footage' })).toBeVisible();
  await reach(page, /footage/, 'ArrowDown');
  await page.keyboard.press('Enter');
  await expect(footage.getByText('This folder: footage')).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(footage.getByRole('row', { name: 'footage' })).toBeVisible();
  await expect(footage.getByRole('button', { name: 'Choose', exact: true })).toBeDisabled();
  await reach(page, /footage/, 'ArrowDown');
  await page.keyboard.press('Enter');
  await expect(footage.getByText('This folder: footage')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(footage).toBeHidden();
  await expect(page.getByRole('button', { name: /^Extract features/ })).toBeVisible({ timeout: 120_000 });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^New run/ })).toBeVisible({ timeout: 120_000 });
  await page.keyboard.press('Control+Enter');
  await train(page, 'motion');
  await ask(page, 'New run');
  await train(page, 'rarity');

  await ask(page, 'Review');
  await expect(page.locator('video[data-ready]')).toBeVisible({ timeout: 60_000 });
  // Everything is an event under a threshold of nothing.
  await page.keyboard.press('t');
  await expect(page.getByRole('textbox', { name: 'On: an event starts' })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('0');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
  await expect(options(page)).toHaveCount(4);
  await page.keyboard.press('n');
  await expect(page.getByTestId('event-count')).toHaveText('1 of 4');
  await page.keyboard.press('e');
  await expect(page.getByLabel('Class of this event')).toBeFocused();
  await page.keyboard.type('Cart');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('event-count')).toHaveText('2 of 4');
  await expect(
    page.getByRole('group', { name: 'Class' }).getByRole('button', { name: /Cart/ }),
  ).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.getByTestId('event-count')).toHaveText('3 of 4');
  await page.keyboard.press('x');
  await expect(page.getByTestId('event-count')).toHaveText('4 of 4');
  await page.keyboard.press('u');
  await expect(page.getByTestId('queue-left')).toHaveText('All decided');
  for (const [i, said] of [/accepted, Cart/, /accepted, Cart/, /rejected/, /unsure/].entries())
    await expect(options(page).nth(i)).toHaveAttribute('aria-label', said);
  await page.keyboard.press('Control+z');
  await expect(options(page).nth(3)).not.toHaveAttribute('aria-label', /unsure/);
  await page.keyboard.press('Control+y');
  await expect(options(page).nth(3)).toHaveAttribute('aria-label', /unsure/);
  await expect(page.getByTestId('saved')).toHaveText(/^Saved/);

  await page.keyboard.press('Control+e');
  await expect(page.getByText('Reads back the same')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  const manifest = page.getByText(/manifest\.json$/).first();
  await expect(manifest).toBeVisible({ timeout: 60_000 });
  expect(existsSync((await manifest.textContent()) ?? '')).toBe(true);
});
