// What people drew and ignored, picked up again; the review as it was, restored; what no run sees any more. Rows 23, 24,
// 35 and 36 of the feature table.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { atEvent, openReview, openTool, options, queueAnswered, queueNames } from './review-steps.ts';

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

  // A range to ignore inside the machine event, less than half of it.
  await options(page).filter({ hasText: 'constant' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('constant.mp4');
  await expect(title(page)).toContainText('Event 1 of');
  const seen = page.getByRole('list', { name: 'Events of this video' }).getByRole('button').first();
  const lanes = await page.getByRole('region', { name: 'Timeline' }).locator('[data-cursor]').boundingBox();
  const event = await seen.boundingBox();
  if (!lanes || !event) throw new Error('the event is not on the screen');
  const share = (of: number) => (event.x + of * event.width - lanes.x) / lanes.width;
  await mark(page, share(0.1), share(0.3));
  await page.keyboard.press('Shift+I');
  await expect(human(page)).toHaveCount(1);
  await expect(title(page)).toHaveText('Ignored range');
  await seen.focus();
  await page.keyboard.press('Enter');
  await expect(title(page)).toContainText('Event 1 of');
  await clickBlock(page, human(page).first());
  await expect(title(page)).toHaveText('Ignored range');
  await seen.focus();
  await page.keyboard.press('Enter');
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

test('any point of the log is restored in one step after a look at what changes, and exported as of then', async ({
  app: { page },
}) => {
  await openReview(page);
  await page.keyboard.press('n');
  for (const [n, key, said] of [
    [1, 'a', /accepted/],
    [2, 'x', /rejected/],
  ] as const) {
    await atEvent(page, n);
    await page.keyboard.press(key);
    await expect(options(page).nth(n - 1)).toHaveAttribute('aria-label', said);
  }
  await options(page).first().click();
  await atEvent(page, 1);
  await page.keyboard.press('u');
  await expect(options(page).first()).toHaveAttribute('aria-label', /unsure/);
  await expect(page.getByTestId('undo-fact')).toContainText('3 steps to undo');

  await openTool(page, /History/);
  const history = page.getByRole('dialog', { name: 'History' });
  // The newest point is what is now.
  await expect(history.getByText('The review is now what it was then.')).toBeVisible();
  await expect(history.getByRole('button', { name: 'Restore…' })).toBeDisabled();
  const slider = history.getByRole('slider', { name: 'Point in time' });
  await slider.focus();
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^Accept /);
  await expect(history.getByTestId('as-of')).toContainText('1 accepted, 0 rejected, 0 unsure');
  await history.getByRole('button', { name: 'Restore…' }).click();
  await expect(history.getByRole('alert')).toContainText('1 row becomes what it was, 1 row goes, in');
  await page.keyboard.press('Control+Enter');
  await expect(history).toBeHidden();
  await expect(options(page).first()).toHaveAttribute('aria-label', /accepted/);
  await expect(options(page).nth(1)).not.toHaveAttribute('aria-label', /rejected/);
  await expect(page.getByTestId('undo-fact')).toContainText(/4 steps to undo.*Restore row/);
  await page.keyboard.press('Control+z');
  await expect(options(page).first()).toHaveAttribute('aria-label', /unsure/);
  await expect(options(page).nth(1)).toHaveAttribute('aria-label', /rejected/);

  await openTool(page, /History/);
  await history.getByRole('button', { name: /^Accept/ }).click();
  await expect(history.getByTestId('as-of')).toContainText('1 accepted, 0 rejected');
  await history.getByRole('button', { name: 'Export as of then…' }).click();
  const source = page.getByRole('region', { name: 'Labels and conventions' });
  const people = source.getByRole('checkbox', { name: 'Human' });
  await expect(source.getByRole('status')).toContainText(/As of row \d+ of the log/);
  await expect(people).toBeChecked();
  await expect(source.getByText('1 event', { exact: true }).first()).toBeVisible();
  await source.getByRole('button', { name: 'As of now' }).click();
  await expect(source.getByRole('status')).toHaveCount(0);
});

test('the table of all events has what people drew or ignored, and what the threshold no longer yields, and goes there', async ({
  app: { page },
}) => {
  await openReview(page);
  await queueAnswered(page);
  // One that a threshold of 1 does not yield.
  const low = (await queueNames(page)).findIndex((name) => !name?.includes('highest 1.00'));
  expect(low).toBeGreaterThanOrEqual(0);
  await options(page).nth(low).click();
  await atEvent(page, low + 1);
  await expect(title(page)).toContainText('Event 1 of');
  await page.keyboard.press('a');
  await expect(options(page).nth(low)).toHaveAttribute('aria-label', /accepted/);
  await options(page).nth(low).click();
  await atEvent(page, low + 1);
  await expect(title(page)).toContainText('Event 1 of');
  const out = page.getByRole('textbox', { name: 'Out, frame' });
  const [name, end] = [await page.getByRole('heading', { level: 1 }).textContent(), await out.inputValue()];
  await mark(page, 0.02, 0.08);
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Drawn event');
  await mark(page, 0.9, 0.95);
  await page.keyboard.press('Shift+I');
  await expect(title(page)).toHaveText('Ignored range');
  await page.getByRole('slider', { name: /^Threshold on/ }).press('End');
  await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
  await expect(page.getByRole('list', { name: 'Events of this video' }).getByRole('button')).toHaveCount(0);

  const table = page.getByRole('table', { name: 'Events' });
  await openTool(page, /All events/);
  await expect(table.getByRole('row', { name: /Ignored/ })).toBeVisible();
  const rows = await table.getByRole('row').count();
  const accepted = table.getByRole('row', { name: /Accepted .* baseline/ });
  await expect(accepted).toContainText(name ?? '');
  await accepted.click();
  await expect(title(page)).toHaveText('Changed event');
  await expect(out).toHaveValue(end);
  await openTool(page, /All events/);
  await table.getByRole('row', { name: /Accepted .* drawn/ }).click();
  await expect(title(page)).toHaveText('Drawn event');
  await openTool(page, /All events/);
  await table.getByRole('row', { name: /Ignored/ }).press('Enter');
  await expect(title(page)).toHaveText('Ignored range');
  await page.keyboard.press('Delete');
  await expect(human(page)).toHaveCount(2);
  await openTool(page, /All events/);
  await expect(table.getByRole('row')).toHaveCount(rows - 1);
});

test('a range to ignore is in the export as a mask of its own, frame by frame', async ({ app: { page } }) => {
  await openReview(page);
  await options(page).filter({ hasText: 'constant' }).first().click();
  await expect(title(page)).toContainText('Event 1 of');
  const number = async (label: string) =>
    Number((await page.getByRole('textbox', { name: `${label}, frame` }).inputValue()).replaceAll(',', ''));
  const [start, end] = [await number('In'), await number('Out')];
  const FRAMES = 320; // of constant.mp4
  await page.keyboard.press('Shift+I');
  await expect(page.getByTestId('undo-fact')).toContainText(/1 step to undo.*Ignore/);
  await page.getByRole('link', { name: 'Export' }).click();
  await page.getByRole('checkbox', { name: 'Export Frame labels per video' }).check({ force: true });
  await expect(page.getByText('1 range to ignore')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  const manifest = page.getByText(/manifest\.json$/).first();
  await expect(manifest).toBeVisible();
  const folder = dirname((await manifest.textContent()) ?? '');
  // One byte per frame, after the head of the file.
  const mask = (name: string) => [...readFileSync(join(folder, name, 'constant.npy')).subarray(-FRAMES)];
  const expected = Array.from({ length: FRAMES }, (_, frame) => (frame >= start && frame < end ? 1 : 0));
  expect(mask('ignore')).toEqual(expected);
  // What the machine says is kept as it is: who trains leaves out what the mask names.
  expect(mask('frame_labels')).toEqual(expected);
  expect(readFileSync(join(folder, 'ignore', 'ranges.csv'), 'utf8')).toContain(`${start},${end}`);
});
