// The project itself. Role: statements of the one-row table `project`. Limits: opening and closing is open.ts's part.
import { randomUUID } from 'node:crypto';
import type { Project } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { now, type ReadDb, type WriteDb } from './sqlite.ts';

export function projectReader(db: ReadDb, folder: string) {
  const select = db.prepare<[], Omit<Project, 'folder'>>(`
    SELECT p.id, p.name, p.created_at AS createdAt,
      (SELECT count(*) FROM videos) AS videos,
      (SELECT count(*) FROM runs) AS runs,
      (SELECT coalesce(sum(duration_seconds), 0.0) FROM videos) AS seconds
    FROM project AS p`);
  return {
    get(): Project {
      const row = select.get();
      if (!row)
        throw new AppError(
          'damaged',
          `The project database in ${folder} has lost its project row. Open a backup instead.`,
        );
      return { ...row, folder };
    },
  };
}

export function projectWriter(db: WriteDb) {
  const rename = db.prepare<{ name: string }>('UPDATE project SET name = @name');
  return {
    rename(name: string): void {
      rename.run({ name });
    },
  };
}

/** Writes the row of a new project. */
export function insertProject(db: WriteDb, name: string): void {
  db.prepare<{ id: string; name: string; now: number }>(
    'INSERT INTO project (one, id, name, created_at, clean_end) VALUES (1, @id, @name, @now, 0)',
  ).run({ id: randomUUID(), name, now: now() });
}

/** Whether the last writer closed the project properly. */
export function endedCleanly(db: ReadDb): boolean {
  return db.prepare<[], { clean: number }>('SELECT clean_end AS clean FROM project').get()?.clean === 1;
}

export function markClean(db: WriteDb, clean: boolean): void {
  db.prepare<{ clean: number }>('UPDATE project SET clean_end = @clean').run({ clean: clean ? 1 : 0 });
}
