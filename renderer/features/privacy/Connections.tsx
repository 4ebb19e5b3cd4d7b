// Sockets of this session. Role: those that lead elsewhere first, then loopback, the window's requests, what a person
// asked for, and the processes that were watched. Limits: what was seen; PrivacyScreen says what could not be.
import type { PrivacyReport, SocketSeen } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Panel } from '../../components/Panel.tsx';
import { count, plural } from '../../format.ts';
import { useRequests } from '../../state/requests.ts';
import styles from './Privacy.module.css';
import { BY, clockTime, DIRECTIONS, isOwn } from './words.ts';

export function Connections({ report }: { report: PrivacyReport }) {
  const { byOrigin, refused } = useRequests();
  const sockets = report.sockets.toSorted(
    (a, b) => Number(b.scope === 'outside') - Number(a.scope === 'outside'),
  );
  const blocked = [
    ...report.blocked.map(({ at, what }) => ({ when: clockTime(at), what })),
    ...refused.map((what) => ({ when: '', what })),
  ];
  return (
    <>
      <Panel className={styles.panel}>
        <h2>
          Sockets
          <small>
            {report.moreSockets > 0 ? `and ${count(report.moreSockets)} more that found no place` : ''}
          </small>
        </h2>
        {sockets.length === 0 ? (
          <p className={styles.none}>No process of Zerolabel had a socket open so far.</p>
        ) : (
          <table className={styles.table}>
            <caption className="sr-only">Sockets of this session</caption>
            <thead>
              <tr>
                <th scope="col">Process</th>
                <th scope="col">What</th>
                <th scope="col">Address</th>
                <th scope="col">Leads to</th>
                <th scope="col">Seen by</th>
                <th scope="col" className={styles.number}>
                  First
                </th>
                <th scope="col" className={styles.number}>
                  Last
                </th>
              </tr>
            </thead>
            <tbody>
              {sockets.map((socket) => (
                <SocketRow
                  key={[socket.pid, socket.direction, socket.local, socket.remote].join()}
                  socket={socket}
                />
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      <div className={styles.pair}>
        <Panel className={styles.panel}>
          <h2>Requests of this window</h2>
          <table className={styles.table}>
            <caption className="sr-only">Requests of this window by address</caption>
            <tbody>
              {Object.entries(byOrigin).map(([origin, n]) => (
                <tr key={origin}>
                  <td>{origin}</td>
                  <td>
                    {isOwn(origin) ? (
                      <Badge tone="human">its own</Badge>
                    ) : (
                      <Badge tone="bad">elsewhere</Badge>
                    )}
                  </td>
                  <td className={styles.number}>{plural(n, 'request')}</td>
                </tr>
              ))}
              {blocked.map(({ when, what }, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows
                <tr key={i}>
                  <td title={what}>{what}</td>
                  <td>
                    <Badge tone="warn">blocked</Badge>
                  </td>
                  <td className={styles.number}>{when}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {report.asked.length > 0 && (
            <>
              <h2>Opened for you in your browser</h2>
              <table className={styles.table}>
                <caption className="sr-only">Links that were opened in your browser</caption>
                <tbody>
                  {report.asked.map(({ at, what }) => (
                    <tr key={`${at} ${what}`}>
                      <td title={what}>{what}</td>
                      <td className={styles.number}>{clockTime(at)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
        </Panel>
        <Panel className={styles.panel}>
          <h2>Processes</h2>
          <table className={styles.table}>
            <caption className="sr-only">Processes of this session</caption>
            <tbody>
              {report.processes.map(({ name, pid, started, ended, watched }) => (
                <tr key={`${pid} ${started}`}>
                  <td>
                    {name} <small>{pid}</small>
                  </td>
                  <td>
                    {watched === 'none' ? (
                      <Badge tone="warn">not watched</Badge>
                    ) : (
                      <Badge>{watched === 'hooks' ? 'code and kernel' : 'kernel'}</Badge>
                    )}
                  </td>
                  <td className={styles.number}>
                    {clockTime(started)} to {ended === null ? 'now' : clockTime(ended)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      </div>
    </>
  );
}

function SocketRow({ socket }: { socket: SocketSeen }) {
  const { process, pid, protocol, direction, local, remote, scope, by, first, last } = socket;
  return (
    <tr data-scope={scope}>
      <td>
        {process} <small>{pid}</small>
      </td>
      <td>
        {protocol.toUpperCase()}, {DIRECTIONS[direction]}
      </td>
      <td data-selectable="">{remote ?? local}</td>
      <td>
        {scope === 'loopback' ? (
          <Badge tone="human">this machine</Badge>
        ) : (
          <Badge tone="bad">other machines</Badge>
        )}
      </td>
      <td>{by.map((one) => BY[one]).join(', ')}</td>
      <td className={styles.number}>{clockTime(first)}</td>
      <td className={styles.number}>{clockTime(last)}</td>
    </tr>
  );
}
