// The file picker of the server face: folders below the roots given on the command line, behind grants.
// Role: lists one folder; every entry becomes a grant. Limits: nothing above a root is ever named.
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import type { Output, Place } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { VIDEO_EXTENSIONS } from '../media/files.ts';
import type { Context } from './context.ts';

const FEATURES = new Set(['.npy', '.txt']);
const TRUTH = new Set(['.json', '.csv']);
/** Labels of other programs, beside what the two above hold. */
const LABELS = new Set(
  'jsonl xml eaf vtt srt ffmetadata parquet list'.split(' ').map((extension) => `.${extension}`),
);

async function kindOf(path: string, isFolder: boolean): Promise<Place['kind'] | null> {
  if (isFolder) return (await stat(join(path, 'project.sqlite')).catch(() => null)) ? 'project' : 'folder';
  const extension = extname(path).toLowerCase();
  if (VIDEO_EXTENSIONS.has(extension)) return 'video';
  if (FEATURES.has(extension)) return 'features';
  if (TRUTH.has(extension)) return 'truth';
  return LABELS.has(extension) ? 'labels' : null;
}

export async function listPlaces(context: Context, grant: string | null): Promise<Output<'places.list'>> {
  const roots = await Promise.all(context.options.roots.map((root) => realpath(root)));
  if (grant === null && roots.length !== 1) {
    const entries = await Promise.all(
      roots.map(async (root) => ({
        ...(await context.grants.add(root)),
        name: root,
        kind: 'folder' as const,
        bytes: 0,
      })),
    );
    return { name: 'Folders of this server', parent: null, grant: null, entries };
  }
  const folder = grant === null ? roots[0] : context.grants.path(grant);
  const root = roots.find((r) => folder === r || folder.startsWith(r.endsWith(sep) ? r : r + sep));
  if (root === undefined)
    throw new AppError('no_access', 'This folder is outside the folders given to the server with --root.');
  const entries: Place[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const info = await stat(path).catch(() => null);
    const kind = info && (await kindOf(path, info.isDirectory()));
    if (info && kind)
      entries.push({
        ...(await context.grants.add(path)),
        name: entry.name,
        kind,
        bytes: info.isFile() ? info.size : 0,
      });
  }
  entries.sort(
    (a, b) =>
      Number(b.bytes === 0) - Number(a.bytes === 0) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  const parent = folder === root ? null : (await context.grants.add(dirname(folder))).grant;
  const { grant: own } = await context.grants.add(folder);
  return { name: folder === root ? root : basename(folder), parent, grant: own, entries };
}
