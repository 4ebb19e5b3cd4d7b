// Tidies a project's files when it is opened, before any job runs.
// Role: files without rows go, rows without files are flagged (and their features or proxies count as not made yet).
// Limits: never run while a trainer works: it writes files before their rows.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dropUnreferencedArtifacts, listArtifacts, markArtifacts } from './artifacts.ts';
import type { ProjectPaths } from './paths.ts';
import { inTransaction, type ReadDb, type WriteDb } from './sqlite.ts';

export interface Swept {
  deletedFiles: number;
  freedBytes: number;
  /** Hashes of rows without a whole file. */
  missing: string[];
}

function foldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));
}

/** Runs that a checkpoint could still serve. */
function unfinishedRuns(db: ReadDb): Set<string> {
  const rows = db.prepare<[], { id: number }>("SELECT id FROM runs WHERE state <> 'done'").all();
  return new Set(rows.map((row) => String(row.id)));
}

/** Objects cut from footage that no run has asked for in so long are cut again when one does. */
const KEEP_CUBES_MS = 30 * 24 * 3600 * 1000;

function dropUnusedCubes(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > KEEP_CUBES_MS) rmSync(path, { force: true });
  }
}

export function sweep(db: WriteDb, paths: ProjectPaths): Swept {
  dropUnreferencedArtifacts(db);
  const rows = new Map(listArtifacts(db).map((row) => [row.sha256, row]));
  const present = new Set<string>();
  const swept: Swept = { deletedFiles: 0, freedBytes: 0, missing: [] };
  for (const prefix of foldersOf(paths.artifacts)) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue; // not ours
    for (const name of readdirSync(join(paths.artifacts, prefix))) {
      const path = join(paths.artifacts, prefix, name);
      const row = rows.get(name);
      const bytes = statSync(path).size;
      if (row?.bytes === bytes) {
        present.add(name);
      } else if (!row) {
        rmSync(path, { force: true, recursive: true });
        swept.deletedFiles++;
        swept.freedBytes += bytes;
      }
    }
  }
  swept.missing = [...rows.keys()].filter((sha256) => !present.has(sha256));
  inTransaction(db, () => markArtifacts(db, swept.missing, present));
  dropUnusedCubes(join(paths.cache, 'cubes'));
  const unfinished = unfinishedRuns(db);
  for (const run of foldersOf(paths.checkpoints)) {
    if (/^\d+$/.test(run) && !unfinished.has(run))
      rmSync(join(paths.checkpoints, run), { force: true, recursive: true });
  }
  return swept;
}
