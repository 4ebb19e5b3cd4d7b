// Migration 10: rules that even scores out, and edits that are sent twice. Role: a column of runs, a table of keys.
// Limits: rules made before do not smooth.
import type { Migration } from './migration.ts';

export const smoothing: Migration = {
  version: 10,
  name: 'smoothing',
  up: (db) => {
    // A comment at the end would hide the bracket that SQLite writes behind the column.
    db.exec(`
      ALTER TABLE runs ADD COLUMN
        rule_smooth TEXT /* by and segments; NULL: scores as they are */ CHECK (json_valid(rule_smooth));
      CREATE TABLE edit_keys (
        -- Names that faces give their edits: the same one sent twice, because an answer was lost, is done once.
        key       TEXT PRIMARY KEY CHECK (length(key) BETWEEN 8 AND 64),
        audit_id  INTEGER NOT NULL REFERENCES audit (id) ON DELETE CASCADE -- what was done then
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX edit_keys_by_audit ON edit_keys (audit_id);`);
  },
};
