// Promises the schema itself keeps, whichever program writes.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newProject, resultFor, runningProject } from './project.ts';

/** A second connection without any of the store's own settings, like a sqlite3 shell. */
function shell(folder: string): Database.Database {
  const db = new Database(join(folder, 'project.sqlite'));
  db.pragma('recursive_triggers = OFF');
  onTestFinished(() => void db.close());
  return db;
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Database.SqliteError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('tables', () => {
  it('are all STRICT', () => {
    const db = shell(newProject().folder);
    const tables = db
      .prepare(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(tables.length).toBeGreaterThan(15);
    expect(tables.filter((t) => (t as { strict: number }).strict !== 1)).toEqual([]);
  });

  it('refuse a value of the wrong type', () => {
    const db = shell(newProject().folder);
    expect(
      codeOf(() => db.exec("INSERT INTO artifacts VALUES (printf('%064d', 0), 'many', 'model', 0, 0)")),
    ).toBe('SQLITE_CONSTRAINT_DATATYPE');
    expect(codeOf(() => db.exec("INSERT INTO settings VALUES ('k', 'not json')"))).toBe(
      'SQLITE_CONSTRAINT_CHECK',
    );
  });

  it('have an index for every foreign key', () => {
    const db = shell(newProject().folder);
    const tables = db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all() as { name: string }[];
    const bare: string[] = [];
    for (const { name } of tables) {
      const keys = new Map<number, string[]>();
      for (const key of db.pragma(`foreign_key_list(${name})`) as {
        id: number;
        seq: number;
        from: string;
        on_delete: string;
      }[]) {
        expect(key.on_delete, `${name}.${key.from}`).not.toBe('NO ACTION');
        const columns = keys.get(key.id) ?? [];
        columns[key.seq] = key.from;
        keys.set(key.id, columns);
      }
      const indexes = (db.pragma(`index_list(${name})`) as { name: string }[]).map((index) =>
        (db.pragma(`index_info(${index.name})`) as { name: string }[]).map((c) => c.name),
      );
      const primary = (db.pragma(`table_info(${name})`) as { name: string; pk: number }[])
        .filter((c) => c.pk > 0)
        .sort((a, b) => a.pk - b.pk);
      indexes.push(primary.map((c) => c.name));
      for (const columns of keys.values()) {
        if (!indexes.some((index) => columns.every((column, i) => index[i] === column)))
          bare.push(`${name} (${columns})`);
      }
    }
    expect(bare).toEqual([]);
  });

  it('carry their comments into sqlite_schema', () => {
    const db = shell(newProject().folder);
    const rows = db
      .prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
      )
      .all() as { name: string; sql: string }[];
    const mute = rows.filter((row) => !row.sql.includes('-- ')).map((row) => row.name);
    expect(mute).toEqual([]);
  });
});

describe('the audit log', () => {
  it('takes rows and refuses every way to change or lose one', () => {
    const store = newProject();
    store.audit.append({ actor: 'test', action: 'first', detail: { a: 1 } });
    store.audit.append({ actor: 'test', action: 'second' });
    const before = store.audit.list();
    const db = shell(store.folder);
    for (const sql of [
      "UPDATE audit SET actor = 'x'",
      'DELETE FROM audit',
      "INSERT OR REPLACE INTO audit (id, at, actor, action, detail) VALUES (1, 0, 'x', 'x', '{}')",
      "REPLACE INTO audit (id, at, actor, action, detail) VALUES (1, 0, 'x', 'x', '{}')",
      'UPDATE OR REPLACE audit SET id = 2 WHERE id = 1',
      "INSERT INTO audit (id, at, actor, action, detail) VALUES (1, 0, 'x', 'x', '{}') ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    ]) {
      expect(
        codeOf(() => db.exec(sql)),
        sql,
      ).toBe('SQLITE_CONSTRAINT_TRIGGER');
    }
    expect(store.audit.list()).toEqual(before);
    expect(before.map((e) => [e.action, e.detail])).toEqual([
      ['second', {}],
      ['first', { a: 1 }],
    ]);
    expect(store.audit.list(1, before[0].id).map((e) => e.action)).toEqual(['first']);
  });
});

describe('results of a run', () => {
  it('never change', async () => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [4]);
    store.runs.finish(runId, resultFor([{ videoId: videoIds[0], segments: 4 }]));
    const db = shell(store.folder);
    expect(codeOf(() => db.exec('UPDATE segment_labels SET label = 1'))).toBe('SQLITE_CONSTRAINT_TRIGGER');
    expect(codeOf(() => db.exec('UPDATE run_videos SET video_label = 0'))).toBe('SQLITE_CONSTRAINT_TRIGGER');
  });

  it('keep machine and human events apart', async () => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [4]);
    const db = shell(store.folder);
    const insert = db.prepare(
      'INSERT INTO events (layer, run_id, video_id, start_frame, end_frame, parent_id, created_at) VALUES (@layer, @run, @video, 0, 16, @parent, 0)',
    );
    const model = insert.run({
      layer: 'model',
      run: runId,
      video: videoIds[0],
      parent: null,
    }).lastInsertRowid;
    insert.run({ layer: 'human', run: runId, video: videoIds[0], parent: model });
    expect(codeOf(() => insert.run({ layer: 'model', run: null, video: videoIds[0], parent: null }))).toBe(
      'SQLITE_CONSTRAINT_CHECK',
    );
    expect(codeOf(() => insert.run({ layer: 'other', run: runId, video: videoIds[0], parent: null }))).toBe(
      'SQLITE_CONSTRAINT_CHECK',
    );
    expect(codeOf(() => db.exec("UPDATE events SET end_frame = 32 WHERE layer = 'model'"))).toBe(
      'SQLITE_CONSTRAINT_TRIGGER',
    );
    store.jobs.end(store.runs.get(runId).jobId as number, 'cancelled', null);
    store.runs.remove(runId);
    expect(db.prepare('SELECT layer, run_id, parent_id FROM events').all()).toEqual([
      { layer: 'human', run_id: null, parent_id: null },
    ]);
  });

  it('are rows a plain SQLite shell can read, with names and times', async ({ skip }) => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [2]);
    store.runs.finish(runId, resultFor([{ videoId: videoIds[0], segments: 2 }]));
    let text: string;
    try {
      text = execFileSync(
        'sqlite3',
        [
          '-readonly',
          '-csv',
          join(store.folder, 'project.sqlite'),
          "SELECT video, run, segment, start_frame, end_frame, score, label FROM pseudo_labels WHERE run = 'first'; SELECT run, videos, segments, anomalous_segments FROM run_summary",
        ],
        { encoding: 'utf8' },
      );
    } catch (error) {
      skip((error as { code?: string }).code === 'ENOENT', 'no sqlite3 program on this machine');
      throw error;
    }
    expect(text.trim().split('\n')).toEqual([
      'clips/clip0,first,0,0,16,0.0,0',
      'clips/clip0,first,1,16,32,0.5,1',
      'first,1,2,1',
    ]);
  });
});
