// One writer per project. Role: a lock that the operating system takes back by itself when its process dies.
// An empty SQLite file is held in an exclusive transaction; that is a lock of the kernel on all three systems, so there
// is no stale lock to break and no process id to mistake for another one. A JSON file beside it says who holds it.
// Limits: readers need no lock.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { ProjectPaths } from './paths.ts';
import { isBusy, translated } from './sqlite.ts';

const ownerSchema = z.object({ pid: z.int(), host: z.string(), since: z.int() });

export interface Lock {
  release(): void;
}

function readOwner(file: string): z.infer<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // the holder has the lock but has not written its name yet
  }
}

/** Takes the writer's lock. @throws AppError `conflict` naming the process that holds it. */
export function acquireLock(paths: ProjectPaths): Lock {
  let db: Database.Database | null = null;
  try {
    db = new Database(paths.lock, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (!isBusy(error)) throw translated(error);
    const owner = readOwner(paths.owner);
    const who = owner
      ? `process ${owner.pid} on ${owner.host}, since ${new Date(owner.since).toISOString()}`
      : 'another process';
    throw new AppError(
      'conflict',
      `The project in ${paths.folder} is open in another Zerolabel (${who}). Close it there, or end that process, and try again.`,
      { folder: paths.folder, ...owner },
    );
  }
  const held = db;
  try {
    writeFileSync(paths.owner, JSON.stringify({ pid: process.pid, host: hostname(), since: Date.now() }));
  } catch (error) {
    held.close();
    throw error;
  }
  return {
    release() {
      // The empty lock file stays: removing it would let two processes lock two different files.
      rmSync(paths.owner, { force: true });
      held.close();
    },
  };
}
