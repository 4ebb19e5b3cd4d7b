// Surfaces: a panel with an edge, a section inside a side bar, a list of facts.
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './Panel.module.css';

export function Panel({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx(styles.panel, className)}>{children}</div>;
}

export interface SectionProps {
  title?: ReactNode;
  /** Small text or control at the right end of the title. */
  aux?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Section({ title, aux, children, className }: SectionProps) {
  return (
    <section className={cx(styles.section, className)}>
      {title && (
        <h3 className={styles.head}>
          {title}
          {aux && <span className={styles.aux}>{aux}</span>}
        </h3>
      )}
      {children}
    </section>
  );
}

/** Names and values in two columns; a null value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode | null])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className={styles.fact}>
            <dt title={name}>{name}</dt>
            <dd title={typeof value === 'string' ? value : undefined} data-selectable="">
              {value}
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}
