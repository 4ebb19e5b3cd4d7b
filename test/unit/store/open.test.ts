// The opening sequence: what is accepted, what is refused and with which words.
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { initial } from '../../../electron/store/migrations/0001-initial.ts';
import { MIGRATIONS, migrate, newestVersion } from '../../../electron/store/migrations/index.ts';
import type { Migration } from '../../../electron/store/migrations/migration.ts';
import { APPLICATION_ID, openForReading, openProject } from '../../../electron/store/open.ts';
import { insertProject } from '../../../electron/store/project.ts';
import { backupsOf, restoreBackup } from '../../../electron/store/restore.ts';
import { connectForWriting } from '../../../electron/store/sqlite.ts';
import { AppError } from '../../../shared/errors.ts';
import { newProject, temporaryFolder } from './project.ts';

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Runs `work` on the raw database of a closed project. */
function tamper(folder: string, work: (db: Database.Database) => void): void {
  const db = new Database(join(folder, 'project.sqlite'));
  work(db);
  db.close();
}

function closedProject(): string {
  const folder = join(temporaryFolder(), 'project');
  openProject(folder, { create: { name: 'Closed' } }).close();
  return folder;
}

/** The state a crash leaves: the mark of a clean end is not set. */
function leaveUnclean(folder: string): void {
  tamper(folder, (db) => db.exec('UPDATE project SET clean_end = 0'));
}

const newest = newestVersion(MIGRATIONS);

/** A project as an older version left it: openProject itself always leads to the newest shape. */
function createdBy(folder: string, migrations: readonly Migration[]): void {
  mkdirSync(folder, { recursive: true });
  const db = connectForWriting(join(folder, 'project.sqlite'));
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(db, migrations);
  insertProject(db, 'Stepped');
  db.close();
}

const second: Migration = {
  version: 2,
  name: 'second',
  up: (db) => void db.exec('CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT'),
};

describe('creating', () => {
  it('makes the folders and a database with our number, WAL and the newest version', () => {
    const store = newProject('Depot');
    expect(store.project.get()).toMatchObject({
      name: 'Depot',
      folder: store.folder,
      videos: 0,
      runs: 0,
      seconds: 0,
    });
    expect(readdirSync(store.folder)).toEqual(
      expect.arrayContaining(['artifacts', 'checkpoints', 'exports', 'project.sqlite']),
    );
    const db = new Database(join(store.folder, 'project.sqlite'), { readonly: true });
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.at(-1)?.version);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  it('keeps its id and name over closing and opening', () => {
    const store = newProject('Depot');
    const before = store.project.get();
    store.close();
    const again = openProject(store.folder);
    expect(again.project.get()).toEqual(before);
    expect(again.notes).toEqual([]);
    again.close();
  });

  it('refuses a folder that holds a project, and opening one that does not', () => {
    const folder = closedProject();
    expect(refusal(() => openProject(folder, { create: { name: 'Other' } })).code).toBe('conflict');
    const empty = temporaryFolder();
    expect(refusal(() => openProject(empty)).code).toBe('not_found');
    expect(readdirSync(empty)).toEqual([]);
  });

  it('gives the folder free again when it refuses', () => {
    const folder = closedProject();
    refusal(() => openProject(folder, { create: { name: 'Other' } }));
    openProject(folder).close();
  });
});

describe('refusing', () => {
  it('a database of another program, without touching it', () => {
    const folder = temporaryFolder();
    tamper(folder, (db) => db.exec('PRAGMA application_id = 77; CREATE TABLE t (x)'));
    const before = readFileSync(join(folder, 'project.sqlite'));
    const error = refusal(() => openProject(folder));
    expect(error.code).toBe('foreign');
    expect(error.message).toContain(join(folder, 'project.sqlite'));
    expect(readFileSync(join(folder, 'project.sqlite')).equals(before)).toBe(true);
  });

  it('a database with tables and no application id', () => {
    const folder = temporaryFolder();
    tamper(folder, (db) => db.exec('CREATE TABLE t (x)'));
    expect(refusal(() => openProject(folder)).code).toBe('foreign');
    expect(refusal(() => openProject(folder, { create: { name: 'x' } })).code).toBe('foreign');
  });

  it('a file that is no database', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'project.sqlite'), 'These are notes, not a database. '.repeat(200));
    expect(refusal(() => openProject(folder)).code).toBe('foreign');
  });

  it('the future, naming both versions, for writers and readers', () => {
    const folder = closedProject();
    tamper(folder, (db) => db.pragma('user_version = 99'));
    for (const open of [openProject, openForReading]) {
      const error = refusal(() => open(folder));
      expect(error.code).toBe('future');
      expect(error.message).toMatch(/format 99.*knows up to \d+/);
    }
  });

  it('a second writer, naming the process that holds the project; a reader may come', () => {
    const store = newProject();
    const error = refusal(() => openProject(store.folder));
    expect(error.code).toBe('conflict');
    expect(error.message).toContain(`process ${process.pid} `);
    const reader = openForReading(store.folder);
    store.settings.set('key', { a: [1, 2] });
    expect(reader.settings.get('key')).toEqual({ a: [1, 2] });
    reader.close();
    store.close();
    openProject(store.folder).close();
  });
});

