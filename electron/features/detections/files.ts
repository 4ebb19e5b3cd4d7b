// Finds files of boxes and poses below what a person picked, and the name of the video a file is about.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { FoundFile } from '../files.ts';
import { poseVideoName } from '../poses/names.ts';

const EXTENSIONS = /\.(json|csv|txt)$/i;

/** Every .json, .csv and .txt file among `paths` and, for folders, below them; hidden ones in folders are left out. */
export async function findDetectionFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) {
      found.set(path, { path, relPath: basename(path) });
      continue;
    }
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      const relPath = file.slice(join(path, sep).length).split(sep).join('/');
      if (!entry.isFile() || !EXTENSIONS.test(entry.name) || /(^|\/)\./.test(relPath)) continue;
      found.set(file, { path: file, relPath });
    }
  }
  return [...found.values()].sort((a, b) => (a.relPath < b.relPath ? -1 : a.relPath > b.relPath ? 1 : 0));
}

/**
 * The video that a file of one video is about, by the file's own path: `cam1/01_0014_alphapose_tracked_person.json` is
 * `cam1/01_0014`, and the `alphapose-results.json` of AlphaPose is named after its folder.
 */
export function videoOfFile(relPath: string): string {
  const slash = relPath.lastIndexOf('/') + 1;
  const name = relPath.slice(slash);
  if (/^alphapose-(results|tracked)\.json$/i.test(name) && slash > 0) return relPath.slice(0, slash - 1);
  return relPath.slice(0, slash) + poseVideoName(name).replace(/\.poses$|\.(csv|txt)$/i, '');
}
