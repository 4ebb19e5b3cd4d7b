// The queue: filters, random order, probes from below the threshold, a budget. Rows 17, 28, 35 of the feature table.
import { expect, test } from './fixtures.ts';
import { type ManyEvents, makeManyEvents } from './many-events.ts';
import {
  atEvent,
  chooseOrder,
  everythingIsAnEvent,
  openFromHome,
  openReview,
  options,
  queueAnswered,
  queueNames,
  setBudget,
} from './review-steps.ts';

test.use({ state: 'scored' });

test('filters leave what fits, say how much that is, and are there again after a crash', async ({ app }) => {
  const { page } = app;
  await openReview(page);
  await everythingIsAnEvent(page);
  const open = () => page.getByRole('button', { name: /^Filter/ }).click();
  const panel = page.getByRole('dialog', { name: 'Filter' });

  await open();
  await panel.getByLabel('Path').fill('quiet');
  await expect(options(page)).toHaveCount(2);
  await expect(panel).toContainText('2 of 5 events');
  await panel.getByLabel('Path').fill('*.avi');
  await expect(options(page)).toHaveCount(1);
  await panel.getByLabel('Path').fill('');
  await expect(options(page)).toHaveCount(5);
  await panel.getByLabel('Frames from').fill('240');
  await expect.poll(() => queueNames(page)).toHaveLength(2);
  expect((await queueNames(page)).map((name) => name?.split(',')[0]).sort()).toEqual([
    'constant.mp4',
    'variable.mp4',
  ]);
  await panel.getByRole('button', { name: 'Show all' }).click();
  await expect(options(page)).toHaveCount(5);
  await panel.getByRole('button', { name: 'Rejected' }).click();
  await expect(page.getByRole('heading', { name: 'No event fits the filter' })).toBeVisible();
  await panel.getByRole('button', { name: 'Rejected' }).click();
  await page.keyboard.press('Escape');

  await options(page).first().click();
  await expect(page.getByTestId('event-count')).toHaveText('1 of 5');
  const decided = (await queueNames(page))[0]?.split(',')[0];
  await page.keyboard.press('x');
  await expect(options(page).first()).toHaveAttribute('aria-label', /rejected/);
  await open();
  await panel.getByRole('button', { name: 'Rejected' }).click();
  await expect(options(page)).toHaveCount(1);
  await expect(options(page).first()).toHaveAttribute('aria-label', new RegExp(`^${decided}.*rejected`));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Filter, 1 condition on' })).toBeVisible();

  // What is asked for is kept a moment later.
  await expect(async () => {
    await app.restart();
    await page.getByRole('listbox', { name: 'Events' }).waitFor({ timeout: 30_000 });
    expect(await page.getByRole('button', { name: 'Filter, 1 condition on' }).count()).toBe(1);
  }).toPass({ timeout: 90_000 });
  await expect(options(page)).toHaveCount(1);
});

test('a filter is there again after a look at the library', async ({ app: { page } }) => {
  await openReview(page);
  await everythingIsAnEvent(page);
  await page.getByRole('button', { name: /^Filter/ }).click();
  await page.getByRole('dialog', { name: 'Filter' }).getByLabel('Path').fill('quiet');
  await expect(options(page)).toHaveCount(2);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /^Library/ }).press('Enter'); // the tip at the filter may lie over it
  await page.getByRole('grid', { name: 'Videos' }).waitFor();
  await openReview(page);
  await expect(page.getByRole('button', { name: 'Filter, 1 condition on' })).toBeVisible();
  await expect(options(page)).toHaveCount(2);
});

