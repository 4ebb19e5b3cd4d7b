// Migration 9: what kind of anomaly ground truth says a video shows. Role: one column. Limits: no data.
import type { Migration } from './migration.ts';

export const truthClass: Migration = {
  version: 9,
  name: 'truth class',
  up: (db) => {
    // A comment at the end would hide the bracket that SQLite writes behind the column.
    db.exec(`ALTER TABLE ground_truth ADD COLUMN
      class TEXT /* as the file names it, also for normal videos; NULL: it does not say */ CHECK (length(class) > 0)`);
  },
};
