// Files of this session. Role: sums per kind, and below them the paths, filtered by kind, by read or written and by words.
// Limits: the engine filters; at most so many paths are on the page, the saved report has all.
import { useDeferredValue, useState } from 'react';
import type { FileKind, PrivacyReport } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { cx } from '../../components/cx.ts';
import { Search } from '../../components/icons.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ErrorLine, LoadingRows } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { count } from '../../format.ts';
import { useCall } from '../../state/queries.ts';
import styles from './Privacy.module.css';
import { BY } from './words.ts';

const SHOWN = 500;
type Mode = 'any' | 'read' | 'written';

export function Files({ files }: { files: PrivacyReport['files'] }) {
  const [kind, setKind] = useState<FileKind | null>(null);
  const [mode, setMode] = useState<Mode>('any');
  const [text, setText] = useState('');
  const asked = useDeferredValue(text);
  const list = useCall(
    'privacy.files',
    { kind, mode, text: asked, limit: SHOWN },
    { fresh: true, keepPrevious: true },
  );
  return (
    <>
      <Panel className={styles.panel}>
        <h2>
          Files by kind
          <small>{files.more > 0 ? `and ${count(files.more)} more that found no place in memory` : ''}</small>
        </h2>
        <table className={cx(styles.table, styles.choosing)}>
          <caption className="sr-only">Files of this session by kind</caption>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">In</th>
              <th scope="col" className={styles.number}>
                Read
              </th>
              <th scope="col" className={styles.number}>
                Written
              </th>
            </tr>
          </thead>
          <tbody>
            {files.groups.map((group) => (
              <tr key={group.kind} data-chosen={group.kind === kind || undefined}>
                <th scope="row">
                  <button
                    type="button"
                    aria-pressed={group.kind === kind}
                    onClick={() => setKind(group.kind === kind ? null : group.kind)}
                  >
                    {group.title}
                  </button>
                </th>
                <td title={group.folder} data-selectable="">
                  {group.folder}
                </td>
                <td className={styles.number}>{count(group.read)}</td>
                <td className={styles.number}>{count(group.written)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel className={cx(styles.panel, styles.list)}>
        <div className={styles.tools}>
          <TextField
            label="Part of the path"
            hideLabel
            type="search"
            value={text}
            onChange={setText}
            placeholder="Part of the path"
            icon={<Search size={14} />}
          />
          <Segments
            label="Read or written"
            value={mode}
            onChange={(next) => setMode(next)}
            options={[
              { value: 'any', label: 'All' },
              { value: 'read', label: 'Read' },
              { value: 'written', label: 'Written' },
            ]}
          />
          <small role="status">
            {list.data &&
              (list.data.total > SHOWN
                ? `the first ${count(SHOWN)} of ${count(list.data.total)}; the saved report has all`
                : `${count(list.data.total)} ${kind === null ? '' : 'of this kind'}`)}
          </small>
        </div>
        <ErrorLine error={list.error} />
        {list.data === undefined ? (
          !list.error && <LoadingRows label="Files are loading" height={28} />
        ) : list.data.files.length === 0 ? (
          <p className={styles.none}>No file of this session fits.</p>
        ) : (
          <div className={styles.scroll}>
            <table className={styles.table}>
              <caption className="sr-only">Files</caption>
              <tbody>
                {list.data.files.map((file) => (
                  <tr key={file.path}>
                    <td title={file.path} data-selectable="">
                      {file.path}
                    </td>
                    <td>
                      {file.read && <Badge>read</Badge>} {file.written && <Badge tone="model">written</Badge>}
                    </td>
                    <td>{file.processes.join(', ')}</td>
                    <td>{file.by.map((one) => BY[one]).join(', ')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </>
  );
}
