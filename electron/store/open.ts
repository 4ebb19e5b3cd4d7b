// Opening a project. Role: the one sequence in which a database is checked, brought up to date and handed out; closing
// it again. Limits: no entity statement; the order of the steps is the point, see the numbered comments.
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { backupIfDue, backupNow, listBackups } from './backup.ts';
import { acquireLock } from './lock.ts';
import { MIGRATIONS, migrate, newestVersion } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { type ProjectPaths, projectPaths } from './paths.ts';
import { endedCleanly, insertProject, markClean } from './project.ts';
import {
  connectForReading,
  connectForWriting,
  inTransaction,
  isDamage,
  type ReadDb,
  translated,
  type WriteDb,
} from './sqlite.ts';
import { type ReadStore, readEntities, type Store, writeEntities } from './store.ts';
import { sweep } from './sweep.ts';

/** 'ZLBL', in the header of every project database. */
export const APPLICATION_ID = 0x5a4c424c;

type Identity = 'new' | 'ours';

/** Reads the two numbers in the header. @throws AppError `foreign`, `future` */
function identify(db: ReadDb, paths: ProjectPaths, newest: number): Identity {
  const id = db.pragma('application_id', { simple: true }) as number;
  const version = db.pragma('user_version', { simple: true }) as number;
  const tables = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0;
  if (id === 0 && version === 0 && tables === 0) return 'new';
  if (id !== APPLICATION_ID) {
    throw new AppError(
      'foreign',
      `${paths.database} belongs to another program and is not a Zerolabel project. It was not changed; choose another folder.`,
      { file: paths.database, applicationId: id },
    );
  }
  if (version > newest) {
    throw new AppError(
      'future',
      `The project in ${paths.folder} was written by a newer Zerolabel (format ${version}; this one knows up to ${newest}). It was not changed; update Zerolabel to open it.`,
      { file: paths.database, version, newest },
    );
  }
  return 'ours';
}

/** Puts a copy of a damaged database aside (once per state of the file) and says how to go on. */
function damageError(paths: ProjectPaths, reason: string, cause?: unknown): AppError {
  const aside = join(paths.folder, `project.damaged-${Math.round(statSync(paths.database).mtimeMs)}.sqlite`);
  if (!existsSync(aside)) {
    for (const tail of ['', '-wal']) {
      if (existsSync(paths.database + tail)) copyFileSync(paths.database + tail, aside + tail);
    }
  }
  const [backup] = listBackups(paths);
  const wayOut = backup
    ? `The newest backup is ${backup.path} (${new Date(backup.at).toISOString()}): restore it from the list of projects, or with "zerolabel backups --restore newest".`
    : 'There is no backup yet: create a new project and import the videos again.';
  return new AppError(
    'damaged',
    `The database of the project in ${paths.folder} is damaged (${reason}). A copy was put aside as ${aside}. ${wayOut}`,
    { file: paths.database, aside, backup: backup?.path ?? null, reason },
    cause,
  );
}

function firstProblem(db: ReadDb): string | null {
  const rows = db.pragma('quick_check(1)') as { quick_check: string }[];
  const text = rows[0]?.quick_check ?? 'no answer';
  return text === 'ok' ? null : text;
}

function prepare(
  db: WriteDb,
  paths: ProjectPaths,
  create: { name: string } | undefined,
  migrations: readonly Migration[],
  notes: string[],
): void {
  const newest = newestVersion(migrations);
  // 1. Nothing a foreign file brings along may run: no functions of ours in its views and triggers.
  db.pragma('trusted_schema = OFF');
  // 2. Whose file is it, and from when? Before anything is written.
  const identity = identify(db, paths, newest);
  if (identity === 'ours' && create) {
    throw new AppError(
      'conflict',
      `${paths.folder} already holds a project. Open it, or choose another folder.`,
      {
        folder: paths.folder,
      },
    );
  }
  if (identity === 'new' && !create) {
    throw new AppError(
      'not_found',
      `${paths.folder} holds no Zerolabel project. Create one there, or choose another folder.`,
      {
        folder: paths.folder,
      },
    );
  }
  // 3. Write-ahead log: readers and the writer do not wait for each other. NORMAL has to be said: a file that was just
  //    switched to WAL still reports FULL.
  const mode = db.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal') {
    notes.push(
      `The folder ${paths.folder} does not support SQLite's write-ahead log (journal mode ${String(mode)}), as on some network drives. Keep the project on a local disk.`,
    );
  }
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  // 4. After a crash: is the file whole?
  if (identity === 'ours' && !endedCleanly(db)) {
    const problem = firstProblem(db);
    if (problem) throw damageError(paths, problem);
    notes.push('The project was not closed properly the last time. Its database was checked and is whole.');
  }
  // 5. A copy before anything changes shape.
  const version = db.pragma('user_version', { simple: true }) as number;
  if (identity === 'ours' && version < newest) {
    const backup = backupNow(db, paths);
    notes.push(
      `The project was updated from format ${version} to ${newest}. A copy of the old database is ${backup}.`,
    );
  }
  // 6. The newest shape. A new project gets its name in the same transaction, so that none is ever without.
  if (create) {
    inTransaction(db, () => {
      db.pragma(`application_id = ${APPLICATION_ID}`);
      migrate(db, migrations);
      insertProject(db, create.name);
    });
  } else {
    migrate(db, migrations);
  }
}