test('a random sample is as large as asked for, the same for a seed, and another for another', async ({
  app: { page },
}) => {
  await openReview(page);
  await everythingIsAnEvent(page);
  await chooseOrder(page, 'Random sample');
  await expect(options(page)).toHaveCount(5);
  // Asked for again by hand: what is shown is the answer to this order.
  await page.getByRole('button', { name: /^Order anew/ }).click();
  await expect(page.getByRole('listbox', { name: 'Events' })).toHaveAttribute('aria-busy', 'false');
  const first = await queueNames(page);
  await expect(async () => {
    await page.reload();
    await expect(options(page)).toHaveCount(5);
    expect(await queueNames(page)).toEqual(first);
  }).toPass({ timeout: 60_000 });
  await setBudget(page, /^Seed/, '7');
  await expect.poll(() => queueNames(page)).not.toEqual(first);
  await setBudget(page, /^Seed/, '1');
  await expect.poll(() => queueNames(page)).toEqual(first);
  await setBudget(page, /^Events to draw/, '2');
  await expect(options(page)).toHaveCount(2);
  // A smaller sample is the beginning of the larger one.
  expect(await queueNames(page)).toEqual(first.slice(0, 2));
});

test('probes come from below the threshold and hide their score until the verdict', async ({
  app: { page },
}) => {
  await openReview(page);
  const probes = options(page).filter({ hasText: 'Probe' });
  const events = await options(page).count();
  await setBudget(page, /^Share of probes/, '50');
  await expect.poll(() => probes.count()).toBeGreaterThan(0);
  expect(await options(page).count()).toBeLessThanOrEqual(2 * events);
  const probe = probes.first();
  await expect(probe).toHaveAttribute('aria-label', /Probe, score hidden$/);
  await expect(probe).toContainText('score hidden');
  const id = await probe.getAttribute('id');
  await probe.click();
  const inspector = page.getByRole('complementary', { name: 'Event', exact: true });
  await expect(inspector).toContainText('Probe');
  await page.keyboard.press('x');
  const same = page.locator(`[id="${id}"]`);
  await expect(same).toHaveAttribute('aria-label', /highest \d?\.\d\d, rejected/);
  await expect(same).not.toContainText('score hidden');
});

test('a budget takes what fits into the time, at the speed a person reviews', async ({ app: { page } }) => {
  await openReview(page);
  await everythingIsAnEvent(page);
  await setBudget(page, /^Minutes you have/, '0.5');
  await expect.poll(() => options(page).count()).toBeLessThan(5);
  expect(await options(page).count()).toBeGreaterThan(0);
  await expect(page.getByTestId('queue-left')).toHaveText(/open, \d+(\.\d)? s$/);
  await setBudget(page, /^Speed at which/, '16');
  await expect(options(page)).toHaveCount(5);
  await setBudget(page, /^Minutes you have/, '0.01');
  await expect(page.getByRole('heading', { name: 'The budget is too short' })).toBeVisible();
  await page
    .getByRole('complementary', { name: 'Review queue' })
    .getByRole('button', { name: 'No budget' })
    .last()
    .click();
  await expect(options(page)).toHaveCount(5);
});

