// The task that reads labels made elsewhere. Role: finds the files, says which one it is at, reads them. Runs in a process
// of its own, because a damaged file can keep a reader busy for very long or fill the memory. Limits: which videos the
// names mean is the engine's part.
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { readLabels } from '../formats/import.ts';
import type { SourceFile } from '../formats/read.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

/** Extensions that some format of labels has. */
const EXTENSIONS = new Set(
  'json jsonl csv txt npy xml eaf vtt srt ffmetadata parquet list'
    .split(' ')
    .map((extension) => `.${extension}`),
);
/** More files than this are no export of labels but a disk. */
const MOST_FILES = 100_000;
/** Larger files are features or videos. Bytes. */
const MOST_BYTES = 2 ** 30;

/** Files below a folder with their paths below it; a single file with the folders it lies in, which may be part of its name. */
async function sourceFiles(path: string): Promise<SourceFile[]> {
  const info = await stat(path);
  if (info.isFile()) {
    const name = path.split(/[\\/]/).slice(-3).join('/');
    return [{ name, bytes: await readFile(path) }];
  }
  const files: SourceFile[] = [];
  const walk = async (folder: string, name: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const own = join(folder, entry.name);
      const below = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory()) await walk(own, below);
      else if (entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase())) {
        if ((await stat(own)).size > MOST_BYTES) continue;
        files.push({ name: below, bytes: await readFile(own) });
        if (files.length > MOST_FILES) {
          throw new AppError(
            'bad_input',
            `${path} holds more than ${MOST_FILES} files that could be labels. Choose the folder of the labels alone.`,
          );
        }
      }
    }
  };
  await walk(path, '');
  return files;
}

/** Says how many bytes there are, and then the name of each file before it is read. */
export async function runLabels(task: TaskOf<'labels'>, { progress }: TaskContext): Promise<TaskResult> {
  const files = (await Promise.all(task.paths.map(sourceFiles))).flat();
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const at = (file: string): void => progress(0, total, 'bytes', file);
  at('');
  return { kind: 'labels', ...(await readLabels(files, task.format, task.options, at)) };
}
