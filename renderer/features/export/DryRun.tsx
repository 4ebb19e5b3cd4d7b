// What one format would write. Role: the first lines, how readers take them, what it cannot hold, its files. Limits: shows
// what the engine made; nothing is written.
import { useState } from 'react';
import type { ExportPreview } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { Check, Copy, Info, Warning } from '../../components/icons.tsx';
import { Panel } from '../../components/Panel.tsx';
import { bytes, count, plural } from '../../format.ts';
import styles from './Export.module.css';

const LINES = 9;
const FILES = 60;

export function DryRun({ preview }: { preview: ExportPreview }) {
  return (
    <>
      {preview.refusal !== null && (
        <Panel className={styles.panel}>
          <div className={styles.lacking} role="alert">
            <Warning />
            <span data-selectable="">{preview.refusal}</span>
          </div>
        </Panel>
      )}
      {preview.shown && <FirstLines shown={preview.shown} files={preview.files} />}
      {preview.event && <Readers event={preview.event} />}
      <Lacking preview={preview} />
      <Files files={preview.files} />
    </>
  );
}

function FirstLines({
  shown,
  files,
}: {
  shown: NonNullable<ExportPreview['shown']>;
  files: ExportPreview['files'];
}) {
  const [copied, setCopied] = useState(false);
  const size = files.find(({ name }) => name === shown.name)?.bytes ?? 0;
  // Only where a line ends in one do blanks mean anything.
  const blanks = shown.kind === 'text' && shown.lines.some((line) => line.endsWith(' '));
  return (
    <Panel className={styles.panel}>
      <header className={styles.panelHead}>
        <h2 title={shown.name}>{shown.name}</h2>
        <small>
          {shown.kind === 'text' ? `${plural(shown.totalLines, 'line')}, ` : ''}
          {count(size)} bytes
        </small>
        <Button
          small
          variant="quiet"
          icon={<Copy size={14} />}
          onPress={() =>
            void navigator.clipboard.writeText(shown.lines.join('\n')).then(() => setCopied(true))
          }
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </header>
      {shown.totalLines === 0 ? (
        <p className={styles.quiet}>This file is empty.</p>
      ) : (
        <ol className={styles.code} data-selectable="">
          {shown.lines.slice(0, LINES).map((line, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their number
            <li key={i}>
              <span className={styles.number}>{shown.kind === 'text' ? i + 1 : ''}</span>
              <Line text={line} blanks={blanks} />
            </li>
          ))}
        </ol>
      )}
      {blanks && <p className={styles.quiet}>· is a space. Readers need those at the end of a line.</p>}
    </Panel>
  );
}

/** A line with its blanks as dots, where they count. */
function Line({ text, blanks }: { text: string; blanks: boolean }) {
  if (!blanks) return <span>{text}</span>;
  return (
    <span>
      {text.split(/( {2,}| $)/).map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity
        <span key={i} className={/^ +$/.test(part) ? styles.blank : undefined}>
          {/^ +$/.test(part) ? '·'.repeat(part.length) : part}
        </span>
      ))}
    </span>
  );
}

type View = NonNullable<ExportPreview['event']>;

function Readers({ event }: { event: View }) {
  const { truth, readers } = event;
  const range = (edge: View['truth']['start']) =>
    `${count(edge.from)} to ${count(edge.from + edge.labels.length - 1)}`;
  return (
    <Panel className={styles.panel}>
      <header className={styles.panelHead}>
        <h2>
          How readers see {event.line === null ? 'the first event' : `line ${count(event.line)}, first event`}
        </h2>
        <small title={event.video}>
          frames {count(event.start)} to {count(event.end)}, end excluded
        </small>
      </header>
      <table className={styles.readers} aria-label="How readers see the event">
        <thead>
          <tr>
            <th scope="col">Reader</th>
            <th scope="col">start, {range(truth.start)}</th>
            <th scope="col">end, {range(truth.end)}</th>
            <th scope="col">
              <span className="sr-only">Against the labels</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {readers.map((reader) => (
            <tr key={reader.name}>
              <th scope="row" title={reader.counts}>
                {reader.name}
                <small>{reader.counts}</small>
              </th>
              <td>
                <Bits edge={reader.start} truth={truth.start} />
              </td>
              <td>
                <Bits edge={reader.end} truth={truth.end} />
              </td>
              <td>
                <Verdict reader={reader} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Bits({ edge, truth }: { edge: View['truth']['start']; truth: View['truth']['start'] }) {
  return (
    <span className={styles.bits}>
      <span className="sr-only">{edge.labels.join(' ')}</span>
      {edge.labels.map((label, i) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: frames are known by their place
          key={i}
          aria-hidden="true"
          className={cx(label === 1 && styles.one, label !== truth.labels[i] && styles.wrong)}
        >
          {label}
        </i>
      ))}
    </span>
  );
}

function Verdict({ reader }: { reader: View['readers'][number] }) {
  const { startOff, endOff, exact } = reader;
  if (startOff === null || endOff === null) return <Badge tone="bad">not seen</Badge>;
  if (startOff === 0 && endOff === 0)
    return exact ? (
      <Badge tone="human">
        <Check size={12} />
        exact
      </Badge>
    ) : (
      <Badge tone="warn">others differ</Badge>
    );
  const words = [
    startOff !== 0 && `starts ${count(Math.abs(startOff))} ${startOff > 0 ? 'late' : 'early'}`,
    endOff !== 0 && `ends ${count(Math.abs(endOff))} ${endOff > 0 ? 'late' : 'early'}`,
  ].filter((word) => word !== false);
  return <Badge tone="bad">{words.join(', ')}</Badge>;
}

function Lacking({ preview }: { preview: ExportPreview }) {
  const { notes, lacks, readBack, convention } = preview;
  return (
    <Panel className={styles.panel}>
      <header className={styles.panelHead}>
        <h2>What this format cannot hold</h2>
        {readBack && !readBack.same && (
          <small>{plural(readBack.differing.length, 'video')} read back otherwise</small>
        )}
      </header>
      <ul className={styles.lacks}>
        {notes.map((note) => (
          <li key={note}>
            <Warning size={14} />
            <span data-selectable="">{note}</span>
          </li>
        ))}
        {lacks.length > 0 && (
          <li className={styles.calm}>
            <Info size={14} />
            <span>Not part of it: {lacks.join(', ')}.</span>
          </li>
        )}
        {notes.length === 0 && lacks.length === 0 && (
          <li className={styles.calm}>
            <Check size={14} />
            <span>Everything is in it.</span>
          </li>
        )}
        {convention !== null && (
          <li className={styles.calm}>
            <Info size={14} />
            <span data-selectable="">{convention}</span>
          </li>
        )}
      </ul>
    </Panel>
  );
}

function Files({ files }: { files: ExportPreview['files'] }) {
  return (
    <Panel className={styles.panel}>
      <header className={styles.panelHead}>
        <h2>Files</h2>
        <small>{count(files.length)}, and manifest.json with SHA-256, conventions and thresholds</small>
      </header>
      <ul className={styles.fileList}>
        {files.slice(0, FILES).map((file) => (
          <li key={file.name}>
            <span title={file.name}>{file.name}</span>
            <small>{bytes(file.bytes)}</small>
          </li>
        ))}
      </ul>
      {files.length > FILES && <p className={styles.quiet}>and {count(files.length - FILES)} more</p>}
    </Panel>
  );
}
