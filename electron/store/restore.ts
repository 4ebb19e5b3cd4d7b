// The way back to a copy of the database. Role: puts a backup in the place of the database, which is kept. Limits: opens
// nothing; the project is opened afterwards like any other.
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type Backup, listBackups, sync } from './backup.ts';
import { acquireLock } from './lock.ts';
import { projectPaths } from './paths.ts';
import { markClean } from './project.ts';
import { connectForWriting, isDamage, now, translated } from './sqlite.ts';

/** Newest first. @param folder of a project, open or not. */
export const backupsOf = (folder: string): Backup[] => listBackups(projectPaths(resolve(folder)));

/**
 * Checks a copy of a backup and marks it as closed properly: it was taken while the project was open.
 * @throws AppError `damaged`, naming the backup
 */
function prepare(copy: string, backup: string): void {
  let answer: string;
  try {
    const db = connectForWriting(copy);
    try {
      db.pragma('trusted_schema = OFF');
      answer = (db.pragma('quick_check(1)') as { quick_check: string }[])[0]?.quick_check ?? 'no answer';
      if (answer === 'ok') markClean(db, true);
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw translated(error);
    answer = error instanceof Error ? error.message : String(error);
  }
  if (answer !== 'ok') {
    throw new AppError(
      'damaged',
      `The backup ${backup} is damaged too (${answer}). Nothing was changed; take another one.`,
      { file: backup },
    );
  }
}

/**
 * Puts the backup made at `at` (ms since 1970 UTC) in the place of the database. A power cut at any moment leaves the
 * project either without a database, or with a whole one: the copy is on the disk before it gets its name.
 * @returns where the replaced database is now, with the write-ahead log it had.
 * @throws AppError `not_found`, `conflict` (the project is open in another process), `damaged`, `disk_full`, `no_access`
 */
export function restoreBackup(folder: string, at: number): { aside: string } {
  const paths = projectPaths(resolve(folder));
  const backup = listBackups(paths).find((one) => one.at === at);
  if (!backup) {
    throw new AppError(
      'not_found',
      `There is no backup of ${new Date(at).toISOString()} in ${paths.backups}.`,
      { folder: paths.backups },
    );
  }
  const lock = acquireLock(paths);
  const temporary = `${paths.database}.restoring`;
  try {
    copyFileSync(backup.path, temporary);
    prepare(temporary, backup.path);
    sync(temporary);
    const aside = join(paths.folder, `project.replaced-${now()}.sqlite`);
    // The log first: a database without its log is old, a log beside another database would be replayed into it.
    for (const tail of ['-wal', ''])
      if (existsSync(paths.database + tail)) renameSync(paths.database + tail, aside + tail);
    rmSync(`${paths.database}-shm`, { force: true });
    renameSync(temporary, paths.database);
    return { aside };
  } catch (error) {
    for (const tail of ['', '-wal', '-shm']) rmSync(temporary + tail, { force: true });
    throw translated(error);
  } finally {
    lock.release();
  }
}
