// What the processes of a session opened and connected to, where a project's data lies, and what earlier sessions did.
// Role: schemas of the privacy report. Limits: no behaviour; electron/observe sees, electron/api/privacy.ts tells.
import { z } from 'zod';
import { timestamp } from './entities.ts';

/**
 * How something is known: `code` by functions of Node that were asked for it, `kernel` by the system's own tables, looked
 * into at intervals, `task` because a process was handed the file to work on.
 */
export const seenBy = z.enum(['code', 'kernel', 'task']);
export type SeenBy = z.infer<typeof seenBy>;

export const socketSeen = z.object({
  /** Which part of the product: `engine`, `trainer (import)`, `window`. */
  process: z.string(),
  pid: z.int(),
  protocol: z.enum(['tcp', 'udp', 'raw']),
  direction: z.enum(['listening', 'incoming', 'outgoing', 'open']),
  /** Address and port of this machine; null for outgoing connections, whose ports say nothing. */
  local: z.string().nullable(),
  /** Address or name and port of the other side; null where there is none yet. Incoming: without the port. */
  remote: z.string().nullable(),
  /** `outside`: the other side, or whoever may connect, can be another machine. */
  scope: z.enum(['loopback', 'outside']),
  by: z.array(seenBy),
  /** Times that code asked for it; of the kernel, looks that found it. */
  count: z.int(),
  first: timestamp,
  last: timestamp,
});
export type SocketSeen = z.infer<typeof socketSeen>;

export const fileSeen = z.object({
  path: z.string(),
  read: z.boolean(),
  written: z.boolean(),
  by: z.array(seenBy),
  processes: z.array(z.string()),
});
export type FileSeen = z.infer<typeof fileSeen>;

/** What a process has to tell since it told last. */
export const observation = z.object({
  type: z.literal('observed'),
  pid: z.int(),
  sockets: z.array(socketSeen),
  files: z.array(fileSeen),
});
export type Observation = z.infer<typeof observation>;

export const fileKind = z.enum([
  'source',
  'database',
  'artifact',
  'checkpoint',
  'cache',
  'export',
  'backup',
  'project',
  'settings',
  'chosen',
  'temporary',
  'program',
  'system',
  'other',
]);
export type FileKind = z.infer<typeof fileKind>;

export const processSeen = z.object({
  name: z.string(),
  pid: z.int(),
  started: timestamp,
  /** Null while it runs. */
  ended: timestamp.nullable(),
  /** `hooks`: Node's functions told; `kernel`: only the system's tables; `none`: not to be looked into, or another program. */
  watched: z.enum(['hooks', 'kernel', 'none']),
});
export type ProcessSeen = z.infer<typeof processSeen>;

export const sessionRecord = z.object({
  started: timestamp,
  /** When this was written; the session may have gone on. */
  until: timestamp,
  /** Closed properly; otherwise it runs, or was killed. */
  closed: z.boolean(),
  host: z.enum(['electron', 'server', 'cli']),
  /** Processes by name, with how many. */
  processes: z.record(z.string(), z.int()),
  /** Whether the kernel's tables could be read. */
  kernel: z.boolean(),
  loopback: z.int(),
  /** Every one of them. */
  outside: z.array(socketSeen),
  filesRead: z.int(),
  filesWritten: z.int(),
});
export type SessionRecord = z.infer<typeof sessionRecord>;

export const placeKey = z.enum([
  'database',
  'frame_table',
  'thumbnail',
  'proxy',
  'features',
  'model',
  'detections',
  'checkpoints',
  'cache',
  'backups',
  'exports',
  'keys',
  'videos',
  'other',
  'settings',
  'profile',
]);

export const dataPlace = z.object({
  key: placeKey,
  title: z.string(),
  /** What it is, and how to be rid of it. */
  what: z.string(),
  path: z.string(),
  inProject: z.boolean(),
  files: z.int(),
  bytes: z.number(),
});
export type DataPlace = z.infer<typeof dataPlace>;

export const privacyReport = z.object({
  session: z.object({
    started: timestamp,
    now: timestamp,
    host: z.enum(['electron', 'server', 'cli']),
    /** Whether functions of Node tell what they open; null-like `false` where an engine runs without its host. */
    hooks: z.boolean(),
    /** Looks into the kernel's tables; null where the system has none that can be read. */
    looks: z.int().nullable(),
    everyMs: z.int(),
  }),
  processes: z.array(processSeen),
  sockets: z.array(socketSeen),
  /** Beyond those that are listed. */
  moreSockets: z.int(),
  /** What was asked for by a person and left the product: links opened in the system's browser. */
  asked: z.array(z.object({ at: timestamp, what: z.string() })),
  /** Requests of the page that were not let out; only the desktop app can count them for all windows. */
  blocked: z.array(z.object({ at: timestamp, what: z.string() })),
  files: z.object({
    total: z.int(),
    /** Beyond those that are kept in memory. */
    more: z.int(),
    groups: z.array(
      z.object({ kind: fileKind, title: z.string(), folder: z.string(), read: z.int(), written: z.int() }),
    ),
  }),
  places: z.array(dataPlace),
  /** Newest first, of the open project. */
  sessions: z.array(sessionRecord),
});
export type PrivacyReport = z.infer<typeof privacyReport>;

/** What the window that asks counted by itself; kept in a saved report. */
export const windowRequests = z.object({
  byOrigin: z.record(z.string(), z.int()),
  refused: z.array(z.string()),
});

export const fileFilter = z.object({
  kind: fileKind.nullable().default(null),
  mode: z.enum(['any', 'read', 'written']).default('any'),
  /** Part of the path; case does not count. */
  text: z.string().default(''),
  limit: z.int().min(1).max(100_000).default(500),
});
