// What Ctrl+K finds. Role: screens, runs, videos and commands by the words of their names; no React.
import type { Run, VideoRow } from '../../../shared/contract/index.ts';
import type { Command } from '../../state/commands.ts';

export interface Find {
  id: string;
  kind: 'screen' | 'video' | 'run' | 'command';
  text: string;
  note: string;
  /** Address to go to; null for a command. */
  to: string | null;
}

const SCREENS: readonly Find[] = [
  { id: 'library', kind: 'screen', text: 'Library', note: 'Screen', to: '/library' },
  { id: 'runs', kind: 'screen', text: 'Runs', note: 'Screen', to: '/runs' },
  { id: 'new', kind: 'screen', text: 'New run', note: 'Screen', to: '/runs/new' },
  { id: 'export', kind: 'screen', text: 'Export', note: 'Screen', to: '/export' },
  { id: 'quality', kind: 'screen', text: 'Quality', note: 'Screen', to: '/quality' },
  { id: 'home', kind: 'screen', text: 'Home', note: 'Screen', to: '/' },
];
const MOST = 60;

/** Everything whose name holds all words of `text`, at most 60, names that start with it first. */
export function findPlaces(
  text: string,
  videos: readonly VideoRow[],
  runs: readonly Run[],
  run: Run | null,
  commands: readonly Command[] = [],
): Find[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all: Find[] = [
    ...SCREENS,
    ...(run
      ? [
          {
            id: 'review',
            kind: 'screen' as const,
            text: 'Review',
            note: `Screen, ${run.name}`,
            to: `/review/${run.id}`,
          },
        ]
      : []),
    ...commands.map(({ id, text: name, kbd }) => ({
      id: `command-${id}`,
      kind: 'command' as const,
      text: name,
      note: kbd,
      to: null,
    })),
    ...runs.map((r) => ({
      id: `run-${r.id}`,
      kind: 'run' as const,
      text: r.name,
      note: 'Run',
      to: `/runs/${r.id}`,
    })),
    ...(run
      ? videos.map((v) => ({
          id: `video-${v.id}`,
          kind: 'video' as const,
          text: v.relPath,
          note: 'Review',
          to: `/review/${run.id}/${v.id}`,
        }))
      : []),
  ];
  const first = words[0] ?? '';
  return all
    .filter((find) => words.every((word) => find.text.toLowerCase().includes(word)))
    .toSorted(
      (a, b) =>
        Number(b.text.toLowerCase().startsWith(first)) - Number(a.text.toLowerCase().startsWith(first)),
    )
    .slice(0, MOST);
}
