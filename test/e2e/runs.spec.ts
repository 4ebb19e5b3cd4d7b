import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNpy } from '../../electron/formats/npy.ts';
import { expect, test } from './fixtures.ts';

test.use({ state: 'scored' });

test('every option of a method can be seen, is checked, and is kept with the run', async ({
  app: { page },
}) => {
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByRole('radio', { name: /^Motion baseline/ }).check({ force: true });
  await page.getByText(/^Show all \d+$/).click();
  const threshold = page.getByLabel('Threshold');
  await threshold.fill('99');
  await expect(page.getByText('Use at most 20.')).toBeVisible();
  await expect(page.getByText('Fix this first: Threshold')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Start run/ })).toBeDisabled();
  await threshold.fill('2.5');
  await expect(page.getByText('1 differs from the default')).toBeVisible();
  await page.getByLabel('Name').fill('lower');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1, name: /lower/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Export…' })).toBeVisible({ timeout: 60_000 });
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText('Threshold');
  await expect(details).toContainText('2.5');
});

test('a trained run shows its curve while it runs, stops when asked, and goes on', async ({
  app: { page },
}) => {
  test.setTimeout(240_000);
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByRole('radio', { name: /^C2FPL/ }).check({ force: true });
  await page.getByLabel('Epochs').fill('100000');
  await page.getByLabel('Name').fill('long');
  await page.getByRole('button', { name: /^Start run/ }).click();
  await expect(page.getByRole('img', { name: /^loss: \d+ points/ })).toBeVisible({ timeout: 90_000 });
  const points = async () =>
    Number(
      /(\d+) points/.exec((await page.getByRole('img', { name: /^loss:/ }).getAttribute('aria-label'))!)![1],
    );
  const before = await points();
  await expect.poll(points, { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('main').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
  const stopped = await points();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(points, { timeout: 90_000 }).toBeGreaterThan(stopped);
  await page.getByRole('main').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
});

test('mixed precision is offered for graphics devices alone', async ({ app: { page, host } }) => {
  test.skip(host === 'electron', 'Its answers do not pass through the page.');
  // A machine of tests has no graphics card: the list of devices says otherwise, all else is the product.
  await page.route('**/api/app.devices', async (route) => {
    const response = await route.fetch();
    const text = JSON.stringify(await response.json(), (_, value) =>
      value?.name === 'webgpu' ? { ...value, usable: true } : value,
    );
    await route.fulfill({ response, body: text });
  });
  await page.reload(); // the page may have asked for its devices already
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'New run' }).click();
  const mixed = page.getByRole('switch', { name: 'Mixed precision' });
  await page.getByRole('radio', { name: /^WebGPU/ }).check({ force: true, timeout: 60_000 });
  await expect(mixed).toBeVisible();
  await page.getByRole('radio', { name: /^CPU/ }).check({ force: true });
  await expect(mixed).toBeHidden();
  await page.getByRole('radio', { name: /^WebGPU/ }).check({ force: true });
  await mixed.check({ force: true });
  const asked = page.waitForRequest('**/api/runs.create');
  await page.keyboard.press('Control+Enter');
  expect((await asked).postData()).toMatch(/"device":"webgpu","mixedPrecision":true/);
});

test('thresholds show what they give before they are kept', async ({ app }) => {
  const { page } = app;
  await page.getByRole('link', { name: /^Runs/ }).click();
  const totals = page.getByRole('main').getByRole('status').filter({ hasText: 'frames' });
  await expect(totals).toContainText('event');
  await page.getByLabel('Off below').fill('0');
  await page.getByLabel('On at').fill('0');
  await expect(totals).toContainText('5 videos');
  await page.getByLabel('Off below').fill('0.9');
  await expect(page.getByText('The off threshold must not be above the on threshold.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Keep these thresholds' })).toBeDisabled();
  await page.getByLabel('Off below').fill('0');
  await page.getByRole('button', { name: 'Keep these thresholds' }).click();
  await expect(page.getByRole('button', { name: 'Keep these thresholds' })).toBeHidden();
  await app.restart();
  await expect(page.getByLabel('On at')).toHaveValue('0');
});

