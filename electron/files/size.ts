// How much lies in a folder. Role: counts files and their bytes, links not followed. Limits: what cannot be read counts as
// nothing; a folder that is being written to gives the sum of a moment.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Size {
  files: number;
  bytes: number;
}

/** Of a file, or of a folder with everything below it; of nothing where there is none. @param skip names in it that do not count */
export async function sizeOf(path: string, skip: readonly string[] = []): Promise<Size> {
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return { files: 0, bytes: 0 };
  if (!stat.isDirectory()) return { files: 1, bytes: stat.size };
  const names = await readdir(path).catch(() => []);
  const total: Size = { files: 0, bytes: 0 };
  for (const name of names) {
    if (skip.includes(name)) continue;
    const size = await sizeOf(join(path, name));
    total.files += size.files;
    total.bytes += size.bytes;
  }
  return total;
}
