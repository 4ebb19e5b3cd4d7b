// Keys of the review that people press all day, each by itself: what is held, what is refused, edges, lanes, tools.
import { expect, test } from './fixtures.ts';
import { atEvent, everythingIsAnEvent, openReview, options } from './review-steps.ts';

test.describe('with five events in five videos', () => {
  test.use({ state: 'scored' });

  test('a verdict key that is held decides on one event, a step that is held goes on', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.keyboard.press('n');
    await atEvent(page, 1);
    for (let i = 0; i < 4; i++) await page.keyboard.down('a');
    await page.keyboard.up('a');
    await atEvent(page, 2);
    for (let i = 0; i < 3; i++) await page.keyboard.down('n');
    await page.keyboard.up('n');
    await atEvent(page, 5);
    await expect(page.getByTestId('undo-fact')).toContainText('1 step to undo');
    await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
    for (const i of [1, 2, 3, 4]) {
      await expect(options(page).nth(i)).not.toHaveAttribute('aria-label', /accepted/);
    }
  });
});
