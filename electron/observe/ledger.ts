// What one process knows of sockets and files, in memory. Role: entries that are the same become one, bounded in number;
// what changed since it was told last. Limits: sees nothing by itself; see hooks.ts and kernel.ts.
import type { FileSeen, Observation, SeenBy, SocketSeen } from '../../shared/contract/privacy.ts';
import { scopeOf } from './address.ts';

const MOST_SOCKETS = 2000;
const MOST_FILES = 100_000;

export type SocketNote = Pick<SocketSeen, 'protocol' | 'direction' | 'local' | 'remote'> & {
  by: SeenBy;
  /** Left out: the process of the ledger. */
  process?: { name: string; pid: number };
};
export type FileMode = 'read' | 'written' | 'both';

export interface Ledger {
  /** Who notes, unless a note says otherwise. */
  name: string;
  socket(note: SocketNote): void;
  file(path: string, mode: FileMode, by: SeenBy, process?: string): void;
  /** Takes back what became another name: a temporary file that was renamed. */
  renamed(from: string, to: string): void;
  /** Takes what another process noted. */
  merge(observation: Pick<Observation, 'sockets' | 'files'>): void;
  sockets(): SocketSeen[];
  files(): Iterable<FileSeen>;
  /** Entries that found no place. */
  readonly more: { sockets: number; files: number };
  /** What changed since this was called last; null: nothing. */
  drain(): Observation | null;
}

const union = <T>(a: T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];

/** @param now ms since 1970 UTC */
export function createLedger(name: string, now: () => number = Date.now): Ledger {
  const sockets = new Map<string, SocketSeen>();
  const files = new Map<string, FileSeen>();
  const fresh = { sockets: new Set<string>(), files: new Set<string>() };
  const more = { sockets: 0, files: 0 };

  function addSocket(seen: SocketSeen): void {
    const key = [seen.pid, seen.protocol, seen.direction, seen.local, seen.remote].join('|');
    const known = sockets.get(key);
    if (known) {
      known.by = union(known.by, seen.by);
      known.count += seen.count;
      known.last = Math.max(known.last, seen.last);
      known.process = seen.process;
    } else if (sockets.size < MOST_SOCKETS) sockets.set(key, seen);
    else {
      more.sockets++;
      return;
    }
    fresh.sockets.add(key);
  }
  function addFile(seen: FileSeen): void {
    const known = files.get(seen.path);
    if (known) {
      const { read, written } = known;
      const size = known.by.length + known.processes.length;
      known.read ||= seen.read;
      known.written ||= seen.written;
      if (!seen.by.every((by) => known.by.includes(by))) known.by = union(known.by, seen.by);
      if (!seen.processes.every((process) => known.processes.includes(process)))
        known.processes = union(known.processes, seen.processes);
      if (
        read === known.read &&
        written === known.written &&
        size === known.by.length + known.processes.length
      )
        return;
    } else if (files.size < MOST_FILES) files.set(seen.path, seen);
    else {
      more.files++;
      return;
    }
    fresh.files.add(seen.path);
  }

  const ledger: Ledger = {
    name,
    more,
    socket({ by, process: from, ...what }) {
      const at = now();
      addSocket({
        ...what,
        process: from?.name ?? ledger.name,
        pid: from?.pid ?? process.pid,
        scope: scopeOf(what),
        by: [by],
        count: 1,
        first: at,
        last: at,
      });
    },
    file(path, mode, by, from = ledger.name) {
      addFile({ path, read: mode !== 'written', written: mode !== 'read', by: [by], processes: [from] });
    },
    renamed(from, to) {
      const before = files.get(from);
      files.delete(from);
      fresh.files.delete(from);
      addFile({
        path: to,
        read: false,
        written: true,
        by: before?.by ?? ['code'],
        processes: before?.processes ?? [ledger.name],
      });
    },
    merge(observation) {
      for (const socket of observation.sockets) addSocket({ ...socket });
      for (const file of observation.files) addFile({ ...file });
    },
    sockets: () => [...sockets.values()].sort((a, b) => a.first - b.first),
    files: () => files.values(),
    drain() {
      if (fresh.sockets.size === 0 && fresh.files.size === 0) return null;
      const told: Observation = {
        type: 'observed',
        pid: process.pid,
        sockets: [...fresh.sockets].flatMap((key) => sockets.get(key) ?? []).map((s) => ({ ...s })),
        files: [...fresh.files].flatMap((path) => files.get(path) ?? []).map((f) => ({ ...f })),
      };
      // The receiver adds counts up: what was told starts again at nothing.
      for (const key of fresh.sockets) sockets.get(key)!.count = 0;
      fresh.sockets.clear();
      fresh.files.clear();
      return told;
    },
  };
  return ledger;
}
