// More runs than have room: four and more lanes at once, and all others by button, key and menu. Row 5 of the feature table.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from './driver.ts';
import { expect, test } from './fixtures.ts';
import { openFromHome, openReview } from './review-steps.ts';

const OTHERS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

test('six of eight other runs are on the timeline, and the rest is a key away', async ({ app, prepared }) => {
  test.setTimeout(240_000);
  const { page, folder } = app;
  const project = join(folder, 'project');
  await cp(join(prepared.projects, 'scored'), project, { recursive: true });
  for (const name of OTHERS) await runCli(folder, '-p', project, 'train', 'rarity', '--name', name);
  await openFromHome(page, 'project');
  await page.getByRole('grid', { name: 'Videos' }).waitFor();
  await openReview(page);
  const lanes = page.getByRole('region', { name: 'Timeline' });
  const shown = () =>
    lanes.getByRole('button', { name: /^(baseline|two|three|four|five|six|seven|eight|nine)$/ });
  await expect(shown()).toHaveCount(6);
  const first = await shown().allTextContents();
  await expect(lanes.getByRole('button', { name: '2 more runs below' })).toBeVisible();

  await page.keyboard.press('Alt+m');
  await expect(lanes.getByRole('button', { name: '2 more runs above' })).toBeVisible();
  await expect(shown()).toHaveCount(6);
  const second = await shown().allTextContents();
  expect(second.filter((name) => !first.includes(name))).toHaveLength(2);
  expect(new Set([...first, ...second]).size).toBe(8);

  await lanes.getByRole('button', { name: '2 more runs above' }).click();
  await expect(lanes.getByRole('button', { name: '1 more run above' })).toBeVisible();
  await expect(lanes.getByRole('button', { name: '1 more run below' })).toBeVisible();

  // The lane of a run goes and comes by its own key, wherever it is.
  await page.keyboard.press('Alt+l');
  const menu = page.getByRole('dialog', { name: 'Lanes' });
  await expect(
    menu.getByRole('checkbox', { name: /^(baseline|two|three|four|five|six|seven|eight|nine)$/ }),
  ).toHaveCount(8);
  const key = (
    (await menu
      .getByText(/^Alt \d$/)
      .last()
      .textContent()) ?? ''
  ).replace(' ', '+');
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await page.keyboard.press(key);
  await expect(lanes.getByRole('button', { name: /more run/ })).toHaveCount(1);
  await page.keyboard.press(key);
  await page.keyboard.press('Alt+0');
  await expect(shown()).toHaveCount(0);
  await page.keyboard.press('Alt+0');
  await expect(shown()).toHaveCount(6);
});
