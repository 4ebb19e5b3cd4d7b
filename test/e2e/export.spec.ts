import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from './fixtures.ts';

test.use({ state: 'scored' });

test('conventions change what readers see before anything is written; labels are written with their manifest', async ({
  app: { page },
}) => {
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('checkbox', { name: 'Export UCF-Crime annotation' }).check({ force: true });
  const readers = page.getByRole('table', { name: 'How readers see the event' });
  const verdict = (name: string) =>
    readers
      .getByRole('row', { name: new RegExp(name) })
      .getByRole('cell')
      .last();
  await expect(verdict('Authors')).toHaveText('exact');
  await expect(verdict('VadCLIP')).toHaveText('starts 1 late');
  await page.getByRole('radio', { name: /From 0, end excluded/ }).check({ force: true });
  await expect(verdict('VadCLIP')).toHaveText('exact');
  await expect(verdict('Authors')).toHaveText('starts 1 early');
  await expect(page.getByText('Reads back the same')).toBeVisible();

  await page.getByRole('checkbox', { name: 'Export Frame labels per video' }).check({ force: true });
  await page.keyboard.press('Control+Enter');
  const manifest = page.getByText(/manifest\.json$/).first();
  await expect(manifest).toBeVisible();
  const path = (await manifest.textContent())!;
  expect(existsSync(path)).toBe(true);
  const written = JSON.parse(readFileSync(path, 'utf8')) as { options: Record<string, unknown> };
  expect(written.options).toMatchObject({ ucfBase: 'py_half' });
  await expect(page.getByRole('cell', { name: 'events.csv' })).toBeVisible();
  expect(existsSync(join(dirname(path), 'frame_labels'))).toBe(true);
  // What was chosen is there again after a reload.
  await page.reload();
  await expect(page.getByRole('checkbox', { name: 'Export UCF-Crime annotation' })).toBeChecked();
  await expect(page.getByRole('radio', { name: /From 0, end excluded/ })).toBeHidden();
  await page.getByText('UCF-Crime annotation').first().click();
  await expect(page.getByRole('radio', { name: /From 0, end excluded/ })).toBeChecked();
});

test('labels from elsewhere are matched, told about, kept as a layer, exported and removed', async ({
  app,
}) => {
  const { page, folder } = app;
  const labels = join(folder, 'footage', 'others');
  await mkdir(labels);
  await writeFile(join(labels, 'annotations.txt'), 'constant 2 9\nnobody 0 5');

  await page.getByRole('link', { name: 'Export' }).click();
  await page.getByRole('button', { name: 'Import labels…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import labels' });
  await expect(dialog.getByRole('button', { name: 'Import as a layer' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Choose files…' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose labels' });
  for (const step of ['footage', 'others']) await picker.getByText(step, { exact: true }).dblclick();
  await picker.getByText('annotations.txt').click();
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  const report = dialog.getByRole('status', { name: 'What matches' });
  await expect(report).toContainText('1 video');
  await expect(report).toContainText('nobody');
  await dialog.getByLabel('Name of the layer').fill('Theirs');
  await dialog.getByRole('button', { name: 'Import as a layer' }).click();
  await expect(dialog).toBeHidden();

  await expect(page.getByTitle('annotations.txt')).toBeVisible();
  await page
    .getByRole('button', { name: /Labels/ })
    .first()
    .click();
  await page.getByRole('option', { name: /Theirs/ }).click();
  await expect(page.getByRole('checkbox', { name: 'Human' })).toBeHidden();
  await expect(page.getByText('How readers see')).toBeVisible();
  await page.getByRole('button', { name: 'Remove Theirs' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByRole('button', { name: 'Remove Theirs' })).toBeHidden();
});
