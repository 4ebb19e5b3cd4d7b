// Keys of the review that people press all day, each by itself: what is held, what is refused, edges, lanes, tools.
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { atEvent, everythingIsAnEvent, openReview, options } from './review-steps.ts';

const frame = (page: Page) => page.getByTestId('frame');
const word = (page: Page) => page.getByTestId('word');
const edge = (page: Page, name: 'In' | 'Out') => page.getByRole('textbox', { name: `${name}, frame` });
const human = (page: Page) => page.getByRole('list', { name: 'Human' }).getByRole('button');

/** The video of 320 frames, whose event is at frames 128 to 208 and a little around. */
async function openConstant(page: Page): Promise<void> {
  await openReview(page);
  await options(page).filter({ hasText: 'constant.mp4' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('constant.mp4');
  await page.locator('video[data-ready]').waitFor();
  await expect(frame(page)).toHaveText(/^1\d\d$/); // where the event starts
}

async function goTo(page: Page, to: number): Promise<void> {
  await page.keyboard.press('g');
  await page.getByRole('textbox', { name: 'Frame or time' }).fill(String(to));
  await page.keyboard.press('Enter');
  await expect(frame(page)).toHaveText(String(to));
}

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
    // The threshold that made them events, and the one verdict.
    await expect(page.getByTestId('undo-fact')).toContainText('2 steps to undo');
    await expect(options(page).nth(0)).toHaveAttribute('aria-label', /accepted/);
    for (const i of [1, 2, 3, 4]) {
      await expect(options(page).nth(i)).not.toHaveAttribute('aria-label', /accepted/);
    }
  });

  test('a key that can do nothing says why', async ({ app: { page } }) => {
    await openConstant(page);
    // The first answer on what can be undone may still be on its way.
    await expect(async () => {
      await page.keyboard.press('Control+z');
      await expect(word(page)).toHaveText('There is nothing to undo.', { timeout: 500 });
    }).toPass();
    await page.keyboard.press('Delete');
    await expect(word(page)).toHaveText('What a run found is not deleted: X rejects it.');
    await page.keyboard.press('Enter');
    await expect(word(page)).toContainText('Nothing is marked: I and O mark a stretch');
    await page.keyboard.press('s');
    await expect(word(page)).toContainText('has to be inside of it');
    await page.keyboard.press('Shift+S');
    await expect(word(page)).toHaveText('No event is after this one in the video.');
    await page.keyboard.press('End');
    await expect(word(page)).toBeEmpty(); // the next key takes it away
    await page.keyboard.press('[');
    await expect(word(page)).toHaveText('The playhead is after the end of the event.');
    await page.keyboard.press('Home');
    await page.keyboard.press(']');
    await expect(word(page)).toHaveText('The playhead is before the start of the event.');
    await expect(human(page)).toHaveCount(0);
    await expect(page.getByTestId('undo-fact')).toHaveCount(0);
  });

  test('edges go to the playhead and by single frames, and Delete takes all of it back', async ({
    app: { page },
  }) => {
    await openConstant(page);
    await goTo(page, 140);
    await page.keyboard.press('[');
    await expect(edge(page, 'In')).toHaveValue('140');
    await goTo(page, 180);
    await page.keyboard.press(']');
    await expect(edge(page, 'Out')).toHaveValue('181'); // the frame on the screen is in it
    for (const [key, name, value] of [
      ['Alt+{', 'In', '141'],
      ['Alt+[', 'In', '140'],
      ['Alt+]', 'Out', '182'],
      ['Alt+}', 'Out', '181'],
      ['Alt+}', 'Out', '180'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(edge(page, name)).toHaveValue(value);
    }
    await expect(human(page)).toHaveCount(1);
    await page.keyboard.press('Delete');
    await expect(human(page)).toHaveCount(0);
    await expect(edge(page, 'In')).not.toHaveValue('140');
    await page.keyboard.press('Control+z');
    await expect(human(page)).toHaveCount(1);
  });

  test('Option and a bracket nudge an edge on macOS, where they type quotes', async ({ app: { page } }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' });
    });
    await page.reload();
    await openConstant(page);
    const before = Number(await edge(page, 'In').inputValue());
    const press = (key: string, code: string, shiftKey = false) =>
      page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent('keydown', init)), {
        key,
        code,
        shiftKey,
        altKey: true,
        bubbles: true,
        cancelable: true,
      });
    await press('“', 'BracketLeft');
    await expect(edge(page, 'In')).toHaveValue(String(before - 1));
    await press('”', 'BracketLeft', true);
    await expect(edge(page, 'In')).toHaveValue(String(before));
    const end = Number(await edge(page, 'Out').inputValue());
    await press('‘', 'BracketRight');
    await expect(edge(page, 'Out')).toHaveValue(String(end + 1));
  });

  test('an event that was split is merged with the one before it', async ({ app: { page } }) => {
    await openConstant(page);
    await goTo(page, 160);
    await page.keyboard.press('s');
    await expect(human(page)).toHaveCount(2);
    await human(page).nth(1).focus();
    await page.keyboard.press('Enter');
    await expect(edge(page, 'In')).toHaveValue('160');
    await page.keyboard.press('Control+Shift+S');
    await expect(human(page)).toHaveCount(1);
    await expect(edge(page, 'In')).not.toHaveValue('160');
  });

  test('a skip leaves an event open, and what is watched is a stretch of its own', async ({
    app: { page },
  }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.keyboard.press('n');
    await atEvent(page, 1);
    await page.keyboard.press('Shift+N');
    await atEvent(page, 2);
    await page.keyboard.press('a');
    await atEvent(page, 3);
    await expect(options(page).nth(1)).toHaveAttribute('aria-label', /accepted/);
    await page.keyboard.press('p');
    await page.keyboard.press('p');
    await atEvent(page, 1);
    await page.keyboard.press('Shift+N'); // over the one that is decided
    await atEvent(page, 3);
    const third = (await options(page).nth(2).getAttribute('aria-label'))?.split(',')[0] ?? '';
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(third);
    await page.locator('video[data-ready]').waitFor();
    await page.keyboard.press('Shift+W');
    await expect(page.getByTestId('undo-fact')).toContainText('3 steps to undo');
    await expect(human(page)).toHaveCount(1);
    await expect(human(page)).toHaveAccessibleName(/atched/);
  });

  test('digits give classes to events, 2 to 9 too', async ({ app: { page } }) => {
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.keyboard.press('n');
    await atEvent(page, 1);
    const names = ['run', 'fall', 'fight', 'cart', 'smoke', 'bike', 'drop', 'climb', 'crowd'];
    for (const name of names) {
      await page.keyboard.press('e');
      const dialog = page.getByRole('dialog', { name: 'Classes' });
      await dialog.getByLabel('Class of this event').fill(name);
      await page.keyboard.press('Enter');
      await expect(dialog).toBeHidden();
      await expect(
        page.getByRole('group', { name: 'Class' }).getByRole('button', { name: new RegExp(name) }),
      ).toBeVisible();
      if (name === 'run') {
        // The first of them was a verdict, and went on; the others are for the event that is open now.
        await atEvent(page, 2);
        await page.keyboard.press('p');
        await atEvent(page, 1);
      }
    }
    for (let digit = 9; digit >= 2; digit--) {
      await page.keyboard.press(String(digit));
      await expect(options(page).nth(0)).toHaveAttribute('aria-label', new RegExp(names[digit - 1]));
    }
  });
});

