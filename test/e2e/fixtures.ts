// What specs start from. Role: `app`, the product on an empty, filled or scored project; the footage behind it is made
// once per worker and only read. Limits: a spec that ends with a complaint of the page fails.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test as base, expect } from 'playwright/test';
import { REMOVE } from '../remove.ts';
import { type AppDriver, electronThere, launchBrowser, launchElectron, runCli, scratch } from './driver.ts';
import { writeClips } from './review-footage.ts';

/**
 * `none` shows Home; `empty` has no video; `imported` has videos only; `scored` has features and a run of the baseline;
 * `compared` has a second run too, to which everything is an event, and two cameras.
 */
export type ProjectState = 'none' | 'empty' | 'imported' | 'scored' | 'compared';

interface Prepared {
  /** Folder of small videos, and of one file that is no video. */
  footage: string;
  /** A project in each state, to be copied. */
  projects: string;
  /** Machine settings with the devices already tried, so that not every test tries them again. */
  settings: string;
}

interface TestFixtures {
  state: ProjectState;
  app: AppDriver;
}
interface WorkerFixtures {
  host: 'browser' | 'electron';
  prepared: Prepared;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  host: ['browser', { option: true, scope: 'worker' }],
  prepared: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from here
    async ({}, use) => {
      const home = await scratch();
      const footage = join(home, 'footage');
      await writeClips(footage);
      await writeFile(join(footage, 'broken.mp4'), 'This is a text, not a video.');
      const projects = join(home, 'projects');
      const at = (state: ProjectState) => join(projects, state);
      await mkdir(projects);
      await runCli(home, '-p', at('imported'), 'import', footage);
      await cp(at('imported'), at('scored'), { recursive: true });
      await runCli(home, '-p', at('scored'), 'extract');
      await runCli(home, '-p', at('scored'), 'train', 'motion', '--name', 'baseline');
      await runCli(home, 'doctor');
      const data = JSON.parse(await readFile(join(home, 'data', 'zerolabel.json'), 'utf8')) as {
        settings: object;
      };
      await use({ footage, projects, settings: JSON.stringify({ recent: [], settings: data.settings }) });
      await rm(home, REMOVE);
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  state: ['none', { option: true }],
  app: async ({ state, host, prepared }, use, info) => {
    if (host === 'electron') base.skip(!electronThere(), 'The Electron program is not installed here');
    const folder = await scratch();
    if (state === 'compared') await makeCompared(prepared);
    let project: string | null = null;
    if (state !== 'none' && state !== 'empty') {
      project = join(folder, 'project');
      await cp(join(prepared.projects, state), project, { recursive: true });
    }
    await cp(prepared.footage, join(folder, 'footage'), { recursive: true });
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'zerolabel.json'), prepared.settings);
    const launch = host === 'electron' ? launchElectron : launchBrowser;
    const app = await launch({ folder, project });
    if (state === 'empty') await makeProject(app, 'Empty');
    await use(app);
    if (info.status !== info.expectedStatus) {
      await info.attach('page', { body: await app.page.screenshot(), contentType: 'image/png' });
    }
    const complaints = [...app.complaints];
    await app.close();
    expect(complaints, 'complaints of the page').toEqual([]);
  },
});
export { expect };

/** The state `compared`, made once, where a test asks for it. */
async function makeCompared({ projects }: Prepared): Promise<void> {
  const [scored, compared] = [join(projects, 'scored'), join(projects, 'compared')];
  if (existsSync(compared)) return;
  const part = `${compared}.part`;
  await rm(part, REMOVE);
  await cp(scored, part, { recursive: true });
  const home = dirname(projects);
  await runCli(home, '-p', part, 'train', 'rarity', '--name', 'second');
  await runCli(home, '-p', part, 'label', '--run', 'second', '--on', '0', '--off', '0');
  await runCli(home, '-p', part, 'videos', 'constant.mp4', 'variable.mp4', '--camera', 'gate');
  await runCli(home, '-p', part, 'videos', 'old.avi', 'quiet-*.mp4', '--camera', 'yard');
  await rename(part, compared);
}

/** Makes a project through the page: its name, and the first folder the picker offers. */
export async function makeProject(app: AppDriver, name: string): Promise<void> {
  const { page } = app;
  await page.getByRole('button', { name: /^New project/ }).click();
  const dialog = page.getByRole('dialog', { name: 'New project' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Choose a folder…' }).click();
  const picker = page.getByRole('dialog', { name: /project folder/ });
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  await dialog.getByRole('button', { name: 'Make project' }).click();
  await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
}
