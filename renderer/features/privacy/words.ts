// What is observed and what is not, in plain words. Role: sentences from the report's facts. Limits: no React.
import type { PrivacyReport, SeenBy, SocketSeen } from '../../../shared/contract/index.ts';
import { duration, plural } from '../../format.ts';

export const HOST_NAMES = { electron: 'Desktop app', server: 'Server', cli: 'Command line' } as const;

export const DIRECTIONS: Record<SocketSeen['direction'], string> = {
  listening: 'listens at',
  incoming: 'was called by',
  outgoing: 'called',
  open: 'is open at',
};

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** `14:03:09`. @param ms since 1970 UTC */
export const clockTime = (ms: number): string => CLOCK.format(ms);

export const BY: Record<SeenBy, string> = { code: 'code', kernel: 'kernel', task: 'task' };

/** Origins that are this page's own. */
export const isOwn = (origin: string, own = location): boolean =>
  origin === `${own.protocol}//${own.host}` || /^(blob|data):/.test(origin);

export interface Verdict {
  tone: 'good' | 'bad' | 'unsure';
  title: string;
  text: string;
}

/** The one sentence of the page: what was seen, never what cannot be known. */
export function verdictOf(report: PrivacyReport, foreign: number): Verdict {
  const outside = report.sockets.filter(({ scope }) => scope === 'outside').length;
  const { hooks, looks, started, now } = report.session;
  const since = `in ${duration((now - started) / 1000)}, over ${plural(report.processes.length, 'process', 'processes')}`;
  if (outside + foreign > 0) {
    return {
      tone: 'bad',
      title: `${plural(outside + foreign, 'connection')} beyond this machine ${outside + foreign === 1 ? 'was' : 'were'} tried or open`,
      text: `Seen ${since}. The list names process, address and time of each.`,
    };
  }
  if (!hooks && looks === null)
    return {
      tone: 'unsure',
      title: 'Nothing could be observed',
      text: 'This engine runs without the program around it, on a system whose tables cannot be read.',
    };
  return {
    tone: 'good',
    title: 'No socket that leads off this machine was seen',
    text: `Observed ${since}${looks === null ? '' : `, with ${plural(looks, 'look')} into the kernel’s tables`}.`,
  };
}

/** How each thing on this page is known. */
export function observed({ session }: PrivacyReport): string[] {
  return [
    'Code: every connection, listening port and file that Node was asked for, in the engine and in each process that decodes, trains or reads labels, from its start on.',
    session.looks === null
      ? 'Kernel: not on this system. Only Linux has tables that can be read without special rights.'
      : `Kernel: every ${duration(session.everyMs / 1000)}, the open sockets and files of all processes of Zerolabel, whoever in them opened these.`,
    'Task: footage that a process was handed to decode, where FFmpeg opens the file by itself.',
    session.host === 'electron'
      ? 'Window: requests as Chromium counts them. Those that lead elsewhere are not let out, and are listed as blocked.'
      : 'Window: requests of this page as the browser counts them. The policy of the page lets none go elsewhere.',
  ];
}

/** What this page cannot prove. */
export function notObserved({ session, processes }: PrivacyReport): string[] {
  const hidden = processes.filter(({ watched, ended }) => watched === 'none' && ended === null).length;
  return [
    session.looks === null
      ? 'Code of drivers and libraries (graphics, FFmpeg, SQLite, ONNX Runtime), which opens sockets and files past Node.'
      : 'What code of drivers and libraries opens and closes again between two looks.',
    ...(session.host === 'electron'
      ? []
      : ['The browser that shows this page: it is a program of its own, with connections of its own.']),
    ...(hidden > 0
      ? [
          `${plural(hidden, 'process', 'processes')} that the system does not let others look into, or that run another program.`,
        ]
      : []),
    'The last second of a process that was killed. Pipes between processes, which cannot leave the machine.',
    'Commands that you run yourself in a terminal, such as the installation of a device’s library by npm.',
  ];
}

export const HOLDS = [
  'Names of videos, as paths inside the project, or codes in their place.',
  'Frames, times, classes and scores of labels.',
  'manifest.json: formats, conventions, the run with its method and options.',
  'Tables (CSV, JSONL, Parquet) of reviewed labels: also notes of reviewers, word for word, and the log with their names.',
  'PyTorch: also the features of the run.',
];
export const HOLDS_NOT = [
  'Pictures or sound of the footage.',
  'Absolute paths, names of folders above the project, of the machine or of its account.',
  'Under codes: names of videos, their fingerprints, what the run noted about them, and the log. The key stays in the project, under export-keys.',
];