test('a run is measured against ground truth', async ({ app }) => {
  const { page, folder } = app;
  const video = (n_frames: number, ...anomalous: [number, number][]) => ({
    n_frames,
    anomalous,
    anomalous_pixelmask: anomalous,
  });
  const truth = {
    frame_index: '0-based',
    interval_end: 'inclusive',
    videos: {
      constant: video(320, [128, 207]),
      variable: video(240, [64, 111]),
      old: video(200, [96, 159]),
      'quiet-1': video(160),
      'quiet-2': video(160),
    },
  };
  await writeFile(join(folder, 'truth.json'), JSON.stringify(truth));
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'Evaluate' }).click();
  await expect(page.getByRole('alert')).toContainText('ground truth');
  await page.getByRole('button', { name: /ground-truth file/ }).click();
  const picker = page.getByRole('dialog', { name: /ground-truth/ });
  await picker.getByRole('row', { name: 'truth.json' }).click();
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  // The file holds two ground truths, so the page asks which.
  await page.getByRole('button', { name: 'anomalous', exact: true }).click();
  await expect(page.getByText('truth.json: 5 videos matched')).toBeVisible();
  await expect(page.getByText('frame-level AUC, all frames together')).toBeVisible();
  const auc = await page
    .locator('b')
    .filter({ hasText: /^(\.\d{3}|1\.00)$/ })
    .first()
    .textContent();
  expect(Number(auc)).toBeGreaterThan(0.8);
});

test('a run scores with weights trained elsewhere', async ({ app }) => {
  const { page, folder } = app;
  const weights = join(folder, 'weights');
  await mkdir(weights);
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'New run' }).click();
  const take = page.getByRole('button', { name: 'Take trained ones…' });
  await expect(take).toBeHidden();
  await page.getByRole('radio', { name: /^RTFM/ }).check({ force: true });
  const choose = async (button: string) => {
    await page.getByRole('button', { name: button }).click();
    const picker = page.getByRole('dialog', { name: /weights/ });
    await picker.getByRole('row', { name: 'weights' }).click();
    await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  };
  await choose('Take trained ones…');
  await expect(page.getByText(/no \.npy files with weights in .*weights\./)).toBeVisible();
  await expect(page.getByText('Fix this first: Weights')).toBeVisible();
  await page.getByRole('button', { name: 'Train instead' }).click();
  await expect(page.getByRole('button', { name: /^Start run/ })).toBeEnabled();
  // The small network, for the 19 numbers of the built-in features.
  const shapes = {
    'Aggregate.conv_1.0.weight': [64, 19, 3],
    'Aggregate.conv_1.0.bias': [64],
    'Aggregate.conv_2.0.weight': [64, 19, 3],
    'Aggregate.conv_2.0.bias': [64],
    'Aggregate.conv_5.0.weight': [19, 128, 3],
    'fc1.weight': [128, 19],
    'fc1.bias': [128],
    'fc2.weight': [32, 128],
    'fc2.bias': [32],
    'fc3.weight': [1, 32],
    'fc3.bias': [1],
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(0.01);
    await writeFile(join(weights, `${name}.npy`), writeNpy(data, shape, 'f4'));
  }
  await choose('Take trained ones…');
  const aside = page.getByRole('complementary', { name: 'Data and device' });
  await expect(aside).toContainText('nothing is trained');
  await expect(aside).toContainText('21,441');
  await page.getByLabel('Name').fill('given');
  await page.getByRole('button', { name: /^Start run/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /given/ })).toBeVisible();
  await expect(page.getByText(/Scored by RTFM with the weights given; nothing was trained/)).toBeVisible({
    timeout: 60_000,
  });
});

test('a run is renamed and removed', async ({ app: { page } }) => {
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('main').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('first look');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /first look/ })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Remove this run…' }).click();
  await page.getByRole('button', { name: 'Remove this run' }).click();
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
});
