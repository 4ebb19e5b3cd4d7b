// The shape of a migration. Role: so that each migration file and the runner agree. Limits: type only.
import type { WriteDb } from '../sqlite.ts';

export interface Migration {
  /** `user_version` of the database afterwards; file `<version>-<name>.ts`. Strictly increasing. */
  version: number;
  name: string;
  /** Runs inside one immediate transaction together with setting `user_version`. Synchronous. */
  up(db: WriteDb): void;
}
