// Who did what, in order. Role: statements of the table `audit`. Limits: rows are only added; triggers in the schema
// refuse to change, replace or delete one, whichever program tries.
import { z } from 'zod';
import { now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

const detailSchema = z.record(z.string(), z.unknown());

export interface AuditEntry {
  id: number;
  /** ms since 1970 UTC. */
  at: number;
  /** For example `cli`, `electron` or a reviewer's name. */
  actor: string;
  /** For example `run.rename`. */
  action: string;
  detail: Record<string, unknown>;
}

export function auditReader(db: ReadDb) {
  const page = db.prepare<{ before: number; limit: number }, Omit<AuditEntry, 'detail'> & { detail: string }>(
    'SELECT id, at, actor, action, detail FROM audit WHERE id < @before ORDER BY id DESC LIMIT @limit',
  );
  return {
    /** Newest first; pass the id of the last row as `before` to go on. */
    list(limit = 100, before = Number.MAX_SAFE_INTEGER): AuditEntry[] {
      return page
        .all({ before, limit })
        .map((row) => ({ ...row, detail: parseColumn(detailSchema, 'audit.detail', row.detail) }));
    },
  };
}

export function auditWriter(db: WriteDb) {
  const insert = db.prepare<{ at: number; actor: string; action: string; detail: string }>(
    'INSERT INTO audit (at, actor, action, detail) VALUES (@at, @actor, @action, @detail)',
  );
  return {
    /** @returns the id of the new row */
    append(entry: { actor: string; action: string; detail?: Record<string, unknown> }): number {
      const { lastInsertRowid } = insert.run({
        at: now(),
        actor: entry.actor,
        action: entry.action,
        detail: JSON.stringify(entry.detail ?? {}),
      });
      return Number(lastInsertRowid);
    },
  };
}
