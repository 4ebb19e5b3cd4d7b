// Where one starts. Role: make, open or try a project, the recent ones, and what this machine can do.
import { useState } from 'react';
import { Button as PlainButton } from 'react-aria-components';
import { useLocation } from 'wouter';
import { type RecentProject, resourceUrl } from '../../../shared/contract/index.ts';
import type { AppError } from '../../../shared/errors.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import {
  Again,
  Film,
  Folder,
  FolderOpen,
  More,
  Plus,
  Search,
  Trash,
  Warning,
} from '../../components/icons.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { Menu } from '../../components/Menu.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ErrorLine, ErrorState, LoadingRows } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { duration, plural, when } from '../../format.ts';
import { bridge, type Grant } from '../../platform/bridge.ts';
import { useKeys } from '../../state/keys.ts';
import { useProject } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { bind, HOME_KEYS, kbdOf } from '../keys/actions.ts';
import { pickFolder } from '../picker/picker.ts';
import styles from './Home.module.css';
import { MachinePanel } from './MachinePanel.tsx';
import { NewProjectDialog } from './NewProjectDialog.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';

/** From this many projects on, the list can be searched. */
const MANY = 6;

export function HomeScreen() {
  const [, go] = useLocation();
  const [making, setMaking] = useState(false);
  const toLibrary = (): void => go('/library');
  const open = useAction('projects.open', toLibrary);
  const [tried, setTried] = useState<Grant | null>(null);
  const [restoring, setRestoring] = useState(false);
  const sample = useAction('projects.sample', toLibrary);

  const chooseProject = async (): Promise<void> => {
    const folder = await pickFolder('project');
    if (!folder) return;
    setTried(folder);
    open.run({ grant: folder.grant });
  };
  useKeys({
    ...bind(HOME_KEYS.new, () => setMaking(true)),
    ...bind(HOME_KEYS.open, () => void chooseProject()),
  });
  // A browser keeps Ctrl N for itself.
  const newKey = kbdOf(HOME_KEYS.new);
  const keyOfNew = newKey === '' || (newKey === 'Ctrl N' && !bridge()) ? null : newKey;
  const keyOfOpen = kbdOf(HOME_KEYS.open);

  return (
    <div className={styles.home}>
      <main className={styles.left} data-region="main">
        <div className={styles.inner}>
          <div>
            <h1 className={styles.headline}>Label anomalies in video nobody annotated</h1>
            <p className={styles.sub}>Import, train, review, export. Everything stays on this machine.</p>
          </div>
          <div className={styles.actions}>
            <PlainButton className={cx(styles.action, styles.primary)} onPress={() => setMaking(true)}>
              <Plus size={20} />
              <span className={styles.actionTitle}>
                New project
                {keyOfNew && <Kbd>{keyOfNew}</Kbd>}
              </span>
              <span>A folder for labels and scores; your videos stay where they are</span>
            </PlainButton>
            <PlainButton
              className={styles.action}
              onPress={() => void chooseProject()}
              isDisabled={open.pending}
            >
              <Folder size={20} />
              <span className={styles.actionTitle}>
                Open project
                {keyOfOpen && <Kbd>{keyOfOpen}</Kbd>}
              </span>
              <span>A project is a folder; copy it to move it to another machine</span>
            </PlainButton>
            <PlainButton className={styles.action} onPress={() => sample.run({})} isDisabled={sample.pending}>
              <Film size={20} />
              <span className={styles.actionTitle}>Try the sample</span>
              <span>Drawn scenes with known events; features and training follow by themselves</span>
            </PlainButton>
          </div>
          <ErrorLine error={open.error ?? sample.error}>
            {canRestore(open.error) && (
              <Button small onPress={() => setRestoring(true)}>
                Restore a backup…
              </Button>
            )}
          </ErrorLine>
          <Flow />
          <Recent onOpen={toLibrary} />
        </div>
      </main>
      <MachinePanel />
      <NewProjectDialog isOpen={making} onClose={() => setMaking(false)} onMade={toLibrary} />
      {restoring && tried && (
        <RestoreDialog
          name={tried.name}
          of={{ grant: tried.grant }}
          onClose={() => setRestoring(false)}
          onRestored={toLibrary}
        />
      )}
    </div>
  );
}

/** Whether opening failed on a damaged database that has a copy. */
const canRestore = (error: AppError | null): boolean =>
  error?.code === 'damaged' && typeof error.details?.backup === 'string';

const STEPS = [
  ['Import', 'exact frame tables'],
  ['Features', 'segments of 16 frames'],
  ['Train', 'no labels needed'],
  ['Review', 'on the video itself'],
  ['Export', 'with a manifest'],
] as const;

