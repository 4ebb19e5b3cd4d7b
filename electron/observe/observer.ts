// What is seen of a session: hooks of this process, reports of its trainers, and looks into the kernel's tables.
// Role: one object that gathers all of it for the engine. Limits: tells nobody and stores nothing; electron/api does.
import type { Observation, ProcessSeen } from '../../shared/contract/privacy.ts';
import { installHooks } from './hooks.ts';
import { familyHead, type KernelProcess, kernelThere, lookAt } from './kernel.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** Time between two looks: each reads a few dozen small files of /proc for every process of ours. */
export const LOOK_EVERY_MS = 2000;

export interface Happening {
  /** ms since 1970 UTC. */
  at: number;
  what: string;
}

export interface Observer {
  readonly started: number;
  readonly hooks: boolean;
  /** Looks so far; null where there are no tables to look into. */
  looks(): number | null;
  readonly ledger: Ledger;
  processes(): ProcessSeen[];
  /** A trainer told what it noted. */
  told(observation: Observation, name: string): void;
  /** A trainer is gone. */
  gone(pid: number): void;
  /** A link that was opened in the system's browser for a person, or a request of the page that was not let out. */
  happened(kind: 'asked' | 'blocked', what: string): void;
  readonly asked: readonly Happening[];
  readonly blocked: readonly Happening[];
  /** Looks now, beside the looks at intervals; resolves when it is done. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface ObserverOptions {
  /** Also wrap Node's functions; otherwise only what is reported and the kernel's tables are known. */
  hooks: boolean;
  /** Watch from the process that started this one, as far as it runs the same program (Electron). */
  family: boolean;
  /** Time between looks; 0: only when asked for. */
  everyMs?: number;
}

const MOST = 200;

export function createObserver({ hooks, family, everyMs = LOOK_EVERY_MS }: ObserverOptions): Observer {
  const ledger = createLedger('engine');
  const started = Date.now();
  const all: ProcessSeen[] = [];
  /** Names that trainers gave themselves by their task. */
  const names = new Map<number, string>([[process.pid, 'engine']]);
  const lists: Record<'asked' | 'blocked', Happening[]> = { asked: [], blocked: [] };
  const unhook = hooks ? installHooks(ledger) : () => {};
  let looks: number | null = null;
  let root: Promise<number> | null = null;
  let looking: Promise<void> | null = null;

  const running = (pid: number): ProcessSeen | undefined =>
    all.find((process) => process.pid === pid && process.ended === null);
  const meet = (pid: number, watched: ProcessSeen['watched'], name: string): ProcessSeen => {
    const known = running(pid);
    if (known) {
      known.name = name;
      if (watched === 'hooks') known.watched = watched;
      return known;
    }
    const met: ProcessSeen = { name, pid, started: Date.now(), ended: null, watched };
    all.push(met);
    return met;
  };
  const gone = (pid: number): void => {
    const known = running(pid);
    if (known) known.ended = Date.now();
    names.delete(pid);
  };
  meet(process.pid, hooks ? 'hooks' : 'none', 'engine');

  async function lookOnce(): Promise<void> {
    if (looks === null && !(await kernelThere())) return;
    root ??= family ? familyHead(process.pid) : Promise.resolve(process.pid);
    const head = await root;
    const there = await lookAt(head);
    for (const one of there) {
      const name = names.get(one.pid) ?? nameOf(one, head);
      const { pid } = meet(one.pid, one.isOurs && one.readable ? 'kernel' : 'none', name);
      const from = { name, pid };
      for (const socket of one.sockets) ledger.socket({ ...socket, by: 'kernel', process: from });
      for (const { path, mode } of one.files) ledger.file(path, mode, 'kernel', name);
    }
    const alive = new Set(there.map(({ pid }) => pid));
    for (const { pid, ended } of all) if (ended === null && !alive.has(pid)) gone(pid);
    looks = (looks ?? 0) + 1;
  }
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  };
  // A look that fails (out of file descriptors) is one look less, and the number of looks says so.
  const timer = everyMs > 0 ? setInterval(() => void look().catch(() => {}), everyMs).unref() : undefined;

  return {
    started,
    hooks,
    looks: () => looks,
    ledger,
    processes: () => all,
    told(observation, name) {
      names.set(observation.pid, name);
      meet(observation.pid, 'hooks', name);
      // It does not know what its task is called here.
      ledger.merge({
        sockets: observation.sockets.map((socket) => ({ ...socket, process: name })),
        files: observation.files.map((file) => ({ ...file, processes: [name] })),
      });
    },
    gone,
    happened(kind, what) {
      if (lists[kind].length < MOST) lists[kind].push({ at: Date.now(), what });
    },
    asked: lists.asked,
    blocked: lists.blocked,
    look,
    async stop() {
      clearInterval(timer);
      await looking?.catch(() => {});
      unhook();
    },
  };
}

/** A process of ours that gave itself no name: Chromium's say by an argument what they are. */
function nameOf(seen: KernelProcess, head: number): string {
  if (!seen.isOurs) return `another program: ${seen.program}`;
  const type = seen.arguments.find((part) => part.startsWith('--type='))?.slice('--type='.length);
  const part = seen.arguments.find((text) => text.startsWith('--utility-sub-type='))?.split('=')[1];
  if (type === 'renderer') return 'window';
  if (type === 'utility')
    return part?.replace(/^.*\.mojom\./, '').replace('NodeService', 'trainer') ?? 'utility';
  if (type !== undefined) return type;
  return seen.pid === head ? 'main' : 'trainer';
}
