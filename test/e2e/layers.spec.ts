// What people drew and ignored, picked up again; the review as it was, restored; what no run sees any more. Rows 23, 24,
// 35 and 36 of the feature table.
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { atEvent, openReview, options } from './review-steps.ts';

test.use({ state: 'scored' });

const title = (page: Page) => page.getByTestId('selected-event');
const human = (page: Page) => page.getByRole('list', { name: 'Human' }).getByRole('button');

/** Blocks are drawn; the mouse meets the drawing where the element stands. */
async function clickBlock(page: Page, block: Locator): Promise<void> {
  await block.scrollIntoViewIfNeeded();
  const box = await block.boundingBox();
  if (!box) throw new Error('the block is not on the screen');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** Shift and the mouse over a part of the timeline. @param from share of its width @param to the same */
async function mark(page: Page, from: number, to: number): Promise<void> {
  const ruler = page.getByRole('region', { name: 'Timeline' }).locator('[data-cursor]');
  const box = await ruler.boundingBox();
  if (!box) throw new Error('the timeline is not on the screen');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * from, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 8, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

test('what a person drew or ignored is selected again by mouse and by key, changed, and deleted', async ({
  app: { page },
}) => {
  await openReview(page);
  await page.keyboard.press('n');
  await atEvent(page, 1);
  await expect(title(page)).toContainText('Event 1 of');
  const machine = await options(page).first().getAttribute('aria-label');
  await mark(page, 0.02, 0.08);
  await page.keyboard.press('Enter');
  await expect(human(page)).toHaveCount(1);
  await expect(title(page)).toHaveText('Drawn event');

  await options(page).first().click();
  await expect(title(page)).toContainText('Event 1 of');
  await clickBlock(page, human(page).first());
  await expect(title(page)).toHaveText('Drawn event');
  await expect(human(page).first()).toHaveAttribute('aria-current', 'true');
  const out = page.getByRole('textbox', { name: 'Out, frame' });
  const before = Number(await out.inputValue());
  await page.keyboard.press('Alt+]');
  await expect(out).toHaveValue(String(before + 1));
  // The verdict is on the drawn event, not on the machine's that was selected before.
  await page.keyboard.press('x');
  await expect(human(page).first()).toHaveAttribute('aria-label', /^Rejected/);
  await expect(options(page).first()).toHaveAttribute('aria-label', machine ?? '');
  await page.keyboard.press('Delete');
  await expect(human(page)).toHaveCount(0);
  await expect(options(page).first()).toHaveAttribute('aria-label', machine ?? '');

  // A range to ignore over the machine event itself.
  await options(page).first().click();
  await expect(title(page)).toContainText('Event 1 of');
  await page.keyboard.press('Shift+I');
  await expect(human(page)).toHaveCount(1);
  await options(page).first().click();
  await expect(title(page)).toContainText('Event 1 of');
  await clickBlock(page, human(page).first());
  await expect(title(page)).toHaveText('Ignored range');
  await options(page).first().click();
  await expect(title(page)).toContainText('Event 1 of');
  await human(page).first().focus();
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Ignored range');
  await page.getByRole('button', { name: /^Delete/ }).click();
  await expect(human(page)).toHaveCount(0);

  // All of the video watched: below everything else, and met where nothing else is.
  await page.keyboard.press('Shift+W');
  await expect(human(page)).toHaveCount(1);
  await clickBlock(page, human(page).first());
  await expect(title(page)).toHaveText('Watched in full');
  await page.keyboard.press('Delete');
  await expect(human(page)).toHaveCount(0);
});