describe('after an unclean end', () => {
  it('checks the database and says that it is whole', () => {
    const folder = closedProject();
    leaveUnclean(folder);
    const store = openProject(folder);
    expect(store.notes.join()).toContain('checked and is whole');
    store.close();
    const again = openProject(folder);
    expect(again.notes).toEqual([]);
    again.close();
  });

  it('puts a damaged database aside once and names the newest backup', async () => {
    const folder = join(temporaryFolder(), 'project');
    const store = openProject(folder, { create: { name: 'Damaged' } });
    for (let i = 0; i < 2000; i++)
      store.audit.append({ actor: 'test', action: 'x', detail: { i, text: 'x'.repeat(50) } });
    const backup = await store.backupIfDue();
    store.close();
    leaveUnclean(folder);
    // Destroys pages in the middle of the file, as a failing disk would.
    const file = join(folder, 'project.sqlite');
    const handle = openSync(file, 'r+');
    writeSync(
      handle,
      Buffer.alloc(4096 * 10, 0x5a),
      0,
      4096 * 10,
      Math.floor(statSync(file).size / 4096 / 2) * 4096,
    );
    const error = refusal(() => openProject(folder));
    expect(error.code).toBe('damaged');
    expect(backup).not.toBeNull();
    expect(error.message).toContain(backup as string);
    refusal(() => openProject(folder));
    const aside = readdirSync(folder).filter(
      (name) => name.startsWith('project.damaged-') && name.endsWith('.sqlite'),
    );
    expect(aside).toHaveLength(1);
    // The way out that the sentence describes works, also with a log left over that belongs to the damaged file.
    writeFileSync(`${file}-wal`, 'not of this database');
    const damaged = readFileSync(file);
    const { aside: replaced } = restoreBackup(folder, backupsOf(folder)[0].at);
    expect(readFileSync(replaced).equals(damaged)).toBe(true);
    expect(readFileSync(`${replaced}-wal`, 'utf8')).toBe('not of this database');
    const restored = openProject(folder, { notes: ['restored'] });
    // Nothing is said of an unclean end: the copy was whole.
    expect(restored.notes).toEqual(['restored']);
    expect(restored.project.get().name).toBe('Damaged');
    expect(restored.audit.list(5000)).toHaveLength(2000);
    restored.close();
  });

  it('says so when a damaged database has no backup', () => {
    const folder = closedProject();
    leaveUnclean(folder);
    const file = join(folder, 'project.sqlite');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096, Math.min(bytes.length, 4096 * 12));
    writeFileSync(file, bytes);
    const error = refusal(() => openProject(folder));
    expect(error.code).toBe('damaged');
    expect(error.message).toContain('There is no backup yet');
  });
});

