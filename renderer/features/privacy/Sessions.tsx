// Earlier sessions of the project. Role: when, by which face, what was connected to, how many files. Limits: what sessions
// wrote about themselves; a killed one wrote its last word up to half a minute before its end.
import type { SessionRecord } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Panel } from '../../components/Panel.tsx';
import { count, duration, when } from '../../format.ts';
import styles from './Privacy.module.css';
import { HOST_NAMES } from './words.ts';

export interface SessionsProps {
  sessions: readonly SessionRecord[];
  /** Start of the session that shows this. */
  current: number;
  now: number;
}

export function Sessions({ sessions, current, now }: SessionsProps) {
  return (
    <Panel className={styles.panel}>
      <h2>
        Sessions of this project <small>newest first; each writes about itself, without names of files</small>
      </h2>
      <table className={styles.table}>
        <caption className="sr-only">Sessions of this project</caption>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">By</th>
            <th scope="col" className={styles.number}>
              Lasted
            </th>
            <th scope="col">Processes</th>
            <th scope="col" className={styles.number}>
              Loopback
            </th>
            <th scope="col" className={styles.number}>
              Elsewhere
            </th>
            <th scope="col" className={styles.number}>
              Files read
            </th>
            <th scope="col" className={styles.number}>
              Written
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={`${session.started} ${session.host}`}>
              <th scope="row">
                {when(session.started, now)}{' '}
                {session.started === current ? (
                  <Badge tone="accent">this one</Badge>
                ) : (
                  !session.closed && <Badge>not closed</Badge>
                )}{' '}
                {!session.kernel && <Badge tone="warn">without kernel</Badge>}
              </th>
              <td>{HOST_NAMES[session.host]}</td>
              <td className={styles.number}>{duration((session.until - session.started) / 1000)}</td>
              <td className={styles.wrap}>
                {Object.entries(session.processes)
                  .map(([name, n]) => (n === 1 ? name : `${count(n)} × ${name}`))
                  .join(', ')}
              </td>
              <td className={styles.number}>{count(session.loopback)}</td>
              <td className={styles.number}>
                {session.outside.length === 0 ? (
                  '0'
                ) : (
                  <span title={session.outside.map(({ remote, local }) => remote ?? local).join(', ')}>
                    <Badge tone="bad">{count(session.outside.length)}</Badge>
                  </span>
                )}
              </td>
              <td className={styles.number}>{count(session.filesRead)}</td>
              <td className={styles.number}>{count(session.filesWritten)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