test.describe('moving', () => {
  test.use({ state: 'scored' });

  test('the shuttle climbs its ladder with L, comes down with J and rests with K', async ({
    app: { page },
  }) => {
    await openConstant(page);
    const speed = page.getByRole('button', { name: /^Speed/ });
    const picture = page.locator('video[data-ready]');
    for (const [i, rate] of [1, 2, 4, 8, 16].entries()) {
      await page.keyboard.press('Home');
      for (let press = 0; press <= i; press++) await page.keyboard.press('l');
      await expect(picture).toHaveJSProperty('playbackRate', rate);
      if (rate === 2) {
        await expect(speed).toHaveAccessibleName('Speed 2×');
        await page.keyboard.press('j');
        await expect(speed).toHaveAccessibleName('Speed 1×');
      }
      await page.keyboard.press('k');
    }
    await page.keyboard.press('End');
    await page.keyboard.press('j');
    await expect(speed).toHaveAccessibleName('Speed 1× backwards');
    await expect.poll(async () => Number(await frame(page).textContent())).toBeLessThan(315);
    await page.keyboard.press('k');
    // The ladder in the menu has all of its rungs.
    await speed.click();
    await expect(page.getByRole('menuitem', { name: /×$/ })).toHaveText([
      '.1×',
      '.25×',
      '.5×',
      '1×',
      '2×',
      '4×',
      '8×',
      '16×',
    ]);
    await page.getByRole('menuitem', { name: '.25×' }).click();
    await expect(speed).toHaveAccessibleName('Speed .25×');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await expect(page.locator('video[data-ready]')).toHaveJSProperty('playbackRate', 0.25);
    await page.keyboard.press('k');
  });

  test('steps and jumps go as far as chosen, and are found again', async ({ app: { page } }) => {
    await openConstant(page);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await expect(frame(page)).toHaveText('16');
    await page.keyboard.press('Control+ArrowRight');
    await expect(frame(page)).toHaveText('41');
    await page.keyboard.press('Control+ArrowLeft');
    await expect(frame(page)).toHaveText('16');
    await page.keyboard.press('Control+Shift+ArrowRight'); // a minute: further than the video
    await expect(frame(page)).toHaveText('319');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await expect(frame(page)).toHaveText('0');
    await page.keyboard.press('Alt+j');
    const panel = page.getByRole('dialog', { name: 'Steps and jumps' });
    await panel.getByLabel(/^Large step/).fill('10');
    await panel.getByLabel(/^Step in time/).fill('0.4');
    await panel.getByLabel(/^Jump/).fill('4');
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await page.reload();
    await page.locator('video[data-ready]').waitFor();
    await expect(frame(page)).toHaveText(/^1\d\d$/); // back at the event
    await page.keyboard.press('Home');
    for (const [key, at] of [
      ['Shift+ArrowRight', '10'],
      ['Control+ArrowRight', '20'],
      ['Control+Shift+ArrowRight', '120'],
      ['Shift+ArrowLeft', '110'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(frame(page)).toHaveText(at);
    }
  });

  test('the view moves by keys, by the wheel with Shift and by the overview', async ({ app: { page } }) => {
    await openConstant(page);
    await page.keyboard.press('Home');
    const body = page.locator('[data-cursor]');
    const box = await body.boundingBox();
    if (!box) throw new Error('the timeline is not on the screen');
    let nudge = 0;
    /** The frame at the left edge, read from the plate under the pointer. */
    const left = async (): Promise<number> => {
      nudge = 1 - nudge;
      await page.mouse.move(box.x + 1, box.y + 60 + nudge);
      const text = await body.locator('[aria-hidden=true] span').last().textContent();
      return Number(text?.split(' ')[0]);
    };
    /** Rounding and the pixel under the pointer may make a frame or two. */
    const leftIs = (wanted: number): Promise<void> =>
      expect.poll(async () => Math.abs((await left()) - wanted)).toBeLessThanOrEqual(2);
    await page.keyboard.press('0');
    await leftIs(0);
    await page.keyboard.press('=');
    await page.keyboard.press('=');
    await page.keyboard.press('=');
    await page.keyboard.press('-'); // 320 frames over 1.6 twice: 125 of them
    await leftIs(0);
    await page.keyboard.press('>');
    await leftIs(62);
    await page.keyboard.press('>');
    await leftIs(125);
    await page.keyboard.press('<');
    await leftIs(62);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, box.width / 4);
    await page.keyboard.up('Shift');
    await leftIs(93);
    // The overview is the lowest row: the box in it follows the pointer.
    const bottom = box.y + box.height - 8;
    await page.mouse.move(box.x + box.width / 2, bottom);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, bottom, { steps: 4 });
    await page.mouse.up();
    await leftIs(195); // as far right as it goes
    await page.mouse.move(box.x + box.width / 2, bottom);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5 + 1, bottom);
    await page.mouse.up();
    await leftIs(98);
    await expect(frame(page)).toHaveText('0'); // looking around moves no playhead
  });
});

