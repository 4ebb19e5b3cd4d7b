// What the page may ask of its window under Electron, apart from the contract.
// Role: names of the messages between preload and main, and what a dialog can be for. Limits: constants only, because
// the preload is one small file without zod.

/** What a picked file or folder is for; main chooses the dialog's title and filters by it. */
export const PURPOSES = [
  'videos',
  'features',
  'detections',
  'weights',
  'truth',
  'labels',
  'project',
  'project-parent',
  'export',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];

export const CHANNELS = {
  /** Page to main: a port is wanted; main to page: here it is (`ports[0]`). */
  port: 'zerolabel:port',
  chooseFolder: 'zerolabel:choose-folder',
  chooseFiles: 'zerolabel:choose-files',
  /** A dropped file, as the path that only the preload can read from it. */
  grantDropped: 'zerolabel:grant-dropped',
  reveal: 'zerolabel:reveal',
  theme: 'zerolabel:theme',
} as const;
