// Finds the videos a person means by the files and folders they chose. Role: walking and naming. Limits: goes by
// extension; whether a file really is a video is for probe.ts to say.
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, parse, relative, resolve, sep } from 'node:path';
import { AppError, toErrorData } from '../../shared/errors.ts';

/** Extensions, lower case with the dot, that are looked at as videos. */
export const VIDEO_EXTENSIONS = new Set(
  '3g2 3gp asf avi divx dv f4v flv m2ts m2v m4v mjpeg mkv mov mp4 mpeg mpg mts mxf ogv qt ts vob webm wmv y4m'
    .split(' ')
    .map((e) => `.${e}`),
);

export interface FoundVideo {
  /** Absolute path, through links as the person named it. */
  path: string;
  /** Path below the folder common to everything chosen, with `/`; the base name for files chosen one by one. Unique. */
  relPath: string;
}

/** As {@link findVideos}. @throws AppError `not_found` also when there is none */
export async function findSomeVideos(paths: string[]): Promise<FoundVideo[]> {
  const found = await findVideos(paths);
  if (found.length > 0) return found;
  throw new AppError(
    'not_found',
    `No video files in ${paths.join(', ')}. Zerolabel looks for mp4, mov, mkv, webm, avi and similar.`,
  );
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/** Orders paths part by part, numbers in names by value: `a/2.mp4` before `a/10.mp4` before `b/1.mp4`. */
function naturally(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = collator.compare(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || (a < b ? -1 : Number(a > b));
}

/** The deepest folder above all given ones; '' when they lie on different drives. */
function commonFolder(folders: string[]): string {
  const parts = folders.map((folder) => folder.split(sep));
  const shortest = Math.min(...parts.map((p) => p.length));
  let depth = 0;
  while (depth < shortest && parts.every((p) => p[depth] === parts[0][depth])) depth++;
  const common = parts[0].slice(0, depth).join(sep);
  return depth === 1 ? common + sep : common;
}

/** Relative path with `/`; without a common folder the drive's letter becomes the first part. */
function nameBelow(folder: string, path: string): string {
  if (folder !== '') return relative(folder, path).split(sep).join('/');
  const { root } = parse(path);
  return [root.replace(/[^\p{L}\p{N}]+/gu, ''), ...path.slice(root.length).split(sep)]
    .filter((part) => part !== '')
    .join('/');
}

/**
 * Finds videos in the chosen files and folders: folders are searched to the bottom by extension, hidden files and
 * folders are left out, a file chosen by itself is taken whatever its extension. Links are followed; a file or folder
 * that is reached twice counts once, by its real place if that is inside. Folders below a chosen one that may not be
 * read are left out.
 *
 * @returns sorted naturally by `relPath`
 * @throws AppError `not_found` or `no_access` when a chosen path cannot be read
 */
export async function findVideos(paths: string[]): Promise<FoundVideo[]> {
  const chosen = [...new Set(paths.map((path) => resolve(path)))];
  const seen = new Set<string>(); // real paths of files and folders
  const found: string[] = [];
  let links: string[] = [];

  async function take(path: string, walked: boolean): Promise<void> {
    const info = await stat(path);
    if (
      !info.isDirectory() &&
      (!info.isFile() || (walked && !VIDEO_EXTENSIONS.has(extname(path).toLowerCase())))
    )
      return;
    const real = await realpath(path);
    if (seen.has(real)) return;
    seen.add(real);
    if (info.isFile()) {
      found.push(path);
      return;
    }
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const below = join(path, entry.name);
      if (entry.isSymbolicLink()) links.push(below);
      else if (entry.isDirectory() || entry.isFile()) await take(below, true).catch(() => undefined);
    }
  }

  const folders: string[] = [];
  for (const path of chosen) {
    try {
      folders.push((await stat(path)).isDirectory() ? path : dirname(path));
      await take(path, false);
    } catch (error) {
      const { code } = toErrorData(error);
      if (code === 'not_found')
        throw new AppError('not_found', `${path} is not there any more. Choose it again.`, { path });
      throw new AppError(
        'no_access',
        `${path} cannot be read. Check its permissions, or choose another folder.`,
        { path },
        error,
      );
    }
  }
  // Real files first, so that a link never takes the place of the file it points to; a link may lead to further links.
  while (links.length > 0) {
    const batch = links.sort(naturally);
    links = [];
    for (const link of batch) await take(link, true).catch(() => undefined); // a dangling link is no video
  }

  const names = found.map((path) => basename(path));
  const byBaseName = found.every((path) => chosen.includes(path)) && new Set(names).size === names.length;
  const common = chosen.length > 0 ? commonFolder(folders) : '';
  return found
    .map((path, i) => ({ path, relPath: byBaseName ? names[i] : nameBelow(common, path) }))
    .sort((a, b) => naturally(a.relPath, b.relPath));
}
