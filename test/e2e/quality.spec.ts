// The quality screen: what is not known yet, another threshold, ground truth, a consensus, and the way to a sample.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test.use({ state: 'scored' });

test('without samples nothing is made up; another threshold is tried and kept by keyboard', async ({
  app: { page },
}) => {
  await page.getByRole('link', { name: 'Quality' }).click();
  await expect(page.getByText('Not enough data, 20 sampled reviews are needed').first()).toBeVisible();
  await expect(page.getByText('Only verdicts drawn by sampling enter the estimates')).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Threshold' });
  await slider.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('columnheader', { name: /^then/ })).toBeVisible();
  await page.getByRole('button', { name: /^Use \./ }).click();
  await expect(page.getByRole('button', { name: /^In use/ })).toBeDisabled();
  await page.reload();
  await expect(page.getByRole('button', { name: /^In use/ })).toBeVisible();
});

test('with ground truth there are measures, the worst videos first, and tables as files', async ({ app }) => {
  const { page, folder } = app;
  const video = (n_frames: number, ...anomalous: [number, number][]) => ({ n_frames, anomalous });
  const videos = {
    constant: video(320, [128, 207]),
    variable: video(240, [64, 111]),
    old: video(200, [96, 159]),
    'quiet-1': video(160),
    'quiet-2': video(160),
  };
  await writeFile(
    join(folder, 'truth.json'),
    JSON.stringify({ frame_index: '0-based', interval_end: 'inclusive', videos }),
  );
  await page.getByRole('link', { name: 'Quality' }).click();
  await page.getByRole('button', { name: /ground-truth file/ }).click();
  const picker = page.getByRole('dialog', { name: /ground-truth/ });
  await picker.getByRole('row', { name: 'truth.json' }).click();
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  await expect(page.getByText('Frame AUC, 5 videos with ground truth')).toBeVisible();
  await expect(page.getByRole('img', { name: /^ROC curve, area/ })).toBeVisible();
  await page.getByRole('radio', { name: 'Official' }).click({ force: true });
  await expect(page.getByRole('button', { name: /Last label goes on/ })).toBeVisible();
  await page.getByRole('button', { name: 'CSV and LaTeX' }).click();
  await expect(page.getByRole('status').filter({ hasText: '-evaluation' })).toBeVisible();
  await page.getByText('Worst videos').click();
  await page.getByRole('row').getByRole('link').first().click();
  await expect(page).toHaveURL(/#\/review\/\d+\/\d+/);
});

test('a sample is asked for here and reviewed there', async ({ app: { page } }) => {
  await page.getByRole('link', { name: 'Quality' }).click();
  await page.getByRole('button', { name: 'Review a sample' }).first().click();
  await expect(page).toHaveURL(/#\/review\//);
  await expect(page.getByRole('button', { name: /Random sample/ })).toBeVisible();
});
