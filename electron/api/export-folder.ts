// A folder of written files. Role: a name that is free, every file whole, and all of them or none.
// Limits: what the files hold is electron/formats' part.
import { constants } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportResult } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { type ExportedFile, fileFacts } from '../formats/data.ts';
import type { Context } from './context.ts';

/**
 * Writes files into a new folder named `name`.
 * @param grant folder to make it in; null: `exports` of the open project.
 * @param files made one after the other, while they are written.
 * @throws AppError `bad_input` when the granted path is a file; after any error nothing is left of the folder.
 */
export async function writeFolder(
  context: Context,
  grant: string | null,
  name: string,
  files: Iterable<ExportedFile>,
): Promise<ExportResult> {
  const parent = grant === null ? join(context.opened().store.folder, 'exports') : context.grants.path(grant);
  if (grant !== null && !(await stat(parent)).isDirectory())
    throw new AppError('bad_input', `${parent} is a file. Choose a folder to export into.`);
  const folder = await freeFolder(parent, name);
  const written: ExportResult['files'] = [];
  const sentences: string[] = [];
  try {
    for (const file of files) {
      sentences.push(...(file.notes ?? []));
      await writeExported(join(folder, file.name), file);
      written.push({ name: file.name, ...fileFacts(file) });
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true }); // ours alone; half an export looks like a whole one
    throw error;
  }
  return { folder, files: written, notes: [...new Set(sentences)] };
}

async function writeExported(path: string, { bytes, stored }: ExportedFile): Promise<void> {
  if (!stored) return writeFileAtomic(path, bytes);
  await mkdir(dirname(path), { recursive: true });
  // A copy that shares its blocks with the original where the file system can do that.
  await copyFile(stored.path, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

async function freeFolder(parent: string, name: string): Promise<string> {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  for (let n = 1; ; n++) {
    const folder = join(parent, n === 1 ? safe : `${safe}-${n}`);
    if (!(await stat(folder).catch(() => null))) return folder;
  }
}
