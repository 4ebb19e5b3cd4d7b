// `privacy`: where data lies, and what the sessions of a project connected to, as far as it was seen.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SessionRecord } from '../../../../shared/contract/index.ts';
import { placesOf } from '../../../api/privacy/places.ts';
import { sessionsOf } from '../../../api/privacy/sessions.ts';
import { defaultAppDataFolder } from '../../../files/app-data.ts';
import { openForReading } from '../../../store/open.ts';
import type { Io } from '../io.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, table } from '../text.ts';

const HOSTS: Record<SessionRecord['host'], string> = {
  electron: 'desktop app',
  server: 'server',
  cli: 'command',
};
const SHOWN = 20;

const bytesText = (bytes: number): string =>
  bytes < 1e6 ? `${count(Math.ceil(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

export async function privacy(io: Io, options: ProjectOptions & { clearCache?: boolean }): Promise<void> {
  const folder = resolve(options.project ?? '.');
  const cleared = options.clearCache
    ? await withProject(io, options, ({ engine }) => engine.call('privacy.clearCache', {}))
    : null;
  // For reading: the app may have the project open.
  const store = existsSync(join(folder, 'project.sqlite')) || options.project ? openForReading(folder) : null;
  try {
    const places = await placesOf({
      project: store && { folder, artifacts: store.artifacts.usage() },
      appData: defaultAppDataFolder(),
      profile: null,
    });
    const sessions = store ? sessionsOf(store) : [];
    const outside = sessions.reduce((sum, session) => sum + session.outside.length, 0);
    const text = [
      ...(cleared ? [`Cleared ${counted(cleared.files, 'file')}, ${bytesText(cleared.bytes)}.`, ''] : []),
      table(
        [
          ['Where data lies', 'files', 'size', ''],
          ...places.map(({ title, files, bytes, path }) => [title, count(files), bytesText(bytes), path]),
        ],
        [1, 2],
      ),
      '',
      ...sessionLines(sessions, store !== null),
      '',
      'Seen: what Node was asked to open in the engine and its trainers, and on Linux every two seconds the kernel’s table of their',
      'sockets. Not seen: what code of drivers and libraries opens and closes between two looks, other systems than Linux beside Node,',
      'and the browser that shows the page. For one command with all its files: --privacy-report FILE.',
    ].join('\n');
    io.result({ folder: store ? folder : null, cleared, places, sessions, outside }, text);
  } finally {
    store?.close();
  }
}

function sessionLines(sessions: readonly SessionRecord[], isProject: boolean): string[] {
  if (!isProject) return ['No project here: --project DIR names one whose sessions are to be shown.'];
  if (sessions.length === 0) return ['No session has left a record in this project yet.'];
  return [
    table(
      [
        ['Session', 'by', 'lasted', 'processes', 'loopback', 'elsewhere', 'read', 'written', ''],
        ...sessions
          .slice(0, SHOWN)
          .map((session) => [
            new Date(session.started).toISOString().slice(0, 19).replace('T', ' '),
            HOSTS[session.host],
            duration((session.until - session.started) / 1000),
            count(Object.values(session.processes).reduce((a, b) => a + b, 0)),
            count(session.loopback),
            count(session.outside.length),
            count(session.filesRead),
            count(session.filesWritten),
            [session.closed ? '' : 'not closed', session.kernel ? '' : 'no kernel tables']
              .filter((note) => note !== '')
              .join(', '),
          ]),
      ],
      [2, 3, 4, 5, 6, 7],
    ),
    ...(sessions.length > SHOWN
      ? [`and ${counted(sessions.length - SHOWN, 'older session')}; --json has all.`]
      : []),
    ...sessions.flatMap((session) =>
      session.outside.map(
        (socket) =>
          `Elsewhere, ${new Date(socket.first).toISOString()}: ${socket.process} (${socket.pid}) ${socket.protocol} ${socket.direction} ${socket.remote ?? socket.local ?? ''}, seen by ${socket.by.join(' and ')}.`,
      ),
    ),
  ];
}
