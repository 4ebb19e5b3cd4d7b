// The kernel's own tables of a process tree: open sockets and open files, whoever opened them. Linux only.
// Role: reads /proc and says what is there now. Limits: a look is a moment; what opens and closes between two looks is not
// seen. Processes that the system does not let us look into (Chromium's sandboxed ones) are named as such.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SocketSeen } from '../../shared/contract/privacy.ts';
import { endpoint } from './address.ts';
import type { FileMode } from './ledger.ts';

export interface KernelProcess {
  pid: number;
  parent: number;
  /** Name of its program. */
  program: string;
  /** Whether it runs the same program as the root; children of another one are not followed. */
  isOurs: boolean;
  arguments: string[];
  /** False: the system does not let us see what it has open. */
  readable: boolean;
  sockets: Pick<SocketSeen, 'protocol' | 'direction' | 'local' | 'remote'>[];
  files: { path: string; mode: FileMode }[];
}

interface Row extends Pick<SocketSeen, 'protocol' | 'local' | 'remote'> {
  listening: boolean;
}

/** `0100007F:1F90` -> `127.0.0.1:8080`; IPv6 is four words, each in the byte order of the machine (little-endian). */
export function parseEndpoint(text: string): { host: string; port: number } {
  const [hex, port] = text.split(':');
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  const host =
    bytes.length === 4
      ? bytes.join('.')
      : bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255 && bytes[11] === 255
        ? `::ffff:${bytes.slice(12).join('.')}`
        : shortened(bytes);
  return { host, port: Number.parseInt(port, 16) };
}

function shortened(bytes: number[]): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] * 256 + bytes[2 * i + 1]).toString(16));
  return words
    .join(':')
    .replace(/\b(?:0:){2,}0?|^0:|:0$/, '::')
    .replace(/:{3,}/, '::');
}

/** Rows of a table such as /proc/net/tcp by inode. */
export function parseSockets(protocol: SocketSeen['protocol'], text: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of text.split('\n').slice(1)) {
    const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
    if (inode === undefined || inode === '0') continue; // a connection that is over belongs to nobody
    const [here, there] = [parseEndpoint(local), parseEndpoint(remote)];
    rows.set(inode, {
      protocol,
      local: endpoint(here.host, here.port),
      remote: there.port === 0 ? null : endpoint(there.host, there.port),
      listening: protocol === 'tcp' && state === '0A',
    });
  }
  return rows;
}

const TABLES = [
  ['tcp', 'tcp'],
  ['tcp', 'tcp6'],
  ['udp', 'udp'],
  ['udp', 'udp6'],
  ['raw', 'raw'],
  ['raw', 'raw6'],
] as const;

const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

async function parentOf(pid: number): Promise<number | null> {
  const stat = await textOf(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may hold anything.
  const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? null : Number(parent);
}

/** Pids that a process has started, by any of its threads. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map((thread) => textOf(`/proc/${pid}/task/${thread}/children`)));
  const told = lists.filter((list) => list !== null);
  if (told.length > 0 || threads.length === 0)
    return told.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  // A kernel that keeps no such lists: all processes are asked whose they are.
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const theirs = await Promise.all(pids.map(parentOf));
  return pids.filter((_, i) => theirs[i] === pid);
}

/** Whether the kernel's tables can be read here. */
export const kernelThere = async (): Promise<boolean> =>
  process.platform === 'linux' && (await textOf('/proc/self/net/tcp')) !== null;

/** The oldest ancestor that runs the same program without a break: the main process of an engine that main has forked. */
export async function familyHead(pid: number): Promise<number> {
  const program = await programOf(pid);
  for (let head = pid; ; ) {
    const parent = await parentOf(head);
    if (parent === null || parent <= 1 || (await programOf(parent)) !== program) return head;
    head = parent;
  }
}

const programOf = (pid: number): Promise<string | null> => readlink(`/proc/${pid}/exe`).catch(() => null);

/** What the processes from `root` downwards have open now. */
export async function lookAt(root: number): Promise<KernelProcess[]> {
  const rootProgram = await programOf(root);
  const found: Omit<KernelProcess, 'sockets' | 'files' | 'readable'>[] = [];
  const visit = async (pid: number, parent: number): Promise<void> => {
    const program = await programOf(pid);
    const line = (await textOf(`/proc/${pid}/cmdline`)) ?? '';
    const name = (await textOf(`/proc/${pid}/comm`))?.trim() ?? '';
    // Between fork and exec a child still looks like its parent, with the parent's arguments.
    const isOurs = program === rootProgram || program === null;
    found.push({
      pid,
      parent,
      program: program === null ? name : basename(program),
      isOurs,
      arguments: line.split('\0').filter((part) => part !== ''),
    });
    if (isOurs) for (const child of await childrenOf(pid)) await visit(child, pid);
  };
  await visit(root, (await parentOf(root)) ?? 0);
  // First what is open, then the tables: a socket that closes in between is only missed.
  const open = await Promise.all(found.map(({ pid, isOurs }) => (isOurs ? openIn(pid) : null)));
  const rows = new Map<string, Row>();
  for (const [protocol, table] of TABLES)
    for (const [inode, row] of parseSockets(protocol, (await textOf(`/proc/self/net/${table}`)) ?? ''))
      rows.set(inode, row);
  const listening = new Set(
    [...rows.values()].filter((row) => row.listening).map((row) => portOf(row.local)),
  );
  return found.map((process, i) => ({
    ...process,
    readable: open[i] !== null,
    files: open[i]?.files ?? [],
    sockets: (open[i]?.inodes ?? []).flatMap((inode) => {
      const row = rows.get(inode);
      return row ? [directed(row, listening)] : [];
    }),
  }));
}

const portOf = (at: string | null): string => at?.slice(at.lastIndexOf(':') + 1) ?? '';

/** A port that we listen on makes a connection an incoming one; the port of the side that called says nothing. */
function directed(
  { protocol, local, remote, listening }: Row,
  ours: ReadonlySet<string>,
): KernelProcess['sockets'][number] {
  if (listening) return { protocol, direction: 'listening', local, remote: null };
  if (remote === null) return { protocol, direction: 'open', local, remote };
  return ours.has(portOf(local))
    ? { protocol, direction: 'incoming', local, remote: remote.slice(0, remote.lastIndexOf(':')) }
    : { protocol, direction: 'outgoing', local: null, remote };
}

async function openIn(pid: number): Promise<{ inodes: string[]; files: KernelProcess['files'] } | null> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => null);
  if (descriptors === null) return null;
  const inodes: string[] = [];
  const files: KernelProcess['files'] = [];
  await Promise.all(
    descriptors.map(async (fd) => {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.push(inode);
      else if (
        target.startsWith('/') &&
        !/^\/(proc|sys|dev|memfd:)(\/|\b)/.test(target) &&
        !target.endsWith(' (deleted)')
      ) {
        const flags = /flags:\s*(\d+)/.exec((await textOf(`/proc/${pid}/fdinfo/${fd}`)) ?? '')?.[1];
        const access = flags === undefined ? 0 : Number.parseInt(flags, 8) & 3;
        // A descriptor of a folder (O_DIRECTORY) is no file.
        if (flags === undefined || (Number.parseInt(flags, 8) & 0o200000) === 0)
          files.push({ path: target, mode: access === 2 ? 'both' : access === 1 ? 'written' : 'read' });
      }
    }),
  );
  return { inodes, files };
}
