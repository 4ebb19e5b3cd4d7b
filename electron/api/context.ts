// What the handlers of all areas share: the open project, grants, events, machine settings.
// Role: plain state with a few functions. Limits: no handler here.
import type {
  AnyEvent,
  CallName,
  EventName,
  EventPayload,
  Output,
  ParsedInput,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type AppData, readAppData, writeAppData } from '../files/app-data.ts';
import type { Estimates } from '../jobs/estimates.ts';
import type { Queue } from '../jobs/queue.ts';
import { createObserver, type Observer } from '../observe/observer.ts';
import type { Store } from '../store/store.ts';
import type { Spawn } from '../tasks/child.ts';
import { createGrants, type Grants } from './grants.ts';
import { observedSpawn } from './observed-spawn.ts';
import type { ScoreCache } from './score-cache.ts';
import type { Sources } from './sources.ts';

export interface EngineOptions {
  spawn: Spawn;
  host: 'electron' | 'server' | 'cli';
  /** Folder for recent projects and machine settings. */
  appData: string;
  /** Folders the page may browse in the picker of the server face; empty where native dialogs exist. */
  roots: string[];
  /** What is seen of this session; left out: the kernel's tables alone, when somebody asks. */
  observer?: Observer;
  /** Folder in which Chromium keeps what belongs to the page; null where no window is ours. */
  profile?: string | null;
}

export type Handlers = { [N in CallName]: (input: ParsedInput<N>) => Output<N> | Promise<Output<N>> };
/** The handlers of one area of the contract, by the prefix of their names. */
export type HandlersOf<Area extends string> = Pick<Handlers, Extract<CallName, `${Area}.${string}`>>;

export interface OpenProject {
  store: Store;
  queue: Queue;
  /** How long runs would take. */
  estimates: Estimates;
  /** Scores of runs, kept in memory while they are looked at. */
  scores: ScoreCache;
  /** Whether the files of videos are in their places. */
  sources: Sources;
  /** Ends what follows the project's events. */
  release(): void;
}

export interface Context {
  readonly options: EngineOptions;
  readonly observer: Observer;
  readonly grants: Grants;
  readonly appData: AppData;
  saveAppData(): Promise<void>;
  current: OpenProject | null;
  /** @throws AppError `conflict` when no project is open. */
  opened(): OpenProject;
  emit<N extends EventName>(event: N, payload: EventPayload<N>): void;
  on(listener: (event: AnyEvent) => void): () => void;
}

export async function createContext(options: EngineOptions): Promise<Context> {
  const listeners = new Set<(event: AnyEvent) => void>();
  const appData = await readAppData(options.appData);
  let saving: Promise<void> = Promise.resolve();
  const observer = options.observer ?? createObserver({ hooks: false, family: false, everyMs: 0 });
  const context: Context = {
    options: { ...options, spawn: observedSpawn(options.spawn, observer) },
    observer,
    grants: createGrants(),
    appData,
    saveAppData: () => {
      // One write after another, or two could land in the wrong order.
      saving = saving.catch(() => {}).then(() => writeAppData(options.appData, appData));
      return saving;
    },
    current: null,
    opened: () => {
      if (!context.current) throw new AppError('conflict', 'No project is open. Open or create one first.');
      return context.current;
    },
    emit: (event, payload) => {
      for (const listener of listeners) listener({ event, payload } as AnyEvent);
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return context;
}
