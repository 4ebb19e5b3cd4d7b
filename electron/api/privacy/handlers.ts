// The privacy report: what was seen of this session, where data lies, and what earlier sessions did.
// Role: puts observations together and answers for them; the record of the session while a project is open. Limits: says
// what was seen and how; what cannot be seen is said on the page.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileKind, FileSeen, Output, PrivacyReport } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { writeFileAtomic } from '../../files/atomic.ts';
import { sizeOf } from '../../files/size.ts';
import { LOOK_EVERY_MS } from '../../observe/observer.ts';
import type { Context, HandlersOf } from '../context.ts';
import { groupFiles, kindsOf } from './files.ts';
import { placesOf } from './places.ts';
import { RECORD_EVERY_MS, recordOf, sessionsOf, withRecord, writeRecord } from './sessions.ts';

export function privacyHandlers(context: Context): HandlersOf<'privacy'> {
  return {
    'privacy.report': () => reportOf(context),
    'privacy.files': ({ kind, mode, text, limit }) => {
      const kindOf = kindOfFiles(context);
      const wanted = text.toLowerCase();
      const found: (FileSeen & { kind: FileKind })[] = [];
      for (const file of context.observer.ledger.files()) {
        if (mode === 'read' && !file.read) continue;
        if (mode === 'written' && !file.written) continue;
        if (!file.path.toLowerCase().includes(wanted)) continue;
        const own = kindOf(file.path);
        if (kind === null || own === kind) found.push({ ...file, kind: own });
      }
      found.sort((a, b) => (a.path < b.path ? -1 : 1));
      return { total: found.length, files: found.slice(0, limit) };
    },
    'privacy.save': async ({ grant, window }) => {
      const parent =
        grant === null ? join(context.opened().store.folder, 'exports') : context.grants.path(grant);
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
      const path = join(parent, `privacy-${stamp}.json`);
      await writeFileAtomic(
        path,
        `${JSON.stringify({ ...(await wholeReport(context)), window }, null, 2)}\n`,
      );
      return { path };
    },
    'privacy.clearCache': async () => {
      const { store } = context.opened();
      if (store.jobs.list().some(({ state }) => state === 'running'))
        throw new AppError(
          'conflict',
          'A job is running and may need the cache. Clear it when the job is done.',
        );
      const size = await sizeOf(store.cacheFolder);
      await rm(store.cacheFolder, { recursive: true, force: true });
      return size;
    },
  };
}

/** The report with every file. */
export async function wholeReport(
  context: Context,
): Promise<PrivacyReport & { list: Output<'privacy.files'>['files'] }> {
  const report = await reportOf(context);
  const kindOf = kindOfFiles(context);
  const list = [...context.observer.ledger.files()].map((file) => ({ ...file, kind: kindOf(file.path) }));
  return { ...report, list: list.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

async function reportOf(context: Context): Promise<PrivacyReport> {
  const { observer, current, options } = context;
  // What was opened a moment ago is there, too.
  await observer.look();
  const sockets = observer.ledger.sockets();
  const files = [...observer.ledger.files()];
  const places = await placesOf({
    project: current && { folder: current.store.folder, artifacts: current.store.artifacts.usage() },
    appData: options.appData,
    profile: options.profile ?? null,
  });
  return {
    session: {
      started: observer.started,
      now: Date.now(),
      host: options.host,
      hooks: observer.hooks,
      looks: observer.looks(),
      everyMs: LOOK_EVERY_MS,
    },
    processes: observer.processes(),
    sockets,
    moreSockets: observer.ledger.more.sockets,
    asked: [...observer.asked],
    blocked: [...observer.blocked],
    files: {
      total: files.length,
      more: observer.ledger.more.files,
      groups: groupFiles(files, kindOfFiles(context)),
    },
    places,
    sessions: current ? withRecord(sessionsOf(current.store), recordOf(observer, options.host, false)) : [],
  };
}

/** The folder that holds package.json: the program's own. */
function programFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
}

function kindOfFiles({ current, options, grants }: Context): (path: string) => FileKind {
  return kindsOf({
    project: current?.store.folder ?? null,
    footage: new Set(current?.store.videos.sources().map(({ path }) => path)),
    appData: options.appData,
    profile: options.profile ?? null,
    program: [programFolder(), dirname(process.execPath)],
    granted: grants.cover,
  });
}

/**
 * Keeps the record of this session in the open project, and at once when something left this machine.
 * @returns ends it, with the last word
 */
export function keepRecord(context: Context): () => void {
  let written = '';
  let outside = 0;
  const write = (closed: boolean): void => {
    const { current, observer, options } = context;
    if (!current) return;
    const record = recordOf(observer, options.host, closed);
    outside = record.outside.length;
    const { until: _, ...rest } = record;
    const said = JSON.stringify(rest);
    if (said === written) return;
    writeRecord(current.store, record);
    written = said;
  };
  const attempt = (closed: boolean): void => {
    try {
      write(closed);
    } catch {
      // A full or read-only disk must not get in the way of the work; the report on the page is not touched by it.
    }
  };
  const often = setInterval(() => {
    const now = context.observer.ledger.sockets().filter(({ scope }) => scope === 'outside').length;
    if (now > outside) attempt(false);
  }, LOOK_EVERY_MS).unref();
  const timer = setInterval(() => attempt(false), RECORD_EVERY_MS).unref();
  return () => {
    clearInterval(often);
    clearInterval(timer);
    attempt(true);
  };
}
