// What a person says about events, in the product itself: verdicts by key across videos, undo after a crash, edges and
// classes, rules, the second review, history. Rows 12, 14, 17-25, 35-37 of the feature table.
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { atEvent, openReview, openTool, options } from './review-steps.ts';

test.use({ state: 'scored' });

const saved = (page: Page) => page.getByTestId('saved');

test('verdicts by key go on by themselves, across videos, and survive a crash with their undo', async ({
  app,
}) => {
  const { page } = app;
  await openReview(page);
  const total = await options(page).count();
  expect(total).toBeGreaterThan(1);
  await page.keyboard.press('n');
  await expect(page.getByTestId('event-count')).toHaveText(`1 of ${total}`);
  const first = await options(page).nth(0).getAttribute('aria-label');

  await page.keyboard.press('a');
  await expect(page.getByTestId('event-count')).toHaveText(`2 of ${total}`);
  await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
  await page.keyboard.press('x');
  await expect(options(page).nth(1)).toHaveAttribute('aria-label', /rejected/);
  await expect(saved(page)).toHaveText(/^Saved \d\d:\d\d:\d\d$/);
  await expect(page.getByTestId('undo-fact')).toContainText('2 steps to undo');

  await app.restart();
  await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/, { timeout: 30_000 });
  await expect(options(page).nth(1)).toHaveAttribute('aria-label', /rejected/);
  await expect(page.getByTestId('undo-fact')).toContainText(/2 steps to undo.*Reject/);
  await page.keyboard.press('Control+z');
  await expect(options(page).nth(1)).not.toHaveAttribute('aria-label', /rejected/);
  await page.keyboard.press('Control+z');
  await expect(options(page).nth(0)).toHaveAttribute('aria-label', first ?? '');
  await page.keyboard.press('Control+Shift+z');
  await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
});

test('edges, class, note, split, merge and ranges to ignore are a person’s, and the machine event stays', async ({
  app,
}) => {
  const { page } = app;
  await openReview(page);
  await page.keyboard.press('n');
  const inField = page.getByRole('textbox', { name: 'In, frame' });
  const before = Number((await inField.inputValue()).replaceAll(',', ''));
  await page.keyboard.press('Alt+[');
  await expect(inField).toHaveValue((before - 1).toLocaleString('en-US'));
  await expect(page.getByText('in −1, out 0 frames')).toBeVisible();
  await page.keyboard.press('e');
  const classes = page.getByRole('dialog', { name: 'Classes' });
  await classes.getByLabel('Class of this event').fill('Cart');
  await page.keyboard.press('Enter');
  await expect(classes).toBeHidden();
  await page.keyboard.press('p');
  await page.getByRole('listbox', { name: 'Events' }).getByRole('option', { name: /Cart/ }).click();
  await expect(
    page.getByRole('group', { name: 'Class' }).getByRole('button', { name: /Cart/ }),
  ).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Shift+E');
  await page.getByRole('dialog', { name: 'Note' }).getByRole('textbox').fill('seen twice');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('seen twice')).toBeVisible();
  const human = page.getByRole('list', { name: 'Human' }).getByRole('button');
  await expect(human).toHaveCount(1);

  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('s');
  await expect(human).toHaveCount(2);
  await page.keyboard.press('Shift+S');
  await expect(human).toHaveCount(1);
  await page.keyboard.press('Home');
  await page.keyboard.press('i');
  await page.keyboard.press('o');
  await page.keyboard.press('Shift+I');
  await expect(
    page.getByRole('list', { name: 'Human' }).getByRole('button', { name: /Ignored/ }),
  ).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(human).toHaveCount(1);
  await expect(
    page
      .getByRole('list', { name: /Events/ })
      .getByRole('button')
      .first(),
  ).toBeVisible();
});

test('a rule decides on many after a look at twelve, never counts as review, and goes back in one step', async ({
  app,
}) => {
  const { page } = app;
  await openReview(page);
  const total = await options(page).filter({ hasNotText: 'Probe' }).count();
  await openTool(page, /Decide by rule/);
  const dialog = page.getByRole('dialog', { name: 'Decide by rule' });
  await expect(dialog.getByTestId('bulk-affected')).toContainText(`${total} open event`);
  await expect(dialog.getByRole('list', { name: /Twelve/ }).getByRole('listitem')).toHaveCount(
    Math.min(12, total),
  );
  await dialog.getByRole('button', { name: /^Decide on/ }).click();
  await expect(dialog).toBeHidden();
  await expect(options(page).first()).toHaveAttribute('aria-label', /rejected by rule/);
  await expect(page.getByTestId('undo-fact')).toContainText('By rule: Reject open events');
  await expect(page.getByTestId('queue-left')).not.toContainText('All decided');
  await page.keyboard.press('Control+z');
  await expect(options(page).first()).not.toHaveAttribute('aria-label', /by rule/);
});

