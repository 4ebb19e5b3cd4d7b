// All migrations in order, and the runner.
// Role: brings a database from its `user_version` to the newest one. Limits: backing up is the caller's part (open.ts).
import { AppError } from '../../../shared/errors.ts';
import type { WriteDb } from '../sqlite.ts';
import { initial } from './0001-initial.ts';
import { accepted } from './0002-accepted.ts';
import { library } from './0003-library.ts';
import { review } from './0004-review.ts';
import { detections } from './0005-detections.ts';
import { labelLayers } from './0006-label-layers.ts';
import { shares } from './0007-shares.ts';
import { scoreMaps } from './0008-score-maps.ts';
import { truthClass } from './0009-truth-class.ts';
import { smoothing } from './0010-smoothing.ts';
import { runRules } from './0011-run-rules.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [
  initial,
  accepted,
  library,
  review,
  detections,
  labelLayers,
  shares,
  scoreMaps,
  truthClass,
  smoothing,
  runRules,
];

/** The `user_version` a list of migrations leads to. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Applies what is missing, each migration in a transaction of its own, then checks all foreign keys.
 * A crash between two migrations leaves a whole database of an intermediate version, which the next opening continues.
 * Foreign keys are off meanwhile (inside a transaction of the caller, that of a new project, they stay as they are), so
 * that a migration can make a table anew; the check at its end takes their place.
 * @throws AppError `internal` when a migration left dangling references.
 */
export function migrate(db: WriteDb, migrations: readonly Migration[]): void {
  const from = db.pragma('user_version', { simple: true }) as number;
  const enforced = db.pragma('foreign_keys', { simple: true }) as number;
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of migrations) if (migration.version > from) apply(db, migration);
  } finally {
    db.pragma(`foreign_keys = ${enforced}`);
  }
}

function apply(db: WriteDb, migration: Migration): void {
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
