// Every action that has a key, of all screens. Role: the list that the sheet shows and that conflicts are looked for in.
// Limits: no functions; screens bind them.
import { boundChords, type KeyAction } from '../../state/bindings.ts';
import { chordText, KEYMAP } from '../review/keymap.ts';

const one = (
  scope: KeyAction['scope'],
  group: string,
  id: string,
  chord: string,
  text: string,
): KeyAction => ({ id: `${scope}.${id}`, scope, group, text, chords: [chord] });
const everywhere = (id: string, chord: string, text: string): KeyAction => ({
  ...one('everywhere', 'Everywhere', id, chord, text),
  id: `shell.${id}`,
});
const library = (id: string, chord: string, text: string): KeyAction =>
  one('library', 'Library', id, chord, text);

export const HOME_KEYS = {
  new: one('home', 'Home', 'new', 'ctrl+n', 'New project'),
  open: one('home', 'Home', 'open', 'ctrl+o', 'Open a project'),
} as const;

export const RUN_KEYS = {
  start: one('runs', 'New run', 'start', 'ctrl+enter', 'Start the run'),
} as const;

export const SHELL_KEYS = {
  palette: everywhere('palette', 'ctrl+k', 'Go to anything, do anything by name'),
  nextRegion: everywhere('nextRegion', 'f6', 'Next region of the screen'),
  export: everywhere('export', 'ctrl+e', 'Export labels'),
  privacy: everywhere('privacy', 'f8', 'Privacy report'),
  previousRegion: everywhere('previousRegion', 'shift+f6', 'Previous region of the screen'),
} as const;

export const LIBRARY_KEYS = {
  import: library('import', 'ctrl+i', 'Import videos'),
  find: library('find', 'ctrl+f', 'Find a video by name'),
  next: library('next', 'ctrl+enter', 'The next step: extract features, new run, or review'),
  remove: library('remove', 'delete', 'Remove the selected videos from the project'),
} as const;

export const EXPORT_KEYS = {
  write: one('export', 'Export', 'write', 'ctrl+enter', 'Write the chosen formats'),
} as const;

const REVIEW_KEYS: readonly KeyAction[] = KEYMAP.map(({ action, ...key }) => ({
  id: `review.${action}`,
  scope: 'review',
  ...key,
}));

export const KEY_ACTIONS: readonly KeyAction[] = [
  ...REVIEW_KEYS,
  ...Object.values(HOME_KEYS),
  ...Object.values(LIBRARY_KEYS),
  ...Object.values(RUN_KEYS),
  ...Object.values(EXPORT_KEYS),
  ...Object.values(SHELL_KEYS),
];

/** Bindings of one action for `useKeys`. */
export const bind = (action: KeyAction, run: () => void): Record<string, () => void> =>
  Object.fromEntries(boundChords(action.id, action.chords).map((chord) => [chord, run]));

/** The first key of an action as people read it; '' when it has none. */
export const kbdOf = (action: KeyAction): string => {
  const [chord] = boundChords(action.id, action.chords);
  return chord ? chordText(chord) : '';
};