test('a second reviewer sees no verdicts; agreement, differences and history stand where one looks for them', async ({
  app,
}) => {
  const { page } = app;
  await openReview(page);
  await page.keyboard.press('n');
  await atEvent(page, 1);
  await page.keyboard.press('a');
  await expect(options(page).first()).toHaveAttribute('aria-label', /accepted/);
  await openTool(page, /Second review/);
  const dialog = page.getByRole('dialog', { name: 'Second review' });
  await dialog.getByLabel('Name of the second reviewer').fill('Bo');
  await dialog.getByRole('button', { name: 'Review blind' }).click();
  await expect(page.getByText('Bo reviews blind')).toBeVisible();
  await expect(options(page).first()).not.toHaveAttribute('aria-label', /accepted/);
  await options(page).first().click();
  await atEvent(page, 1);
  await page.keyboard.press('x');
  await expect(options(page).first()).toHaveAttribute('aria-label', /rejected/);
  await page.getByRole('button', { name: 'End' }).click();
  await expect(options(page).first()).toHaveAttribute('aria-label', /accepted/);
  await openTool(page, /Second review/);
  await expect(dialog).toContainText('Kappa over segments');
  const differences = dialog.getByRole('list', { name: 'Differences' });
  await expect(differences).toContainText('only the first');
  await expect(differences).toContainText(/first: accepted .* second: rejected/);
  await expect(dialog.getByTestId('settled')).toHaveText('0 of 1 settled.');
  await expect(differences.getByRole('button', { name: 'Look' })).toBeFocused();
  await page.keyboard.press('1');
  await expect(differences.getByRole('button', { name: 'First' })).toHaveAttribute('aria-pressed', 'true');
  await expect(dialog.getByTestId('settled')).toHaveText('1 of 1 settled.');
  await differences.getByRole('button', { name: 'Second' }).click();
  await expect(dialog).toContainText('They agree everywhere');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(options(page).first()).toHaveAttribute('aria-label', /rejected/);
  await expect(page.getByTestId('undo-fact')).toContainText('for the second review');
  await page.keyboard.press('Control+z');
  await expect(options(page).first()).toHaveAttribute('aria-label', /accepted/);

  await openTool(page, /History/);
  const history = page.getByRole('dialog', { name: 'History' });
  await expect(history.getByRole('list', { name: /What was done/ }).getByRole('listitem')).toHaveCount(5);
  await history.getByRole('button', { name: /^Accept/ }).click();
  await expect(history.getByTestId('as-of')).toContainText('1 accepted');
  await history.getByRole('button', { name: 'Show verdicts as of then' }).click();
  await expect(page.getByText(/Verdicts as of row/)).toBeVisible();
  await page.getByRole('button', { name: 'Back to now' }).click();

  await openTool(page, /All events/);
  const table = page.getByRole('table', { name: 'Events' });
  await expect(table.getByRole('row').nth(1)).toBeVisible();
  await table.getByRole('button', { name: 'Verdict' }).click();
  await expect(table.getByRole('columnheader', { name: 'Verdict' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await table.getByRole('row', { name: /Accepted/ }).click();
  await expect(
    page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name: /^Accept/ }),
  ).toHaveAttribute('aria-pressed', 'true');
});

test('list and timeline show verdicts as of any row of the log, and an edit leads back to now', async ({
  app: { page },
}) => {
  await openReview(page);
  await page.keyboard.press('n');
  await atEvent(page, 1);
  await page.keyboard.press('a');
  await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
  await atEvent(page, 2);
  await page.keyboard.press('x');
  await expect(options(page).nth(1)).toHaveAttribute('aria-label', /rejected/);
  await expect(page.getByTestId('undo-fact')).toContainText('2 steps to undo');
  await openTool(page, /History/);
  const history = page.getByRole('dialog', { name: 'History' });
  await history.getByRole('button', { name: /^Accept/ }).click();
  await expect(history.getByTestId('as-of')).toContainText('1 accepted, 0 rejected');
  await history.getByRole('button', { name: 'Show verdicts as of then' }).click();
  await expect(page.getByText(/Verdicts as of row/)).toBeVisible();
  await expect(options(page).nth(1)).not.toHaveAttribute('aria-label', /rejected/);
  await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(options(page).nth(1)).toHaveAttribute('aria-label', /rejected/);

  await openTool(page, /History/);
  await history.getByRole('button', { name: /^Accept/ }).click();
  await history.getByRole('button', { name: 'Show verdicts as of then' }).click();
  await expect(options(page).nth(1)).not.toHaveAttribute('aria-label', /rejected/);
  await page.keyboard.press('Control+z');
  await expect(page.getByText(/Verdicts as of row/)).toBeHidden();
  await expect(page.getByTestId('undo-fact')).toContainText('1 step to undo');
});

test('a class that is named by giving it is one step, has its colour in list and dialog, and goes back in one', async ({
  app: { page },
}) => {
  await openReview(page);
  await page.keyboard.press('n');
  await atEvent(page, 1);
  await page.keyboard.press('e');
  const classes = page.getByRole('dialog', { name: 'Classes' });
  await classes.getByLabel('Class of this event').fill('Cart');
  await page.keyboard.press('Enter');
  const named = options(page).filter({ hasText: 'Cart' });
  await expect(named).toHaveCount(1);
  await expect(page.getByTestId('undo-fact')).toContainText('1 step to undo');
  const colour = () => named.getByText('Cart').evaluate((element) => getComputedStyle(element).color);
  await named.click();
  await page.keyboard.press('e');
  const red = classes.getByRole('button', { name: 'Colour of Cart, red; the next one' });
  await expect(red).toBeVisible();
  const first = await colour();
  await red.click();
  await expect(classes.getByRole('button', { name: /^Colour of Cart, yellow/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(colour).not.toBe(first);
  await page.keyboard.press('Control+z');
  await expect.poll(colour).toBe(first);
  await page.keyboard.press('Control+z');
  await expect(named).toHaveCount(0);
  await page.keyboard.press('e');
  await expect(classes.getByText('No class has a name yet.')).toBeVisible();
});