describe('migrations', () => {
  it('have strictly increasing numbers', () => {
    const versions = MIGRATIONS.map((m) => m.version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions[0]).toBe(1);
  });

  it('lead to the same schema one by one as at once', () => {
    const schemaOf = (folder: string) => {
      const db = new Database(join(folder, 'project.sqlite'), { readonly: true });
      const rows = db
        .prepare(
          "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name",
        )
        .all();
      db.close();
      return rows;
    };
    const list = [...MIGRATIONS, { ...second, version: (MIGRATIONS.at(-1)?.version ?? 0) + 1 }];
    const fresh = join(temporaryFolder(), 'fresh');
    openProject(fresh, { create: { name: 'Fresh' } }, list).close();
    const stepped = join(temporaryFolder(), 'stepped');
    createdBy(stepped, [initial]);
    for (let n = MIGRATIONS.length; n <= list.length; n++) openProject(stepped, {}, list.slice(0, n)).close();
    expect(schemaOf(stepped)).toEqual(schemaOf(fresh));
  });

  it('keep stored files and what refers to them when their table is made anew', () => {
    const folder = join(temporaryFolder(), 'project');
    createdBy(folder, MIGRATIONS.slice(0, 2));
    const old = connectForWriting(join(folder, 'project.sqlite'));
    old.pragma('foreign_keys = ON');
    const sha256 = 'a'.repeat(64);
    old.exec(`INSERT INTO artifacts VALUES ('${sha256}', 3, 'proxy', 0, 0);
      INSERT INTO videos (id, rel_path, state, container, codec, width, height, frames, fps_num, fps_den, vfr,
        duration_seconds, bytes, playable, imported_at) VALUES (1, 'a.mp4', 'ready', '', '', 1, 1, 1, 1, 1, 0, 1, 1, 'direct', 0);
      INSERT INTO proxies VALUES (1, '${sha256}', 0);`);
    old.close();
    openProject(folder).close();
    const db = connectForWriting(join(folder, 'project.sqlite'));
    db.pragma('foreign_keys = ON');
    expect(db.prepare('SELECT artifact FROM proxies').all()).toEqual([{ artifact: sha256 }]);
    expect(() => db.exec('DELETE FROM artifacts')).toThrow(/FOREIGN KEY/);
    db.close();
  });

  it('copy the database first, and keep the newest five copies', () => {
    const folder = join(temporaryFolder(), 'project');
    openProject(folder, { create: { name: 'Old' } }).close();
    const list: Migration[] = [...MIGRATIONS];
    for (let version = newest + 1; version <= newest + 7; version++) {
      list.push({
        ...second,
        version,
        up: (db) => void db.exec(`CREATE TABLE later${version} (id INTEGER PRIMARY KEY) STRICT`),
      });
      openProject(folder, {}, list).close();
    }
    const backups = readdirSync(join(folder, 'backups')).sort();
    expect(backups.map((name) => /-v(\d+)\.sqlite$/.exec(name)?.[1])).toEqual(
      [2, 3, 4, 5, 6].map((n) => String(newest + n)),
    );
    const copy = new Database(join(folder, 'backups', backups[0]), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(newest + 2);
    expect(copy.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
    expect(copy.prepare('SELECT name FROM project').get()).toEqual({ name: 'Old' });
    copy.close();
  });

  it('leave the old version when one fails half way', () => {
    const folder = join(temporaryFolder(), 'project');
    openProject(folder, { create: { name: 'Old' } }).close();
    const broken: Migration = {
      version: newest + 1,
      name: 'broken',
      up: (db) => void db.exec('CREATE TABLE half (x) STRICT; CREATE TABLE half (x) STRICT'),
    };
    expect(() => openProject(folder, {}, [...MIGRATIONS, broken])).toThrow(AppError);
    const store = openProject(folder);
    expect(store.project.get().name).toBe('Old');
    store.close();
  });

  it('refuse to leave dangling references', () => {
    const folder = join(temporaryFolder(), 'project');
    openProject(folder, { create: { name: 'Old' } }).close();
    const dangling: Migration = {
      version: newest + 1,
      name: 'dangling',
      up: (db) => {
        db.pragma('defer_foreign_keys = ON');
        db.exec("INSERT INTO features VALUES (7, 7, 'none', 1, 1, 1, 0, 0)");
      },
    };
    expect(refusal(() => openProject(folder, {}, [...MIGRATIONS, dangling])).message).toContain('dangling');
  });
});

describe('restoring a backup', () => {
  const withBackup = async (): Promise<{ folder: string; at: number; path: string }> => {
    const folder = join(temporaryFolder(), 'project');
    const store = openProject(folder, { create: { name: 'Kept' } });
    await store.backupIfDue();
    store.close();
    const [{ at, path }] = backupsOf(folder);
    return { folder, at, path };
  };

  it('is refused while the project is open, and for a copy that is not there', async () => {
    const { folder, at } = await withBackup();
    const store = openProject(folder);
    expect(refusal(() => restoreBackup(folder, at)).code).toBe('conflict');
    store.close();
    expect(refusal(() => restoreBackup(folder, at + 1)).code).toBe('not_found');
    expect(readdirSync(folder).filter((name) => name.startsWith('project.replaced'))).toEqual([]);
  });

  it('changes nothing when the copy is damaged too', async () => {
    const { folder, at, path } = await withBackup();
    writeFileSync(path, readFileSync(path).fill(0xff, 4096));
    const before = readFileSync(join(folder, 'project.sqlite'));
    const error = refusal(() => restoreBackup(folder, at));
    expect(error.code).toBe('damaged');
    expect(error.message).toContain(path);
    expect(readFileSync(join(folder, 'project.sqlite')).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => /replaced|restoring/.test(name))).toEqual([]);
  });

  it('works where the database is gone', async () => {
    const { folder, at } = await withBackup();
    rmSync(join(folder, 'project.sqlite'));
    restoreBackup(folder, at);
    const store = openProject(folder);
    expect(store.project.get().name).toBe('Kept');
    store.close();
  });
});

describe('backups', () => {
  it('are made once a day', async () => {
    const store = newProject();
    const first = await store.backupIfDue();
    expect(first && existsSync(first)).toBe(true);
    expect(await store.backupIfDue()).toBeNull();
  });

  it('leave other files in the folder alone', async () => {
    const store = newProject();
    mkdirSync(join(store.folder, 'backups'));
    writeFileSync(join(store.folder, 'backups', 'notes.txt'), 'mine');
    await store.backupIfDue();
    expect(readdirSync(join(store.folder, 'backups'))).toHaveLength(2);
  });
});