/**
 * Opens the project in `folder` for writing, or creates it there.
 * @param options `notes`: what else there is to say about this opening, before what it notices itself
 * @param migrations all known ones; tests pass others
 * @throws AppError `not_found` (no project there), `conflict` (open elsewhere; `create` where one is), `foreign`,
 * `future`, `damaged`, `no_access`, `disk_full`
 */
export function openProject(
  folder: string,
  options: { create?: { name: string }; notes?: readonly string[] } = {},
  migrations: readonly Migration[] = MIGRATIONS,
): Store {
  const paths = projectPaths(resolve(folder));
  const { create } = options;
  if (create) mkdirSync(paths.folder, { recursive: true });
  if (!create && !existsSync(paths.database)) {
    throw new AppError(
      'not_found',
      `${paths.folder} holds no Zerolabel project. Create one there, or choose another folder.`,
      {
        folder: paths.folder,
      },
    );
  }
  const lock = acquireLock(paths);
  let db: WriteDb | null = null;
  try {
    const notes = [...(options.notes ?? [])];
    db = connectForWriting(paths.database);
    prepare(db, paths, create, migrations, notes);
    for (const path of [paths.artifacts, paths.exports, paths.checkpoints])
      mkdirSync(path, { recursive: true });
    markClean(db, false);
    const entities = writeEntities(db, paths);
    entities.jobs.settleOrphans();
    const swept = sweep(db, paths);
    if (swept.missing.length > 0) {
      notes.push(
        `${swept.missing.length} stored files are gone from ${paths.artifacts}; what they held counts as not made yet.`,
      );
    }
    const open = db;
    return {
      ...entities,
      notes,
      backupIfDue: () => backupIfDue(open, paths),
      close() {
        if (!open.open) return;
        try {
          open.pragma('optimize');
          markClean(open, true);
          open.pragma('wal_checkpoint(TRUNCATE)');
        } catch (error) {
          // A full disk must not keep a project from closing; the next opening finds the unclean end and checks.
          if (!(translated(error) instanceof AppError)) throw error;
        } finally {
          open.close();
          lock.release();
        }
      },
    };
  } catch (error) {
    db?.close();
    lock.release();
    throw explained(error, paths);
  }
}

/** What went wrong while opening, in our terms. */
function explained(error: unknown, paths: ProjectPaths): unknown {
  if (!isDamage(error)) return translated(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (/not a database/.test(reason) && listBackups(paths).length === 0) {
    return new AppError(
      'foreign',
      `${paths.database} is not a database and so not a Zerolabel project. It was not changed; choose another folder.`,
      { file: paths.database },
      error,
    );
  }
  return damageError(paths, reason, error);
}

/**
 * Opens the project in `folder` for reading, also while another process writes.
 * @throws AppError `not_found`, `foreign`, `future`, `conflict` (written by an older version: open it for writing once)
 */
export function openForReading(folder: string): ReadStore {
  const paths = projectPaths(resolve(folder));
  if (!existsSync(paths.database)) {
    throw new AppError('not_found', `${paths.folder} holds no Zerolabel project.`, { folder: paths.folder });
  }
  let db: ReadDb | null = null;
  try {
    db = connectForReading(paths.database);
    db.pragma('trusted_schema = OFF');
    const newest = newestVersion(MIGRATIONS);
    const identity = identify(db, paths, newest);
    const version = db.pragma('user_version', { simple: true }) as number;
    if (identity === 'new' || version < newest) {
      throw new AppError(
        'conflict',
        `The project in ${paths.folder} is of an older format. Open it in Zerolabel once to update it.`,
        {
          version,
          newest,
        },
      );
    }
    const open = db;
    return { ...readEntities(open, paths), close: () => void open.close() };
  } catch (error) {
    db?.close();
    throw explained(error, paths);
  }
}
