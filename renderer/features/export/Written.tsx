// What an export wrote. Role: where, which files, what was told, and the way back to the choices.
import { useState } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Check, Warning } from '../../components/icons.tsx';
import { Panel } from '../../components/Panel.tsx';
import { bytes, plural } from '../../format.ts';
import { bridge } from '../../platform/bridge.ts';
import styles from './Export.module.css';

const FILES = 200;

export function Written({ result, onBack }: { result: Output<'exports.write'>; onBack(): void }) {
  const [copied, setCopied] = useState(false);
  const size = result.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div className={styles.preview}>
      <header className={styles.dryHead}>
        <Check />
        <h2 role="status">{plural(result.files.length, 'file')} written</h2>
        <small>{bytes(size)}</small>
      </header>
      <Panel className={styles.panel}>
        <p className={styles.path} data-selectable="">
          {result.folder}/manifest.json
        </p>
        <div className={styles.pick}>
          {bridge() && <Button onPress={() => bridge()?.reveal('exports')}>Show in folder</Button>}
          <Button
            onPress={() => void navigator.clipboard.writeText(result.folder).then(() => setCopied(true))}
          >
            {copied ? 'Copied' : 'Copy the folder’s path'}
          </Button>
          <Button variant="quiet" onPress={onBack}>
            Back to the dry run
          </Button>
        </div>
      </Panel>
      {result.notes.length > 0 && (
        <Panel className={styles.panel}>
          <header className={styles.panelHead}>
            <h2>What the formats could not hold</h2>
          </header>
          <ul className={styles.lacks}>
            {result.notes.map((note) => (
              <li key={note}>
                <Warning size={14} />
                <span data-selectable="">{note}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel className={styles.panel}>
        <table className={styles.written}>
          <caption className="sr-only">Files</caption>
          <tbody>
            {result.files.slice(0, FILES).map((file) => (
              <tr key={file.name}>
                <td title={file.name}>{file.name}</td>
                <td>{bytes(file.bytes)}</td>
                <td title={`SHA-256 ${file.sha256}`} data-selectable="">
                  {file.sha256.slice(0, 12)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {result.files.length > FILES && (
          <p className={styles.quiet}>
            and {plural(result.files.length - FILES, 'more file')}, all in manifest.json
          </p>
        )}
      </Panel>
    </div>
  );
}
