// Native dialogs for files and folders.
// Role: purpose -> dialog -> grants. Limits: the page never sees a path, only handles that the engine gave out.
import type { OpenDialogOptions } from 'electron';
import type { Purpose } from '../../shared/bridge.ts';
import { VIDEO_EXTENSIONS } from '../media/files.ts';

export interface Grant {
  grant: string;
  name: string;
}

interface Texts {
  folder: string;
  files: string;
  /** Extensions without dot; empty = all files. */
  extensions: readonly string[];
  kind: string;
}

const TEXTS: Readonly<Record<Purpose, Texts>> = {
  videos: {
    folder: 'Choose a folder with videos',
    files: 'Choose videos',
    extensions: [...VIDEO_EXTENSIONS].map((extension) => extension.replace(/^\./, '')),
    kind: 'Videos',
  },
  features: {
    folder: 'Choose a folder with features',
    files: 'Choose feature files',
    extensions: ['npy', 'txt', 'csv'],
    kind: 'Features',
  },
  detections: {
    folder: 'Choose a folder with boxes or poses',
    files: 'Choose boxes or poses',
    extensions: ['json', 'csv', 'txt'],
    kind: 'Boxes and poses',
  },
  weights: {
    folder: 'Choose a folder with weights',
    files: 'Choose weights',
    extensions: ['npy'],
    kind: 'Weights',
  },
  truth: {
    folder: 'Choose a folder with ground truth',
    files: 'Choose ground truth',
    extensions: ['json', 'csv', 'txt', 'mat', 'npy'],
    kind: 'Ground truth',
  },
  labels: {
    folder: 'Choose a folder with labels',
    files: 'Choose files with labels',
    extensions: 'json jsonl csv txt npy xml eaf vtt srt ffmetadata parquet list'.split(' '),
    kind: 'Labels',
  },
  project: { folder: 'Open a project', files: 'Open a project', extensions: ['sqlite'], kind: 'Projects' },
  'project-parent': {
    folder: 'Where should the new project be?',
    files: 'Where should the new project be?',
    extensions: [],
    kind: 'Folders',
  },
  export: { folder: 'Export to this folder', files: 'Choose files', extensions: [], kind: 'Files' },
};

/** Options of the dialog for a purpose. */
export function dialogFor(purpose: Purpose, what: 'folder' | 'files'): OpenDialogOptions {
  const { [what]: title, extensions, kind } = TEXTS[purpose];
  if (what === 'folder') {
    const creates = purpose === 'project-parent' || purpose === 'export';
    return { title, properties: creates ? ['openDirectory', 'createDirectory'] : ['openDirectory'] };
  }
  return {
    title,
    properties: ['openFile', 'multiSelections'],
    filters:
      extensions.length === 0
        ? []
        : [
            { name: kind, extensions: [...extensions] },
            { name: 'All files', extensions: ['*'] },
          ],
  };
}

export interface Chooser {
  /** The dialog itself; empty when the person changed their mind. */
  show(options: OpenDialogOptions): Promise<readonly string[]>;
  grant(path: string): Promise<Grant>;
}

export async function chooseFolder(purpose: Purpose, { show, grant }: Chooser): Promise<Grant | null> {
  const [path] = await show(dialogFor(purpose, 'folder'));
  return path === undefined ? null : grant(path);
}

export async function chooseFiles(purpose: Purpose, { show, grant }: Chooser): Promise<Grant[]> {
  return Promise.all((await show(dialogFor(purpose, 'files'))).map(grant));
}
