// What a file of the session is to the product. Role: path -> kind, and sums per kind. Limits: by where it lies, and for
// footage by what the project imported; nothing is opened.
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import type { FileKind, FileSeen, PrivacyReport } from '../../../shared/contract/privacy.ts';
import { projectPaths } from '../../store/paths.ts';

export const KIND_TITLES: Record<FileKind, string> = {
  source: 'Footage',
  database: 'Database of the project',
  artifact: 'Stored parts of the project',
  checkpoint: 'Checkpoints',
  cache: 'Cache',
  export: 'Exports',
  backup: 'Backups',
  project: 'Else in the project',
  settings: 'Settings of this machine',
  chosen: 'Files and folders that were chosen',
  temporary: 'Temporary files',
  program: 'The program itself',
  system: 'The operating system',
  other: 'Other files',
};

const SYSTEM = [
  ...['/usr', '/lib', '/lib64', '/etc', '/opt', '/bin', '/sbin', '/var', '/run', '/nix', '/snap', '/System'],
  ...['/Library', process.env.SystemRoot, process.env.ProgramFiles],
].filter((path) => path !== undefined);

export interface Known {
  /** Folder of the open project. */
  project: string | null;
  /** Paths of the project's footage. */
  footage: ReadonlySet<string>;
  appData: string;
  profile: string | null;
  /** Folders of the program: its own, and that of Node or Electron. */
  program: readonly string[];
  /** Whether a person gave access to it. */
  granted(path: string): boolean;
}

/** The first that fits, from the narrow to the wide. */
export function kindsOf(known: Known): (path: string) => FileKind {
  const roots: [string, FileKind][] = [];
  if (known.project !== null) {
    const paths = projectPaths(known.project);
    roots.push(
      [paths.artifacts, 'artifact'],
      [paths.checkpoints, 'checkpoint'],
      [paths.cache, 'cache'],
      [paths.exports, 'export'],
      [join(known.project, 'export-keys'), 'export'],
      [paths.backups, 'backup'],
      [known.project, 'project'],
    );
  }
  roots.push([known.appData, 'settings']);
  if (known.profile !== null) roots.push([known.profile, 'settings']);
  const wide: [string, FileKind][] = [
    ...known.program.map((folder): [string, FileKind] => [folder, 'program']),
    [tmpdir(), 'temporary'],
    ...SYSTEM.map((folder): [string, FileKind] => [folder, 'system']),
  ];
  const database = known.project === null ? null : projectPaths(known.project).database;
  const inside = (path: string, list: [string, FileKind][]): FileKind | undefined =>
    list.find(([root]) => path === root || path.startsWith(root + sep))?.[1];
  return (path) =>
    known.footage.has(path)
      ? 'source'
      : database !== null && path.startsWith(database)
        ? 'database'
        : (inside(path, roots) ?? (known.granted(path) ? 'chosen' : inside(path, wide)) ?? 'other');
}

/** The folder that all paths lie in. */
export function commonFolder(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  let common = dirname(paths[0]).split(sep);
  for (const path of paths) {
    const parts = dirname(path).split(sep);
    const end = common.findIndex((part, i) => parts[i] !== part);
    if (end >= 0) common = common.slice(0, end);
  }
  return common.join(sep) || sep;
}

/** One row per kind, in the order of {@link KIND_TITLES}. */
export function groupFiles(
  files: Iterable<FileSeen>,
  kindOf: (path: string) => FileKind,
): PrivacyReport['files']['groups'] {
  const byKind = Map.groupBy(files, (file) => kindOf(file.path));
  return (Object.keys(KIND_TITLES) as FileKind[]).flatMap((kind) => {
    const members = byKind.get(kind);
    return members
      ? [
          {
            kind,
            title: KIND_TITLES[kind],
            folder: commonFolder(members.map((file) => file.path)),
            read: members.filter((file) => file.read).length,
            written: members.filter((file) => file.written).length,
          },
        ]
      : [];
  });
}
