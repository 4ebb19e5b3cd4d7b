// What goes wrong while a person reviews, in the product itself: the engine killed between edits, a project that is open
// elsewhere, a full disk. Row 22 of the feature table.
import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, statfsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { openProject } from '../../electron/store/open.ts';
import type { AppDriver } from './driver.ts';
import { expect, test } from './fixtures.ts';
import { atEvent, openFromHome, openReview, openTool, options } from './review-steps.ts';

const undoFact = (page: Page) => page.getByTestId('undo-fact');

test.describe('the engine is killed', () => {
  test.use({ state: 'scored' });

  test('twice in the middle of 200 edits by key: what was said is there once, none is lost', async ({
    app,
  }) => {
    test.setTimeout(480_000);
    const { page } = app;
    await openReview(page);
    await page.keyboard.press('n');
    await atEvent(page, 1);
    await expect(page.locator('video[data-ready]')).toBeVisible({ timeout: 60_000 });
    const problem = page.getByRole('alert').filter({ hasText: 'Not saved' });
    for (let edit = 1; edit <= 200; edit++) {
      // A new row each time: one that was sent twice would be there twice.
      await page.keyboard.press('Shift+W');
      if (edit === 70 || edit === 140) {
        await app.stopEngine();
        await page.keyboard.press('Shift+W');
        edit++;
        await expect(problem).toContainText('The engine does not answer');
        await expect(page.getByTestId('saved')).toContainText('not saved');
        await app.startEngine();
        await expect(page.getByText('Engine ready')).toBeVisible({ timeout: 30_000 });
        await problem.getByRole('button', { name: 'Try again' }).click();
        await expect(problem).toBeHidden({ timeout: 30_000 });
      }
    }
    // Keys are faster than edits, which are saved one after another.
    await expect(undoFact(page)).toContainText('200 steps to undo', { timeout: 240_000 });
    await expect(page.getByTestId('saved')).toHaveText(/^Saved /);
    await app.restart();
    await expect(undoFact(page)).toContainText('200 steps to undo', { timeout: 30_000 });
    await app.stopEngine();
    const store = openProject(app.project ?? '');
    const rows = store.review.all(1);
    store.close();
    expect(rows).toHaveLength(200);
    expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['watched']));
    await app.startEngine();
  });
});

test.describe('an engine that comes back without a project', () => {
  test.use({ state: 'none' });

  test('opens the one that is on the screen, which stays as it is', async ({ app, prepared }) => {
    const { page, folder } = app;
    // What the page was about to read when the engine went is not there until the project is open again.
    app.excuse(/404 \(Not Found\) \S+\/(frames|scores|labels|detections|thumbnail|media)\//);
    await cp(join(prepared.projects, 'scored'), join(folder, 'project'), { recursive: true });
    await openFromHome(page, 'project');
    await openReview(page);
    const here = page.url();
    await app.stopEngine();
    await expect(page.getByText('Engine away, trying again')).toBeVisible();
    const opened = page.waitForResponse(/projects\.openRecent$/, { timeout: 60_000 });
    await app.startEngine();
    await opened;
    await expect(page.getByText('Engine ready')).toBeVisible();
    await expect(page.getByRole('listbox', { name: 'Events' })).toBeVisible();
    expect(page.url()).toBe(here);
    // What is said from here on is kept: there is an event to speak about once the next video has opened.
    await page.keyboard.press('n');
    await expect(page).not.toHaveURL(here);
    await expect(async () => {
      await page.keyboard.press('Shift+I');
      await expect(page.getByTestId('saved')).toHaveText(/^Saved /, { timeout: 5000 });
    }).toPass({ timeout: 60_000 });
    await expect(undoFact(page)).toContainText('to undo');
  });
});

test.describe('a project that is held by another', () => {
  test.use({ state: 'none' });

  test('says who holds it, and opens when that one is done', async ({ app, prepared }) => {
    const { page, folder } = app;
    const project = join(folder, 'project');
    await cp(join(prepared.projects, 'scored'), project, { recursive: true });
    const other = openProject(project);
    try {
      await openFromHome(page, 'project');
      await expect(page.getByText(/is open in another Zerolabel \(process \d+ on /)).toBeVisible();
    } finally {
      other.close();
    }
    const picker = page.getByRole('dialog', { name: 'Open a project' });
    if (await picker.isVisible()) await picker.getByRole('button', { name: 'Open' }).click();
    else await openFromHome(page, 'project');
    await expect(page.getByRole('grid', { name: 'Videos' })).toBeVisible();
  });

  test('on a full disk keeps the verdict on the page until there is room', async ({ app, prepared }) => {
    await onFullDisk(app, prepared, async (makeRoom) => {
      const { page } = app;
      await page.keyboard.press('Shift+E');
      const note = page.getByRole('dialog', { name: 'Note' });
      // Longer than what the database has room for in its pages.
      await note.getByRole('textbox').fill('seen '.repeat(1900));
      await page.keyboard.press('Control+Enter');
      const problem = page.getByRole('alert').filter({ hasText: 'Not saved' });
      await expect(problem).toContainText(/disk is full|no room|space/i);
      await expect(page.getByTestId('saved')).toHaveText('1 edit not saved');
      await page.keyboard.press('a');
      await expect(page.getByTestId('saved')).toHaveText('2 edits not saved');
      makeRoom();
      await problem.getByRole('button', { name: 'Try again' }).click();
      await expect(problem).toBeHidden();
      await expect(options(page).first()).toHaveAttribute('aria-label', /accepted/);
      await expect(undoFact(page)).toContainText('2 steps to undo');
    });
  });

  test('on a full disk a verdict by rule is done by Ctrl+Enter once there is room', async ({
    app,
    prepared,
  }) => {
    await onFullDisk(app, prepared, async (makeRoom) => {
      const { page } = app;
      await openTool(page, /Decide by rule/);
      const dialog = page.getByRole('dialog', { name: 'Decide by rule' });
      const decide = dialog.getByRole('button', { name: /^Decide on [1-9]/ });
      await expect(decide).toBeEnabled();
      await page.keyboard.press('Control+Enter');
      await expect(dialog.getByText(/disk is full|no room|space/i)).toBeVisible();
      await expect(options(page).first()).not.toHaveAttribute('aria-label', /by rule/);
      makeRoom();
      await page.keyboard.press('Control+Enter');
      await expect(dialog).toBeHidden();
      await expect(options(page).first()).toHaveAttribute('aria-label', /rejected by rule/);
      await expect(undoFact(page)).toContainText('1 step to undo');
    });
  });
});

/** The review of a project at its first event, on a disk without room. @param work gets what makes room again */
async function onFullDisk(
  app: AppDriver,
  prepared: { projects: string },
  work: (makeRoom: () => void) => Promise<void>,
): Promise<void> {
  const { page, folder } = app;
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]).status === 0;
  test.skip(!mounted, 'A small disk cannot be mounted here');
  try {
    await cp(join(prepared.projects, 'scored'), join(disk, 'project'), { recursive: true });
    await openFromHome(page, 'disk', 'project');
    await page.getByRole('grid', { name: 'Videos' }).waitFor();
    await openReview(page);
    await page.keyboard.press('n');
    await atEvent(page, 1);
    const ballast = join(disk, 'ballast');
    for (let left = statfsSync(disk).bavail; left > 0; left = statfsSync(disk).bavail)
      appendFileSync(ballast, Buffer.alloc(Math.min(left * 4096, 2 ** 20)));
    await work(() => rmSync(ballast));
  } finally {
    await app.stopEngine();
    spawnSync('umount', ['-l', disk]);
  }
}