test('smoothing is part of the rule: it changes curve, events and list, and is kept with the run', async ({
  app: { page },
}) => {
  await openReview(page);
  const saved = page.getByTestId('rule-saved');
  const before = await queueNames(page);
  await page.keyboard.press('t');
  const panel = page.getByRole('dialog', { name: 'Threshold' });
  await panel.getByRole('button', { name: /Smoothing$/ }).click();
  await page.getByRole('option', { name: 'Gaussian over 17 segments' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => queueNames(page)).not.toEqual(before);
  await expect(saved).toHaveText('Rule saved');
  await page.reload();
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  await page.keyboard.press('t');
  await expect(panel.getByRole('button', { name: /Smoothing$/ })).toContainText('Gaussian over 17 segments');
  await panel.getByRole('button', { name: /Smoothing$/ }).click();
  await page.getByRole('option', { name: 'None' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => queueNames(page)).toEqual(before);
  await expect(saved).toHaveText('Rule saved');
});

test('what is to be ignored needs no verdict: on to the next event, and out of the queue', async ({
  app: { page },
}) => {
  await openReview(page);
  await everythingIsAnEvent(page);
  await options(page).first().click();
  await atEvent(page, 1);
  await page.keyboard.press('Shift+I');
  await atEvent(page, 2);
  // The list keeps its order until it is asked for anew.
  await expect(options(page).first()).toHaveAttribute('aria-label', /, ignored$/);
  await expect(page.getByTestId('queue-left')).toHaveText(/^4 open/);
  await page.getByRole('button', { name: /^Order anew/ }).click();
  await expect(options(page)).toHaveCount(4);
  await expect(page.getByText('1 event ignored')).toBeVisible();
  await expect(page.getByTestId('undo-fact')).toContainText('Ignore');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('undo-fact')).not.toContainText('Ignore');
  await page.getByRole('button', { name: /^Order anew/ }).click();
  await expect(options(page)).toHaveCount(5);
  await expect(page.getByText('1 event ignored')).toBeHidden();
});

test.describe('cameras and tags', () => {
  test.use({ state: 'compared' });

  test('are conditions of the queue, and of its probes', async ({ app: { page } }) => {
    const grid = page.getByRole('grid', { name: 'Videos' });
    for (const name of ['quiet-1.mp4', 'constant.mp4'])
      await grid.getByRole('checkbox', { name: `Select ${name}` }).press('Space');
    await expect(page.getByText('2 videos selected.')).toBeVisible();
    await page.getByRole('button', { name: 'Camera, tags' }).click();
    const group = page.getByRole('dialog', { name: 'Group 2 videos' });
    await group.getByLabel('Another tag').fill('night');
    await group.getByRole('button', { name: 'Add' }).click();
    await expect(group.getByRole('button', { name: 'night' })).toBeVisible();
    await group.getByRole('button', { name: 'Done' }).click();
    await openReview(page);
    await everythingIsAnEvent(page);
    await page.getByRole('button', { name: /^Filter/ }).click();
    const panel = page.getByRole('dialog', { name: 'Filter' });
    await panel.getByRole('button', { name: 'night', exact: true }).click();
    await expect(options(page)).toHaveCount(2);
    await panel.getByRole('button', { name: 'gate', exact: true }).click();
    await expect(options(page)).toHaveCount(1);
    await expect(options(page)).toHaveAttribute('aria-label', /^constant\.mp4/);
    await expect(page.getByRole('button', { name: 'Filter, 2 conditions on' })).toBeVisible();
  });
});

test.describe('many events, most of them decided at random', () => {
  test.use({ state: 'none' });
  let many: ManyEvents;
  test.beforeEach(async ({ app, prepared }) => {
    many = await makeManyEvents(prepared.projects, app.folder, 22);
    await openFromHome(app.page, 'project');
    await app.page.getByRole('grid', { name: 'Videos' }).waitFor();
    await openReview(app.page);
    await setBudget(app.page, /^Share of probes/, '0');
    await queueAnswered(app.page);
  });

  test('the threshold says what it would give: events, minutes, precision and recall with intervals', async ({
    app: { page },
  }) => {
    await page.keyboard.press('t');
    const panel = page.getByRole('dialog', { name: 'Threshold' });
    const outlook = panel.getByTestId('rule-outlook');
    await expect(outlook).toContainText(`${many.events.length} events in all `);
    await expect(outlook).toContainText(/\d (s|min).* to review/);
    await expect(outlook).toContainText(/Precision \.\d\d \(\.\d\d to (\.\d\d|1\.00)\)/);
    await expect(outlook).toContainText('from 22 verdicts on events drawn at random');
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    // While the handle on the timeline is in use, beside it.
    const handle = page.getByRole('slider', { name: /^Threshold on/ });
    await handle.press('ArrowUp');
    const beside = page.getByTestId('rule-outlook');
    await expect(beside).toContainText(/Precision \.\d\d \(/);
    for (const key of ['PageUp', 'PageUp']) await handle.press(key);
    const left = many.events.filter(({ max }) => max >= 0.71).length;
    await expect(beside).toContainText(`${left} events in all `);
    await expect(beside).toContainText('Not enough data');
    for (const key of ['PageDown', 'PageDown', 'ArrowDown']) await handle.press(key);
    await expect(beside).toContainText(`${many.events.length} events in all `);
    await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');
    // The page of quality says the same.
    await page.getByRole('link', { name: /^Quality/ }).press('Enter');
    await expect(
      page
        .getByRole('img', { name: /^\.\d\d, 90 % interval \.\d\d to \S+, from 22 sampled reviews/ })
        .first(),
    ).toBeVisible();
  });

  test('a budget puts first what is gained per minute, and says where it would end', async ({
    app: { page },
  }) => {
    await expect(page.getByTestId('queue-outlook')).toBeHidden();
    await setBudget(page, /^Minutes you have/, '0.1');
    const list = page.getByRole('complementary', { name: 'Review queue' });
    await expect(list.getByRole('button', { name: /^Most gained per minute/ })).toBeVisible();
    await expect(page.getByTestId('queue-outlook')).toContainText(
      /^Ends near precision (\.\d\d|1\.00) \((\.\d\d|1\.00) to (\.\d\d|1\.00)\)/,
    );
    // An order of one's own stays.
    await chooseOrder(page, 'Highest score');
    await setBudget(page, /^Minutes you have/, '0.2');
    await expect(list.getByRole('button', { name: /^Highest score/ })).toBeVisible();
  });

  test('each order has its own first events', async ({ app: { page } }) => {
    const first = async (order: string, n: number) => {
      await chooseOrder(page, order);
      return (await queueNames(page)).slice(0, n).map((name) => {
        const [, video, frame] = /^(\S+), frame ([\d,]+),/.exec(name ?? '') ?? [];
        const start = Number(frame.replace(',', ''));
        const event = many.events.find((one) => one.name === video && one.start === start);
        if (!event) throw new Error(`${name} is no event.`);
        return { ...event, key: `${video}:${start}` };
      });
    };
    const falling = (values: number[]) => values.toSorted((a, b) => b - a);
    const highest = (await first('Highest score', 6)).map(({ max }) => max);
    expect(highest).toEqual(falling(many.events.map(({ max }) => max)).slice(0, 6));
    const longest = (await first('Longest', 6)).map(({ start, end }) => end - start);
    expect(longest).toEqual(falling(many.events.map(({ start, end }) => end - start)).slice(0, 6));
    // What was decided has nothing more to give.
    const decided = new Set(many.decided.map(({ videoId, start }) => `${videoId}:${start}`));
    const open = many.events.filter(({ videoId, start }) => !decided.has(`${videoId}:${start}`));
    expect(open.length).toBeGreaterThan(0);
    const gain = (await first('Most gained per minute', open.length)).map(({ key }) => key);
    expect(new Set(gain)).toEqual(new Set(open.map(({ name, start }) => `${name}:${start}`)));
    const novel = await first('Most novel', 6);
    await expect(page.getByText('Novelty is the distance')).toBeHidden();
    // It is not the order of scores that stands in for it until something was decided.
    expect(novel.map(({ max }) => max)).not.toEqual(highest);
  });

  test('the place in the queue is there again after a crash', async ({ app }) => {
    const { page } = app;
    await chooseOrder(page, 'Highest score');
    // It is kept a moment later.
    const [kept] = await Promise.all([
      page.waitForRequest(
        (request) =>
          request.url().endsWith('/api/review.setPlace') && request.postDataJSON().place.current !== null,
      ),
      options(page).nth(3).click(),
    ]);
    await kept.response();
    await atEvent(page, 4);
    const heading = await page.getByRole('heading', { level: 1 }).textContent();
    await app.restart();
    await openFromHome(page, 'project');
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    await page.getByRole('link', { name: /^Review/ }).click();
    await expect(page.getByTestId('event-count')).toHaveText(/^4 of /, { timeout: 30_000 });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading ?? '');
    await page.keyboard.press('Shift+N');
    await expect(page.getByTestId('event-count')).not.toHaveText(/^4 of /);
  });
});
