// What specs of the review do again and again. Role: open it, read the queue, choose an order, set a number of the budget.
// Limits: no expectation of a test stands here but that the page is ready.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { type AppDriver, runCli } from './driver.ts';
import { expect } from './fixtures.ts';

export async function openReview(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Review/ }).click();
  await expect(page.getByRole('listbox', { name: 'Events' })).toBeVisible();
  await expect(page.locator('video[data-ready]')).toBeVisible({ timeout: 60_000 });
}

/** One video with what a detector saw in it, open at its first frame. @param name of the file that says it @param text of that file */
export async function reviewSeen({ page, folder }: AppDriver, name: string, text: string): Promise<void> {
  const project = join(folder, 'project');
  await runCli(folder, '-p', project, 'import', join(folder, 'footage', 'constant.mp4'));
  await runCli(folder, '-p', project, 'extract');
  await runCli(folder, '-p', project, 'train', 'motion');
  await writeFile(join(folder, name), text);
  await runCli(folder, '-p', project, 'detections', join(folder, name));
  await openFromHome(page, 'project');
  await page.getByRole('grid', { name: 'Videos' }).waitFor();
  await openReview(page);
  await page.keyboard.press('Home');
}

export const options = (page: Page): Locator =>
  page.getByRole('listbox', { name: 'Events' }).getByRole('option');

/** The names of all events in their order. */
export const queueNames = (page: Page): Promise<(string | null)[]> =>
  options(page).evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute('aria-posinset')) - Number(b.getAttribute('aria-posinset')))
      .map((one) => one.getAttribute('aria-label')),
  );

/** Every scored video becomes one event: five in all. */
export async function everythingIsAnEvent(page: Page): Promise<void> {
  await page.getByRole('slider', { name: /^Threshold on/ }).press('Home');
  await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
  await expect(options(page)).toHaveCount(5);
}

export async function chooseOrder(page: Page, name: string): Promise<void> {
  const list = page.getByRole('complementary', { name: 'Review queue' });
  await list.getByRole('button', { name: /Order$/ }).click();
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
  await expect(list.getByRole('button', { name: new RegExp(`^${name}`) })).toBeVisible();
  await queueAnswered(page);
}

/** The list is the answer to what was asked for last; until then the one before it stays. */
export const queueAnswered = (page: Page): Promise<void> =>
  expect(page.getByRole('listbox', { name: 'Events' })).toHaveAttribute('aria-busy', 'false');

/** The n-th event of the queue is open: keys before that are for the video that is left. */
export const atEvent = (page: Page, n: number): Promise<void> =>
  expect(page.getByTestId('event-count')).toHaveText(new RegExp(`^${n} of `));

/** Goes to the first video of the project by key. */
export async function firstVideo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 10; i++) await page.keyboard.press('PageUp');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

/** Sets a number of the review budget by the words of its label, and closes the panel again. */
export async function setBudget(page: Page, label: RegExp, value: string): Promise<void> {
  await page.getByRole('button', { name: /^(No budget|Budget )/ }).click();
  const panel = page.getByRole('dialog', { name: 'Review budget' });
  await panel.getByLabel(label).fill(value);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
}

/** An entry of the menu More of the queue. */
export async function openTool(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name }).click();
}

/** Opens a project that lies in the folder of the test, by key. */
export async function openFromHome(page: Page, ...folders: string[]): Promise<void> {
  await expect(page.getByText('Engine ready')).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => {
    location.hash = '#/';
  });
  await expect(page.getByRole('button', { name: /^New project/ })).toBeVisible();
  await page.keyboard.press('Control+o');
  const picker = page.getByRole('dialog', { name: 'Open a project' });
  for (const folder of folders.slice(0, -1)) await picker.getByRole('row', { name: folder }).dblclick();
  await picker.getByRole('row', { name: folders.at(-1) }).click();
  await picker.getByRole('button', { name: 'Open' }).click();
}

/** Goes to a video by the keys of the review. */
export async function openVideo(page: Page, name: string): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 });
  await firstVideo(page, 'broken.mp4');
  for (let i = 0; i < 10 && (await heading.textContent()) !== name; i++) {
    const before = await heading.textContent();
    await page.keyboard.press('PageDown');
    await expect(heading).not.toHaveText(before ?? '');
  }
  await expect(heading).toHaveText(name);
}
