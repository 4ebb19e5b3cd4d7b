import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type EngineState,
  type Forked,
  PATIENCE_MS,
  PAUSES_MS,
  STEADY_MS,
  superviseEngine,
} from '../../../electron/main/supervise.ts';

/** Stands for Electron's UtilityProcess: remembers what it was sent, ends when told. */
class FakeProcess extends EventEmitter {
  readonly sent: { message: { type: string; id?: number }; ports: string[] }[] = [];
  killed = false;
  readonly entry: string;
  constructor(entry: string) {
    super();
    this.entry = entry;
  }
  postMessage(message: { type: string }, ports: string[] = []): void {
    this.sent.push({ message, ports });
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
  says(message: unknown): void {
    this.emit('message', message);
  }
  ends(code: number): void {
    this.emit('exit', code);
  }
  last() {
    return this.sent[this.sent.length - 1];
  }
}

let forks: FakeProcess[];
let states: EngineState[];
let words: string;
function supervised() {
  let channels = 0;
  return superviseEngine<string>({
    fork: (entry): Forked<string> => {
      const process = new FakeProcess(entry);
      forks.push(process);
      return { process, lastWords: () => words };
    },
    channel: () => ({ port1: `a${++channels}`, port2: `b${channels}` }),
    onState: (state) => states.push(state),
  });
}
const kinds = () => states.map((state) => state.kind);

beforeEach(() => {
  vi.useFakeTimers();
  forks = [];
  states = [];
  words = '';
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the engine', () => {
  test('is asked once it is ready, and answers settle the right question', async () => {
    const engine = supervised();
    engine.start();
    const first = engine.grant('/videos');
    const second = engine.resource('/media/1');
    expect(forks[0].sent).toEqual([]);
    forks[0].says({ type: 'ready' });
    expect(forks[0].sent.map(({ message }) => message.type)).toEqual(['grant', 'resource']);
    const [a, b] = forks[0].sent.map(({ message }) => message.id);
    forks[0].says({ type: 'resource', id: b, resource: null });
    forks[0].says({ type: 'granted', id: a, grant: 'g', name: 'videos' });
    expect(await second).toBe(null);
    expect(await first).toEqual({ grant: 'g', name: 'videos' });
    const refused = engine.pathOf('video', 7);
    forks[0].says({
      type: 'refused',
      id: forks[0].last().message.id,
      error: { code: 'not_found', message: 'No video 7.' },
    });
    await expect(refused).rejects.toMatchObject({ code: 'not_found', message: 'No video 7.' });
  });

  test('gets a port for a page', () => {
    const engine = supervised();
    engine.start();
    forks[0].says({ type: 'ready' });
    engine.connect('page');
    expect(forks[0].last()).toEqual({ message: { type: 'client' }, ports: ['page'] });
  });

  test('comes back after a crash; what was asked fails with the reason', async () => {
    const engine = supervised();
    engine.start();
    forks[0].says({ type: 'ready' });
    const asked = engine.grant('/x');
    words = 'out of memory';
    forks[0].ends(134);
    await expect(asked).rejects.toMatchObject({
      code: 'crashed',
      message: expect.stringContaining('out of memory'),
    });
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', pauseMs: PAUSES_MS[0] });
    const later = engine.grant('/y');
    vi.advanceTimersByTime(PAUSES_MS[0]);
    expect(forks).toHaveLength(2);
    forks[1].says({ type: 'ready' });
    expect(forks[1].last().message).toMatchObject({ type: 'grant', path: '/y' });
    forks[1].says({ type: 'granted', id: forks[1].last().message.id, grant: 'h', name: 'y' });
    expect(await later).toEqual({ grant: 'h', name: 'y' });
  });

  test('that never starts is given up after growing pauses, and may be tried again by hand', async () => {
    const engine = supervised();
    engine.start();
    const asked = engine.resource('/media/1');
    asked.catch(() => {});
    for (const pause of PAUSES_MS) {
      forks.at(-1)?.ends(1);
      const before = forks.length;
      vi.advanceTimersByTime(pause - 1);
      expect(forks).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(forks).toHaveLength(before + 1);
    }
    forks.at(-1)?.ends(1);
    expect(engine.state().kind).toBe('failed');
    await expect(asked).rejects.toMatchObject({ code: 'crashed' });
    await expect(engine.grant('/x')).rejects.toMatchObject({ code: 'unavailable' });
    vi.advanceTimersByTime(1e6);
    expect(forks).toHaveLength(PAUSES_MS.length + 1);
    engine.start();
    forks.at(-1)?.says({ type: 'ready' });
    expect(engine.state().kind).toBe('running');
  });

  test('that ran well starts its pauses anew', () => {
    const engine = supervised();
    engine.start();
    for (let crash = 0; crash < 2 * PAUSES_MS.length; crash++) {
      forks.at(-1)?.says({ type: 'ready' });
      vi.advanceTimersByTime(STEADY_MS);
      forks.at(-1)?.ends(1);
      expect(states.at(-1)).toMatchObject({ kind: 'waiting', pauseMs: PAUSES_MS[0] });
      vi.advanceTimersByTime(PAUSES_MS[0]);
    }
  });

  test('closes its project before it is ended, and is not started again', async () => {
    const engine = supervised();
    engine.start();
    forks[0].says({ type: 'ready' });
    const stopped = engine.stop();
    expect(forks[0].last().message.type).toBe('close');
    expect(forks[0].killed).toBe(false);
    forks[0].says({ type: 'closed' });
    await stopped;
    expect(forks[0].killed).toBe(true);
    forks[0].ends(0);
    vi.advanceTimersByTime(1e6);
    expect(kinds()).toEqual(['starting', 'running', 'stopped']);
    expect(forks).toHaveLength(1);
  });

  test('that does not close in time is ended all the same', async () => {
    const engine = supervised();
    engine.start();
    forks[0].says({ type: 'ready' });
    const stopped = engine.stop();
    vi.advanceTimersByTime(PATIENCE_MS);
    await stopped;
    expect(forks[0].killed).toBe(true);
  });
});

describe('trainers', () => {
  function running() {
    const engine = supervised();
    engine.start();
    forks[0].says({ type: 'ready' });
    forks[0].says({ type: 'spawn', id: 5, entry: 'trainer' });
    return { engine, host: forks[0], trainer: forks[1] };
  }

  test('are joined with the engine by a channel, not through main', () => {
    const { host, trainer } = running();
    expect(trainer.entry).toBe('trainer');
    expect(trainer.sent).toEqual([{ message: { type: 'port' }, ports: ['a1'] }]);
    expect(host.last()).toEqual({ message: { type: 'spawned', id: 5 }, ports: ['b1'] });
  });

  test('report their end with their last words; killing is by id', () => {
    const { host, trainer } = running();
    host.says({ type: 'kill', id: 5 });
    expect(trainer.killed).toBe(true);
    words = 'segmentation fault';
    trainer.ends(139);
    expect(host.last().message).toEqual({
      type: 'exited',
      id: 5,
      code: 139,
      reason: 'ended with code 139: segmentation fault',
    });
  });

  test('end with their engine, without a word to the next one', () => {
    const { host, trainer } = running();
    host.ends(1);
    expect(trainer.killed).toBe(true);
    vi.advanceTimersByTime(PAUSES_MS[0]);
    const next = forks[2];
    next.says({ type: 'ready' });
    trainer.ends(15);
    expect(next.sent).toEqual([]);
  });
});

test('a message that is not of the protocol is an error, not a guess', () => {
  const engine = supervised();
  engine.start();
  expect(() => forks[0].says({ type: 'shell', command: 'true' })).toThrow();
});
