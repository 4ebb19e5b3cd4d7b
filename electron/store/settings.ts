// Choices that belong to a project. Role: statements of the table `settings`. Limits: values are any JSON; who reads
// one parses it.
import type { ReadDb, WriteDb } from './sqlite.ts';

export function settingsReader(db: ReadDb) {
  const select = db.prepare<{ key: string }, { value: string }>(
    'SELECT value FROM settings WHERE key = @key',
  );
  return {
    /** The stored value, null when there is none. */
    get(key: string): unknown {
      const row = select.get({ key });
      return row ? JSON.parse(row.value) : null;
    },
  };
}

export function settingsWriter(db: WriteDb) {
  const upsert = db.prepare<{ key: string; value: string }>(
    'INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = @value',
  );
  const remove = db.prepare<{ key: string }>('DELETE FROM settings WHERE key = @key');
  return {
    /** Stores any JSON value; null or undefined forgets the key. */
    set(key: string, value: unknown): void {
      if (value === null || value === undefined) remove.run({ key });
      else upsert.run({ key, value: JSON.stringify(value) });
    },
  };
}
