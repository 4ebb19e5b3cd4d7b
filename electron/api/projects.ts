// Calls that open, make, list and close projects.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Output, type ParsedInput, type Project, resourceUrl } from '../../shared/contract/index.ts';
import { AppError, toErrorData } from '../../shared/errors.ts';
import type { RecentFolder } from '../files/app-data.ts';
import { artifactPath, writeFileAtomic } from '../files/atomic.ts';
import { createEstimates } from '../jobs/estimates.ts';
import { createQueue } from '../jobs/queue.ts';
import { openProject } from '../store/open.ts';
import { backupsOf, restoreBackup } from '../store/restore.ts';
import type { Store } from '../store/store.ts';
import type { Context, HandlersOf } from './context.ts';
import { keepRecord } from './privacy/handlers.ts';
import { createScoreCache } from './score-cache.ts';
import { watchSources } from './sources.ts';

const MAX_RECENT = 30;

export function projectHandlers(context: Context): HandlersOf<'projects'> {
  return {
    'projects.recent': () => context.appData.recent.map((recent) => describeRecent(context, recent)),
    'projects.current': () => context.current && describe(context.current.store),
    'projects.create': async ({ grant, name }) => {
      if (/[\\/:*?"<>|]|^\.+$/.test(name) || [...name].some((c) => c < ' ')) {
        throw new AppError(
          'bad_input',
          `"${name}" cannot be the name of a folder. Leave out \\ / : * ? " < > |`,
        );
      }
      const folder = join(context.grants.path(grant), name);
      if (existsSync(join(folder, 'project.sqlite'))) {
        throw new AppError('conflict', `${folder} already holds a project. Open it, or choose another name.`);
      }
      return openFolder(context, folder, { create: { name } });
    },
    'projects.open': ({ grant }) => openFolder(context, context.grants.path(grant)),
    'projects.openRecent': ({ key }) => openFolder(context, recentByKey(context, key).folder),
    'projects.forget': async ({ key }) => {
      const { folder } = recentByKey(context, key);
      context.appData.recent = context.appData.recent.filter((r) => r.folder !== folder);
      await rm(pictureFile(context, key), { force: true });
      await context.saveAppData();
      return {};
    },
    'projects.close': async () => {
      await closeProject(context);
      return {};
    },
    'projects.backups': ({ of }) => backupsOf(folderOf(context, of)).map(({ at, bytes }) => ({ at, bytes })),
    'projects.restore': async ({ of, at }) => {
      const folder = folderOf(context, of);
      // An open project is closed first: what it was is kept as the replaced database.
      if (context.current?.store.folder === folder) await closeProject(context);
      const { aside } = restoreBackup(folder, at);
      const note = `This is the backup of ${new Date(at).toISOString()}. The database it replaced is ${aside}.`;
      return openFolder(context, folder, { notes: [note] });
    },
    'projects.sample': async () => {
      const base = join(context.options.appData, 'samples');
      let folder = join(base, 'Sample');
      for (let n = 2; existsSync(folder); n++) folder = join(base, `Sample ${n}`);
      const project = await openFolder(context, folder, { create: { name: basename(folder) } });
      return { project, jobId: addSample(context) };
    },
  };
}

/** Queues rendering of the sample scenes into `<project>/videos`; import, features and training follow by themselves. */
export function addSample(context: Context): number {
  const { store, queue } = context.opened();
  const folder = join(store.folder, 'videos');
  return queue.add({ kind: 'sample', title: 'Draw sample scenes', payload: { folder } });
}

/** Opens the project in `folder` in place of the current one. @throws AppError; the current project then stays open. */
export async function openFolder(
  context: Context,
  folder: string,
  options: Parameters<typeof openProject>[1] = {},
): Promise<Project> {
  if (context.current?.store.folder === folder) return describe(context.current.store);
  const store = openProject(folder, options);
  await closeProject(context);
  const scores = createScoreCache(store);
  const sources = watchSources(store, () => context.emit('videos.changed', {}));
  const stop = context.on(({ event }) => {
    if (event !== 'videos.changed') return;
    scores.forget();
    sources.stale();
  });
  context.current = {
    store,
    scores,
    sources,
    estimates: createEstimates(store, context.options.spawn),
    queue: createQueue(store, context.options.spawn, context.emit, context.options.host !== 'cli'),
    release: () => {
      stop();
      endRecord();
    },
  };
  const endRecord = keepRecord(context);
  await rememberIfPossible(context, store);
  const project = describe(store);
  context.emit('project.changed', { project });
  return project;
}

/** Stops the running job (it can be resumed later), closes the database. */
export async function closeProject(context: Context): Promise<void> {
  const { current } = context;
  if (!current) return;
  current.estimates.stop();
  await current.queue.close();
  await rememberIfPossible(context, current.store);
  current.release();
  context.current = null;
  try {
    await current.store.backupIfDue();
  } catch (error) {
    // A project closes also where no copy can be written; the next closing tries again.
    if (!['disk_full', 'no_access'].includes(toErrorData(error).code)) throw error;
  } finally {
    current.store.close();
  }
  context.emit('project.changed', { project: null });
}

function describe(store: Store): Project {
  return { ...store.project.get(), notes: store.notes };
}

async function remember(context: Context, store: Store): Promise<void> {
  const { folder, name, videos, runs, seconds } = describe(store);
  const shown = store.videos.firstWithPicture();
  const thumbnail = shown && store.videos.thumbnail(shown.id, Math.floor(shown.thumbnails / 2));
  if (thumbnail) {
    // A copy, so that the list has pictures of projects that are closed.
    const picture = await readFile(artifactPath(store.artifactsFolder, thumbnail.sha256)).catch(() => null);
    if (picture) await writeFileAtomic(pictureFile(context, keyOf(folder)), picture);
  }
  context.appData.recent = [
    { folder, name, videos, runs, seconds, openedAt: Date.now() },
    ...context.appData.recent.filter((r) => r.folder !== folder),
  ].slice(0, MAX_RECENT);
  await context.saveAppData();
}

/** The list of recent projects is a convenience: a full or read-only disk must not keep a project from its owner. */
async function rememberIfPossible(context: Context, store: Store): Promise<void> {
  await remember(context, store).catch((error: unknown) => {
    if (!['disk_full', 'no_access', 'not_found'].includes(toErrorData(error).code)) throw error;
  });
}

const keyOf = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 16);

function recentByKey(context: Context, key: string): RecentFolder {
  const found = context.appData.recent.find((r) => keyOf(r.folder) === key);
  if (!found)
    throw new AppError('not_found', 'This project is no longer in the list. Open its folder instead.');
  return found;
}

const folderOf = (context: Context, of: ParsedInput<'projects.backups'>['of']): string =>
  'grant' in of ? context.grants.path(of.grant) : recentByKey(context, of.key).folder;

/** Where the picture of a recent project lies. */
export function pictureFile(context: Context, key: string): string {
  return join(context.options.appData, 'pictures', `${key}.jpg`);
}

function describeRecent(context: Context, recent: RecentFolder): Output<'projects.recent'>[number] {
  const key = keyOf(recent.folder);
  return {
    ...recent,
    key,
    missing: !existsSync(join(recent.folder, 'project.sqlite')),
    picture: existsSync(pictureFile(context, key)) ? resourceUrl.picture(key) : null,
  };
}
