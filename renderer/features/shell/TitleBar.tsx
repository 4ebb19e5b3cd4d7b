// The title bar. Role: project, screens, activity, go-to, settings. Limits: each part fetches what it shows.
import { Button as PlainButton } from 'react-aria-components';
import { Link, useLocation } from 'wouter';
import { IconButton } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import {
  ChevronDown,
  Folder,
  Info,
  Keyboard,
  Mark,
  Search,
  Settings,
  Shield,
} from '../../components/icons.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { Menu } from '../../components/Menu.tsx';
import { count } from '../../format.ts';
import { bridge } from '../../platform/bridge.ts';
import { useClient } from '../../platform/context.tsx';
import { useProject } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { openKeySheet } from '../../state/sheet.ts';
import { chooseTheme, useTheme } from '../../state/theme.ts';
import { Activity } from './Activity.tsx';
import styles from './Shell.module.css';

export function TitleBar({ onGoTo, onAbout }: { onGoTo(): void; onAbout(): void }) {
  const client = useClient();
  const project = useProject();
  const { choice } = useTheme();
  const [, go] = useLocation();
  return (
    <header className={cx(styles.title, bridge() && styles.native)} data-region="title">
      <Link href="/" className={styles.mark} aria-label="Zerolabel, home">
        <Mark />
      </Link>
      {project ? <ProjectMenu name={project.name} /> : <span className={styles.product}>Zerolabel</span>}
      {project && <Navigation videos={project.videos} runs={project.runs} />}
      <span className={styles.space} />
      {project && <Activity />}
      {project && (
        <PlainButton className={styles.goto} onPress={onGoTo}>
          <Search size={14} />
          <span>Go to</span>
          <Kbd>Ctrl K</Kbd>
        </PlainButton>
      )}
      <Menu
        label="Settings"
        placement="bottom end"
        trigger={<IconButton label="Settings" icon={<Settings />} />}
        entries={[
          {
            id: 'system',
            label: 'Theme of the system',
            checked: choice === 'system',
            onAction: () => chooseTheme(client, 'system'),
          },
          {
            id: 'light',
            label: 'Light theme',
            checked: choice === 'light',
            onAction: () => chooseTheme(client, 'light'),
          },
          {
            id: 'dark',
            label: 'Dark theme',
            checked: choice === 'dark',
            onAction: () => chooseTheme(client, 'dark'),
          },
          'separator',
          { id: 'keys', label: 'Keys', icon: <Keyboard />, onAction: openKeySheet },
          { id: 'privacy', label: 'Privacy report', icon: <Shield />, onAction: () => go('/privacy') },
          { id: 'about', label: 'About Zerolabel', icon: <Info />, onAction: onAbout },
        ]}
      />
    </header>
  );
}

function ProjectMenu({ name }: { name: string }) {
  const [, go] = useLocation();
  const close = useAction('projects.close', () => go('/'));
  return (
    <Menu
      label="Project"
      trigger={
        <PlainButton className={styles.project}>
          <span>{name}</span>
          <ChevronDown size={14} />
        </PlainButton>
      }
      entries={[
        { id: 'home', label: 'All projects', icon: <Folder />, onAction: () => go('/') },
        'separator',
        { id: 'close', label: 'Close this project', onAction: () => close.run({}) },
      ]}
    />
  );
}

function Navigation({ videos, runs }: { videos: number; runs: number }) {
  const [at] = useLocation();
  const done = useCall('runs.list', {}).data?.some((run) => run.state === 'done');
  const items = [
    { to: '/library', label: 'Library', n: videos },
    { to: '/runs', label: 'Runs', n: runs },
    ...(done
      ? [
          { to: '/review', label: 'Review', n: null },
          { to: '/quality', label: 'Quality', n: null },
        ]
      : []),
    { to: '/export', label: 'Export', n: null },
  ];
  return (
    <nav className={styles.nav} aria-label="Screens">
      {items.map(({ to, label, n }) => (
        <Link
          key={to}
          href={to}
          className={styles.link}
          aria-current={at === to || at.startsWith(`${to}/`) ? 'page' : undefined}
        >
          {label}
          {n !== null && n > 0 && <span className={styles.count}>{count(n)}</span>}
        </Link>
      ))}
    </nav>
  );
}
