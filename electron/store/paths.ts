// Where things lie in a project folder. Role: the one place that knows the names. Limits: touches no file.
import { join } from 'node:path';

export interface ProjectPaths {
  folder: string;
  database: string;
  artifacts: string;
  exports: string;
  checkpoints: string;
  /** What can be made again at any time. */
  cache: string;
  backups: string;
  /** Locked by SQLite while a writer has the project open; the file itself stays empty. */
  lock: string;
  /** Who holds the lock, for people and error messages. */
  owner: string;
}

/** @param folder absolute path of the project folder. */
export function projectPaths(folder: string): ProjectPaths {
  return {
    folder,
    database: join(folder, 'project.sqlite'),
    artifacts: join(folder, 'artifacts'),
    exports: join(folder, 'exports'),
    checkpoints: join(folder, 'checkpoints'),
    cache: join(folder, 'cache'),
    backups: join(folder, 'backups'),
    lock: join(folder, 'project.lock'),
    owner: join(folder, 'project.lock.json'),
  };
}
