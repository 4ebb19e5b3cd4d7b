// The privacy report. Role: what was seen of this session in one sentence, its connections and files, where data lies,
// earlier sessions, and in words what is observed, what is not, and what an export gives away. Limits: numbers come from
// the engine and from the browser's own count; nothing is claimed beyond them.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { Again, Download, Shield, Warning } from '../../components/icons.tsx';
import { Panel, Section } from '../../components/Panel.tsx';
import { ErrorLine, ErrorState, LoadingRows } from '../../components/State.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { count, plural } from '../../format.ts';
import { useProject } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { useRequests } from '../../state/requests.ts';
import { pickFolder } from '../picker/picker.ts';
import { Connections } from './Connections.tsx';
import { Files } from './Files.tsx';
import { Places } from './Places.tsx';
import styles from './Privacy.module.css';
import { Sessions } from './Sessions.tsx';
import { clockTime, HOLDS, HOLDS_NOT, isOwn, notObserved, observed, verdictOf } from './words.ts';

const PARTS = ['connections', 'files', 'places', 'sessions'] as const;
type Part = (typeof PARTS)[number];

export function PrivacyScreen() {
  const project = useProject();
  const [, go] = useLocation();
  const [part, setPart] = useState<Part>('connections');
  const { data: report, error, refetch, isFetching } = useCall('privacy.report', {}, { fresh: true });
  const { byOrigin, refused } = useRequests();
  const [saved, setSaved] = useState<string | null>(null);
  const save = useAction('privacy.save', ({ path }) => setSaved(path));
  if (error && !report)
    return <ErrorState title="The report cannot be made" error={error} onRetry={() => void refetch()} />;
  if (!report) return <LoadingRows label="Looking" />;
  const foreign = Object.keys(byOrigin).filter((origin) => !isOwn(origin)).length;
  const verdict = verdictOf(report, foreign);
  const read = report.files.groups.reduce((sum, group) => sum + group.read, 0);
  const written = report.files.groups.reduce((sum, group) => sum + group.written, 0);
  const loopback = report.sockets.filter(({ scope }) => scope === 'loopback').length;
  const store = async (): Promise<void> => {
    const place = project ? null : await pickFolder('export');
    if (!project && place === null) return;
    save.run({ grant: place?.grant ?? null, window: { byOrigin: { ...byOrigin }, refused: [...refused] } });
  };
  return (
    <div className={styles.screen}>
      <main className={styles.centre} data-region="main" aria-label="Privacy">
        <header className={styles.head}>
          <h1>Privacy</h1>
          <small>since {clockTime(report.session.started)}</small>
          <span className={styles.push} />
          <Button icon={<Again size={14} />} isDisabled={isFetching} onPress={() => void refetch()}>
            Look again
          </Button>
          <Button
            variant="primary"
            icon={<Download size={14} />}
            isDisabled={save.pending}
            onPress={() => void store()}
          >
            Save as a file
          </Button>
        </header>
        <ErrorLine error={save.error ?? error} />
        {saved !== null && (
          <p className={styles.saved} role="status" data-selectable="">
            The report with all files is {saved}
          </p>
        )}
        <Panel className={cx(styles.verdict, styles[verdict.tone])}>
          {verdict.tone === 'good' ? <Shield size={20} /> : <Warning size={20} />}
          <div role="status">
            <b>{verdict.title}</b>
            <span>{verdict.text}</span>
          </div>
          <dl>
            <div>
              <dt>On loopback</dt>
              <dd>{plural(loopback, 'socket')}</dd>
            </div>
            <div>
              <dt>Files</dt>
              <dd>
                {count(read)} read, {count(written)} written
              </dd>
            </div>
          </dl>
        </Panel>
        <div>
          <Segments
            label="Part of the report"
            value={part}
            onChange={(next) => setPart(next)}
            options={[
              { value: 'connections', label: 'Connections' },
              { value: 'files', label: 'Files' },
              { value: 'places', label: 'Where data lies' },
              ...(project ? [{ value: 'sessions' as const, label: 'Sessions' }] : []),
            ]}
          />
        </div>
        {part === 'connections' && <Connections report={report} />}
        {part === 'files' && <Files files={report.files} />}
        {part === 'places' && <Places places={report.places} onChange={() => void refetch()} />}
        {part === 'sessions' && (
          <Sessions sessions={report.sessions} current={report.session.started} now={report.session.now} />
        )}
      </main>
      <aside className={styles.side} data-region="side" aria-label="What this rests on">
        <Section title="How this is known">
          <List items={observed(report)} />
        </Section>
        <Section title="What is not seen">
          <List items={notObserved(report)} />
        </Section>
        <Section
          title="What an export holds"
          aux={
            project && (
              <Button small variant="quiet" onPress={() => go('/export')}>
                Codes for names: Export
              </Button>
            )
          }
        >
          <List items={HOLDS} />
        </Section>
        <Section title="What it does not hold">
          <List items={HOLDS_NOT} />
        </Section>
      </aside>
    </div>
  );
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul className={styles.words}>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
