import type { AppDriver } from './driver.ts';
import { expect, test } from './fixtures.ts';

test.use({ state: 'scored' });

async function newRun({ page }: AppDriver, method: RegExp) {
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByRole('radio', { name: method }).check({ force: true });
  const details = page.getByRole('complementary', { name: 'Data and device' });
  const row = (name: string) => details.getByRole('row', { name: new RegExp(`^${name}`) }).getByRole('cell');
  return { details, row };
}

test('what a run will take is said before it starts, anew for other options, and remembered', async ({
  app,
}) => {
  test.setTimeout(120_000);
  const { page } = app;
  const { details, row } = await newRun(app, /^C2FPL/);
  await page.getByRole('radio', { name: /^CPU/ }).check({ force: true, timeout: 60_000 });
  const steps = row('Training steps');
  await expect(steps).toHaveText(/^\d/, { timeout: 60_000 });
  await expect(row('Time')).toHaveText(/(s|min)$/);
  await expect(row('Memory')).toHaveText(/MB|GB/);
  await expect(details).toContainText('Measured now on this machine');
  const first = (await steps.textContent())!;

  await page.getByLabel('Epochs').fill('7777');
  await expect(steps).toHaveText(/^[\d,]+$/, { timeout: 60_000 });
  await expect.poll(async () => Number((await steps.textContent())!.replaceAll(',', '')) % 7777).toBe(0);
  await page.getByLabel('Epochs').fill('0');
  await expect(steps).toHaveText(first, { timeout: 60_000 });

  // What was measured is not measured again.
  await page.getByRole('link', { name: /^Library/ }).click();
  const again = await newRun(app, /^C2FPL/);
  await page.getByRole('radio', { name: /^CPU/ }).check({ force: true });
  await expect(again.row('Training steps')).toHaveText(first, { timeout: 60_000 });
});

test('a prediction can be stopped, and asked for again', async ({ app }) => {
  test.setTimeout(120_000);
  const { details, row } = await newRun(app, /^GCL/);
  await expect(details.getByRole('button', { name: /^(Stop|Measure again)$/ })).toBeEnabled({
    timeout: 60_000,
  });
  // It may be done before it is stopped; then it is asked for once more.
  await expect(async () => {
    const measure = details.getByRole('button', { name: 'Measure again' });
    if (await measure.isVisible()) await measure.click({ timeout: 1000 });
    await details.getByRole('button', { name: 'Stop' }).click({ timeout: 2000 });
    await expect(details).toContainText('Stopped. Measure to know', { timeout: 5000 });
  }).toPass({ timeout: 60_000 });
  await details.getByRole('button', { name: /^Measure/ }).click();
  await expect(details).not.toContainText('Stopped.');
  await expect(row('Training steps').first()).toHaveText(/^\d/, { timeout: 60_000 });
});

test('options that cannot be used are not tried', async ({ app }) => {
  const { page } = app;
  const { details, row } = await newRun(app, /^C2FPL/);
  await page.getByLabel('Epochs').fill('-1');
  await expect(details).toContainText('Known once the options can be used.');
  await expect(row('Time')).toHaveCount(0);
});
