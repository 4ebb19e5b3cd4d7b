// The Electron bridge as the page sees it. Role: types of `window.zerolabel`, set by electron/preload.
// Limits: no behaviour; in a browser the bridge is absent.
import type { Purpose, ThemeChoice } from '../../shared/bridge.ts';
import type { Port } from './port-client.ts';

export type { Purpose };

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
  /** Shows `project`, `exports` or `video/<id>` in the file manager. */
  reveal(id: string): void;
  setTheme(choice: ThemeChoice): void;
}

declare global {
  interface Window {
    zerolabel?: Bridge;
  }
}

export const bridge = (): Bridge | null => window.zerolabel ?? null;
