// Finds ready-made feature files below what a person picked. Role: files and folders in, a sorted list out.
// Limits: looks at names only; electron/tasks/features.ts opens them.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';

/** A feature file and its path below the picked folder, with `/` and extension. */
export interface FoundFile {
  path: string;
  relPath: string;
}

const EXTENSIONS = /\.(npy|txt)$/i;

/**
 * Every .npy and .txt file among `paths` and, for folders, below them; hidden ones left out.
 * @returns sorted by relPath, each file once
 * @throws the file system's error for a path that cannot be read
 */
export async function findFeatureFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) {
      for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name);
        const relPath = file.slice(join(path, sep).length).split(sep).join('/');
        const hidden = relPath.split('/').some((part) => part.startsWith('.'));
        if (entry.isFile() && EXTENSIONS.test(entry.name) && !hidden)
          found.set(file, { path: file, relPath });
      }
    } else if (EXTENSIONS.test(path)) {
      found.set(path, { path, relPath: basename(path) });
    }
  }
  return [...found.values()].sort((a, b) => (a.relPath < b.relPath ? -1 : a.relPath > b.relPath ? 1 : 0));
}
