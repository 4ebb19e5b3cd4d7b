// Keeps the engine process alive, and starts trainer processes for it.
// Role: fork, restart with growing pauses, questions and answers between main and engine, joining engine and trainer by a
// channel. Limits: knows no window; Electron's own classes come in as arguments, so all of it runs under Node.

import { AppError, fromErrorData } from '../../shared/errors.ts';
import type { Resource } from '../api/resources.ts';
import { fromEngine, type ToEngine } from '../hosts/engine-protocol.ts';

/** What is used of Electron's UtilityProcess. `P` is the type of its ports. */
export interface Utility<P> {
  postMessage(message: unknown, transfer?: P[]): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export interface Forked<P> {
  process: Utility<P>;
  /** What it wrote to stderr last, for the reason of its end. */
  lastWords(): string;
}

export interface SupervisorOptions<P> {
  fork(entry: 'engine' | 'trainer'): Forked<P>;
  channel(): { port1: P; port2: P };
  onState(state: EngineState): void;
}

export type EngineState =
  | { kind: 'starting' }
  | { kind: 'running' }
  /** Ended unexpectedly; will be started again. */
  | { kind: 'waiting'; reason: string; pauseMs: number }
  /** Ended too often to try again by itself. */
  | { kind: 'failed'; reason: string }
  | { kind: 'stopped' };

export interface Supervisor<P> {
  /** Starts the engine, or starts it again after it has failed. */
  start(): void;
  state(): EngineState;
  /** Hands the engine a port of a page. Only while it runs: a port does not outlive its engine. */
  connect(port: P): void;
  /** @throws AppError from the engine, or `crashed` when it ends before it answers */
  grant(path: string): Promise<{ grant: string; name: string }>;
  resource(pathname: string): Promise<Resource | null>;
  pathOf(target: 'project' | 'exports' | 'video', of: number | null): Promise<string | null>;
  /** Opens the project in a folder given on the command line. */
  open(path: string): Promise<void>;
  /** Tells the privacy report what the engine cannot see; lost while the engine is away. */
  happened(kind: 'asked' | 'blocked', what: string): void;
  /** Asks the engine to close the project and ends it; after `PATIENCE_MS` by force. */
  stop(): Promise<void>;
}

/** Pauses before the first, second ... restart in a row. */
export const PAUSES_MS = [300, 1000, 3000, 10_000] as const;
/** An engine that ran this long was well; the pauses start anew. */
export const STEADY_MS = 60_000;
export const PATIENCE_MS = 5000;

type Asking = Extract<ToEngine, { type: 'grant' | 'resource' | 'reveal' | 'open' }>;
type Question = Asking extends infer M ? (M extends Asking ? Omit<M, 'id'> : never) : never;

interface Pending {
  question: Asking;
  resolve(answer: unknown): void;
  reject(error: AppError): void;
}

export function superviseEngine<P>({ fork, channel, onState }: SupervisorOptions<P>): Supervisor<P> {
  let engine: Forked<P> | null = null;
  let state: EngineState = { kind: 'stopped' };
  let startedAt = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed: (() => void) | null = null;
  let nextId = 1;
  const pending = new Map<number, Pending>();
  const trainers = new Map<number, Forked<P>>();

  const enter = (next: EngineState): void => {
    state = next;
    onState(next);
  };

  const post = (message: ToEngine, ports: P[] = []): void => engine?.process.postMessage(message, ports);

  function start(): void {
    if (engine || state.kind === 'starting') return;
    clearTimeout(timer);
    if (state.kind === 'failed') failures = 0;
    enter({ kind: 'starting' });
    startedAt = Date.now();
    const forked = fork('engine');
    engine = forked;
    forked.process.on('message', (message) => {
      if (engine === forked) receive(message);
    });
    forked.process.on('exit', (code) => {
      if (engine === forked) ended(code, forked.lastWords());
    });
  }

  function ended(code: number, lastWords: string): void {
    const steady = Date.now() - startedAt >= STEADY_MS;
    engine = null;
    const reason =
      lastWords === '' ? `it ended with code ${code}` : `it ended with code ${code}: ${lastWords}`;
    // Without their engine nobody takes the results of trainers.
    for (const trainer of trainers.values()) trainer.process.kill();
    trainers.clear();
    const lost = state.kind === 'running' ? [...pending.keys()] : [];
    for (const id of lost)
      settle(id, new AppError('crashed', `The engine stopped: ${reason}. What was saved is kept.`));
    if (closed) {
      closed();
      return;
    }
    failures = steady ? 1 : failures + 1;
    if (failures > PAUSES_MS.length) {
      for (const id of [...pending.keys()])
        settle(id, new AppError('crashed', `The engine does not start: ${reason}.`));
      enter({ kind: 'failed', reason });
      return;
    }
    const pauseMs = PAUSES_MS[failures - 1];
    enter({ kind: 'waiting', reason, pauseMs });
    timer = setTimeout(start, pauseMs);
  }

  function settle(id: number, answer: unknown): void {
    const question = pending.get(id);
    pending.delete(id);
    if (answer instanceof AppError) question?.reject(answer);
    else question?.resolve(answer);
  }

  function receive(raw: unknown): void {
    const message = fromEngine.parse(raw);
    switch (message.type) {
      case 'ready':
        enter({ kind: 'running' });
        for (const { question } of pending.values()) post(question);
        break;
      case 'granted':
        settle(message.id, { grant: message.grant, name: message.name });
        break;
      case 'resource':
        settle(message.id, message.resource);
        break;
      case 'path':
        settle(message.id, message.path);
        break;
      case 'opened':
        settle(message.id, undefined);
        break;
      case 'refused':
        settle(message.id, fromErrorData(message.error));
        break;
      case 'spawn':
        spawn(message.id, message.entry);
        break;
      case 'kill':
        trainers.get(message.id)?.process.kill();
        break;
      case 'closed':
        closed?.();
        break;
      default:
        message satisfies never;
    }
  }

  function spawn(id: number, entry: 'trainer'): void {
    const trainer = fork(entry);
    trainers.set(id, trainer);
    trainer.process.on('exit', (code) => {
      if (trainers.get(id) !== trainer) return;
      trainers.delete(id);
      const words = trainer.lastWords();
      post({
        type: 'exited',
        id,
        code,
        reason: words === '' ? `ended with code ${code}` : `ended with code ${code}: ${words}`,
      });
    });
    const { port1, port2 } = channel();
    trainer.process.postMessage({ type: 'port' }, [port1]);
    post({ type: 'spawned', id }, [port2]);
  }

  function ask<A>(question: Question): Promise<A> {
    if (state.kind === 'failed' || state.kind === 'stopped') {
      return Promise.reject(new AppError('unavailable', 'The engine is not running. Start Zerolabel again.'));
    }
    return new Promise<A>((resolve, reject) => {
      const asking = { ...question, id: nextId++ };
      pending.set(asking.id, { question: asking, resolve: (answer) => resolve(answer as A), reject });
      if (state.kind === 'running') post(asking);
    });
  }

  return {
    start,
    state: () => state,
    connect: (port) => post({ type: 'client' }, [port]),
    grant: (path) => ask({ type: 'grant', path }),
    resource: (pathname) => ask({ type: 'resource', pathname }),
    pathOf: (target, of) => ask({ type: 'reveal', target, of }),
    open: (path) => ask({ type: 'open', path }),
    happened: (kind, what) => post({ type: 'happened', kind, what }),
    async stop() {
      clearTimeout(timer);
      const running = engine;
      if (running) {
        await new Promise<void>((resolve) => {
          closed = resolve;
          const patience = setTimeout(resolve, PATIENCE_MS);
          patience.unref?.();
          post({ type: 'close' });
        });
        engine = null;
        for (const trainer of trainers.values()) trainer.process.kill();
        trainers.clear();
        running.process.kill();
      }
      for (const id of [...pending.keys()]) settle(id, new AppError('cancelled', 'Zerolabel is closing.'));
      enter({ kind: 'stopped' });
    },
  };
}
