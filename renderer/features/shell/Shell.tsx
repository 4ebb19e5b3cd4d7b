// The window: title bar, the screen of the current address, status bar. Role: addresses to screens, keys that hold
// everywhere, and the loss of the engine told once for all screens. Limits: screens fetch what they show themselves.
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Project } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Warning } from '../../components/icons.tsx';
import { EmptyState, ErrorState } from '../../components/State.tsx';
import { useClient, useConnection } from '../../platform/context.tsx';
import { keyOverrides } from '../../state/bindings.ts';
import { useCommands } from '../../state/commands.ts';
import { useFull } from '../../state/full.ts';
import { useKeys } from '../../state/keys.ts';
import { useProject } from '../../state/project.ts';
import { useCall } from '../../state/queries.ts';
import { openKeySheet, useSheet } from '../../state/sheet.ts';
import { chooseTheme } from '../../state/theme.ts';
import { ExportScreen } from '../export/ExportScreen.tsx';
import { HomeScreen } from '../home/HomeScreen.tsx';
import { bind, kbdOf, SHELL_KEYS } from '../keys/actions.ts';
import { KeySheet } from '../keys/KeySheet.tsx';
import { LibraryScreen } from '../library/LibraryScreen.tsx';
import { PickerDialog } from '../picker/PickerDialog.tsx';
import { NewRunScreen } from '../runs/NewRunScreen.tsx';
import { RunsScreen } from '../runs/RunsScreen.tsx';
import { AboutDialog } from './AboutDialog.tsx';
import { GoToDialog } from './GoToDialog.tsx';
import { nextRegion } from './regions.ts';
import styles from './Shell.module.css';
import { StatusBar } from './StatusBar.tsx';
import { TitleBar } from './TitleBar.tsx';

const QualityScreen = lazy(async () => ({
  default: (await import('../quality/QualityScreen.tsx')).QualityScreen,
}));
const PrivacyScreen = lazy(async () => ({
  default: (await import('../privacy/PrivacyScreen.tsx')).PrivacyScreen,
}));
const ReviewScreen = lazy(async () => ({
  default: (await import('../review/ReviewScreen.tsx')).ReviewScreen,
}));

/** Whether the page was opened without an address of its own. */
const openedBare = location.hash === '';

