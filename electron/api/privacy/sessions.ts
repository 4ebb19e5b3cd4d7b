// What sessions leave about themselves in the project: times, processes, connections, counts of files; never paths.
// Role: writes the record of the session that runs and reads those before it. Limits: a killed session leaves what it wrote
// last.
import { z } from 'zod';
import { type SessionRecord, sessionRecord } from '../../../shared/contract/privacy.ts';
import type { Observer } from '../../observe/observer.ts';
import type { ReadStore } from '../../store/store.ts';
import type { EngineOptions } from '../context.ts';

const KEY = 'sessions';
const MOST = 200;
export const RECORD_EVERY_MS = 30_000;

const records = z.array(sessionRecord);

/** Newest first; what does not parse is left out of sight, because it proves nothing. */
export const sessionsOf = (store: { settings: Pick<ReadStore['settings'], 'get'> }): SessionRecord[] =>
  records.safeParse(store.settings.get(KEY)).data ?? [];

export function recordOf(observer: Observer, host: EngineOptions['host'], closed: boolean): SessionRecord {
  const sockets = observer.ledger.sockets();
  const processes: Record<string, number> = {};
  for (const { name } of observer.processes()) processes[name] = (processes[name] ?? 0) + 1;
  let [filesRead, filesWritten] = [0, 0];
  for (const { read, written } of observer.ledger.files()) {
    filesRead += Number(read);
    filesWritten += Number(written);
  }
  return {
    started: observer.started,
    until: Date.now(),
    closed,
    host,
    processes,
    kernel: observer.looks() !== null,
    loopback: sockets.filter(({ scope }) => scope === 'loopback').length,
    outside: sockets.filter(({ scope }) => scope === 'outside'),
    filesRead,
    filesWritten,
  };
}

interface Recorded {
  settings: { get(key: string): unknown; set(key: string, value: unknown): void };
}

/** The record of this session before the others, in place of what it said earlier. */
export const withRecord = (earlier: readonly SessionRecord[], record: SessionRecord): SessionRecord[] =>
  [
    record,
    ...earlier.filter(({ started, host }) => started !== record.started || host !== record.host),
  ].slice(0, MOST);

export function writeRecord(store: Recorded, record: SessionRecord): void {
  store.settings.set(KEY, withRecord(sessionsOf(store), record));
}
