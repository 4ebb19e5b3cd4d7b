// What every file of the store shares about SQLite: handles whose type says what they may do, and its errors in our terms.
// Role: the border to better-sqlite3. Limits: no statement, no table name.
import Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';

declare const reads: unique symbol;
declare const writes: unique symbol;

/** A handle for queries. Functions that take it never write. */
export type ReadDb = Database.Database & { readonly [reads]: true };
/** A handle that may also write; every WriteDb is a ReadDb, never the other way round. */
export type WriteDb = ReadDb & { readonly [writes]: true };

/** Opens for writing; waits up to five seconds for a lock that somebody else holds, for example a sqlite3 shell. */
export function connectForWriting(file: string): WriteDb {
  return new Database(file, { timeout: 5000 }) as WriteDb;
}

/** Opens for reading only; writing through this handle is an error of SQLite itself. */
export function connectForReading(file: string): ReadDb {
  return new Database(file, { timeout: 5000, readonly: true, fileMustExist: true }) as unknown as ReadDb;
}

const SENTENCES: Record<string, [AppError['code'], string]> = {
  SQLITE_FULL: [
    'disk_full',
    'The disk is full. Free some space and try again; nothing saved so far is lost.',
  ],
  SQLITE_BUSY: [
    'conflict',
    'Another program is writing to the project database. Close it (for example a sqlite3 shell) and try again.',
  ],
  SQLITE_CORRUPT: [
    'damaged',
    'The project database is damaged. Close and open the project again to see what can be done.',
  ],
  SQLITE_NOTADB: [
    'damaged',
    'The project database is damaged. Close and open the project again to see what can be done.',
  ],
  SQLITE_READONLY: [
    'no_access',
    'The project database cannot be written. Check the permissions of the project folder.',
  ],
  SQLITE_PERM: [
    'no_access',
    'The project database cannot be written. Check the permissions of the project folder.',
  ],
  SQLITE_CANTOPEN: [
    'no_access',
    'The project database cannot be opened. Check the permissions of the project folder.',
  ],
  // The file that WAL readers share cannot grow: the disk is full, under another name.
  SQLITE_IOERR_SHMSIZE: [
    'disk_full',
    'The disk is full. Free some space and try again; nothing saved so far is lost.',
  ],
  SQLITE_IOERR: [
    'no_access',
    'The disk that holds the project reports an error. Check the disk or the network connection.',
  ],
};

/** Whether SQLite says that the file itself is broken. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** Whether SQLite says that someone else holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** An error of SQLite as an AppError; anything else as it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const known = Object.keys(SENTENCES).find(
    (code) => error.code === code || error.code.startsWith(`${code}_`),
  );
  if (!known)
    return new AppError(
      'internal',
      `The project database refused: ${error.message}.`,
      { sqlite: error.code },
      error,
    );
  const [code, sentence] = SENTENCES[known];
  return new AppError(code, sentence, { sqlite: error.code, reason: error.message }, error);
}

/** Runs `work`; what SQLite throws comes out as an AppError. */
export function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

/** The same functions, with SQLite's errors translated. */
export function guarded<T extends object>(api: T): T {
  const wrapped = Object.entries(api).map(([name, member]) => [
    name,
    typeof member === 'function' ? (...args: unknown[]) => translating(() => member(...args)) : member,
  ]);
  return Object.fromEntries(wrapped) as T;
}

/**
 * Runs `work` in one immediate transaction; inside another one it becomes a savepoint. All or nothing.
 * @throws AppError `internal` when `work` is asynchronous: awaiting would let other work into the transaction.
 */
export function inTransaction<T>(db: WriteDb, work: () => T): T {
  return db
    .transaction(() => {
      const result = work();
      if (result instanceof Promise) {
        result.catch(() => {}); // its own end no longer matters
        throw new AppError('internal', 'A database transaction must not wait for anything.');
      }
      return result;
    })
    .immediate();
}

/** Parses a JSON column once, at the border. @throws AppError `damaged` naming the column. */
export function parseColumn<T>(schema: z.ZodType<T>, column: string, text: string): T {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new AppError('damaged', `The project database holds an unexpected value in ${column}.`, {
      column,
      reason: z.prettifyError(parsed.error),
    });
  }
  return parsed.data;
}

/** Milliseconds since 1970 UTC. */
export function now(): number {
  return Date.now();
}
