// Who edits. Role: the name on edits that bring none. Limits: one name per project; passes are the caller's.
import { userInfo } from 'node:os';
import type { Editor } from '../../../shared/contract/index.ts';
import type { Store } from '../../store/store.ts';

const REVIEWER = 'reviewer';

/** The name edits carry when they bring none: the project's reviewer, else the user of the system. */
export function reviewerOf(store: Store, by: Editor): string {
  const kept = store.settings.get(REVIEWER);
  return by.reviewer ?? (typeof kept === 'string' && kept !== '' ? kept : systemUser());
}

function systemUser(): string {
  try {
    return userInfo().username.slice(0, 80) || 'reviewer';
  } catch {
    return 'reviewer'; // a user without an entry in the system, as in containers
  }
}

/** Keeps the name for edits that bring none. */
export const keepReviewer = (store: Store, reviewer: string): void => store.settings.set(REVIEWER, reviewer);
