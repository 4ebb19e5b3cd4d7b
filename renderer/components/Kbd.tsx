// A key cap. Role: how a key is shown beside its action. Limits: binds nothing.
import type { ReactNode } from 'react';
import styles from './Kbd.module.css';

/** A key cap. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={styles.kbd}>{children}</kbd>;
}