test.describe('tools', () => {
  test.use({ state: 'compared' });

  test('each opens by its key and by its name, and panels of the queue too', async ({ app: { page } }) => {
    await openReview(page);
    for (const [key, dialog] of [
      ['Shift+T', /^Events of /],
      ['r', 'Decide by rule'],
      ['d', /^What .* changes$/],
      ['h', 'History'],
      ['Shift+R', 'Second review'],
      ['b', 'Review budget'],
      ['Alt+l', 'Lanes'],
      ['Control+f', 'Filter'],
      ['F1', 'Keys'],
    ] as const) {
      await page.keyboard.press(key);
      const opened = page.getByRole('dialog', { name: dialog });
      await expect(opened).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(opened).toBeHidden();
    }
    await page.keyboard.press('q');
    await page.getByRole('option', { name: /^Longest/ }).waitFor();
    await page.keyboard.press('Escape');
    const give = async (command: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(command);
      await expect(page.getByRole('option', { selected: true })).toContainText(command, { ignoreCase: true });
      await page.keyboard.press('Enter');
    };
    await give('all events as a table');
    await expect(page.getByRole('dialog', { name: /^Events of / })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await give('order: longest');
    await expect(page.getByRole('button', { name: /^Longest/ })).toBeVisible();
    await give('speed 4×');
    await expect(page.getByRole('button', { name: /^Speed/ })).toHaveAccessibleName('Speed 4×');
    await page.keyboard.press('Shift+A');
    await expect(word(page)).toContainText('No open event looks like this one');
    await page.keyboard.press('Shift+K');
    await expect(word(page)).toHaveText('Events play when one goes to them.');
    await page.keyboard.press('Shift+K');
    await expect(word(page)).toHaveText('Events rest when one goes to them.');
  });

  test('lanes are shown and hidden by their keys and their names', async ({ app: { page } }) => {
    await openReview(page);
    await page.locator('video[data-ready]').waitFor();
    const names = page.getByRole('region', { name: 'Timeline' });
    await expect(names.getByText(/^(baseline|second)$/)).toHaveCount(2);
    await page.keyboard.press('Alt+l');
    const menu = page.getByRole('dialog', { name: 'Lanes' });
    const digit = (await menu.getByText(/^Alt [12]$/).textContent())?.slice(-1) ?? '';
    const other = (await menu.getByRole('checkbox', { name: /^(baseline|second)$/ }).count()) === 1;
    expect(other).toBe(true);
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await page.keyboard.press(`Alt+${digit}`);
    await expect(names.getByText(/^(baseline|second)$/)).toHaveCount(1);
    await page.keyboard.press(`Alt+${3 - Number(digit)}`);
    await expect(word(page)).toContainText('is the one that is shown large');
    await page.keyboard.press('Alt+0');
    await expect(names.getByText(/^(baseline|second)$/)).toHaveCount(2);
    for (const [key, lane] of [
      ['Alt+u', 'Uncertainty'],
      ['Alt+s', 'Pseudo-labels'],
      ['Alt+p', 'Picture'],
      ['Alt+h', 'Human'],
    ] as const) {
      const label = names.getByText(lane, { exact: true });
      await expect(label).toHaveCount(1);
      await page.keyboard.press(key);
      await expect(label).toHaveCount(0);
      await page.keyboard.press(key);
      await expect(label).toHaveCount(1);
    }
    await page.keyboard.press('Alt+t');
    await expect(word(page)).toHaveText('This video has no ground truth.');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('lane of');
    await page.getByRole('option', { name: /^Lane of (baseline|second): show or hide/ }).click();
    await expect(names.getByText(/^(baseline|second)$/)).toHaveCount(1);
  });
});
