// Migration 2: damaged videos whose readable part a person wants to use.
// Role: one column. Limits: no data; nothing was accepted before.
import type { Migration } from './migration.ts';

export const accepted: Migration = {
  version: 2,
  name: 'accepted',
  up: (db) => {
    // A comment at the end would hide the bracket that SQLite writes behind the column.
    db.exec(`ALTER TABLE videos ADD COLUMN
      accepted INTEGER NOT NULL DEFAULT 0 /* 1: damaged, its readable frames are used: state 'ready', problem as a note */ CHECK (accepted IN (0, 1))`);
  },
};