function Flow() {
  return (
    <ol className={styles.flow} aria-label="How it goes">
      {STEPS.map(([name, note]) => (
        <li key={name}>
          <i />
          <b>{name}</b>
          <small>{note}</small>
        </li>
      ))}
    </ol>
  );
}

function Recent({ onOpen }: { onOpen(): void }) {
  const { data: recent, error, refetch } = useCall('projects.recent', {});
  const [text, setText] = useState('');
  const found = recent?.filter((project) =>
    `${project.name} ${project.folder}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <section aria-label="Recent projects">
      <div className={styles.recentHead}>
        <h2>Recent</h2>
        {recent && recent.length >= MANY && (
          <div className={styles.recentFind}>
            <TextField
              label="Find a project"
              hideLabel
              soft
              value={text}
              onChange={setText}
              placeholder="Find a project"
              icon={<Search size={14} />}
            />
          </div>
        )}
      </div>
      <Panel>
        {error ? (
          <ErrorState
            title="The list of projects cannot be read"
            error={error}
            onRetry={() => void refetch()}
          />
        ) : !found ? (
          <LoadingRows rows={3} height={80} label="Reading the list of projects" />
        ) : found.length === 0 ? (
          <p className={styles.none}>
            {text ? 'No project has this in its name or folder.' : 'Projects you make or open appear here.'}
          </p>
        ) : (
          found.map((project) => <RecentRow key={project.key} project={project} onOpen={onOpen} />)
        )}
      </Panel>
    </section>
  );
}

const factsOf = ({ videos, runs, seconds }: Pick<RecentProject, 'videos' | 'runs' | 'seconds'>): string =>
  `${plural(videos, 'video')}${seconds > 0 ? `, ${duration(seconds)}` : ''} · ${plural(runs, 'run')}`;

function RecentRow({ project, onOpen }: { project: RecentProject; onOpen(): void }) {
  const open = useAction('projects.openRecent', onOpen);
  const locate = useAction('projects.open', onOpen);
  const { refetch } = useCall('projects.recent', {});
  const forget = useAction('projects.forget', () => void refetch());
  const choose = async (): Promise<void> => {
    const folder = await pickFolder('project');
    if (folder) locate.run({ grant: folder.grant });
  };
  const [restoring, setRestoring] = useState(false);
  const problem = open.error ?? locate.error ?? forget.error;
  // What is open now is counted now; the list remembers what was there when the project was closed.
  const current = useProject();
  const isOpen = current?.folder === project.folder;
  const shown = useCall('videos.list', { runId: null }, { enabled: isOpen }).data?.find(
    (video) => video.thumbnails > 0,
  );
  const picture = shown ? resourceUrl.thumbnail(shown.id, shown.thumbnails >> 1) : project.picture;
  const facts = factsOf(isOpen ? current : project);
  return (
    <div className={styles.recent}>
      <div className={cx(styles.thumb, project.missing && styles.gone)}>
        {project.missing ? <Warning /> : picture ? <img src={picture} alt="" /> : <FolderOpen />}
      </div>
      <div style={{ minWidth: 0 }}>
        <PlainButton
          className={styles.name}
          isDisabled={project.missing || open.pending}
          aria-label={`Open ${project.name}`}
          onPress={() => open.run({ key: project.key })}
        >
          {project.name}
          {isOpen && <Badge tone="accent">Open</Badge>}
        </PlainButton>
        <p className={cx(styles.meta, (project.missing || problem) && styles.warn)} title={project.folder}>
          {problem?.message ??
            (project.missing ? `${project.folder} is not there. Is its disk connected?` : facts)}
        </p>
      </div>
      <div className={styles.over}>
        {canRestore(open.error) && (
          <Button small onPress={() => setRestoring(true)}>
            Restore a backup…
          </Button>
        )}
        {project.missing && (
          <>
            <Button small onPress={() => void choose()}>
              Locate…
            </Button>
            <Button small variant="quiet" onPress={() => forget.run({ key: project.key })}>
              Remove from list
            </Button>
          </>
        )}
      </div>
      <span className={styles.date}>{when(project.openedAt)}</span>
      <div className={styles.over}>
        <Menu
          label={`More about ${project.name}`}
          placement="bottom end"
          trigger={<IconButton small label="More" icon={<More />} />}
          entries={[
            {
              id: 'restore',
              label: 'Restore a backup…',
              icon: <Again />,
              disabled: project.missing,
              onAction: () => setRestoring(true),
            },
            {
              id: 'forget',
              label: 'Remove from list',
              icon: <Trash />,
              onAction: () => forget.run({ key: project.key }),
            },
          ]}
        />
      </div>
      {restoring && (
        <RestoreDialog
          name={project.name}
          of={{ key: project.key }}
          onClose={() => setRestoring(false)}
          onRestored={onOpen}
        />
      )}
    </div>
  );
}
