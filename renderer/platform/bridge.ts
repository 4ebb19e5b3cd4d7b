// The Electron bridge as the page sees it. Role: types of `window.zerolabel`, set by electron/preload.
// Limits: no behaviour; in a browser the bridge is absent.
import type { Port } from './port-client.ts';

/** What a picked file or folder is for; the host chooses the dialog's title and filters by it. */
export type Purpose = 'videos' | 'features' | 'truth' | 'project' | 'project-parent' | 'export';

/** A permission for one file or folder: an opaque handle and a name to show. */
export interface Grant {
  grant: string;
  name: string;
}

export interface Bridge {
  onPort(listener: (port: Port) => void): void;
  chooseFolder(purpose: Purpose): Promise<Grant | null>;
  chooseFiles(purpose: Purpose): Promise<Grant[]>;
  grantDropped(file: File): Promise<Grant | null>;
  reveal(id: string): void;
  setTheme(theme: 'system' | 'light' | 'dark'): void;
}

declare global {
  interface Window {
    zerolabel?: Bridge;
  }
}

export const bridge = (): Bridge | null => window.zerolabel ?? null;
