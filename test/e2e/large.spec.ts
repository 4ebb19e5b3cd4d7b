// The review on a large project: many videos, one of hours, several runs. Role: what must work there as on a small one; how
// fast it is, the bench says (docs/performance.md). Limits: function alone, no times.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { makeReviewProject } from '../bench/review-project.ts';
import { REMOVE } from '../remove.ts';
import { launchBrowser, scratch } from './driver.ts';

test('hours are opened, zoomed and searched; verdicts over hundreds of videos are kept', async () => {
  test.skip(process.env.ZEROLABEL_H264 === '0', 'This browser does not decode H.264');
  test.skip(test.info().project.name === 'electron', 'The page is the same there');
  const folder = await scratch();
  try {
    await mkdir(join(folder, 'data'));
    const { folder: project } = await makeReviewProject(folder, { videos: 300, hours: 2, runs: 2 });
    const app = await launchBrowser({ folder, project, keepFolder: true });
    const { page } = app;
    try {
      await page.getByLabel('Find by name').fill('whole-day');
      await page
        .getByRole('grid', { name: 'Videos' })
        .getByRole('row', { name: /^whole-day/ })
        .focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('whole-day.mp4');
      await expect(page.locator('video[data-ready]')).toBeVisible({ timeout: 120_000 });
      const frames = 2 * 3600 * 25;

      // Zoom at the pointer: the frame under it stays, down to single frames.
      const body = page.locator('[data-cursor]');
      const marks = body.locator('[style*="--scale"]');
      const visible = () =>
        marks.evaluate((el: HTMLElement) => el.clientWidth / Number(el.style.getPropertyValue('--scale')));
      await expect.poll(visible).toBeCloseTo(frames, -1);
      const box = await body.boundingBox();
      if (!box) throw new Error('The timeline is not on the screen.');
      const x = box.x + Math.round(box.width / 2);
      await page.mouse.move(x, box.y + 80);
      const under = async () =>
        Number(
          (await body.locator('[aria-hidden=true] span').last().textContent())
            ?.split(' ')[0]
            .replaceAll(',', ''),
        );
      const anchor = await under();
      for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -300);
      await expect.poll(visible).toBeLessThan(200);
      await page.mouse.move(x + 1, box.y + 80);
      await page.mouse.move(x, box.y + 80);
      // One pixel of the whole view is hundreds of frames: the anchor lies somewhere in it.
      await expect.poll(async () => Math.abs((await under()) - anchor)).toBeLessThan(frames / box.width + 1);
      // Elements that stand for events follow the view once it rests: none of them is wider than the view and its neighbours.
      await page.keyboard.press('0');
      await expect.poll(visible).toBeCloseTo(frames, -1);
      const twins = page.getByRole('list', { name: 'Events of this video' });
      await expect(twins).toHaveCSS('transform', 'none');
      await expect(twins.getByRole('listitem').first()).toBeAttached();

      // A threshold that moves changes the count at once and the queue once it rests.
      const events = page.getByTestId('video-events');
      const before = await events.textContent();
      const handle = page.getByRole('slider', { name: /^Threshold on/ });
      const grip = await handle.boundingBox();
      if (!grip) throw new Error('The threshold is not on the screen.');
      await page.mouse.move(grip.x + 10, grip.y + 8);
      await page.mouse.down();
      await page.mouse.move(grip.x + 10, grip.y - 12, { steps: 10 });
      await expect(events).not.toHaveText(before ?? '');
      await page.mouse.up();
      await expect(page.getByTestId('rule-saved')).toHaveText('Rule saved');

      // Verdicts go from video to video; what the page says is saved is there after a crash.
      const position = page.getByTestId('event-count');
      await page.keyboard.press('n');
      await expect(position).toHaveText(/^1 of /);
      const videos = new Set<string | null>();
      for (let i = 2; i <= 9; i++) {
        videos.add(await page.getByRole('heading', { level: 1 }).textContent());
        await page.keyboard.press(i % 2 === 0 ? 'a' : 'x');
        await expect(position).toHaveText(new RegExp(`^${i} of `));
      }
      expect(videos.size).toBeGreaterThan(2);
      await expect(page.getByTestId('saved')).toHaveText(/^Saved \d/);
      await expect(page.getByTestId('undo-fact')).toContainText('9 steps to undo');
      await app.restart();
      await expect(page.getByTestId('undo-fact')).toContainText('9 steps to undo', { timeout: 60_000 });
      expect(app.complaints).toEqual([]);
    } finally {
      await app.close();
    }
  } finally {
    await rm(folder, REMOVE);
  }
});
