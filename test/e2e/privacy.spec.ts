import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppDriver } from './driver.ts';
import { expect, test } from './fixtures.ts';

const opened = async ({ page }: AppDriver): Promise<void> => {
  await expect(page.getByRole('link', { name: /^Library/ })).toBeVisible();
  await page.keyboard.press('F8');
  await expect(page.getByRole('heading', { name: 'Privacy', level: 1 })).toBeVisible();
};

test.describe('the privacy report', () => {
  test.use({ state: 'scored' });

  test('says what was seen of this session, lists its files by kind, and is saved with all of them', async ({
    app,
  }) => {
    const { page, project } = app;
    await opened(app);
    await expect(page.getByText('No socket that leads off this machine was seen')).toBeVisible();
    const sockets = page.getByRole('table', { name: 'Sockets of this session' });
    if (app.host === 'browser') {
      await expect(
        sockets.getByRole('row', { name: /engine.*listens at.*127\.0\.0\.1:\d+.*this machine/ }),
      ).toBeVisible();
      await expect(sockets.getByText('other machines')).toBeHidden();
      await expect(
        page.getByRole('table', { name: /^Requests of this window/ }).getByText('elsewhere'),
      ).toBeHidden();
      await expect(
        page
          .getByRole('table', { name: /^Requests of this window/ })
          .getByText('its own')
          .first(),
      ).toBeVisible();
    }
    await expect(
      page.getByRole('table', { name: 'Processes of this session' }).getByText(/^engine/),
    ).toBeVisible();

    await page.getByText('Files', { exact: true }).last().click();
    const kinds = page.getByRole('table', { name: 'Files of this session by kind' });
    const settings = kinds.getByRole('button', { name: 'Settings of this machine' });
    await settings.click();
    const list = page.getByRole('table', { name: 'Files', exact: true });
    await expect(list.getByRole('cell', { name: join(app.folder, 'data', 'zerolabel.json') })).toBeVisible();
    await expect(list.getByText('project.sqlite')).toBeHidden();
    await settings.click();
    await page.getByLabel('Part of the path').fill('project.sqlite');
    await expect(
      list.getByRole('cell', { name: join(project!, 'project.sqlite'), exact: true }),
    ).toBeVisible();
    await page.getByLabel('Part of the path').fill('no such file anywhere');
    await expect(page.getByText('No file of this session fits.')).toBeVisible();

    await page.getByRole('button', { name: 'Save as a file' }).click();
    const said = page.getByText(/^The report with all files is /);
    await expect(said).toBeVisible();
    const path = (await said.textContent())!.replace('The report with all files is ', '').trim();
    const report = JSON.parse(readFileSync(path, 'utf8')) as {
      files: { total: number };
      list: { path: string }[];
      window: { byOrigin: Record<string, number> };
    };
    expect(report.list.length).toBeGreaterThan(10);
    expect(report.list).toHaveLength(report.files.total);
    expect(Object.keys(report.window.byOrigin).length).toBeGreaterThan(0);
  });

  test('says where data lies, clears the cache when told to, and keeps a record of sessions', async ({
    app,
  }) => {
    const { page, project } = app;
    const cut = join(project!, 'cache', 'cubes');
    await mkdir(cut, { recursive: true });
    await writeFile(join(cut, 'one'), Buffer.alloc(50_000));
    await opened(app);
    await page.getByText('Where data lies', { exact: true }).last().click();
    const places = page.getByRole('table', { name: 'Places with data' });
    await expect(places.getByRole('row', { name: /^Thumbnails \d+ / })).toBeVisible();
    await expect(places.getByRole('row', { name: /^Cache 1 50 kB/ })).toBeVisible();
    await places.getByRole('button', { name: 'Clear…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Clear the cache' });
    await dialog.getByRole('button', { name: 'Clear the cache' }).click();
    await expect(dialog).toBeHidden();
    await expect(places.getByRole('row', { name: /^Cache/ })).toBeHidden();
    expect(existsSync(cut)).toBe(false);

    await page.getByText('Sessions', { exact: true }).last().click();
    const sessions = page.getByRole('table', { name: 'Sessions of this project' });
    await expect(sessions.getByText('this one')).toBeVisible();
    // The commands that made this project before it was opened here.
    await expect(sessions.getByText('Command line').first()).toBeVisible();
  });

  test('is reached by the status bar, the menu and by name', async ({ app: { page } }) => {
    const heading = page.getByRole('heading', { name: 'Privacy', level: 1 });
    await page.getByRole('button', { name: 'Offline: privacy report' }).click();
    await expect(heading).toBeVisible();
    await page.getByRole('link', { name: /^Library/ }).click();
    await expect(heading).toBeHidden();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitem', { name: 'Privacy report' }).click();
    await expect(heading).toBeVisible();
    await page.getByRole('link', { name: /^Library/ }).click();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Go to' }).getByRole('textbox').fill('privacy');
    await page.keyboard.press('Enter');
    await expect(heading).toBeVisible();
    await expect(page.getByText('What is not seen')).toBeVisible();
  });
});

test.describe('without a project', () => {
  test('the report shows the session, and sessions of projects are not offered', async ({
    app: { page },
  }) => {
    await expect(page.getByRole('button', { name: /^New project/ })).toBeVisible();
    await page.keyboard.press('F8');
    await expect(page.getByRole('heading', { name: 'Privacy', level: 1 })).toBeVisible();
    await expect(page.getByText('Where data lies', { exact: true })).toBeVisible();
    await expect(page.getByText('Sessions', { exact: true })).toBeHidden();
  });
});

test.describe('a connection to another machine', () => {
  test.use({ state: 'imported' });

  test('turns the sentence of the page around', async ({ app }) => {
    const { page } = app;
    // What an engine that is not ours would answer: the page has to say it as plainly.
    await page.route(/\/api\/privacy\.report$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { value: { sockets: unknown[]; session: { started: number } } };
      body.value.sockets.push({
        process: 'trainer (train)',
        pid: 77,
        protocol: 'tcp',
        direction: 'outgoing',
        local: null,
        remote: '192.0.2.1:443',
        scope: 'outside',
        by: ['kernel'],
        count: 1,
        first: body.value.session.started,
        last: body.value.session.started,
      });
      await route.fulfill({ response, json: body });
    });
    test.skip(app.host !== 'browser', 'Answers can be changed on their way only in a browser');
    await opened(app);
    await expect(page.getByText('1 connection beyond this machine was tried or open')).toBeVisible();
    const first = page.getByRole('table', { name: 'Sockets of this session' }).getByRole('row').nth(1);
    await expect(first).toContainText('192.0.2.1:443');
    await expect(first).toContainText('other machines');
  });
});
