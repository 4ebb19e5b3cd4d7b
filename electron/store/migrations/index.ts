// All migrations in order, and the runner.
// Role: brings a database from its `user_version` to the newest one. Limits: backing up is the caller's part (open.ts).
import { AppError } from '../../../shared/errors.ts';
import type { WriteDb } from '../sqlite.ts';
import { initial } from './0001-initial.ts';
import { accepted } from './0002-accepted.ts';
import { library } from './0003-library.ts';
import { review } from './0004-review.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [initial, accepted, library, review];

/** The `user_version` a list of migrations leads to. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Applies what is missing, each migration in a transaction of its own, then checks all foreign keys.
 * A crash between two migrations leaves a whole database of an intermediate version, which the next opening continues.
 * @throws AppError `internal` when a migration left dangling references.
 */
export function migrate(db: WriteDb, migrations: readonly Migration[]): void {
  const from = db.pragma('user_version', { simple: true }) as number;
  for (const migration of migrations) {
    if (migration.version <= from) continue;
    db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version = ${migration.version}`);
      const dangling = db.pragma('foreign_key_check') as { table: string }[];
      if (dangling.length > 0) {
        throw new AppError(
          'internal',
          `Updating the project to version ${migration.version} left ${dangling.length} dangling references in ${dangling[0].table}. Nothing was changed; please report this.`,
        );
      }
    }).immediate();
  }
}