export function Shell() {
  const shell = useRef<HTMLDivElement>(null);
  const [dialog, setDialog] = useState<'goto' | 'about' | null>(null);
  const project = useProject();
  const [at, go] = useLocation();
  const full = useFull((state) => state.on) && at.startsWith('/review');
  useStartScreen(project);
  keyOverrides.use();
  const sheet = useSheet((state) => state.isOpen);
  useKeys({
    ...bind(SHELL_KEYS.palette, () => setDialog('goto')),
    ...(project && bind(SHELL_KEYS.export, () => go('/export'))),
    ...bind(SHELL_KEYS.privacy, () => go('/privacy')),
    ...bind(SHELL_KEYS.nextRegion, () => nextRegion(shell.current, 1)),
    ...bind(SHELL_KEYS.previousRegion, () => nextRegion(shell.current, -1)),
  });
  const client = useClient();
  useCommands('shell', [
    { id: 'keys', text: 'Keys: see and change them', kbd: '', run: openKeySheet },
    { id: 'light', text: 'Light theme', kbd: '', run: () => chooseTheme(client, 'light') },
    { id: 'dark', text: 'Dark theme', kbd: '', run: () => chooseTheme(client, 'dark') },
    { id: 'system', text: 'Theme of the system', kbd: '', run: () => chooseTheme(client, 'system') },
    {
      id: 'privacy',
      text: 'Privacy report: connections, files, where data lies',
      kbd: kbdOf(SHELL_KEYS.privacy),
      run: () => go('/privacy'),
    },
    { id: 'about', text: 'About Zerolabel', kbd: '', run: () => setDialog('about') },
  ]);
  return (
    <div className={styles.shell} ref={shell} data-full={full || undefined}>
      <TitleBar onGoTo={() => setDialog('goto')} onAbout={() => setDialog('about')} />
      <div className={styles.banners}>
        <LostBanner />
        {project && <NotesBanner key={project.id} notes={project.notes} />}
      </div>
      <div className={styles.content}>
        <Switch>
          <Route path="/">
            <HomeScreen />
          </Route>
          <Route path="/privacy">
            <Suspense fallback={null}>
              <PrivacyScreen />
            </Suspense>
          </Route>
          <Route>
            <NeedsProject>
              <Switch>
                <Route path="/library">
                  <LibraryScreen />
                </Route>
                <Route path="/runs">
                  <RunsScreen runId={null} />
                </Route>
                <Route path="/runs/new">
                  <NewRunScreen />
                </Route>
                <Route path="/runs/:id">{({ id }) => <RunsScreen runId={Number(id)} />}</Route>
                <Route path="/quality/:runId?">
                  {({ runId }) => (
                    <Suspense fallback={null}>
                      <QualityScreen runId={runId ? Number(runId) : null} />
                    </Suspense>
                  )}
                </Route>
                <Route path="/export/:runId?/:at?">
                  {({ runId, at }) => (
                    <ExportScreen runId={runId ? Number(runId) : null} at={at ? Number(at) : null} />
                  )}
                </Route>
                <Route path="/review/:runId?/:videoId?">
                  {({ runId, videoId }) => (
                    <Suspense fallback={null}>
                      <ReviewScreen
                        runId={runId ? Number(runId) : null}
                        videoId={videoId ? Number(videoId) : null}
                      />
                    </Suspense>
                  )}
                </Route>
                <Route>
                  <Redirect to="/library" replace />
                </Route>
              </Switch>
            </NeedsProject>
          </Route>
        </Switch>
      </div>
      <StatusBar />
      <PickerDialog />
      <KeySheet isOpen={sheet} onClose={() => useSheet.setState({ isOpen: false })} />
      <AboutDialog isOpen={dialog === 'about'} onClose={() => setDialog(null)} />
      {project && <GoToDialog isOpen={dialog === 'goto'} onClose={() => setDialog(null)} />}
    </div>
  );
}

/** A page that opens on a project, as `serve PROJECT` does, begins in its library, unless a screen was chosen meanwhile. */
function useStartScreen(project: Project | null | undefined): void {
  const [, go] = useLocation();
  const decided = useRef(!openedBare);
  useEffect(() => {
    if (project === undefined || decided.current) return;
    decided.current = true;
    if (project && location.hash === '') go('/library', { replace: true });
  }, [project, go]);
}

function NeedsProject({ children }: { children: React.ReactNode }) {
  const { data: project, error, refetch } = useCall('projects.current', {});
  const [, go] = useLocation();
  if (error && !project)
    return <ErrorState title="The project cannot be shown" error={error} onRetry={() => void refetch()} />;
  if (project === undefined) return null;
  if (project === null) {
    return (
      <EmptyState
        title="No project is open"
        actions={
          <Button variant="primary" onPress={() => go('/')}>
            Go to Home
          </Button>
        }
      >
        Open a project or make a new one first.
      </EmptyState>
    );
  }
  return children;
}

/** What opening the project noticed; told once, until it is read. */
function NotesBanner({ notes }: { notes: string[] }) {
  const [read, setRead] = useState(false);
  if (read || notes.length === 0) return null;
  return (
    <div className={styles.banner} role="status">
      <Warning />
      <span data-selectable="">{notes.join(' ')}</span>
      <Button variant="quiet" small onPress={() => setRead(true)}>
        Got it
      </Button>
    </div>
  );
}

function LostBanner() {
  if (useConnection() !== 'lost') return null;
  return (
    <div className={styles.banner} role="alert">
      <Warning />
      <span>
        The engine does not answer. What is saved is safe; the page goes on by itself when it is back.
      </span>
    </div>
  );
}
