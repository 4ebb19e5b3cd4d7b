// Asking for files and folders. Role: one promise-based question for both hosts: native dialogs under Electron, the
// page's own dialog over `places.list` elsewhere. Limits: the page gets opaque grants, never a path.
import { create } from 'zustand';
import type { Place } from '../../../shared/contract/index.ts';
import { type Bridge, bridge, type Grant, type Purpose } from '../../platform/bridge.ts';

export interface PickerQuestion {
  purpose: Purpose;
  /** One folder, or any number of files. */
  what: 'folder' | 'files';
  answer(grants: Grant[]): void;
}

/** The question the page's own dialog has to show, if any. */
export const usePickerQuestion = create<{ question: PickerQuestion | null }>()(() => ({ question: null }));

function ask(purpose: Purpose, what: PickerQuestion['what']): Promise<Grant[]> {
  usePickerQuestion.getState().question?.answer([]);
  return new Promise((resolve) => {
    usePickerQuestion.setState({
      question: {
        purpose,
        what,
        answer(grants) {
          usePickerQuestion.setState({ question: null });
          resolve(grants);
        },
      },
    });
  });
}

/** Null when the person changed their mind. */
export async function pickFolder(purpose: Purpose, host: Bridge | null = bridge()): Promise<Grant | null> {
  return host ? host.chooseFolder(purpose) : ((await ask(purpose, 'folder'))[0] ?? null);
}

/** Empty when the person changed their mind. */
export function pickFiles(purpose: Purpose, host: Bridge | null = bridge()): Promise<Grant[]> {
  return host ? host.chooseFiles(purpose) : ask(purpose, 'files');
}

/** Grants for dropped files; null where the host cannot grant them (a browser does not say where a file is). */
export async function grantsOf(
  files: readonly File[],
  host: Bridge | null = bridge(),
): Promise<Grant[] | null> {
  if (!host) return null;
  const grants = await Promise.all(files.map((file) => host.grantDropped(file)));
  return grants.filter((grant) => grant !== null);
}

/** Arrays and texts count as features; the same kinds of file hold ground truth too. */
const FILES: Partial<Record<Purpose, readonly Place['kind'][]>> = {
  videos: ['video'],
  features: ['features'],
  detections: ['truth', 'features'],
  truth: ['truth', 'features'],
  labels: ['labels', 'truth', 'features'],
};

/** Which entries are worth showing for a purpose: always folders, and the files it is about. */
export function showsPlace(purpose: Purpose, what: PickerQuestion['what'], kind: Place['kind']): boolean {
  return (
    kind === 'folder' || kind === 'project' || (what === 'files' && (FILES[purpose]?.includes(kind) ?? false))
  );
}

/** Whether a folder stands for the files in it and below. */
export const takesFolders = (purpose: Purpose): boolean => purpose === 'videos' || purpose === 'features';
