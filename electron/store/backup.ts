// Copies of the database. Role: makes, keeps and lists backups; see restore.ts for the way back. Limits: artifacts are
// not copied; they never change.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectPaths } from './paths.ts';
import { now, type WriteDb } from './sqlite.ts';

const KEEP = 5;
const DAY_MS = 86_400_000;
const NAME = /^project-(\d{8}T\d{9}Z)-v(\d+)\.sqlite$/;

export interface Backup {
  path: string;
  /** ms since 1970 UTC. */
  at: number;
  /** `user_version` of the copy. */
  version: number;
  bytes: number;
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:.]/g, '');
}

function parseStamp(text: string): number {
  const [, y, mo, d, h, mi, s, ms] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(
    text,
  ) as RegExpExecArray;
  return Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`);
}

/** Newest first. */
export function listBackups(paths: ProjectPaths): Backup[] {
  if (!existsSync(paths.backups)) return [];
  return readdirSync(paths.backups)
    .flatMap((name) => {
      const match = NAME.exec(name);
      if (!match) return [];
      const path = join(paths.backups, name);
      return [{ path, at: parseStamp(match[1]), version: Number(match[2]), bytes: statSync(path).size }];
    })
    .sort((a, b) => b.at - a.at);
}

function target(db: WriteDb, paths: ProjectPaths): { final: string; temporary: string } {
  mkdirSync(paths.backups, { recursive: true });
  const version = db.pragma('user_version', { simple: true }) as number;
  const final = join(paths.backups, `project-${stamp(now())}-v${version}.sqlite`);
  return { final, temporary: `${final}.tmp` };
}

/** Waits until the file is on the disk. */
export function sync(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function thinOut(paths: ProjectPaths): void {
  for (const old of listBackups(paths).slice(KEEP)) rmSync(old.path, { force: true });
}

/** Copies the database at once (before a migration) and keeps the newest five copies; returns the path. */
export function backupNow(db: WriteDb, paths: ProjectPaths): string {
  const { final, temporary } = target(db, paths);
  rmSync(temporary, { force: true });
  try {
    db.prepare<{ file: string }>('VACUUM INTO @file').run({ file: temporary });
    sync(temporary);
    renameSync(temporary, final);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  thinOut(paths);
  return final;
}

/** Copies the database in slices when the newest copy is older than a day; returns the path, or null when none is due. */
export async function backupIfDue(db: WriteDb, paths: ProjectPaths): Promise<string | null> {
  const newest = listBackups(paths)[0];
  if (newest && now() - newest.at < DAY_MS) return null;
  const { final, temporary } = target(db, paths);
  rmSync(temporary, { force: true });
  try {
    await db.backup(temporary);
    sync(temporary);
    await rename(temporary, final);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  thinOut(paths);
  return final;
}
