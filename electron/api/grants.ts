// Paths the user has allowed, behind opaque handles.
// Role: a path enters through a native dialog, a drop, the server's picker or the command line, is resolved once
// (links followed), and from then on has a name that the page may use. Limits: grants live as long as the engine.
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';

export interface Grants {
  /** @throws AppError `not_found` when nothing is there. */
  add(path: string): Promise<{ grant: string; name: string }>;
  /** @throws AppError `no_access` for a handle we did not give out. */
  path(grant: string): string;
  /** Whether a path was granted, or lies in a folder that was. */
  cover(path: string): boolean;
}

export function createGrants(): Grants {
  const byPath = new Map<string, string>();
  const byGrant = new Map<string, string>();
  return {
    async add(path) {
      const real = await realpath(path).catch(() => {
        throw new AppError('not_found', `${path} does not exist or cannot be read.`);
      });
      const grant = byPath.get(real) ?? randomUUID();
      byPath.set(real, grant);
      byGrant.set(grant, real);
      return { grant, name: basename(real) || real };
    },
    path(grant) {
      const path = byGrant.get(grant);
      if (!path)
        throw new AppError(
          'no_access',
          'This file or folder was not chosen in this session. Choose it again.',
        );
      return path;
    },
    cover: (path) => [...byPath.keys()].some((granted) => path === granted || path.startsWith(granted + sep)),
  };
}
