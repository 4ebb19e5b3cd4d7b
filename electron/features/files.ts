// Finds ready-made feature files below what a person picked. Role: files and folders in, a sorted list out.
// Limits: looks at names, and at how text files begin; electron/tasks/features.ts reads them.
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';

/** A feature file and its path below the picked folder, with `/` and extension. */
export interface FoundFile {
  path: string;
  relPath: string;
}

const EXTENSIONS = /\.(npy|txt)$/i;

/** Bytes at the front of a text file that tell numbers from words. */
const HEAD = 64;

/**
 * Every .npy and .txt file among `paths` and, for folders, below them. In folders hidden files are left out, and so are
 * text files that do not begin with numbers, because data sets keep lists and notes beside their features.
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
        if (!entry.isFile() || hidden || !EXTENSIONS.test(entry.name)) continue;
        if (/\.npy$/i.test(entry.name) || (await beginsWithNumbers(file)))
          found.set(file, { path: file, relPath });
      }
    } else if (EXTENSIONS.test(path)) {
      found.set(path, { path, relPath: basename(path) });
    }
  }
  return [...found.values()].sort((a, b) => (a.relPath < b.relPath ? -1 : a.relPath > b.relPath ? 1 : 0));
}

async function beginsWithNumbers(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return /^[\s,\d.eE+-]+$|^\s*[+-]?(nan|inf)/i.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}
